//! Mistakes that show where a list changes while it is read, where items have times, and where a parameter filters.

use conformance::lie::with_header;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{hands_out_tokens, takes_keys, talkative};
use crate::field::dialects::MOVED;
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "a changed item moves behind all others",
        report: "the list is sorted by the time of the last change: an edit moves the item that the cursor names, and all \
                 items behind its old place are lost",
        needs: |contract| takes_keys(contract) || hands_out_tokens(contract),
        lie: |lied, request| {
            lied.rearranged(request, |items| {
                // The order stays as declared, because the items behind it take its number.
                let numbers: Vec<_> = items.iter().map(|item| item["number"].clone()).collect();
                items.sort_by_key(|item| item["station"] == MOVED);
                for (item, number) in items.iter_mut().zip(numbers) {
                    item["number"] = number;
                }
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "new items have the local time as if it were UTC",
        report: "a server west of Greenwich drops the offset, and new events are hours old",
        needs: |_| true,
        lie: |lied, request| {
            lied.edit_items(request, |items| {
                for item in items {
                    write_time(item, |time| {
                        let west = time.checked_sub(SignedDuration::from_hours(5));
                        west.unwrap_or(time).to_string()
                    });
                }
            })
        },
        twin: |lied, request| {
            // Local time, with its offset.
            lied.edit_items(request, |items| {
                for item in items {
                    write_time(item, |time| {
                        let west = time.checked_sub(SignedDuration::from_hours(5));
                        let local = west.unwrap_or(time).to_string();
                        local.replace('Z', "-05:00")
                    });
                }
            })
        },
        rule: Rule::Inferred("the document does not say what the time is that of"),
    },
    Fault {
        name: "items of unknown kind are in no filtered list",
        report: "a list is read value by value of a filter, and items without a value are in none of the parts",
        needs: |contract| contract.parameters().any(|one| one.name == "carrier"),
        lie: |lied, request| {
            let names_it = request.query().iter().any(|(name, _)| name == "carrier");
            lied.rearranged(request, |items| {
                items.retain(|item| !names_it || !lied.chooses(item));
            })
        },
        twin: |lied, request| {
            // It says by what it filters.
            let reply = lied.ask(request)?;
            let names_it = request.query().iter().any(|(name, _)| name == "carrier");
            Ok(if names_it && lied.is_page(&reply) {
                with_header(reply, "x-filter", "carrier")
            } else {
                reply
            })
        },
        rule: Rule::Open(
            "the document does not say that each item is for one value of the parameter",
        ),
    },
];

/// Writes the time of an item in another way.
fn write_time(item: &mut Value, write: impl Fn(Timestamp) -> String) {
    let time = item["created_at"]
        .as_str()
        .and_then(|text| text.parse().ok());
    if let Some(time) = time {
        item["created_at"] = write(time).into();
    }
}
