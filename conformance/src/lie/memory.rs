//! What a liar remembers: the request before, and who was let in where.
//!
//! An honest server knows whose a resource is; a lie about that has to find out, and learns it from the
//! requests that were served.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::lock::lock;
use crate::subject::Request;

/// What a liar remembers of earlier requests.
#[derive(Debug, Default)]
pub(super) struct Memory {
    previous: Mutex<Option<Request>>,
    served: Mutex<BTreeMap<String, Request>>,
    last_served: Mutex<Option<Request>>,
}

impl Memory {
    /// The request before `request`, which is remembered in its place.
    pub(super) fn follow(&self, request: &Request) -> Option<Request> {
        lock(&self.previous).replace(request.clone())
    }

    /// The first request by which a resource was served.
    pub(super) fn served(&self, id: &str) -> Option<Request> {
        lock(&self.served).get(id).cloned()
    }

    /// The last request by which any resource was served.
    pub(super) fn last_served(&self) -> Option<Request> {
        lock(&self.last_served).clone()
    }

    /// Remembers that a resource was served.
    pub(super) fn let_in(&self, id: String, request: &Request) {
        *lock(&self.last_served) = Some(request.clone());
        lock(&self.served)
            .entry(id)
            .or_insert_with(|| request.clone());
    }
}
