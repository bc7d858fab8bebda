//! The judge draws cases, shrinks those that break a law, and reports the results.

mod options;
mod trying;
mod turn;

use std::sync::{Mutex, OnceLock};

use openapi::Contract;

use self::trying::{drawn, each};
use self::turn::{Turn, together};
use crate::lock::lock;
use crate::session::{Exchange, Run, Session, resource_of};
use crate::verdict::{Counterexample, Finding, Judgement, Shrinking, Verdict};
use crate::{Breach, Budget, Case, Cases, Facts, Law, Skip, Stop, Subject};

pub use self::options::{Jobs, Options};

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
    let laws = options.selected();
    let watches = laws
        .iter()
        .filter_map(|law| Some((law.id, law.watch?)))
        .collect();
    let run = Run::new(contract, facts, subject, watches, options.budget).clock(options.clock);
    let name = contract.name();
    notify(Notice::Began {
        contract: &name,
        laws: laws.len(),
    });
    let findings: Vec<OnceLock<Finding>> = laws.iter().map(|_| OnceLock::new()).collect();
    let notify = Mutex::new(notify);
    let find_one = |index: usize| {
        let law = laws[index];
        lock(&notify)(Notice::Judging(law));
        let finding = find(law, &run, options);
        lock(&notify)(Notice::Judged(&finding));
        let _ = findings[index].set(finding);
    };
    for turn in [Turn::Together, Turn::Alone, Turn::Last] {
        let queue: Vec<usize> = (0..laws.len())
            .filter(|index| Turn::of(laws[*index]) == turn)
            .collect();
        if facts.lacking().is_some() {
            // Not even a listing is asked for.
            queue.into_iter().for_each(find_one);
        } else if turn == Turn::Together && options.jobs != Jobs::Always(1) {
            together(&run, &queue, options.jobs, &find_one);
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
        requests: run.asked(),
    }
}

fn find(law: &'static Law, run: &Run<'_>, options: &Options) -> Finding {
    let session = Session::new(run);
    let mut verdict = verdict(law, &session, options);
    let mut notes = session.notes();
    if let Some(incidents) = run.incidents(law.id) {
        notes.extend(
            incidents
                .counts
                .iter()
                .map(|(what, times)| format!("{what}: {times} times")),
        );
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
    let verdict = lacking(facts).unwrap_or_else(|| each(law, &session, vec![case]));
    finding(law, &session, verdict)
}

/// The verdict on every law if no request can be sent.
fn lacking(facts: &Facts) -> Option<Verdict> {
    let reason = facts.lacking()?.to_owned();
    Some(Verdict::Unjudged { reason })
}

fn verdict(law: &Law, session: &Session<'_>, options: &Options) -> Verdict {
    if let Some(unjudged) = lacking(session.facts()) {
        return unjudged;
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
