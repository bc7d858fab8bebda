//! Mistakes where one page ends and the next begins.

use conformance::lie::{edit_json, with_header};

use super::{
    anything, hands_out_tokens, is_behind, is_last, limit, place, says_more, talkative, uncached,
};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "more after every full page",
        report: "has_more is true on the last page whenever its size equals the limit, and one more request is needed",
        needs: says_more,
        lie: |lied, request| {
            let limit = limit(lied, request);
            lied.edit_page(request, |body| {
                if lied.items(body).len() == limit {
                    lied.promise(body, true);
                }
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "no more at the greatest limit",
        report: "the server asks its database for one row more than the limit, which is capped, so that a page of the greatest size is always the last",
        needs: says_more,
        lie: |lied, request| {
            let most = lied
                .contract
                .limit_bounds()
                .and_then(|bounds| bounds.maximum);
            let is_greatest = lied
                .asked(request)
                .limit
                .is_some_and(|limit| Some(limit) == most);
            lied.edit_page(request, |body| {
                if is_greatest {
                    lied.promise(body, false);
                }
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "no more if one item is left",
        report: "the comparison with the count is off by one: the last item is never reached if it is alone on its page",
        needs: says_more,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let at = place(lied, request, &reply)?;
            let shown = super::shown(lied, &reply);
            let one_left = at.is_some_and(|(before, all)| before + shown + 1 == all);
            Ok(edit_json(reply, |body| {
                if one_left {
                    lied.promise(body, false);
                }
            }))
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the last item of a page again",
        report: "items repeat on the next page, because the query compares with >= and not with >",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let Some((before, _)) = place(lied, request, &reply)?.filter(|(before, _)| *before > 0)
            else {
                return Ok(reply);
            };
            let all = lied.whole(request)?.unwrap_or_default();
            let limit = limit(lied, request);
            Ok(edit_json(reply, |body| {
                let items = lied.items(body);
                items.insert(0, all[before - 1].clone());
                items.truncate(limit);
                lied.echo(body);
            }))
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "one item lost between pages",
        report: "the cursor is made of the row that was fetched to see whether there are more, and that row is never shown",
        needs: anything,
        lie: |lied, request| {
            let behind = is_behind(lied, request);
            lied.edit_served(request, |items| {
                if behind && items.len() > 1 {
                    items.remove(0);
                }
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "the row that was fetched to see whether there are more",
        report: "a page has limit + 1 items, because the extra row is not cut off",
        needs: anything,
        lie: |lied, request| {
            let most = lied
                .contract
                .limit_bounds()
                .and_then(|bounds| bounds.maximum)
                .unwrap_or(u64::MAX);
            match lied.limit(request).map(|limit| limit as u64) {
                Some(limit) if limit < most => lied.ask(&lied.with_limit(request, Some(limit + 1))),
                _ => lied.ask(request),
            }
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "nothing if the limit is greater than the list",
        report: "an empty page if there are fewer items than the limit asks for",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let limit = limit(lied, request);
            let too_short = !is_behind(lied, request)
                && lied.is_page(&reply)
                && super::shown(lied, &reply) < limit;
            Ok(if too_short {
                lied.empty_page(request, reply)
            } else {
                reply
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "the last page is left out",
        report: "the number of pages is rounded down, so that a last page that is not full is never served",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let limit = limit(lied, request);
            let is_rest = is_behind(lied, request)
                && is_last(lied, request, &reply)
                && super::shown(lied, &reply) < limit;
            Ok(if is_rest {
                lied.empty_page(request, reply)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the cursor of the last page leads to the first",
        report: "an endless loop: behind the last page the list starts again",
        needs: hands_out_tokens,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            if !is_behind(lied, request) || !is_last(lied, request, &reply) {
                return Ok(reply);
            }
            lied.ask(&lied.with_cursor(request, None))
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "an empty page where the list begins",
        report: "the first page is empty and only leads on, because it is made before its items are loaded",
        needs: says_more,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let is_first = !is_behind(lied, request) && lied.count(&reply) > 5;
            Ok(if is_first {
                lied.empty_page(request, reply)
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the same page behind the third cursor",
        report: "a cursor is cached by its first bytes, and two of them lead to one page",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let limit = limit(lied, request);
            let at = place(lied, request, &reply)?;
            let third = at.is_some_and(|(before, all)| before == 2 * limit && all > 2 * limit);
            if !third {
                return Ok(reply);
            }
            let all = lied.whole(request)?.unwrap_or_default();
            Ok(edit_json(reply, |body| {
                *lied.items(body) = all[limit..2 * limit].to_vec();
                lied.echo(body);
            }))
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "a cursor that is percent-encoded leads to the first page",
        report: "the text of the query is compared without decoding it, so a client that encodes more than it must begins again",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let query = request.target.split_once('?');
            let is_encoded = query.is_some_and(|(_, query)| query.contains('%'));
            Ok(
                if is_encoded && is_behind(lied, request) && lied.is_page(&reply) {
                    lied.ask(&lied.at(request, &openapi::Position::Start))?
                } else {
                    reply
                },
            )
        },
        twin: |lied, request| {
            // It says that the query was decoded.
            let reply = lied.ask(request)?;
            let query = request.target.split_once('?');
            let is_encoded = query.is_some_and(|(_, query)| query.contains('%'));
            Ok(if is_encoded && lied.is_page(&reply) {
                with_header(reply, "x-query", "decoded")
            } else {
                reply
            })
        },
        rule: Rule::Inferred("the document does not say how a query is written; RFC 3986 does"),
    },
];
