//! Mistakes about who may see what.

use conformance::Request;
use conformance::lie::{is_shut_out, with_header};

use super::{anything, hands_out_tokens, is_behind, talkative, uncached, wordy};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "no login behind a cursor",
        report: "a cursor is taken for proof that the caller was let in before",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            match lied
                .as_owner(request)
                .filter(|_| is_shut_out(&reply) && is_behind(lied, request))
            {
                Some(owners) => lied.ask(&owners),
                None => Ok(reply),
            }
        },
        twin: forbidding,
        rule: Rule::Stated,
    },
    Fault {
        name: "no login at all",
        report: "the list is public by mistake, since its route lies outside of the middleware",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            match lied.as_owner(request).filter(|_| is_shut_out(&reply)) {
                Some(owners) => lied.ask(&owners),
                None => Ok(reply),
            }
        },
        twin: forbidding,
        rule: Rule::Stated,
    },
    Fault {
        name: "any token will do",
        report: "only the presence of a token is checked",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            match lied
                .as_owner(request)
                .filter(|_| is_shut_out(&reply) && lied.has_token(request))
            {
                Some(owners) => lied.ask(&owners),
                None => Ok(reply),
            }
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "HEAD needs no login",
        report: "HEAD is routed past the check of credentials, and tells the length of private lists",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let owners = lied
                .as_owner(request)
                .filter(|_| request.method == "HEAD" && reply.status >= 400);
            match owners {
                Some(owners) => lied.ask(&Request {
                    method: "HEAD".to_owned(),
                    ..owners
                }),
                None => Ok(reply),
            }
        },
        twin: |lied, request| {
            let mut reply = lied.ask(request)?;
            if request.method == "HEAD" {
                reply.status = 405;
                reply = with_header(reply, "allow", "GET");
            }
            Ok(reply)
        },
        rule: Rule::Stated,
    },
    Fault {
        name: "lists of others can be read",
        report: "the owner of a resource is not compared with the caller",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            match lied
                .as_owner(request)
                .filter(|_| lied.is_foreign(request, &reply))
            {
                Some(owners) => lied.ask(&owners),
                None => Ok(reply),
            }
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "lists of others can be read behind a cursor",
        report: "the owner is compared on the first page only",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let foreign = is_behind(lied, request) && lied.is_foreign(request, &reply);
            match lied.as_owner(request).filter(|_| foreign) {
                Some(owners) => lied.ask(&owners),
                None => Ok(reply),
            }
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "403 for the list of somebody else",
        report: "403 and 404 tell which ids exist",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if lied.is_foreign(request, &reply) {
                lied.refuse(reply, 403)
            } else {
                reply
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "an empty list for an id that names nothing",
        report: "a mistyped id is answered with 200 and no items",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if reply.status == 404 {
                lied.empty_page(request, reply)
            } else {
                reply
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "another text for the list of somebody else",
        report: "the message of the refusal tells that the resource exists",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if lied.is_foreign(request, &reply) {
                conformance::lie::edit_json(reply, |body| {
                    body["message"] = "it belongs to somebody else".into();
                })
            } else {
                reply
            })
        },
        twin: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if reply.status == 404 {
                conformance::lie::edit_json(reply, |body| {
                    body["message"] = "there is no such parcel".into();
                })
            } else {
                reply
            })
        },
        rule: Rule::Stated,
    },
    Fault {
        name: "a cursor decides whose items are shown",
        report: "a cursor that another caller was handed out shows that caller's items",
        needs: hands_out_tokens,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let leads_on = lied.is_page(&reply) && !lied.is_empty(&reply);
            let previous = lied
                .previous
                .as_ref()
                .filter(|_| !leads_on && is_behind(lied, request));
            let token = lied.asked(request).cursor;
            match previous.zip(token) {
                Some((previous, token)) => lied.ask(&lied.with_cursor(previous, Some(&token))),
                None => Ok(reply),
            }
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the start of a token is enough",
        report: "tokens are compared only as far as the shorter one goes",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let owners = lied.as_owner(request).filter(|_| is_shut_out(&reply));
            let Some(owners) = owners else {
                return Ok(reply);
            };
            let sent = request.header("authorization").unwrap_or_default();
            let real = owners.header("authorization").unwrap_or_default();
            let is_prefix = sent.len() > "Bearer ".len() && real.starts_with(sent);
            if is_prefix {
                lied.ask(&owners)
            } else {
                Ok(reply)
            }
        },
        twin: forbidding,
        rule: Rule::Stated,
    },
    Fault {
        name: "the case of a token does not count",
        report: "tokens are looked up in a table whose collation ignores case",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let owners = lied.as_owner(request).filter(|_| is_shut_out(&reply));
            let Some(owners) = owners else {
                return Ok(reply);
            };
            let sent = request.header("authorization").unwrap_or_default();
            let real = owners.header("authorization").unwrap_or_default();
            if real.eq_ignore_ascii_case(sent) {
                lied.ask(&owners)
            } else {
                Ok(reply)
            }
        },
        twin: forbidding,
        rule: Rule::Stated,
    },
];

fn forbidding(lied: &conformance::lie::Lied<'_>, request: &Request) -> super::Answer {
    let mut reply = lied.ask(request)?;
    if reply.status == 401 {
        reply = with_header(reply, "x-request-cost", "0");
    }
    Ok(reply)
}
