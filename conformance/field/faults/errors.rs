//! Servers that fail, or that take wrong requests for right ones.

use conformance::lie::Lied;
use conformance::{Reply, Request};

use super::{
    anything, hands_out_tokens, is_behind, is_last, takes_keys, takes_numbers, talkative, wordy,
};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "500 for a cursor that cannot be read",
        report: "a cursor that was cut in an e-mail brings an internal error",
        needs: hands_out_tokens,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if cannot_be_read(lied, request, &reply) {
                lied.refuse(reply, 500)
            } else {
                reply
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "500 on the last page",
        report: "index out of range where a page is shorter than the limit",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let fails = is_behind(lied, request) && is_last(lied, request, &reply);
            Ok(if fails {
                lied.refuse(reply, 500)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "500 for an empty list",
        report: "the last item of a list without items is read",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let fails = !is_behind(lied, request) && lied.is_empty(&reply);
            Ok(if fails {
                lied.refuse(reply, 500)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "500 for the greatest limit",
        report: "the greatest page does not fit the message size of the backend",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(
                if lied.asked(request).limit == Some(20) && reply.status == 200 {
                    lied.refuse(reply, 500)
                } else {
                    reply
                },
            )
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "500 for a limit of 2^31 or more",
        report: "an integer overflows in the database driver",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let huge = lied
                .asked(request)
                .limit
                .is_some_and(|limit| limit >= 1 << 31);
            Ok(if huge { lied.refuse(reply, 500) } else { reply })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "500 for a parameter that is sent twice",
        report: "a list is taken for a text",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let mut names: Vec<_> = request.query().into_iter().map(|(name, _)| name).collect();
            let all = names.len();
            names.sort();
            names.dedup();
            Ok(if names.len() < all {
                lied.refuse(reply, 500)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "500 for HEAD",
        report: "the handler of HEAD writes a body, and fails",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if request.method == "HEAD" && reply.status == 200 {
                lied.refuse(reply, 500)
            } else {
                reply
            })
        },
        twin: |lied, request| {
            let mut reply = lied.ask(request)?;
            if request.method == "HEAD" {
                reply.status = 501;
            }
            Ok(reply)
        },
        rule: Rule::Stated,
    },
    Fault {
        name: "503 for one page, each time",
        report: "one poisoned row makes its page fail, and the gateway answers 503",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let at = super::place(lied, request, &reply)?;
            let shown = super::shown(lied, &reply);
            let has_it =
                at.is_some_and(|(before, all)| all > 30 && before <= 17 && 17 < before + shown);
            Ok(if has_it {
                lied.refuse(reply, 503)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "a cursor that cannot be read leads to the first page",
        report: "a damaged cursor silently restarts, and an import runs for days",
        needs: hands_out_tokens,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if cannot_be_read(lied, request, &reply) {
                lied.ask(&lied.with_cursor(request, None))?
            } else {
                reply
            })
        },
        twin: wordy,
        rule: Rule::Inferred("a refusal, or no items, follows from what a cursor is for"),
    },
    Fault {
        name: "an unknown key leads to the first page",
        report: "the item behind a cursor was deleted, and the list starts again",
        needs: takes_keys,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let known = lied.is_page(&reply) && !lied.is_empty(&reply);
            let lost =
                is_behind(lied, request) && !known && reply.status != 404 && reply.status != 401;
            Ok(if lost && !lied.is_wrong(request) {
                lied.ask(&lied.with_cursor(request, None))?
            } else {
                reply
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "the first page for a number beyond the end",
        report: "since is reset if it is greater than the newest number",
        needs: takes_numbers,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let beyond = is_behind(lied, request) && lied.is_empty(&reply);
            Ok(if beyond {
                lied.ask(&lied.with_cursor(request, None))?
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "an error with status 200",
        report: "a refusal is sent with status 200 and an error object",
        needs: anything,
        lie: |lied, request| {
            let mut reply = lied.ask(request)?;
            if reply.status == 422 {
                reply.status = 200;
            }
            Ok(reply)
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "a page of HTML for an error",
        report: "the framework's own page for errors is sent, and clients cannot read it",
        needs: anything,
        lie: |lied, request| {
            let mut reply = lied.ask(request)?;
            if reply.status == 422 {
                reply = conformance::lie::with_header(reply, "content-type", "text/html");
                reply.body = "<h1>Unprocessable</h1>".into();
            }
            Ok(reply)
        },
        twin: wordy,
        rule: Rule::Stated,
    },
];

/// Whether the honest server makes nothing of the cursor.
fn cannot_be_read(lied: &Lied<'_>, request: &Request, reply: &Reply) -> bool {
    let refuses = matches!(reply.status, 400 | 422) || lied.is_empty(reply);
    is_behind(lied, request) && refuses
}
