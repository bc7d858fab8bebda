//! The mock that is served now, the one that a reset restores, and the way to serve another.
//!
//! A request takes the mock once and keeps it, so each answer comes from one world. Taking it costs no lock.
//! A world that cannot be made never replaces one that is served.

use std::cell::OnceCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use fixtures::Scenario;
use jiff::Timestamp;
use openapi::Problem;

use crate::mock::Mock;
use crate::plan::Plan;
use crate::server::state::State;

/// The mock that is served, and the way to serve another.
#[derive(Debug)]
pub(crate) struct Stage {
    served: ArcSwap<Mock>,
    history: Mutex<History>,
}

/// The facts that a change of the world needs. The lock is held during the change.
#[derive(Debug)]
struct History {
    start: Arc<Mock>,
    /// The names of the ready scenarios that suit the contracts, found at first use.
    ready: OnceCell<Vec<&'static str>>,
    loaded: Timestamp,
    problem: Option<String>,
}

/// The scenario status: which scenario is served, and which others could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScenarioStatus {
    pub(crate) name: String,
    /// The file that it was read from; `None` for a ready scenario.
    pub(crate) file: Option<String>,
    /// The names of the scenarios that can be served instead.
    pub(crate) ready: Vec<String>,
    /// When the files were last read.
    pub(crate) loaded: Timestamp,
    /// Why the newest edit is not served.
    pub(crate) problem: Option<String>,
}

impl Stage {
    /// A stage that serves `mock` from `at` on.
    pub(crate) fn new(mock: Arc<Mock>, at: Timestamp) -> Self {
        let history = History {
            start: Arc::clone(&mock),
            ready: OnceCell::new(),
            loaded: at,
            problem: None,
        };
        Self {
            served: ArcSwap::new(mock),
            history: Mutex::new(history),
        }
    }

    /// The mock that is served now. Callers must not hold the guard for long.
    pub(crate) fn mock(&self) -> Guard<Arc<Mock>> {
        self.served.load()
    }

    /// The mock that a reset restores.
    pub(crate) fn start(&self) -> Arc<Mock> {
        Arc::clone(&self.history().start)
    }

    /// Which scenario is served.
    pub(crate) fn status(&self) -> ScenarioStatus {
        let history = self.history();
        let served = self.served.load();
        let scenario = served.scenario();
        let ready = history.ready();
        let mut ready: Vec<_> = ready.iter().map(ToString::to_string).collect();
        let start = history.start.scenario().name();
        if !ready.iter().any(|name| name == start) {
            ready.insert(0, start.to_owned());
        }
        ScenarioStatus {
            name: scenario.name().to_owned(),
            file: scenario.file().map(str::to_owned),
            ready,
            loaded: history.loaded,
            problem: history.problem.clone(),
        }
    }

    /// Serves another scenario from `at` on: that of the start or a ready one, by its name.
    ///
    /// Manual changes are lost.
    pub(crate) fn switch(&self, name: &str, at: Timestamp) -> Result<Arc<Mock>, Problem> {
        let mut history = self.history();
        let start = &history.start;
        let mock = if name == start.scenario().name() {
            start.in_scenario(start.scenario())?
        } else {
            let ready = Scenario::ready(name).ok_or_else(|| {
                let problem = Problem::new(format!("no scenario is named `{name}`"));
                problem.cure(format!("there are {}", history.ready().join(", ")))
            })?;
            start.in_scenario(&ready?)?
        };
        let mock = Arc::new(mock);
        self.served.store(Arc::clone(&mock));
        history.loaded = at;
        Ok(mock)
    }

    /// Serves an edited plan from `at` on. Manual changes stay as far as they suit it, unless the scenario tells other
    /// items of collections than before.
    ///
    /// If the plan cannot be read or makes no world, the mock stays as it was, and the scenario status shows
    /// the reason. A scenario that was switched to stays, with the new documents.
    pub(crate) fn reload(
        &self,
        edited: Result<Plan, Problem>,
        at: Timestamp,
    ) -> Result<Arc<Mock>, Problem> {
        let mut history = self.history();
        let made = edited.and_then(|plan| history.start.with_plan(plan));
        let start = match made {
            Ok(mock) => Arc::new(mock),
            Err(problem) => {
                history.problem = Some(sentence(&problem));
                return Err(problem);
            }
        };
        let served = self.served.load();
        let switched = served.scenario().name() != history.start.scenario().name();
        let elsewhere = switched.then(|| start.in_scenario(served.scenario()).ok());
        let mock = elsewhere.flatten().map_or(Arc::clone(&start), Arc::new);
        let told = |mock: &Mock| -> Vec<_> {
            let told = mock.scenario().told();
            told.map(|(items, _)| items.clone()).collect()
        };
        // The changes of a mock include the items that its scenario tells. If others are told now, those count.
        if told(&served) == told(&mock) {
            carry(&served, &mock);
        }
        self.served.store(Arc::clone(&mock));
        *history = History {
            start,
            ready: OnceCell::new(),
            loaded: at,
            problem: None,
        };
        Ok(mock)
    }

    /// Serves the mock of the start again, without manual changes.
    pub(crate) fn reset(&self) -> Arc<Mock> {
        let history = self.history();
        history.start.reset();
        self.served.store(Arc::clone(&history.start));
        Arc::clone(&history.start)
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl History {
    fn ready(&self) -> &[&'static str] {
        self.ready.get_or_init(|| {
            let suits = |name: &&str| {
                let ready = Scenario::ready(name).and_then(Result::ok);
                ready.is_some_and(|ready| ready.suits(&self.start.plan.names))
            };
            Scenario::ready_names().into_iter().filter(suits).collect()
        })
    }
}

/// Gives a mock the manual changes of another one, as far as they suit its documents.
fn carry(from: &Mock, to: &Mock) {
    let (state, lost) = State::of(from).fitting(to);
    let kept = state.restore(to);
    if let Err(wrong) = kept {
        tracing::warn!("the manual changes are gone: {}", wrong.message);
    } else if lost > 0 {
        tracing::warn!("{lost} manual changes do not suit the edited documents and are gone");
    }
}

/// A problem in one line: the place, what is wrong, and the cure.
fn sentence(problem: &Problem) -> String {
    use miette::Diagnostic as _;
    match problem.help() {
        Some(cure) => format!("{problem}; {cure}"),
        None => problem.to_string(),
    }
}
