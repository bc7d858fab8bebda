//! A walk follows the cursor as a client does.

use std::thread;

use openapi::Position;

use super::{Page, Session};
use crate::{Case, Stop};

/// The pages of a walk, in order.
#[derive(Debug, Clone)]
pub struct Walk {
    /// The pages.
    pub pages: Vec<Page>,
    /// The end of the walk.
    pub end: End,
}

/// The end of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At the page that is the last for a client.
    Last,
    /// At the greatest number of pages.
    CutOff,
}

impl Walk {
    /// Whether it met these items: all of them if it came to the end, and else the first ones.
    pub(crate) fn meets(&self, all: &[String]) -> bool {
        let keys = self.keys();
        match self.end {
            End::Last => keys == all,
            End::CutOff => all.starts_with(&keys),
        }
    }

    /// The keys of all pages, joined.
    pub fn keys(&self) -> Vec<String> {
        self.pages
            .iter()
            .flat_map(|page| page.keys.iter().cloned())
            .collect()
    }
}

impl Session<'_> {
    /// Follows the cursor from the case's start, for at most `pages` pages.
    ///
    /// It uses the limits of the case in turn. Without any, none is sent.
    ///
    /// A missing page is a breach.
    pub fn walk(&self, case: &Case, pages: usize) -> Result<Walk, Stop> {
        self.walk_on(case, None, pages)
    }

    /// As [`Session::walk`], from another place, in its direction.
    pub(crate) fn walk_from(&self, case: &Case, at: Position, pages: usize) -> Result<Walk, Stop> {
        self.walk_on(case, Some(at), pages)
    }

    fn walk_on(&self, case: &Case, mut at: Option<Position>, pages: usize) -> Result<Walk, Stop> {
        let mut walk = Walk {
            pages: Vec::new(),
            end: End::CutOff,
        };
        for turn in 0..pages {
            let limit = case.limits.get(turn % case.limits.len().max(1));
            let step = Case {
                limits: limit.into_iter().copied().collect(),
                ..case.clone()
            };
            let ask = match &at {
                None => self.ask(&step)?,
                Some(at) => self.ask_at(&step, at),
            };
            let page = self.page(&ask)?;
            let next = page.next.clone().filter(|_| !page.last);
            walk.pages.push(page);
            if next.is_none() {
                walk.end = End::Last;
                break;
            }
            at = next;
        }
        Ok(walk)
    }

    /// The page from another start, with the case's limit. Moot if there is no page.
    pub(crate) fn page_at(&self, case: &Case, at: &Position) -> Result<Page, Stop> {
        self.page_or_moot(&self.ask_at(case, at))
    }

    /// Walks from all cases' starts at the same time, and returns the walks in the cases' order.
    pub(crate) fn walk_at_once(&self, cases: &[Case], pages: usize) -> Result<Vec<Walk>, Stop> {
        let walks: Vec<_> = thread::scope(|scope| {
            let walkers: Vec<_> = cases
                .iter()
                .map(|case| {
                    scope.spawn(move || {
                        let own = Session::new(self.run());
                        (own.walk(case, pages), own.transcript())
                    })
                })
                .collect();
            walkers
                .into_iter()
                .map(|walker| walker.join().expect("a walk does not panic"))
                .collect()
        });
        // Adds one walk after the other, so that the transcript does not depend on their speed.
        for exchange in walks.iter().flat_map(|(_, transcript)| transcript) {
            self.remember(exchange);
        }
        walks.into_iter().map(|(walk, _)| walk).collect()
    }
}
