//! Collections: lists whose items can be read, created, replaced, patched and deleted one by one.
//!
//! Operations share a collection if their paths do: `/tasks` lists and creates, and `/tasks/{id}` reads, changes and
//! deletes. What an operation does there follows from its method, and from schemas that have the item's key. Where
//! that is wrong or not enough, the document or an overlay says it with `x-collection`.

mod events;
mod find;
mod look;
mod refer;
mod said;
mod shape;
mod vendor;

use std::fmt;

use serde_json::Value;

use crate::{Act, Contract, Document, Operation, Selector};

pub use self::events::{EventList, States};
pub use self::refer::{Reference, Referred};

/// A list, and the operations that share its items.
#[derive(Clone)]
pub struct Collection {
    /// How its list is read.
    pub list: Contract,
    /// Whether one answer holds the whole list, because nothing in its requests asks for a page.
    pub is_whole: bool,
    /// The property of an item that tells it from others.
    pub key: String,
    /// The operations, that of the list first.
    pub members: Vec<Member>,
    /// The place of the collection to whose items its lists belong, as `/projects` to `/projects/{id}/tasks`.
    pub parent: Option<usize>,
    /// Whether the path of the list names that item without the one above it, as `/tasks/{id}/comments` where the tasks
    /// are listed at `/projects/{id}/tasks`.
    pub parent_is_elsewhere: bool,
}

/// An operation of a collection.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its index among the document's operations.
    pub operation: usize,
    /// What it does.
    pub act: Act,
    /// Where the item lies in the answer; `None` if the answer does not show it.
    pub item: Option<Selector>,
    /// Where the item's properties lie in the request's body; `None` if the body has none of them.
    pub body: Option<Selector>,
    /// The properties that it sets, and their values; empty if it sets what the request says.
    pub sets: Vec<(String, Value)>,
    /// Why it is taken for that, as a sentence.
    pub reason: String,
    /// Whether its path has the key of the item and not that of the item which the list belongs to, as `/tasks/{id}` of
    /// the list `/projects/{id}/tasks`.
    pub is_elsewhere: bool,
}

impl Member {
    /// The same, whose path lacks the item that the list belongs to.
    fn elsewhere(self) -> Self {
        let reason = self.reason.replacen(
            "its path is the list's with a key behind it",
            "its path is the list's, without the item that the list belongs to, and with a key behind it",
            1,
        );
        Self {
            reason,
            is_elsewhere: true,
            ..self
        }
    }
}

impl Collection {
    /// The operation that does this, if there is one.
    pub fn member(&self, act: Act) -> Option<&Member> {
        self.members.iter().find(|member| member.act == act)
    }

    /// Whether some operation changes it.
    pub fn is_changeable(&self) -> bool {
        self.members.iter().any(|member| member.act.changes())
    }
}

impl Contract {
    /// Whether an item may be named without the item that its list belongs to, as `/tasks/{id}` names one of
    /// `/projects/{id}/tasks`. Then the keys of all such lists should differ.
    pub fn has_items_elsewhere(&self) -> bool {
        self.document().has_items_elsewhere(self.operation())
    }
}

impl Document {
    /// The collections of the document, in the order of their lists. `contracts` are its lists that page.
    ///
    /// Nothing is kept between calls. What `x-collection` says wrongly is passed over here;
    /// [`Document::check_collections`] tells it.
    pub fn collections(&self, contracts: &[Contract]) -> Vec<Collection> {
        find::Search::new(self, contracts).collections()
    }

    /// Whether operations on one item of this list may have a path that lacks the item which the list belongs to.
    pub(crate) fn has_items_elsewhere(&self, list: &Operation) -> bool {
        let Some(short) = shape::without_parent(&shape::shape(&list.path)) else {
            return false;
        };
        let of_item = shape::of_item(&short);
        let mut operations = self.operations().iter();
        operations.any(|one| shape::shape(&one.path) == of_item)
    }

    /// The operation of a member.
    pub fn operation_of(&self, member: &Member) -> &Operation {
        &self.operations()[member.operation]
    }
}

impl Contract {
    /// The collection that this list is the list of; `None` if no other operation shares its items.
    ///
    /// Its parent is left out, because only this list is looked at. Nothing is kept between calls.
    pub fn collection(&self) -> Option<Collection> {
        find::Search::new(self.document(), std::slice::from_ref(self)).of_list(self.operation())
    }
}

impl fmt::Debug for Collection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}: key {}", self.list.name(), self.key)?;
        for member in &self.members {
            let operation = self.list.document().operation_of(member);
            let (method, path) = (&operation.method, &operation.path);
            writeln!(
                out,
                "  {} {method} {path}: {}",
                member.act.word(),
                member.reason
            )?;
        }
        Ok(())
    }
}
