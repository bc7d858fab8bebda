//! Lies: an honest server that is seen through a lie breaks one law.
//!
//! A lie is written against the contract, like the laws. So it turns any honest server into a liar: the
//! mock in this project's tests, or a team's own server with `conformance lie`.

mod answers;
mod callers;
mod changes;
mod memory;
mod pages;
mod parameters;
mod refusals;
mod relist;
mod requests;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use openapi::{Collection, Contract, Way};

pub use self::changes::Changed;
use self::memory::Memory;
pub use self::pages::{edit_json, place};
pub use self::refusals::{gzipped, is_shut_out, with_header};
pub use self::requests::Asked;
use crate::subject::{Lost, Reply, Request, Subject};

/// A function that answers a request with the help of an honest server.
pub type Lie = fn(&Lied<'_>, &Request) -> Result<Reply, Lost>;

/// The contract, the earlier requests and the honest server of a lie.
pub struct Lied<'a> {
    /// The contract to break.
    pub contract: &'a Contract,
    /// The number of this request, from zero. A lie may change only some answers.
    pub turn: u64,
    /// The request before this one.
    pub previous: Option<Request>,
    memory: &'a Memory,
    collection: &'a OnceLock<Option<Collection>>,
    honest: &'a dyn Subject,
}

/// An honest server whose answers go through a lie.
pub struct Liar<S> {
    contract: Contract,
    lie: Lie,
    honest: S,
    turns: AtomicU64,
    memory: Memory,
    /// The operations that share the items of the list, once a request needs to know.
    collection: OnceLock<Option<Collection>>,
}

impl<S: Subject> Liar<S> {
    /// `honest`, seen through `lie`: [`Law::lie`](crate::Law::lie) of the law to break.
    pub fn new(contract: Contract, lie: Lie, honest: S) -> Self {
        Self {
            contract,
            lie,
            honest,
            turns: AtomicU64::new(0),
            memory: Memory::default(),
            collection: OnceLock::new(),
        }
    }
}

impl<S: Subject> Subject for Liar<S> {
    fn base(&self) -> Option<&str> {
        self.honest.base()
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let turn = self.turns.fetch_add(1, Ordering::Relaxed);
        let lied = Lied {
            contract: &self.contract,
            turn,
            previous: self.memory.follow(request),
            memory: &self.memory,
            collection: &self.collection,
            honest: &self.honest,
        };
        if lied.concerns(request) || lied.act(request).is_some() {
            (self.lie)(&lied, request)
        } else {
            lied.ask(request)
        }
    }
}

impl Lied<'_> {
    /// The honest answer.
    pub fn ask(&self, request: &Request) -> Result<Reply, Lost> {
        let reply = self.honest.send(request)?;
        if self.contract.serves(reply.status) {
            self.remember(request, &reply);
        }
        self.remember_change(request, &reply);
        Ok(reply)
    }

    /// The URL before every target of the honest server.
    pub fn base(&self) -> Option<&str> {
        self.honest.base()
    }

    /// Repeats the last request that was served to any caller.
    pub fn read_again(&self) -> Result<(), Lost> {
        let served = self.memory.last_served();
        served.map_or(Ok(()), |served| self.honest.send(&served).map(drop))
    }

    /// Remembers behind which item the cursor leads that a page hands out.
    pub fn remember_next(&self, request: &Request, reply: &Reply) {
        let body = reply.json().unwrap_or_default();
        let Way::To(next) = self.info(request, reply, &body).next else {
            return;
        };
        let items = self.contract.items(&body).unwrap_or_default();
        let last = items.last().and_then(|item| self.contract.key(item));
        let written = self.contract.paging().write(&next).unwrap_or_default();
        if let (Some((_, cursor)), Some(last)) = (written.into_iter().next(), last) {
            self.memory.hand_out(cursor, last);
        }
    }

    /// The key of the item behind which a cursor leads, if a page handed it out.
    pub fn last_before(&self, cursor: &str) -> Option<String> {
        self.memory.last_before(cursor)
    }

    /// Remembers the request that was served with a resource.
    fn remember(&self, request: &Request, reply: &Reply) {
        if !self.concerns(request) || request.method != self.contract.operation().method {
            return;
        }
        let name = self.asked(request).resource;
        if self.memory.served(&name).is_some() || self.is_page(reply) {
            self.memory.let_in(name, request);
        }
    }

    /// Whether the request is for the list, by any method.
    fn concerns(&self, request: &Request) -> bool {
        self.contract
            .operation()
            .path
            .captures(request.path())
            .is_some()
    }
}
