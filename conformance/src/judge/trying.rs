//! Tries a law's cases, both listed and drawn ones.
//!
//! A drawn case that breaks the law is shrunk.

use std::cell::{Cell, RefCell};

use proptest::strategy::BoxedStrategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::Options;
use crate::session::Session;
use crate::verdict::{Counterexample, Shrinking, Verdict};
use crate::{Case, Law, Lost, Outcome, Stop};

pub(super) fn each(law: &Law, session: &Session<'_>, cases: Vec<Case>) -> Verdict {
    let mut upheld = 0;
    let mut moot = "there is no case to try it on".to_owned();
    let mut not_in_force = None;
    for case in cases {
        match hold(law, session, &case) {
            Ok(()) => upheld += 1,
            Err(Stop::Moot(reason)) => moot = reason,
            Err(Stop::NotInForce(reason)) => not_in_force = Some(reason),
            Err(Stop::Lost(lost)) => {
                return Verdict::Unreachable {
                    reason: lost.reason,
                };
            }
            Err(Stop::Breach(breach)) => {
                let found = Counterexample {
                    case,
                    breach,
                    exchanges: session.transcript(),
                    shrinking: Shrinking::Smallest,
                };
                return Verdict::Broken(Box::new(found));
            }
        }
    }
    match not_in_force {
        _ if upheld > 0 => Verdict::Upheld { cases: upheld },
        Some(reason) => Verdict::NotInForce { reason },
        None => Verdict::Unjudged { reason: moot },
    }
}

pub(super) fn drawn(
    law: &Law,
    session: &Session<'_>,
    strategy: &BoxedStrategy<Case>,
    options: &Options,
) -> Verdict {
    /// The greatest number of moot cases to replace, for each case wanted.
    const REJECTS: u32 = 4;
    let config = Config {
        cases: options.cases,
        max_shrink_iters: options.shrinks,
        max_global_rejects: options.cases.saturating_mul(REJECTS),
        failure_persistence: None,
        ..Config::default()
    };
    let seed = seed(options.seed, &session.contract().name(), law.id);
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let upheld = Cell::new(0_u32);
    let tried_smaller = Cell::new(0_u32);
    let first = RefCell::new(None::<Counterexample>);
    let moot = RefCell::new(String::new());
    let not_in_force = RefCell::new(None::<String>);
    let lost = RefCell::new(None::<Lost>);
    let result = runner.run(strategy, |case| {
        if first.borrow().is_some() {
            tried_smaller.set(tried_smaller.get() + 1);
        }
        match hold(law, session, &case) {
            Ok(()) => {
                upheld.set(upheld.get() + 1);
                Ok(())
            }
            Err(Stop::Moot(reason)) => {
                moot.replace(reason);
                Err(TestCaseError::reject("moot"))
            }
            Err(Stop::NotInForce(reason)) => {
                not_in_force.replace(Some(reason));
                Err(TestCaseError::reject("not in force"))
            }
            Err(Stop::Lost(reason)) => {
                lost.replace(Some(reason));
                Ok(())
            }
            Err(Stop::Breach(breach)) => {
                first.borrow_mut().get_or_insert_with(|| Counterexample {
                    case,
                    breach,
                    exchanges: session.transcript(),
                    shrinking: Shrinking::NotSeenAgain,
                });
                Err(TestCaseError::fail("broken"))
            }
        }
    });
    if let (None, Some(lost)) = (first.borrow().as_ref(), lost.borrow().as_ref()) {
        return Verdict::Unreachable {
            reason: lost.reason.clone(),
        };
    }
    match (result, first.into_inner()) {
        (Err(TestError::Fail(_, case)), Some(first)) => {
            let cut_off = tried_smaller.get() >= options.shrinks;
            Verdict::Broken(Box::new(again(law, session, case, first, cut_off)))
        }
        _ if upheld.get() == 0 => match not_in_force.into_inner() {
            Some(reason) => Verdict::NotInForce { reason },
            None => Verdict::Unjudged {
                reason: moot.into_inner(),
            },
        },
        _ => Verdict::Upheld {
            cases: upheld.get(),
        },
    }
}

/// Tries the smallest case once more, for its transcript. `first` is the first breach.
fn again(
    law: &Law,
    session: &Session<'_>,
    case: Case,
    first: Counterexample,
    cut_off: bool,
) -> Counterexample {
    match hold(law, session, &case) {
        Err(Stop::Breach(breach)) => Counterexample {
            case,
            breach,
            exchanges: session.transcript(),
            shrinking: if cut_off {
                Shrinking::CutOff
            } else {
                Shrinking::Smallest
            },
        },
        _ => first,
    }
}

/// The verdict on listed cases, after its breach was tried once more. One that is not seen again is intermittent.
pub(super) fn tried_again(
    law: &Law,
    session: &Session<'_>,
    verdict: Verdict,
    options: &Options,
) -> Verdict {
    let Verdict::Broken(mut found) = verdict else {
        return verdict;
    };
    let has_effects = law.conduct.adds_events || law.conduct.may_change_data;
    if !has_effects
        && options.shrinks > 0
        && !matches!(hold(law, session, &found.case), Err(Stop::Breach(_)))
    {
        found.shrinking = Shrinking::NotSeenAgain;
    }
    Verdict::Broken(found)
}

/// Tries a case. A breach that rests on an answer of the moment counts only if it is seen again.
pub(super) fn hold(law: &Law, session: &Session<'_>, case: &Case) -> Outcome {
    session.begin();
    let outcome = (law.holds)(session, case);
    let Err(Stop::Breach(breach)) = &outcome else {
        return outcome;
    };
    if !session.leans_on_a_moment() {
        return outcome;
    }
    let seen = format!(
        "{case}: expected {}, actual {}",
        breach.expected, breach.actual
    );
    session.begin();
    let again = (law.holds)(session, case);
    if !matches!(again, Err(Stop::Breach(_))) {
        session.note(format!("flaky, not seen again: {seen}"));
        session.run().count_flaky();
    }
    again
}

/// The seed of a law's own draws. Its cases do not depend on which other laws are judged.
pub(super) fn seed(run: u64, contract: &str, law: &str) -> [u8; 32] {
    let mut seed = [0; 32];
    for (lane, bytes) in (0_u64..).zip(seed.chunks_exact_mut(8)) {
        // FNV-1a over all inputs of the draw.
        let start = 0xcbf2_9ce4_8422_2325 ^ lane;
        let text = contract.bytes().chain([0]).chain(law.bytes());
        let hash = run
            .to_le_bytes()
            .into_iter()
            .chain(text)
            .fold(start, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        bytes.copy_from_slice(&hash.to_le_bytes());
    }
    seed
}
