//! Looks for a better counterexample than the first that was found: one that shows more, or is smaller.
//!
//! The parts of a drawn case shrink one after the other. So a timeline that was long while the limit was still
//! great stays long. Here other cases of the same law are tried that are smaller in all parts. A law is never
//! tried in a case that it does not have itself.
//!
//! A leak is a page with items for a caller that may not see them. A case that shows one is never given up
//! for one that does not.

use std::collections::{BTreeMap, HashSet};

use proptest::strategy::{BoxedStrategy, Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::trying::hold;
use crate::session::{Exchange, Session, resource_of};
use crate::verdict::{Counterexample, Shrinking, Verdict};
use crate::{After, Case, Credentials, Law, Stop};

/// The greatest number of cases to try for a leak, and again for a smaller case.
const TRIED: usize = 24;
/// The number of cases to draw, of which the smallest are tried.
const DRAWN: usize = 600;

/// The verdict with the best counterexample. `cases` are all listed cases of the law.
pub(super) fn of_listed(
    law: &Law,
    session: &Session<'_>,
    verdict: Verdict,
    cases: &[Case],
) -> Verdict {
    match verdict {
        Verdict::Broken(found) if may_be_repeated(law, &found) => {
            let found = leaking(law, session, *found, || cases.to_vec());
            Verdict::Broken(Box::new(found))
        }
        verdict => verdict,
    }
}

/// The verdict with the best counterexample. `strategy` draws the cases of the law.
pub(super) fn of_drawn(
    law: &Law,
    session: &Session<'_>,
    verdict: Verdict,
    strategy: &BoxedStrategy<Case>,
    seed: &[u8; 32],
) -> Verdict {
    match verdict {
        Verdict::Broken(found) if may_be_repeated(law, &found) => {
            let drawn = sample(strategy, seed);
            let found = leaking(law, session, *found, || drawn.clone());
            Verdict::Broken(Box::new(smallest(law, session, found, &drawn)))
        }
        verdict => verdict,
    }
}

/// Whether the law can be tried again without an effect on the subject, and was broken steadily.
fn may_be_repeated(law: &Law, found: &Counterexample) -> bool {
    let conduct = law.conduct;
    let has_effects = conduct.adds_events || conduct.may_change_data;
    let is_steady = matches!(found.shrinking, Shrinking::Smallest | Shrinking::CutOff);
    !has_effects && conduct.is_steady() && is_steady
}

/// Distinct cases of a strategy.
fn sample(strategy: &BoxedStrategy<Case>, seed: &[u8; 32]) -> Vec<Case> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut cases: Vec<Case> = Vec::new();
    let mut known = HashSet::new();
    for _ in 0..DRAWN {
        let Ok(tree) = strategy.new_tree(&mut runner) else {
            break;
        };
        let case = tree.current();
        if known.insert(case.clone()) {
            cases.push(case);
        }
    }
    cases
}

/// A case that shows a leak, if `found` shows none and another does. Else `found`.
fn leaking(
    law: &Law,
    session: &Session<'_>,
    found: Counterexample,
    cases: impl FnOnce() -> Vec<Case>,
) -> Counterexample {
    if found.case.credentials == Credentials::Owner || leaks(session, &found.exchanges) {
        return found;
    }
    let mut cases = cases();
    cases.retain(|case| case.credentials != Credentials::Owner && size(session, case).items > 0);
    cases.sort_by_key(|case| size(session, case));
    let mut others = cases.into_iter().take(TRIED);
    let leak = others.find_map(|case| {
        broken_in(law, session, case).filter(|other| leaks(session, &other.exchanges))
    });
    leak.unwrap_or(found)
}

/// The smallest of the cases that break the law and show no less than `found`.
///
/// A shorter timeline is better than all else. Of the same timeline, a smaller case counts only if it needs no
/// more requests.
fn smallest(
    law: &Law,
    session: &Session<'_>,
    found: Counterexample,
    cases: &[Case],
) -> Counterexample {
    /// The number of cases of one timeline to try, with the limits of `found` and with others.
    const EACH: usize = 3;
    let most = size(session, &found.case);
    let shows_leak = leaks(session, &found.exchanges);
    let mut timelines: BTreeMap<usize, Vec<(Size, &Case)>> = BTreeMap::new();
    for case in cases {
        let size = size(session, case);
        if size < most {
            timelines.entry(size.items).or_default().push((size, case));
        }
    }
    let mut budget = TRIED;
    for (items, mut cases) in timelines {
        cases.sort_by_key(|(size, _)| *size);
        let (same, others): (Vec<_>, Vec<_>) = cases
            .into_iter()
            .partition(|(_, case)| case.limits == found.case.limits);
        let tried = same.into_iter().take(EACH);
        let tried: Vec<_> = tried.chain(others.into_iter().take(EACH)).collect();
        let most = if items < most.items {
            usize::MAX
        } else {
            found.exchanges.len()
        };
        budget = match budget.checked_sub(tried.len()) {
            Some(left) => left,
            None => break,
        };
        let broken = tried
            .into_iter()
            .filter_map(|(size, case)| Some((size, broken_in(law, session, case.clone())?)));
        let no_worse = broken.filter(|(_, other)| {
            other.exchanges.len() <= most && (!shows_leak || leaks(session, &other.exchanges))
        });
        let best = no_worse.min_by_key(|(size, other)| (other.exchanges.len(), *size));
        if let Some((_, best)) = best {
            return best;
        }
    }
    found
}

fn broken_in(law: &Law, session: &Session<'_>, case: Case) -> Option<Counterexample> {
    match hold(law, session, &case) {
        Err(Stop::Breach(breach)) => Some(Counterexample {
            case,
            breach,
            exchanges: session.transcript(),
            shrinking: Shrinking::Smallest,
        }),
        _ => None,
    }
}

/// The size of a case. The length of the timeline comes first, then the distance from either end of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    items: usize,
    place: usize,
    limits: (usize, u64),
}

fn size(session: &Session<'_>, case: &Case) -> Size {
    let listing = session
        .facts()
        .resource(&case.resource)
        .map(|one| &one.name);
    let listing = listing.and_then(|name| session.listing(name).ok());
    let items = listing.map_or(usize::MAX, |listing| listing.keys.len());
    let place = |after: &After| match after {
        After::Start | After::Cursor(_) => 0,
        After::Item(index) => (index + 1).min(items.saturating_sub(index + 1)),
    };
    Size {
        items,
        place: place(&case.after) + place(&case.then),
        limits: (case.limits.len(), case.limits.iter().sum()),
    }
}

/// Whether some exchange gives items to a caller that does not own the resource.
fn leaks(session: &Session<'_>, exchanges: &[Exchange]) -> bool {
    let contract = session.contract();
    exchanges.iter().any(|exchange| {
        let name = resource_of(contract, exchange.request.path());
        let owner = name.and_then(|name| session.facts().resource(&name));
        let owner = owner.map(|resource| resource.owner.as_str());
        let may_see = match &exchange.credentials {
            Credentials::None | Credentials::Raw(_) | Credentials::Altered(_) => false,
            Credentials::Owner | Credentials::Caller(_) | Credentials::Scheme(_) => {
                owner.is_none() || exchange.caller.as_deref() == owner
            }
        };
        !may_see
            && session
                .read(exchange)
                .is_ok_and(|page| !page.keys.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use crate::catalogue;
    use crate::testing::{contracts, honest, verdict};
    use crate::{Reply, Request, Subject, Verdict};

    /// The request with the token of the other caller.
    fn by_the_other(request: &Request) -> Request {
        let mut request = request.clone();
        for (name, value) in &mut request.headers {
            if name == "authorization" {
                *value = match value.as_str() {
                    "Bearer token-of-ada" => "Bearer token-of-grace".to_owned(),
                    _ => "Bearer token-of-ada".to_owned(),
                };
            }
        }
        request
    }

    #[test]
    fn a_leak_is_shown_by_the_events_that_leaked() {
        let law = catalogue::law("foreign-resource-is-404").unwrap();
        for (contract, facts) in contracts() {
            let honest = honest();
            let leaky = |request: &Request| -> Result<Reply, crate::Lost> {
                let reply = honest.send(request)?;
                match reply.status {
                    404 => honest.send(&by_the_other(request)),
                    _ => Ok(reply),
                }
            };
            let Verdict::Broken(found) = verdict(law, &contract, &facts, &leaky) else {
                panic!("the leak is not found");
            };
            let shown = found.exchanges.last().and_then(|last| last.reply.json());
            let items = shown.and_then(|body| Some(contract.items(&body)?.len()));
            assert_eq!(items, Some(1), "{}", found.case);
        }
    }
}
