//! What is served at the moment, what a reset leads back to, and how another world takes its place.
//!
//! A request takes the mock once and keeps it to its end, so that each is answered from one world, and
//! taking it costs no lock. A world that cannot be made never takes the place of one that stands.

use std::cell::OnceCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use fixtures::Scenario;
use jiff::Timestamp;
use openapi::{Contract, Problem};
use serde_json::Value;

use crate::mock::Mock;

/// What is served, and the way to another.
#[derive(Debug)]
pub(crate) struct Stage {
    served: ArcSwap<Mock>,
    book: Mutex<Book>,
}

/// What whoever changes the world must know; held while it is changed.
#[derive(Debug)]
struct Book {
    start: Arc<Mock>,
    /// The names of the ready scenarios that are about its contracts; found when first asked for.
    ready: OnceCell<Vec<&'static str>>,
    loaded: Timestamp,
    problem: Option<String>,
}

/// Which scenario is served, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bill {
    pub(crate) name: String,
    /// The file that it was read from; none for a ready one.
    pub(crate) file: Option<String>,
    /// The names that it may be switched to.
    pub(crate) ready: Vec<String>,
    /// When it, or a document, was last read.
    pub(crate) loaded: Timestamp,
    /// Why the newest edit is not served.
    pub(crate) problem: Option<String>,
}

impl Stage {
    /// A stage on which `mock` is served from `at` on.
    pub(crate) fn new(mock: Arc<Mock>, at: Timestamp) -> Self {
        let book = Book {
            start: Arc::clone(&mock),
            ready: OnceCell::new(),
            loaded: at,
            problem: None,
        };
        Self {
            served: ArcSwap::new(mock),
            book: Mutex::new(book),
        }
    }

    /// What is served now; not to be held for long.
    pub(crate) fn mock(&self) -> Guard<Arc<Mock>> {
        self.served.load()
    }

    /// Which scenario is served.
    pub(crate) fn bill(&self) -> Bill {
        let book = self.book();
        let served = self.served.load();
        let scenario = served.scenario();
        let ready = book.ready();
        let mut ready: Vec<_> = ready.iter().map(ToString::to_string).collect();
        let start = book.start.scenario().name();
        if !ready.iter().any(|name| name == start) {
            ready.insert(0, start.to_owned());
        }
        Bill {
            name: scenario.name().to_owned(),
            file: scenario.file().map(str::to_owned),
            ready,
            loaded: book.loaded,
            problem: book.problem.clone(),
        }
    }

    /// Serves another scenario from `at` on: the one of the start, or a ready one, by its name. What was
    /// done by hand is gone.
    pub(crate) fn switch(&self, name: &str, at: Timestamp) -> Result<Arc<Mock>, Problem> {
        let mut book = self.book();
        let start = &book.start;
        let mock = if name == start.scenario().name() {
            start.in_scenario(start.scenario())?
        } else {
            let ready = Scenario::ready(name).ok_or_else(|| {
                let problem = Problem::new(format!("no scenario is `{name}`"));
                problem.cure(format!("there are {}", book.ready().join(", ")))
            })?;
            start.in_scenario(&ready?)?
        };
        let mock = Arc::new(mock);
        self.served.store(Arc::clone(&mock));
        book.loaded = at;
        Ok(mock)
    }

    /// Adds a job to what is served; until a reset, or until another scenario is served.
    pub(crate) fn add_job(
        &self,
        timeline: &str,
        entry: &Value,
        begins: Timestamp,
    ) -> Result<Arc<Mock>, Problem> {
        // Nothing else takes its place meanwhile.
        let _book = self.book();
        let mock = self.served.load().with_job(timeline, entry, begins)?;
        let mock = Arc::new(mock);
        self.served.store(Arc::clone(&mock));
        Ok(mock)
    }

    /// Serves what was edited, from `at` on; if it cannot be read, or no world can be made of it, what was
    /// served stays, and the reason is kept for whoever asks. What was done by hand is gone with the world
    /// that it was done in.
    ///
    /// A scenario that was switched to stays, with the new documents.
    pub(crate) fn reload(
        &self,
        edited: Result<(Vec<Contract>, Scenario), Problem>,
        at: Timestamp,
    ) -> Result<Arc<Mock>, Problem> {
        let mut book = self.book();
        let made = edited.and_then(|(contracts, scenario)| book.start.of(contracts, &scenario));
        let start = match made {
            Ok(mock) => Arc::new(mock),
            Err(problem) => {
                book.problem = Some(sentence(&problem));
                return Err(problem);
            }
        };
        let served = self.served.load();
        let switched = served.scenario().name() != book.start.scenario().name();
        let elsewhere = switched.then(|| start.in_scenario(served.scenario()).ok());
        let mock = elsewhere.flatten().map_or(Arc::clone(&start), Arc::new);
        self.served.store(Arc::clone(&mock));
        *book = Book {
            start,
            ready: OnceCell::new(),
            loaded: at,
            problem: None,
        };
        Ok(mock)
    }

    /// Serves what was served at the start, as if nothing had been done to it.
    pub(crate) fn reset(&self) -> Arc<Mock> {
        let book = self.book();
        book.start.reset();
        self.served.store(Arc::clone(&book.start));
        Arc::clone(&book.start)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn ready(&self) -> &[&'static str] {
        self.ready.get_or_init(|| {
            let contracts: Vec<_> = self.start.contracts().map(Contract::name).collect();
            let suits = |name: &&str| {
                let ready = Scenario::ready(name).and_then(Result::ok);
                ready.is_some_and(|ready| ready.suits(&contracts))
            };
            Scenario::ready_names().into_iter().filter(suits).collect()
        })
    }
}

/// A problem in one line, for those who have no terminal: place, what is wrong, and the cure.
fn sentence(problem: &Problem) -> String {
    use miette::Diagnostic as _;
    match problem.help() {
        Some(cure) => format!("{problem}; {cure}"),
        None => problem.to_string(),
    }
}
