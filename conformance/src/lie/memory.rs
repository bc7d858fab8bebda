//! The memory of a liar holds the previous request, and the callers that were served.
//!
//! An honest server knows the owner of a resource. A lie about owners learns them from the requests that
//! were served.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::changes::Changed;
use crate::lock::lock;
use crate::subject::Request;

/// The memory of earlier requests.
#[derive(Debug, Default)]
pub(super) struct Memory {
    previous: Mutex<Option<Request>>,
    served: Mutex<BTreeMap<String, Request>>,
    last_served: Mutex<Option<Request>>,
    changes: Mutex<Vec<Changed>>,
    /// The key of the last item of the page that handed out a cursor, by the cursor.
    last: Mutex<BTreeMap<String, String>>,
}

impl Memory {
    /// The request before `request`. From now on, `request` is the previous one.
    pub(super) fn follow(&self, request: &Request) -> Option<Request> {
        lock(&self.previous).replace(request.clone())
    }

    /// The first request that was served with the resource of this name.
    pub(super) fn served(&self, name: &str) -> Option<Request> {
        lock(&self.served).get(name).cloned()
    }

    /// The last request that was served with any resource.
    pub(super) fn last_served(&self) -> Option<Request> {
        lock(&self.last_served).clone()
    }

    /// The changes so far, the earliest first.
    pub(super) fn changes(&self) -> Vec<Changed> {
        lock(&self.changes).clone()
    }

    /// Remembers a change.
    pub(super) fn change(&self, changed: Changed) {
        lock(&self.changes).push(changed);
    }

    /// Remembers the last item of the page that handed out a cursor.
    pub(super) fn hand_out(&self, cursor: String, last: String) {
        lock(&self.last).insert(cursor, last);
    }

    /// The key of the last item of the page that handed out this cursor.
    pub(super) fn last_before(&self, cursor: &str) -> Option<String> {
        lock(&self.last).get(cursor).cloned()
    }

    /// Remembers that a resource was served.
    pub(super) fn let_in(&self, name: String, request: &Request) {
        *lock(&self.last_served) = Some(request.clone());
        lock(&self.served)
            .entry(name)
            .or_insert_with(|| request.clone());
    }
}
