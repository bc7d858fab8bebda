//! How an operation without `x-pagination` seems to page.
//!
//! A [`Look`] collects what the document declares: parameters by type and role, lists, and the fields beside them.
//! Each way of paging has a file that makes a proposal from the look, or none. What a vendor's extension says goes
//! before all of them. The surest proposal is taken; of equals, the one that the answer says most about.

mod answer;
mod asked;
mod beside;
mod copied;
mod declared;
mod follow;
mod inclusive;
mod key;
mod look;
mod number;
mod offset;
mod page;
mod proposal;
mod range;
mod token;
mod value;
mod ways;
mod words;

pub(crate) use self::asked::Asked;
pub(crate) use self::look::{Items, Look};
pub use self::proposal::{Certainty, Proposal};
use serde_json::Value;

use crate::{Operation, Parameter, Schema, Selector, Step, Style};

/// What is known of a document.
pub(crate) struct Known<'o> {
    /// The value at a JSON pointer.
    pub(crate) at: &'o dyn Fn(&str) -> Option<&'o Value>,
    /// Its operations.
    pub(crate) operations: &'o [Operation],
    /// The schema of the JSON body that requests of an operation have.
    pub(crate) body: &'o dyn Fn(&Operation) -> Option<Schema>,
}

impl<'o> Known<'o> {
    fn at(&self, pointer: &str) -> Option<&'o Value> {
        (self.at)(pointer)
    }
}

/// The ways of paging, those that answers say most about first.
const WAYS: [fn(&Look<'_>) -> Option<Proposal>; 9] = [
    token::propose,
    number::propose,
    key::propose,
    inclusive::propose,
    offset::propose,
    page::propose,
    value::propose,
    range::propose,
    follow::propose,
];

/// How an operation without `x-pagination` seems to page; `None` if it does not seem to.
pub(crate) fn infer<'o>(document: &'o Known<'o>, operation: &'o Operation) -> Option<Proposal> {
    let is_said = declared::is_said(document, operation);
    let look = Look::at(document, operation, is_said)?;
    if declared::is_denied(&look) {
        return None;
    }
    if let Some(proposal) = declared::propose(&look) {
        return Some(beside::added(&look, proposal));
    }
    let mut best: Option<Proposal> = None;
    for way in WAYS {
        if let Some(proposal) = way(&look)
            && best
                .as_ref()
                .is_none_or(|known| known.certainty < proposal.certainty)
        {
            best = Some(proposal);
        }
    }
    best.map(|best| beside::added(&look, best))
}

/// The list of an operation whose answer holds all of it; `None` if the answer has no such list, or items without a
/// key. `key` is the property that tells items apart, if it is known.
pub(crate) fn whole<'o>(
    document: &'o Known<'o>,
    operation: &'o Operation,
    key: Option<&str>,
) -> Option<Proposal> {
    let look = Look::at(document, operation, true).filter(|_| operation.method == "GET")?;
    let items = look.items(None)?;
    let mut proposal = Proposal::new(&look, Style::Follow, &items);
    if let Some(key) = key {
        proposal.pagination.key = Selector::default().then(&[Step::Name(key.to_owned())]);
    } else if items.key.is_none() {
        return None;
    }
    if proposal.certainty < Certainty::Sure {
        return None;
    }
    proposal.pagination.whole = Some(true);
    Some(proposal.going_on_by_link("one answer holds the whole list"))
}

/// Whether neither a request of an operation nor its answer hints at pages: no parameter counts items or names a place,
/// nothing lies beside the list, and no header links to other pages.
pub(crate) fn is_silent<'o>(document: &'o Known<'o>, operation: &'o Operation) -> bool {
    let look = Look::at(document, operation, true);
    look.is_some_and(|look| {
        let answer = &look.answer;
        let is_bare = answer.fields.is_empty() && answer.lists.len() == 1;
        let is_linked = answer.has_links || answer.total_header.is_some();
        is_bare && !is_linked && look.limit().is_none() && !look.asked.iter().any(Asked::is_place)
    })
}

/// The first parameter that seems to ask for a page of a list.
pub(crate) fn seeming_place<'o>(
    document: &'o Known<'o>,
    operation: &'o Operation,
) -> Option<&'o Parameter> {
    let look =
        Look::at(document, operation, false).filter(|look| look.operation.method != "POST")?;
    let places = look.asked.iter().filter(|one| {
        one.is_number()
            || one.is_skip()
            || one.is_after()
            || one.token().is_some_and(|rank| rank > 1)
    });
    let names: Vec<_> = places.map(|one| one.site.clone()).collect();
    let mut parameters = operation.parameters.iter();
    parameters.find(|one| {
        names
            .iter()
            .any(|site| site.location() == one.location && site.name() == one.name)
    })
}
