//! Mistakes about what a list has, and about what is said of it.

use conformance::lie::edit_json;

use super::{anything, is_behind, says_total, talkative, uncached};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "the total counts the page",
        report: "total is the number of items on the page",
        needs: says_total,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let count = lied.count(&reply);
            Ok(lied.with_totals(reply, |counts| counts.items = Some(count)))
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the total counts hidden rows",
        report: "total includes deleted rows that are never listed",
        needs: says_total,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(lied.with_totals(reply, |counts| {
                counts.items = counts.items.map(|items| items + 2);
            }))
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "the total counts what is left",
        report: "total goes down from page to page",
        needs: says_total,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let before =
                super::place(lied, request, &reply)?.map_or(0, |(before, _)| before as u64);
            Ok(lied.with_totals(reply, |counts| {
                counts.items = counts.items.map(|items| items.saturating_sub(before));
            }))
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the total is zero behind the first page",
        report: "total is computed only for the first page",
        needs: says_total,
        lie: |lied, request| {
            let behind = is_behind(lied, request);
            let reply = lied.ask(request)?;
            Ok(lied.with_totals(reply, |counts| {
                if behind {
                    counts.items = Some(0);
                }
            }))
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "the total stops at twenty",
        report: "the count is capped, and the list is not",
        needs: says_total,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            Ok(lied.with_totals(reply, |counts| {
                counts.items = counts.items.map(|items| items.min(20));
            }))
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "a long list is empty",
        report: "a list of more than forty items is answered with an empty page, since its query takes too long",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let long =
                lied.is_page(&reply) && lied.whole(request)?.is_some_and(|all| all.len() > 40);
            Ok(if long {
                lied.empty_page(request, reply)
            } else {
                reply
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "the first item is never listed",
        report: "the list starts at the second row: an index that counts from one is used as one that counts from zero",
        needs: anything,
        lie: |lied, request| {
            lied.rearranged(request, |items| {
                items.drain(..items.len().min(1));
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the last item is never listed",
        report: "the newest row is not listed before another is added",
        needs: anything,
        lie: |lied, request| {
            lied.rearranged(request, |items| {
                items.pop();
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "only the newest twenty",
        report: "the list silently ends at a window of the newest items",
        needs: anything,
        lie: |lied, request| {
            lied.rearranged(request, |items| {
                items.drain(..items.len().saturating_sub(20));
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "rows are hidden after the page was cut",
        report: "pages are shorter than the limit although more follow: rows without permission are dropped from the page",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let last = super::is_last(lied, request, &reply);
            Ok(edit_json(reply, |body| {
                let items = lied.items(body);
                if items.len() > 2 && !last {
                    items.remove(1);
                    lied.echo(body);
                }
            }))
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "a page past the end shows the last page",
        report: "a page number or an offset that is too great is clamped, and a client that counts never ends",
        needs: |contract| {
            let paging = contract.paging();
            paging.promises(openapi::Promise::ItemsAreSkipped)
                || paging.promises(openapi::Promise::PagesAreNumbered)
        },
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            if !lied.is_empty(&reply) || !is_behind(lied, request) {
                return Ok(reply);
            }
            lied.ask(&lied.at(request, &openapi::Position::Start))
        },
        twin: talkative,
        rule: Rule::Stated,
    },
];
