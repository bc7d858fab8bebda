//! The names of timelines, and the words that a user may write for them.
//!
//! A timeline has one name, which no other operation changes. The stem of its document is a short form,
//! as long as no other operation of that document pages.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::{Contract, Document, Problem, join};

/// The timelines of some contracts, found by the words that a user writes.
#[derive(Debug)]
pub struct Names {
    /// The names, in the order of the contracts.
    all: Vec<String>,
    /// The stems of their documents, in the same order.
    stems: Vec<String>,
    /// By name, the place among the contracts.
    exact: HashMap<String, usize>,
    /// By the document's stem; none if several operations of such documents page. Assumed timelines count
    /// only where no other has the stem.
    short: HashMap<String, Option<usize>>,
}

/// The number of names that an error lists.
const SHOWN: usize = 20;

/// A word that names no timeline, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoTimeline {
    /// What is wrong, with the word first.
    pub message: String,
    /// The names that there are.
    pub cure: String,
}

impl Names {
    /// The names of `contracts`.
    pub fn of<'c>(contracts: impl IntoIterator<Item = &'c Contract>) -> Self {
        let mut names = Self {
            all: Vec::new(),
            stems: Vec::new(),
            exact: HashMap::new(),
            short: HashMap::new(),
        };
        let mut assumed = HashMap::new();
        for (place, contract) in contracts.into_iter().enumerate() {
            let stem = contract.document().name().to_owned();
            names.exact.entry(contract.name()).or_insert(place);
            let short = if contract.reasons().is_empty() {
                &mut names.short
            } else {
                &mut assumed
            };
            short
                .entry(stem.clone())
                .and_modify(|one| *one = None)
                .or_insert(Some(place));
            names.stems.push(stem);
            names.all.push(contract.name());
        }
        for (stem, place) in assumed {
            names.short.entry(stem).or_insert(place);
        }
        names
    }

    /// The names, in the order of the contracts.
    pub fn all(&self) -> &[String] {
        &self.all
    }

    /// The place, among the contracts, of the timeline that `word` names: by its name, else by the short
    /// form.
    pub fn find(&self, word: &str) -> Result<usize, NoTimeline> {
        let short = || self.short.get(word).copied().flatten();
        let found = self.exact.get(word).copied().or_else(short);
        found.ok_or_else(|| NoTimeline {
            message: if self.short.contains_key(word) {
                format!("`{word}` names several timelines")
            } else {
                format!("`{word}` is no name of timelines in these documents")
            },
            cure: self.listed(),
        })
    }

    /// The short form that finds the timeline at `place`, if it has one.
    pub fn short(&self, place: usize) -> Option<&str> {
        let stem = self.stems.get(place)?;
        (self.find(stem) == Ok(place)).then_some(stem)
    }

    fn listed(&self) -> String {
        let shown: Vec<_> = self.all.iter().take(SHOWN).map(String::as_str).collect();
        let more = match self.all.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(", or one of {more} more"),
        };
        format!("write one of {}{more}", shown.join(", "))
    }
}

impl Document {
    /// The operations that page, each read as a [`Contract`].
    ///
    /// Fails if one of them contradicts its document, or if two have one name.
    pub fn contracts(&self) -> Result<Vec<Contract>, Problem> {
        let paged = self.paged().get_or_init(|| {
            let mut contracts = Vec::new();
            for operation in self.operations() {
                contracts.extend(Contract::read(self, operation)?);
            }
            check_distinct(&contracts)?;
            Ok(contracts
                .iter()
                .map(|one| Arc::clone(one.paged()))
                .collect())
        });
        let paged = paged.as_ref().map_err(Clone::clone)?;
        Ok(paged.iter().map(|one| Contract::new(self, one)).collect())
    }
}

impl Contract {
    /// Whether a user means this timeline by `word`: by its name, or by the short form.
    pub fn is_named(&self, word: &str) -> bool {
        let is_short = || {
            let contracts = self.document().contracts().unwrap_or_default();
            let names = Names::of(&contracts);
            names
                .find(word)
                .is_ok_and(|place| names.all()[place] == self.name())
        };
        self.name() == word || (self.document().name() == word && is_short())
    }
}

/// Fails if two of `contracts` have one name, or one method and path.
pub fn check_distinct(contracts: &[Contract]) -> Result<(), Problem> {
    let mut names = HashSet::new();
    let mut requests = HashSet::new();
    for contract in contracts {
        let (document, operation) = (contract.document(), contract.operation());
        if !names.insert(contract.name()) {
            let message = format!("the name `{}` belongs to two timelines", contract.name());
            let at = join(&join(&operation.pointer, "x-pagination"), "name");
            let cure = "give one of them another `name` in `x-pagination`, or rename its file";
            return Err(document.problem(&at, message).cure(cure));
        }
        let (method, path) = (&operation.method, operation.path.to_string());
        let message = format!("two documents have the operation {method} {path}");
        if !requests.insert((method, path)) {
            let problem = document.problem(&operation.pointer, message);
            return Err(problem.cure("serve the documents on two ports"));
        }
    }
    Ok(())
}
