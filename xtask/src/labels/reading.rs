//! How an operation pages: as a person reads it, and as it is guessed.

use std::collections::BTreeMap;

use openapi::{Certainty, Document, Operation};
use serde::Deserialize;
use serde_json::Value;

/// What a person reads: `no`, or how it pages.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Label {
    /// It does not page.
    Word(No),
    /// It pages like this.
    Pages(Box<Pages>),
}

/// The word for an operation that does not page.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum No {
    #[serde(rename = "no")]
    No,
}

/// How an operation pages, as a person reads it. Several words are several right readings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pages {
    pub(super) style: Words,
    pub(super) cursor: Option<Words>,
    pub(super) offset: Option<Words>,
    pub(super) page: Option<Words>,
    pub(super) limit: Option<Words>,
    pub(super) before: Option<Words>,
    pub(super) items: Words,
    pub(super) next: Words,
    pub(super) more: Option<Words>,
    pub(super) done: Option<Words>,
    pub(super) total: Option<Words>,
    pub(super) first: Option<u64>,
    /// Whether a careful reader is sure.
    #[serde(default = "sure")]
    pub(super) sure: bool,
}

/// One word, or several of which each is right.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Words {
    One(String),
    Several(Vec<String>),
}

fn sure() -> bool {
    true
}

impl Label {
    /// How it pages, if it does.
    pub(super) fn pages(&self) -> Option<&Pages> {
        match self {
            Self::Word(No::No) => None,
            Self::Pages(pages) => Some(pages),
        }
    }
}

impl Words {
    pub(super) fn has(&self, word: &str) -> bool {
        match self {
            Self::One(one) => one == word,
            Self::Several(several) => several.iter().any(|one| one == word),
        }
    }
}

impl std::fmt::Display for Words {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(one) => out.write_str(one),
            Self::Several(several) => out.write_str(&several.join(" or ")),
        }
    }
}

/// How an operation is guessed to page: the value of `x-pagination`, and whether that is sure.
pub(super) struct Reading {
    pagination: Value,
    pub(super) is_sure: bool,
}

impl Reading {
    /// The guesses for a document, by operation.
    pub(super) fn all(document: &Document) -> BTreeMap<String, Self> {
        let proposals = document.proposals().into_iter();
        let readings = proposals.map(|proposed| {
            let proposal = &proposed.proposal;
            let pagination = serde_json::to_value(&proposal.pagination).unwrap_or_default();
            let reading = Self {
                pagination,
                is_sure: proposal.certainty > Certainty::Likely,
            };
            (named(proposed.operation), reading)
        });
        readings.collect()
    }

    fn text(&self, at: &str) -> Option<&str> {
        self.pagination.pointer(at)?.as_str()
    }

    pub(super) fn style(&self) -> &str {
        self.text("/style").unwrap_or_default()
    }

    pub(super) fn items(&self) -> &str {
        self.text("/items").unwrap_or_default()
    }

    /// The parameter with a role, or the place in the body.
    pub(super) fn parameter(&self, role: &str) -> Option<&str> {
        let at = match role {
            "before" => "/request/backward/cursor".to_owned(),
            role => format!("/request/{role}"),
        };
        self.text(&format!("{at}/name"))
            .or_else(|| self.text(&format!("{at}/at")))
    }

    /// The place of a flag or a total.
    pub(super) fn place(&self, word: &str) -> Option<&str> {
        self.text(match word {
            "total" => "/totals/items",
            "done" => "/next/done",
            _ => "/next/more",
        })
    }

    /// The number of the first page.
    pub(super) fn first(&self) -> Option<u64> {
        self.pagination.pointer("/page/first")?.as_u64()
    }

    /// The ways on.
    pub(super) fn ways(&self) -> Vec<String> {
        let mut ways = Vec::new();
        if let Some(url) = self.text("/next/url") {
            ways.push(format!("url {url}"));
        }
        if self.text("/next/link").is_some() {
            ways.push("link".to_owned());
        }
        if let Some(cursor) = self.text("/next/cursor") {
            let last = format!("{}[-1:]", self.items());
            ways.push(if cursor.starts_with(&last) {
                "last-key".to_owned()
            } else {
                format!("cursor {cursor}")
            });
        }
        if ways.is_empty() {
            let is_counted = ["offset", "page"].contains(&self.style());
            ways.push(if is_counted { "counted" } else { "unsaid" }.to_owned());
        }
        ways
    }
}

/// An operation as the labels name it.
pub(super) fn named(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}
