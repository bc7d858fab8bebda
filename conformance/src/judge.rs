//! Holding a subject to laws: drawing cases, shrinking those that break one, and saying what came of it.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::{Duration, SystemTime};

use openapi::Contract;
use proptest::strategy::BoxedStrategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::session::{Clock, Exchange, Ground, Session, lock};
use crate::verdict::{Counterexample, Finding, Judgement, Shrinking, Verdict};
use crate::{
    Breach, Case, Cases, Facts, Group, Law, Lost, Outcome, Skip, Stop, Subject, catalogue,
};

/// What a run is given besides the subject.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where drawn cases come from; the same seed draws the same cases.
    pub seed: u64,
    /// How many cases are drawn for each law that draws them.
    pub cases: u32,
    /// How many smaller cases are tried once a law was broken.
    pub shrinks: u32,
    /// The laws to judge, by id; all of them where empty.
    pub laws: Vec<String>,
    /// What laws about time go by.
    pub clock: Clock,
    /// Which part of the laws to judge: the first of how many, counted from one.
    pub shard: Option<(usize, usize)>,
    /// Cases that are tried before any are drawn: those that broke a law once.
    pub first: Vec<Tried>,
    /// What the run may cost.
    pub budget: Budget,
    /// How many laws are judged at the same time. Against a server that answers the same whoever asks
    /// first, the report does not depend on it.
    pub jobs: usize,
}

/// A case of a law that was tried before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The timeline's name.
    pub timeline: String,
    /// The law's id.
    pub law: String,
    /// The case.
    pub case: Case,
}

/// What a run may cost, for each timeline.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// How many requests are sent at most.
    pub requests: u64,
    /// How long it may take.
    pub time: Duration,
    /// How long to wait for a live timeline to grow by itself, where no hook adds events.
    pub patience: Duration,
}

impl Default for Budget {
    /// No bound on requests and time, and no waiting.
    fn default() -> Self {
        Self {
            requests: u64::MAX,
            time: Duration::MAX,
            patience: Duration::ZERO,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            cases: 24,
            shrinks: 400,
            laws: Vec::new(),
            clock: SystemTime::now,
            shard: None,
            first: Vec::new(),
            budget: Budget::default(),
            jobs: 1,
        }
    }
}

impl Options {
    /// The laws that this run judges, in the catalogue's order. Shards are disjoint, and together they
    /// are everything.
    pub fn selected(&self) -> Vec<&'static Law> {
        let named = catalogue::LAWS
            .iter()
            .copied()
            .filter(|law| self.laws.is_empty() || self.laws.iter().any(|id| id == law.id));
        let numbered = named.enumerate();
        let ours = |index: usize| self.shard.is_none_or(|(shard, of)| index % of == shard - 1);
        numbered
            .filter_map(|(index, law)| ours(index).then_some(law))
            .collect()
    }
}

/// How a run is getting on.
#[derive(Debug, Clone, Copy)]
pub enum Notice<'a> {
    /// A contract's laws are about to be judged: so many.
    Began {
        /// The contract's name.
        contract: &'a str,
        /// How many laws.
        laws: usize,
    },
    /// A law is about to be judged.
    Judging(&'static Law),
    /// A law was judged.
    Judged(&'a Finding),
}

/// Holds `subject` to every law of the catalogue, for one contract.
pub fn judge(
    contract: &Contract,
    facts: &Facts,
    subject: &dyn Subject,
    options: &Options,
    notify: &mut (dyn FnMut(Notice<'_>) + Send),
) -> Judgement {
    let laws = options.selected();
    let watches = laws
        .iter()
        .filter_map(|law| Some((law.id, law.watch?)))
        .collect();
    let ground =
        Ground::new(contract, facts, subject, watches, options.budget).clock(options.clock);
    let name = contract.name();
    notify(Notice::Began {
        contract: &name,
        laws: laws.len(),
    });
    let findings: Vec<OnceLock<Finding>> = laws.iter().map(|_| OnceLock::new()).collect();
    let told = Mutex::new(notify);
    let find_one = |index: usize| {
        let law = laws[index];
        lock(&told)(Notice::Judging(law));
        let finding = find(law, &ground, options);
        lock(&told)(Notice::Judged(&finding));
        let _ = findings[index].set(finding);
    };
    for turn in [Turn::Together, Turn::Alone, Turn::Last] {
        let queue: Vec<usize> = (0..laws.len())
            .filter(|index| Turn::of(laws[*index]) == turn)
            .collect();
        if turn == Turn::Together && options.jobs > 1 {
            together(&ground, &queue, options.jobs, &find_one);
        } else {
            queue.into_iter().for_each(find_one);
        }
    }
    let findings = findings
        .into_iter()
        .filter_map(OnceLock::into_inner)
        .collect();
    Judgement {
        contract: name,
        findings,
        requests: ground.asked(),
    }
}

/// When a law is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Beside others: it only reads, and what others read does not matter to it.
    Together,
    /// By itself: it adds events, counts reads, or takes time.
    Alone,
    /// When there is something to have seen: it watches every exchange.
    Last,
}

impl Turn {
    /// Laws outside the group of growth that count or take time.
    const ALONE: [&str; 2] = [
        "404-comes-before-any-read",
        "404-takes-no-longer-when-foreign",
    ];

    fn of(law: &Law) -> Self {
        match law {
            Law { watch: Some(_), .. } => Self::Last,
            Law {
                group: Group::Growth,
                ..
            } => Self::Alone,
            Law { id, .. } if Self::ALONE.contains(id) => Self::Alone,
            _ => Self::Together,
        }
    }
}

/// Judges several laws at once. Listings are read first, once and in order, so that what a law finds, and
/// tells, does not depend on which came first.
fn together(ground: &Ground<'_>, queue: &[usize], jobs: usize, find_one: &(impl Fn(usize) + Sync)) {
    let session = Session::new(ground);
    for resource in session.resources() {
        // What cannot be read is for the laws to say.
        let _ = session.listing(&resource.id);
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..jobs.min(queue.len()) {
            scope.spawn(|| {
                while let Some(index) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                    find_one(*index);
                }
            });
        }
    });
}

fn find(law: &'static Law, ground: &Ground<'_>, options: &Options) -> Finding {
    let session = Session::new(ground);
    let mut verdict = verdict(law, &session, options);
    let mut notes = session.notes();
    if let Some(incidents) = ground.incidents(law.id) {
        notes.extend(
            incidents
                .counts
                .iter()
                .map(|(what, times)| format!("{what}: {times} times")),
        );
        if !matches!(verdict, Verdict::Broken(_)) {
            let (breach, exchange) = incidents.first;
            verdict = Verdict::Broken(Box::new(seen(breach, exchange)));
        }
    }
    Finding {
        notes,
        ..finding(law, &session, verdict)
    }
}

fn finding(law: &'static Law, session: &Session<'_>, verdict: Verdict) -> Finding {
    let (level, lowered) = match session.facts().level(law.id) {
        Some((level, reason)) => (level, Some(reason.to_owned())),
        None => (law.level, None),
    };
    Finding {
        law,
        level,
        lowered,
        citation: (law.citation)(session.contract()),
        verdict,
        notes: session.notes(),
        accepted: None,
    }
}

/// A breach that a watch saw in passing; one exchange is as small as a case gets.
fn seen(breach: Breach, exchange: Exchange) -> Counterexample {
    let case = Case {
        resource: exchange.request.target.clone(),
        credentials: exchange.credentials.clone(),
        ..Case::default()
    };
    Counterexample {
        case,
        breach,
        exchanges: vec![exchange],
        shrinking: Shrinking::InPassing,
    }
}

/// Tries one case of a law again.
pub fn find_again(
    contract: &Contract,
    facts: &Facts,
    subject: &dyn Subject,
    law: &'static Law,
    case: Case,
) -> Finding {
    let ground = Ground::new(contract, facts, subject, Vec::new(), Budget::default());
    let session = Session::new(&ground);
    let verdict = each(law, &session, vec![case]);
    finding(law, &session, verdict)
}

fn verdict(law: &Law, session: &Session<'_>, options: &Options) -> Verdict {
    let name = session.contract().name();
    let known = options
        .first
        .iter()
        .filter(|tried| tried.law == law.id && tried.timeline == name);
    let known: Vec<Case> = known.map(|tried| tried.case.clone()).collect();
    let again = if known.is_empty() {
        None
    } else {
        Some(each(law, session, known))
    };
    if let Some(broken @ Verdict::Broken(_)) = again {
        return broken;
    }
    match (law.cases)(session) {
        Ok(Cases::Each(cases)) => each(law, session, cases),
        Ok(Cases::Drawn(strategy)) => drawn(law, session, &strategy, options),
        Ok(Cases::EachAndDrawn(cases, strategy)) => match each(law, session, cases) {
            decided @ (Verdict::Broken(_) | Verdict::Unreachable { .. }) => decided,
            _ => drawn(law, session, &strategy, options),
        },
        Err(Skip::NotInForce(reason) | Skip::Stopped(Stop::NotInForce(reason))) => {
            Verdict::NotInForce { reason }
        }
        Err(Skip::Stopped(Stop::Moot(reason))) => Verdict::Unjudged { reason },
        Err(Skip::Stopped(Stop::Lost(lost))) => Verdict::Unreachable {
            reason: lost.reason,
        },
        Err(Skip::Stopped(Stop::Breach(breach))) => {
            let exchanges = session.transcript();
            let case = Case::default();
            Verdict::Broken(Box::new(Counterexample {
                case,
                breach,
                exchanges,
                shrinking: Shrinking::Smallest,
            }))
        }
    }
}

fn each(law: &Law, session: &Session<'_>, cases: Vec<Case>) -> Verdict {
    let mut upheld = 0;
    let mut moot = "there is nothing to try it on".to_owned();
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

fn drawn(
    law: &Law,
    session: &Session<'_>,
    strategy: &BoxedStrategy<Case>,
    options: &Options,
) -> Verdict {
    /// How many moot cases are drawn again, for each case wanted.
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
            Err(Stop::Moot(reason) | Stop::NotInForce(reason)) => {
                moot.replace(reason);
                Err(TestCaseError::reject("moot"))
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
        _ if upheld.get() == 0 => Verdict::Unjudged {
            reason: moot.into_inner(),
        },
        _ => Verdict::Upheld {
            cases: upheld.get(),
        },
    }
}

/// Tries the smallest case once more, for its transcript; `first` is what was seen at first.
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

fn hold(law: &Law, session: &Session<'_>, case: &Case) -> Outcome {
    session.begin();
    (law.holds)(session, case)
}

/// The seed of a law's own draws, so that one law's cases do not depend on which others are judged.
fn seed(run: u64, contract: &str, law: &str) -> [u8; 32] {
    let mut seed = [0; 32];
    for (lane, bytes) in (0_u64..).zip(seed.chunks_exact_mut(8)) {
        // FNV-1a over everything that the draw depends on.
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
