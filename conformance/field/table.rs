//! The table of all faults: caught, missed or blamed, in each dialect.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use conformance::Level;

use crate::field::reports::seen;
use crate::field::trial::{Seen, Trial, tried};
use crate::field::{Fault, all, dialects};

/// The trials of every fault in every dialect, with one seed.
pub(crate) struct Table {
    rows: Vec<(&'static Fault, Vec<Trial>)>,
}

impl Table {
    /// Tries every fault whose name has this text in every dialect.
    pub(crate) fn of(seed: u64, only: &str) -> Self {
        let faults: Vec<_> = all()
            .into_iter()
            .filter(|fault| fault.name.contains(only))
            .collect();
        let pairs = faults.len() * dialects::ALL.len();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let jobs = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= pairs {
                            break;
                        }
                        let fault = faults[index / dialects::ALL.len()];
                        let (_, document) = dialects::ALL[index % dialects::ALL.len()];
                        let trial = tried(fault, document, seed);
                        done.lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push((index, trial));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(index, _)| *index);
        let mut trials = done.into_iter().map(|(_, trial)| trial);
        let rows = faults
            .into_iter()
            .map(|fault| (fault, trials.by_ref().take(dialects::ALL.len()).collect()));
        Self {
            rows: rows.collect(),
        }
    }

    fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.rows.iter().flat_map(|(_, trials)| trials)
    }

    /// The numbers of faults that were caught, of faults that were missed, and of twins that were blamed.
    ///
    /// One that is only reported is no fault by the document.
    pub(crate) fn sums(&self) -> (usize, usize, usize) {
        let is_caught =
            |one: &&Trial| matches!(one.seen, Seen::Caught(level, _) if level > Level::Info);
        let caught = self.trials().filter(is_caught).count();
        let missed = self.trials().filter(|one| one.seen == Seen::Missed).count();
        let blamed = self.trials().filter(|one| !one.blamed.is_empty()).count();
        (caught, missed, blamed)
    }

    /// The median of the numbers of requests that a counterexample needs.
    pub(crate) fn median(&self) -> usize {
        let mut requests: Vec<_> = self.trials().filter_map(|one| one.requests).collect();
        requests.sort_unstable();
        requests.get(requests.len() / 2).copied().unwrap_or(0)
    }

    /// What was caught, missed and blamed, without the laws: what must be the same for every seed.
    pub(crate) fn marks(&self) -> String {
        let mut text = String::new();
        for (fault, trials) in &self.rows {
            let marks: Vec<_> = trials.iter().map(mark).collect();
            let _ = writeln!(text, "{}: {}", fault.name, marks.join(" "));
        }
        text
    }

    /// The table as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let names: Vec<_> = dialects::ALL.iter().map(|(name, _)| *name).collect();
        let mut text = format!(
            "| fault | what clients see | reported of | {} | first law |\n",
            names.join(" | ")
        );
        let _ = writeln!(text, "|---|---|---|{}---|", "---|".repeat(names.len()));
        for (fault, trials) in &self.rows {
            let marks: Vec<_> = trials.iter().map(mark).collect();
            let law = trials.iter().find_map(|one| match one.seen {
                Seen::Caught(level, law) => Some(format!("{law} ({})", level.word())),
                _ => None,
            });
            let law = law.unwrap_or_default();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {law} |",
                fault.name,
                fault.report,
                seen(fault.name).unwrap_or("–"),
                marks.join(" | ")
            );
        }
        text
    }
}

fn mark(trial: &Trial) -> String {
    let seen = match trial.seen {
        Seen::NotThere => "–",
        Seen::Caught(Level::Info, _) => "reported",
        Seen::Caught(..) => "caught",
        Seen::Missed => "MISSED",
    };
    if trial.blamed.is_empty() {
        seen.to_owned()
    } else {
        format!("{seen}, BLAMED {}", trial.blamed.join(", "))
    }
}
