//! The judge draws cases, shrinks those that break a law, and reports the results.

mod drawing;
mod options;
mod smaller;
mod trying;
mod turn;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

use openapi::Contract;
use proptest::strategy::BoxedStrategy;

use self::drawing::picture;
use self::trying::{drawn, each, seed, tried_again};
use self::turn::{Turn, together};
use crate::lock::lock;
use crate::session::{Exchange, Run, Session, Watched, resource_of};
use crate::verdict::{Counterexample, Finding, Judgement, Shrinking, Verdict};
use crate::{Breach, Budget, Case, Cases, Facts, Law, Level, Skip, Stop, Subject, UnsafeMethods};

pub use self::options::{Jobs, Options};

/// The law that sees requests at which the server fails each time.
const FAILURES: &str = "no-request-always-fails";

/// The progress of a run.
#[derive(Debug, Clone, Copy)]
pub enum Notice<'a> {
    /// The laws of a contract are about to be judged.
    Began {
        /// The contract's name.
        contract: &'a str,
        /// The number of laws.
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
    judge_all(&[(contract, facts)], subject, options, notify).swap_remove(0)
}

/// Holds `subject` to every law of the catalogue, for several contracts. Returns their judgements in this order.
///
/// Laws that may change data come after all others, because contracts may share resources.
pub fn judge_all(
    judged: &[(&Contract, &Facts)],
    subject: &dyn Subject,
    options: &Options,
    notify: &mut (dyn FnMut(Notice<'_>) + Send),
) -> Vec<Judgement> {
    let notify = Mutex::new(notify);
    // One limit for all contracts ends the run when its caller expects it.
    let ends = Instant::now().checked_add(options.budget.time);
    let mut judgings: Vec<Judging<'_>> = Vec::new();
    for (contract, facts) in judged {
        let judging = Judging::new(contract, facts, subject, options, ends);
        lock(&notify)(Notice::Began {
            contract: &contract.name(),
            laws: judging.laws.len(),
        });
        for turn in [Turn::Together, Turn::Alone, Turn::Last] {
            judging.take(turn, &notify);
        }
        // The run waits for those of the other contracts.
        judging.run.forget_bodies();
        judgings.push(judging);
    }
    for judging in &judgings {
        judging.take(Turn::Changes, &notify);
    }
    judgings.into_iter().map(Judging::judgement).collect()
}

/// The run of one contract, and its findings so far.
struct Judging<'a> {
    run: Run<'a>,
    options: &'a Options,
    laws: Vec<&'static Law>,
    findings: Vec<OnceLock<Finding>>,
}

/// The receiver of progress, which several threads share.
type Notify<'n> = Mutex<&'n mut (dyn FnMut(Notice<'_>) + Send)>;

impl<'a> Judging<'a> {
    fn new(
        contract: &'a Contract,
        facts: &'a Facts,
        subject: &'a dyn Subject,
        options: &'a Options,
        ends: Option<Instant>,
    ) -> Self {
        let laws = options.selected();
        let watched = laws.iter().filter_map(|law| {
            Some(Watched {
                law: law.id,
                watch: law.watch?,
                moments: law.level == Level::Info,
                failures: law.id == FAILURES,
            })
        });
        let run = Run::new(contract, facts, subject, watched.collect(), options.budget);
        Self {
            run: run
                .clock(options.clock)
                .ends_at(ends)
                .ends_if(options.told_to_end),
            options,
            findings: laws.iter().map(|_| OnceLock::new()).collect(),
            laws,
        }
    }

    /// Judges the laws of one turn.
    fn take(&self, turn: Turn, notify: &Notify<'_>) {
        let find_one = |index: usize| {
            let law = self.laws[index];
            lock(notify)(Notice::Judging(law));
            let finding = find(law, &self.run, self.options);
            lock(notify)(Notice::Judged(&finding));
            let _ = self.findings[index].set(finding);
        };
        let ours = |index: &usize| Turn::of(self.laws[*index]) == turn;
        let mut queue: Vec<usize> = (0..self.laws.len()).filter(ours).collect();
        if turn == Turn::Changes {
            // The gravest law comes first, because a change may take away what the next one needs.
            queue.sort_by_key(|index| Reverse(self.laws[*index].level));
        }
        let jobs = self.options.jobs;
        // Without required values not even a listing is asked for.
        let lacking = self.run.facts().lacking().is_some();
        if turn == Turn::Together && jobs != Jobs::Always(1) && !lacking {
            together(&self.run, &queue, jobs, &find_one);
        } else {
            queue.into_iter().for_each(find_one);
        }
    }

    /// The judgement, with hints that need a last look at timelines with a breach.
    fn judgement(self) -> Judgement {
        let findings = self.findings.into_iter();
        let mut findings: Vec<_> = findings.filter_map(OnceLock::into_inner).collect();
        let session = Session::new(&self.run);
        let mut hints: HashMap<String, Option<String>> = HashMap::new();
        for finding in &mut findings {
            if let Verdict::Broken(found) = &finding.verdict {
                let name = &found.case.resource;
                let hint = hints.entry(name.clone());
                let hint = hint.or_insert_with(|| session.unsaid_growth(name));
                finding.notes.extend(hint.clone());
            }
        }
        Judgement {
            contract: self.run.contract().name(),
            findings,
            requests: self.run.asked(),
            moments: self.run.moments(),
        }
    }
}

fn find(law: &'static Law, run: &Run<'_>, options: &Options) -> Finding {
    let session = Session::new(run);
    let mut verdict = verdict(law, &session, options);
    let mut notes = session.notes();
    if let Some(incidents) = run.incidents(law.id) {
        let counts = incidents.counts.iter();
        notes.extend(counts.map(|(what, times)| format!("{what}: {times} times")));
        if incidents.others > 0 {
            notes.insert(format!("other breaches: {} times", incidents.others));
        }
        if !matches!(verdict, Verdict::Broken(_)) {
            let (breach, exchange) = incidents.first;
            verdict = Verdict::Broken(Box::new(seen(session.contract(), breach, exchange)));
        }
    }
    Finding {
        notes,
        ..finding(law, &session, verdict)
    }
}

fn finding(law: &'static Law, session: &Session<'_>, verdict: Verdict) -> Finding {
    let (level, lowered) = match (session.facts().level(law.id), session.eased()) {
        (Some((level, reason)), _) => (level, Some(reason.to_owned())),
        (None, Some(reason)) => (Level::Info, Some(reason.to_owned())),
        (None, None) => (law.level, None),
    };
    let picture = match &verdict {
        // Walks at the same time would be drawn as one.
        Verdict::Broken(found) if law.conduct.is_steady() => picture(session, found),
        _ => None,
    };
    let cited = match &verdict {
        Verdict::Broken(found) => found.breach.citation.clone(),
        _ => None,
    };
    Finding {
        law,
        level,
        lowered,
        citation: cited.unwrap_or_else(|| (law.citation)(session.contract())),
        verdict,
        scope: session.scope(),
        notes: session.notes(),
        accepted: None,
        picture,
    }
}

/// A breach that a watch saw. Its case is the one exchange that shows it.
fn seen(contract: &Contract, breach: Breach, exchange: Exchange) -> Counterexample {
    let case = Case {
        resource: resource_of(contract, exchange.request.path()).unwrap_or_default(),
        target: Some(exchange.request.target.clone()),
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
    let run = Run::new(contract, facts, subject, Vec::new(), Budget::default());
    let session = Session::new(&run);
    let verdict = barred(law, facts).unwrap_or_else(|| each(law, &session, vec![case]));
    finding(law, &session, verdict)
}

/// The verdict on a law whose requests cannot be sent, or may not.
fn barred(law: &Law, facts: &Facts) -> Option<Verdict> {
    // Laws about items that they create ask for permission where there is such a list.
    let asks_itself = law.conduct.only_own_items;
    let is_refused = facts.unsafe_methods() == UnsafeMethods::Refuse;
    if law.conduct.may_change_data && !asks_itself && is_refused {
        let reason = UnsafeMethods::REFUSED.to_owned();
        return Some(Verdict::NotInForce { reason });
    }
    let reason = facts.lacking()?.to_owned();
    Some(Verdict::Unjudged { reason })
}

fn verdict(law: &Law, session: &Session<'_>, options: &Options) -> Verdict {
    if let Some(barred) = barred(law, session.facts()) {
        return barred;
    }
    let known = options
        .first
        .iter()
        .filter(|tried| tried.law == law.id && session.contract().is_named(&tried.timeline));
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
        Ok(Cases::Each(cases)) => {
            let verdict = each(law, session, cases.clone());
            let verdict = tried_again(law, session, verdict, options);
            smaller::of_listed(law, session, verdict, &cases)
        }
        Ok(Cases::Drawn(strategy)) => best_of_drawn(law, session, &strategy, options),
        Ok(Cases::EachAndDrawn(cases, strategy)) => match each(law, session, cases) {
            broken @ Verdict::Broken(_) => tried_again(law, session, broken, options),
            lost @ Verdict::Unreachable { .. } => lost,
            _ => best_of_drawn(law, session, &strategy, options),
        },
        Ok(Cases::DrawnAndEach(strategy, cases)) => {
            let verdict = best_of_drawn(law, session, &strategy, options);
            also(law, session, verdict, cases, options)
        }
        Ok(Cases::DrawnAndSwept(strategy, fits)) => {
            drawn_and_swept(law, session, &strategy, fits, options)
        }
        Ok(Cases::DrawnSweptAndEach(strategy, cases)) => {
            match drawn_and_swept(law, session, &strategy, |_| true, options) {
                broken @ Verdict::Broken(_) => broken,
                verdict => also(law, session, verdict, cases, options),
            }
        }
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

/// The verdict on drawn cases, and on those for which the sweep found an odd page, if they fit.
fn drawn_and_swept(
    law: &Law,
    session: &Session<'_>,
    strategy: &BoxedStrategy<Case>,
    fits: fn(&Case) -> bool,
    options: &Options,
) -> Verdict {
    let verdict = best_of_drawn(law, session, strategy, options);
    if matches!(verdict, Verdict::Broken(_)) || !options.sweeps() {
        return verdict;
    }
    let run = session.run();
    let jobs = options
        .jobs
        .of(run.took_on_average(), run.bytes_on_average());
    let suspects = session.suspects(jobs).iter().filter(|case| fits(case));
    also(law, session, verdict, suspects.cloned().collect(), options)
}

/// The verdict on drawn cases, unless one of these cases breaks the law.
fn also(
    law: &Law,
    session: &Session<'_>,
    drawn: Verdict,
    cases: Vec<Case>,
    options: &Options,
) -> Verdict {
    if matches!(drawn, Verdict::Broken(_) | Verdict::Unreachable { .. }) {
        return drawn;
    }
    match (each(law, session, cases), drawn) {
        (broken @ Verdict::Broken(_), _) => tried_again(law, session, broken, options),
        (Verdict::Upheld { cases: listed }, Verdict::Upheld { cases }) => Verdict::Upheld {
            cases: cases + listed,
        },
        (upheld @ Verdict::Upheld { .. }, _) => upheld,
        (_, drawn) => drawn,
    }
}

/// The verdict on drawn cases, with the best counterexample.
fn best_of_drawn(
    law: &Law,
    session: &Session<'_>,
    strategy: &BoxedStrategy<Case>,
    options: &Options,
) -> Verdict {
    let verdict = drawn(law, session, strategy, options);
    let seed = seed(options.seed, &session.contract().name(), law.id);
    smaller::of_drawn(law, session, verdict, strategy, &seed)
}
