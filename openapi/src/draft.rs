//! A draft of an overlay that says how the lists of a document page, each line with its reason.
//!
//! A person corrects wrong guesses there. The lists then no longer depend on guesses.

mod collections;
mod vendor;

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::{Assume, Certainty, Contract, Document, Operation, Pagination, Proposed, join, tokens};

pub use vendor::Vendor;

/// What a draft holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Draft {
    /// Which proposals are taken.
    pub assume: Assume,
    /// In whose words they are written; as `x-pagination` if absent.
    pub vendor: Option<Vendor>,
}

/// The keys of `x-pagination`, in the order of the draft.
const KEYS: [&str; 13] = [
    "style", "items", "key", "request", "page", "next", "previous", "totals", "echo", "order",
    "cursor", "limit", "parent",
];

impl Document {
    /// An overlay with an action for each operation that seems to page, or to belong to a collection, as YAML.
    /// Comments say why, and how sure it is. It can be read with the document, and then gives the contracts of
    /// [`Document::assumed_as`] and the same collections.
    pub fn draft(&self, draft: Draft) -> String {
        let name = self.name();
        let title = Value::from(format!("How lists of {name} page"));
        let mut out = format!(
            "# How the lists of {name} page, as far as their parameters, schemas and descriptions show it. Correct\n\
             # what is wrong, and pass this file with `--overlay`.\n\
             overlay: 1.0.0\n\
             info: {{ title: {title}, version: '1' }}\n"
        );
        let contracts = self.assumed_as(draft.assume);
        let proposals = self.proposals();
        let mut actions = String::new();
        for proposed in &proposals {
            let contract = contracts
                .iter()
                .find(|one| one.operation().pointer == proposed.operation.pointer);
            match contract {
                Some(contract) => self.action(&mut actions, contract, proposed, draft.vendor),
                None => self.left_out(&mut actions, proposed, draft.assume),
            }
        }
        if let Some(warning) = self.unread_paging(&contracts) {
            let _ = writeln!(out, "# {}", warning.message());
            if let Some(advice) = warning.advice() {
                let _ = writeln!(out, "#   {advice}");
            }
        }
        if contracts.is_empty() {
            out.push_str("# No list surely pages.\n");
        }
        let has_pages = !contracts.is_empty();
        let mut collections = String::new();
        if draft.vendor.is_none() {
            let declared = self.contracts().unwrap_or_default();
            let all: Vec<_> = declared.into_iter().chain(contracts).collect();
            self.collection_actions(&mut collections, &all);
        }
        out.push_str(if has_pages || !collections.is_empty() {
            "actions:\n"
        } else {
            "actions: []\n"
        });
        out + &actions + &collections
    }

    fn action(
        &self,
        out: &mut String,
        contract: &Contract,
        proposed: &Proposed<'_>,
        vendor: Option<Vendor>,
    ) {
        let operation = contract.operation();
        let sure = proposed.proposal.certainty.word();
        let _ = writeln!(out, "  # {} {}: {sure}", operation.method, operation.path);
        for (key, reason) in contract.reasons() {
            let _ = writeln!(out, "  #   {key}: {reason}");
        }
        let updates = match vendor {
            None => {
                let members =
                    Map::from_iter([("x-pagination".to_owned(), said(contract.pagination()))]);
                Some(vec![(operation.pointer.clone(), Value::Object(members))])
            }
            Some(vendor) => vendor.updates(self, contract),
        };
        let Some(updates) = updates else {
            let word = vendor.map_or("", Vendor::word);
            let _ = writeln!(out, "  #   `{word}` has no words for it, so it is left out");
            return;
        };
        for (pointer, update) in updates {
            let _ = writeln!(out, "  - target: {}", Value::from(self.path(&pointer)));
            out.push_str("    update:\n");
            write_members(out, &update);
        }
    }

    /// A JSON pointer as a JSONPath, as targets of overlays are.
    fn path(&self, pointer: &str) -> String {
        let mut path = "$".to_owned();
        let mut at = String::new();
        for name in tokens(pointer) {
            let is_list = self.at(&at).is_some_and(Value::is_array);
            at = join(&at, &name);
            if is_list {
                let _ = write!(path, "[{name}]");
            } else if !name.is_empty() && name.chars().all(|one| one.is_ascii_alphabetic()) {
                let _ = write!(path, ".{name}");
            } else {
                let name = name.replace('\\', "\\\\").replace('\'', "\\'");
                let _ = write!(path, "['{name}']");
            }
        }
        path
    }

    /// Writes why a proposal is not taken.
    fn left_out(&self, out: &mut String, proposed: &Proposed<'_>, assume: Assume) {
        let Operation { method, path, .. } = proposed.operation;
        let proposal = &proposed.proposal;
        let why = if proposal.certainty < assume.least {
            "likely, but not sure; `--all` takes it, too".to_owned()
        } else if method == "POST" && !assume.posts {
            "asked for with POST; `--assume-posts` takes it, too".to_owned()
        } else {
            match proposed.contract(self) {
                Err(problem) => problem.message().to_owned(),
                Ok(_) => "another operation has its name, or its method and path".to_owned(),
            }
        };
        let style = proposal.pagination.style.word();
        let _ = writeln!(out, "  # {method} {path}: left out (style {style}): {why}");
        for (key, reason) in &proposal.reasons {
            let _ = writeln!(out, "  #   {key}: {reason}");
        }
    }
}

/// The value of `x-pagination`, without members that are as if they were absent.
fn said(pagination: &Pagination) -> Value {
    let whole = serde_json::to_value(pagination).unwrap_or_default();
    let silent = serde_json::to_value(Pagination::of(pagination.style)).unwrap_or_default();
    let members = KEYS.iter().filter_map(|key| {
        let value = pruned(whole.get(*key)?, silent.get(*key));
        let is_said = *key == "style" || *key == "items" || value.is_some();
        let value = value.or_else(|| whole.get(*key).cloned());
        Some(((*key).to_owned(), value.filter(|_| is_said)?))
    });
    members.collect()
}

/// What of `value` differs from what it is when nothing is said.
fn pruned(value: &Value, silent: Option<&Value>) -> Option<Value> {
    if value.is_null() || Some(value) == silent {
        return None;
    }
    let Value::Object(members) = value else {
        return Some(value.clone());
    };
    let members = members.iter().filter_map(|(name, value)| {
        let silent = silent.and_then(|silent| silent.get(name));
        Some((name.clone(), pruned(value, silent)?))
    });
    let members: Map<_, _> = members.collect();
    (!members.is_empty()).then_some(Value::Object(members))
}

/// Writes the members of an object, and those of its members, on lines of their own.
fn write_members(out: &mut String, value: &Value) {
    let members = value.as_object();
    for (name, value) in members.into_iter().flatten() {
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                let _ = writeln!(out, "      {name}:");
                for (name, value) in inner {
                    let _ = writeln!(out, "        {name}: {value}");
                }
            }
            value => {
                let _ = writeln!(out, "      {name}: {value}");
            }
        }
    }
}

impl Draft {
    /// The draft that holds what the document is taken to say.
    pub fn of(document: &Document) -> Self {
        Self {
            assume: document.assume(),
            vendor: None,
        }
    }

    /// The draft that holds all proposals, also those that are not sure and those that are asked for with POST.
    pub fn of_all() -> Self {
        Self {
            assume: Assume {
                least: Certainty::Likely,
                posts: true,
            },
            vendor: None,
        }
    }
}
