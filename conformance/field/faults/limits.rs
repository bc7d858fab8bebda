//! Mistakes about the number of items that a request asks for.

use conformance::lie::edit_json;

use super::{anything, is_behind, mixes_limits, talkative, uncached, wordy};
use crate::field::{Fault, Rule};

pub(crate) const ALL: &[Fault] = &[
    Fault {
        name: "the limit is ignored behind a cursor",
        report: "the first page has the requested size, all others the default size",
        needs: mixes_limits,
        lie: |lied, request| {
            if is_behind(lied, request) {
                lied.ask(&lied.with_limit(request, None))
            } else {
                lied.ask(request)
            }
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "a smaller page than asked for",
        report: "the greatest page size is half of what the documentation says",
        needs: anything,
        lie: |lied, request| {
            let most = lied
                .contract
                .limit_bounds()
                .and_then(|bounds| bounds.maximum)
                .unwrap_or(20);
            let asked = lied.asked(request).limit;
            match asked.filter(|limit| *limit > most / 2 && *limit <= most) {
                Some(_) => lied.ask(&lied.with_limit(request, Some(most / 2))),
                None => lied.ask(request),
            }
        },
        twin: uncached,
        rule: Rule::Inferred("a page may be shorter than its limit, but is not while more remain"),
    },
    Fault {
        name: "a limit of one gets two",
        report: "limit=1 is served as limit=2, the smallest size that the cursor logic can handle",
        needs: anything,
        lie: |lied, request| match lied.asked(request).limit {
            Some(1) => lied.ask(&lied.with_limit(request, Some(2))),
            _ => lied.ask(request),
        },
        twin: talkative,
        rule: Rule::Stated,
    },
    Fault {
        name: "another default",
        report: "without a limit the page has ten items, and not five as documented",
        needs: anything,
        lie: |lied, request| match lied.asked(request).limit {
            None if request.query().iter().all(|(name, _)| name != "size") => {
                lied.ask(&lied.with_limit(request, Some(10)))
            }
            _ => lied.ask(request),
        },
        twin: uncached,
        rule: Rule::Stated,
    },
    Fault {
        name: "a limit with letters behind it",
        report: "size=10abc is parsed as 10",
        needs: anything,
        lie: |lied, request| {
            lenient(lied, request, |text| {
                let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
                (!digits.is_empty() && digits != text).then_some(digits)
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "a limit that is no number",
        report: "size=abc is taken for no limit",
        needs: anything,
        lie: |lied, request| {
            lenient(lied, request, |text| {
                (!text.is_empty() && text.chars().all(char::is_alphabetic)).then(|| "5".to_owned())
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "a negative limit",
        report: "size=-1 returns the whole table",
        needs: anything,
        lie: |lied, request| {
            lenient(lied, request, |text| {
                text.starts_with('-').then(|| "20".to_owned())
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "a limit of zero",
        report: "size=0 is taken for no limit",
        needs: anything,
        lie: |lied, request| lenient(lied, request, |text| (text == "0").then(|| "5".to_owned())),
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "a limit above the greatest",
        report: "size=100000 is accepted and served, although the documentation has a maximum",
        needs: anything,
        lie: |lied, request| {
            lenient(lied, request, |text| {
                text.parse::<u128>()
                    .is_ok_and(|limit| limit > 20)
                    .then(|| "20".to_owned())
            })
        },
        twin: wordy,
        rule: Rule::Stated,
    },
    Fault {
        name: "no limit of sixteen or more",
        report: "pages of 16 items or more are refused, although the documentation allows them",
        needs: anything,
        lie: |lied, request| {
            let reply = lied.ask(request)?;
            let refused = lied.asked(request).limit.is_some_and(|limit| limit >= 16);
            Ok(if refused && reply.status == 200 {
                edit_json(lied.refuse(reply, 422), |body| {
                    body["message"] = "too many".into();
                })
            } else {
                reply
            })
        },
        twin: talkative,
        rule: Rule::Stated,
    },
];

/// The answer of a server that reads a refused limit as another one.
fn lenient(
    lied: &conformance::lie::Lied<'_>,
    request: &conformance::Request,
    read: impl Fn(&str) -> Option<String>,
) -> super::Answer {
    let Some(limit) = lied.contract.limit() else {
        return lied.ask(request);
    };
    let sent = request
        .query()
        .into_iter()
        .find(|(name, _)| *name == limit.name);
    let other = sent.and_then(|(_, text)| read(&text));
    match other {
        Some(other) => lied.ask(&lied.with_limit(request, other.parse().ok())),
        None => lied.ask(request),
    }
}
