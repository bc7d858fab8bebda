//! Caches that mix up pages or callers, and servers that differ from one another.

use conformance::lie::with_header;

use super::{anything, hands_out_tokens, is_behind, talkative, uncached};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "the cache ignores the query",
        report: "every page is the first one: the cache key is the path",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(if is_behind(lied, request) && lied.is_page(&reply) {
                lied.ask(&lied.at(request, &openapi::Position::Start))?
            } else {
                reply
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "the cache ignores the limit",
        report: "pages of another size than asked for, from the request before",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let asked = lied.asked(request);
            let short = asked.limit.is_some_and(|limit| limit < 4);
            Ok(if short && lied.is_page(&reply) {
                lied.ask(&lied.with_limit(request, Some(4)))?
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the cache ignores the caller",
        report: "an answer for one caller is served to all: the cache key lacks the credentials",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let refused = matches!(reply.status, 401 | 403 | 404);
            match lied
                .as_owner(request)
                .filter(|_| refused && request.method == "GET")
            {
                Some(owners) => lied.ask(&owners),
                None => Ok(reply),
            }
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "a shared cache may keep the answer",
        report: "pages say `public`, and do not vary by the credentials: a proxy serves the page of one caller to the next",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(with_header(reply, "cache-control", "public, max-age=60"))
        },
        twin: |lied, request| {
            let reply = lied.ask(request)?;
            let reply = with_header(reply, "cache-control", "public, max-age=60");
            Ok(with_header(reply, "vary", "Authorization"))
        },
        rule: Rule::Inferred(
            "RFC 9111 does not forbid it; the contract only says that lists have owners",
        ),
    },
    Fault {
        name: "any validator will do",
        report: "a request with If-None-Match is answered with 304 whatever the tag is, and clients never see a change",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            if !lied.is_page(&reply) {
                return Ok(reply);
            }
            let mut reply = with_header(reply, "etag", "\"scans-v1\"");
            if request.header("if-none-match").is_some() {
                reply.status = 304;
                reply.body.clear();
                reply.headers.remove("content-length");
            }
            Ok(reply)
        },
        twin: |lied, request| {
            let reply = lied.ask(request)?;
            if !lied.is_page(&reply) {
                return Ok(reply);
            }
            let sum = reply
                .body
                .iter()
                .fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte));
            let tag = format!("\"{sum:x}\"");
            let fresh = request.header("if-none-match") == Some(tag.as_str());
            let mut reply = with_header(reply, "etag", &tag);
            if fresh {
                reply.status = 304;
                reply.body.clear();
                reply.headers.remove("content-length");
            }
            Ok(reply)
        },
        rule: Rule::Stated,
    },
    Fault {
        name: "every other server has no such cursor",
        report: "cursors are kept in the memory of one process, and another process refuses them",
        needs: anything,
        lie: |lied, request| {
            let turn = lied.turn;
            let reply = lied.ask(request)?;
            let refused = is_behind(lied, request) && turn % 2 == 1 && lied.is_page(&reply);
            Ok(if refused {
                lied.refuse(reply, 422)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "every other server lags behind",
        report: "a replica lacks the newest items, and reads go back in time",
        needs: anything,
        lie: |lied, request| {
            if lied.turn % 2 == 0 {
                return lied.ask(request);
            }
            lied.rearranged(request, |items| {
                items.truncate(items.len().saturating_sub(2));
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "a cursor works once",
        report: "a cursor is used up: a client that repeats a request after a lost connection is refused",
        needs: hands_out_tokens,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let again = lied
                .previous
                .as_ref()
                .is_some_and(|previous| previous.target == request.target);
            let refused = again && is_behind(lied, request) && lied.is_page(&reply);
            Ok(if refused {
                lied.refuse(reply, 422)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
];
