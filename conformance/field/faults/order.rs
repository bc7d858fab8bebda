//! Mistakes about the order of a list.

use super::{anything, is_behind, place, talkative, uncached};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "the order changes between two requests",
        report: "rows with equal values come in any order, since the query has no unique column to sort by",
        needs: anything,
        lie: |lied, request| {
            let turn = lied.turn;
            lied.edit_served(request, |items| {
                let length = items.len();
                if turn % 3 == 1 && length > 1 {
                    items.swap(length - 2, length - 1);
                }
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "rows with equal times are skipped",
        report: "the cursor is a time, and all rows of the second at which a page ends are lost but one",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let at = place(lied, request, &reply)?;
            let inside = is_behind(lied, request) && at.is_some_and(|(before, _)| before % 4 == 1);
            if !inside {
                return Ok(reply);
            }
            lied.edit_served(request, |items| {
                if items.len() > 1 {
                    items.remove(0);
                }
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "another order behind a cursor",
        report: "from the second page on the items of a page come in reverse",
        needs: anything,
        lie: |lied, request| {
            let behind = is_behind(lied, request);
            lied.edit_served(request, |items| {
                if behind {
                    items.reverse();
                }
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "the newest first",
        report: "the list is sorted the other way round than documented",
        needs: anything,
        lie: |lied, request| lied.rearranged(request, |items| items.reverse()),
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "numbers in the order of texts",
        report: "10 comes before 9, because the column is a text",
        needs: anything,
        lie: |lied, request| {
            lied.rearranged(request, |items| {
                items.sort_by_key(|item| item["number"].to_string());
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "an item twice on a page",
        report: "a join multiplies rows: an item with two labels is listed twice",
        needs: anything,
        lie: |lied, request| {
            lied.edit_served(request, |items| {
                if items.len() > 2 {
                    items[2] = items[1].clone();
                }
            })
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "two neighbours swapped in a long list",
        report: "two items of one batch change places",
        needs: anything,
        lie: |lied, request| {
            lied.rearranged(request, |items| {
                if items.len() > 30 {
                    items.swap(20, 21);
                }
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
];
