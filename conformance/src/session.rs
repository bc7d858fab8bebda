//! A session sends a law's requests and reads the answers.
//!
//! Laws never build a URL or read a body themselves. A [`Session`] does so by the contract, keeps the
//! transcript for the counterexample, and shares listings between laws, because they are costly.

mod alike;
mod ask;
mod bodies;
mod by_value;
mod changes;
mod counted;
mod depth;
mod failing;
mod filtered;
mod growth;
mod hidden;
mod hints;
mod landmarks;
mod look;
mod middle;
mod named;
mod onward;
mod ordered;
mod page;
mod place;
mod run;
mod sequence;
mod sorted;
mod sweep;
pub(crate) mod times;
mod transcript;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use openapi::{Contract, Position, Promise};

use self::transcript::Transcript;
use crate::facts::{Facts, Resource};
use crate::lock::lock;
use crate::{Breach, Case, Credentials, Scope, Skip, Stop, outcome};

pub(crate) use alike::change;
pub use ask::Ask;
pub(crate) use changes::{item_in, not_kept};
pub(crate) use depth::Counted;
pub(crate) use failing::is_failure;
pub use growth::Tail;
pub(crate) use growth::{added, done};
pub use hidden::either;
pub(crate) use look::changed_part;
pub use look::{Difference, Part};
pub(crate) use named::resource_of;
pub use page::{Listing, Page, PageEnd};
pub(crate) use page::{difference, is_grown_from, same_items};
pub(crate) use place::place;
pub(crate) use run::sign_with;
pub use run::{Clock, Coding, Exchange, Run, Watched};
pub(crate) use sequence::{cursor_number, latest, number};
pub(crate) use sorted::{Sorted, is_out_of_order, value};
pub use walk::{End, Walk};

/// A check of every exchange, which returns the breach that it shows, if any.
pub type Watch = fn(&Contract, &Exchange) -> Option<Breach>;

/// A resource, a number of its items, and the limit of the pages that lead behind them.
type Handed = (String, usize, Option<u64>);

/// What a law has read.
#[derive(Default)]
struct Read {
    resources: BTreeSet<String>,
    /// The shared listings that count already.
    listings: BTreeSet<String>,
    pages: u64,
    items: u64,
}

/// One law's conversation with the subject.
pub struct Session<'a> {
    run: &'a Run<'a>,
    transcript: Mutex<Transcript>,
    notes: Mutex<BTreeSet<String>>,
    /// Whether the case so far rests on an answer of the moment.
    leans_on_a_moment: AtomicBool,
    /// The places that the case got from pages, by resource, number of items before the place, and limit.
    handed_out: Mutex<BTreeMap<Handed, Position>>,
    eased: OnceLock<&'static str>,
    read: Mutex<Read>,
    /// The items that the case created.
    made: Mutex<changes::Left>,
}

impl<'a> Session<'a> {
    /// The greatest number of different observations of a law to keep.
    const NOTES: usize = 1_000;

    /// A session of this run.
    pub(crate) fn new(run: &'a Run<'a>) -> Self {
        Self {
            run,
            transcript: Mutex::default(),
            notes: Mutex::default(),
            leans_on_a_moment: AtomicBool::default(),
            handed_out: Mutex::default(),
            eased: OnceLock::new(),
            read: Mutex::default(),
            made: Mutex::default(),
        }
    }

    /// The contract to judge the subject by.
    pub fn contract(&self) -> &'a Contract {
        self.run.contract()
    }

    /// The facts about the subject.
    pub fn facts(&self) -> &'a Facts {
        self.run.facts()
    }

    /// The resources that can be read.
    pub fn resources(&self) -> &'a [Resource] {
        self.run.facts().resources()
    }

    /// Each resource that has a caller who does not own it, with that caller.
    ///
    /// Not in force if there is none, or if the document asks for no credentials.
    pub fn foreign(&self) -> Result<Vec<(&'a Resource, Credentials)>, Skip> {
        let alternatives = &self.contract().operation().security;
        if alternatives.is_empty() || alternatives.iter().any(Vec::is_empty) {
            return outcome::not_in_force("the document asks for no credentials");
        }
        let facts = self.facts();
        let foreign: Vec<_> = self
            .resources()
            .iter()
            .filter_map(|one| Some((one, Credentials::Caller(facts.stranger_to(one)?.to_owned()))))
            .collect();
        if foreign.is_empty() {
            return outcome::not_in_force("every caller of the subject file owns every resource");
        }
        Ok(foreign)
    }

    /// Adds an observation to the report, about a choice that the contract leaves open.
    ///
    /// Of very many different ones, only the first are kept.
    pub fn note(&self, observed: impl Into<String>) {
        let mut notes = lock(&self.notes);
        if notes.len() < Self::NOTES {
            notes.insert(observed.into());
        }
    }

    /// Lowers the law to INFO unless the operation gives this promise. The report shows the reason.
    pub fn needs_to_weigh(&self, promise: Promise) {
        if let Err(reason) = self.contract().paging().promise(promise) {
            let _ = self.eased.set(reason);
        }
    }

    /// Lowers the law to INFO for this reason if the contract only assumes this key of `x-pagination`.
    pub(crate) fn eases_if_assumed(&self, key: &str, reason: &'static str) {
        if self.contract().assumes(key) {
            let _ = self.eased.set(reason);
        }
    }

    /// Lowers the law to INFO for this reason.
    pub(crate) fn eases(&self, reason: &'static str) {
        let _ = self.eased.set(reason);
    }

    /// The reason why the law is only reported here, if it is.
    pub(crate) fn eased(&self) -> Option<&'static str> {
        self.eased.get().copied()
    }

    /// Whether the operation gives this promise.
    pub fn promises(&self, promise: Promise) -> bool {
        self.contract().paging().promises(promise)
    }

    /// Not in force if the operation does not give this promise, with its reason.
    ///
    /// An assumed total may count something else, or only so far. So what it promises is only reported.
    pub fn needs(&self, promise: Promise) -> Result<(), Skip> {
        let is_total = matches!(
            promise,
            Promise::TotalIsSaid | Promise::RemainingIsSaid | Promise::PageTotalIsSaid
        );
        if is_total && self.contract().assumes("totals") {
            let _ = self
                .eased
                .set("the document does not say what its totals count");
        }
        let promised = self.contract().paging().promise(promise);
        promised.or_else(outcome::not_in_force)
    }

    /// The listing of the case's resource.
    pub fn listing_of(&self, case: &Case) -> Result<Arc<Listing>, Stop> {
        self.listing(&case.resource)
    }

    /// Requests a case's first page, and checks the answer as the watch checks all answers.
    pub(crate) fn watched(&self, case: &Case, watch: Watch) -> outcome::Outcome {
        let exchange = self.send_case(case)?;
        watch(self.contract(), &exchange).map_or(Ok(()), |breach| Err(Stop::Breach(breach)))
    }

    /// A breach unless the subject refuses the case as invalid.
    pub(crate) fn is_refused_as_invalid(&self, case: &Case) -> outcome::Outcome {
        let invalid = self.contract().invalid();
        match self.send_case(case)?.reply.status {
            status if invalid.allows(status) => Ok(()),
            status => outcome::broken(format!("status {invalid}"), format!("status {status}")),
        }
    }

    /// Judges the listing of the case's resource.
    ///
    /// A listing that breaks the law is read and judged again. So the transcript shows the requests, and only
    /// a breach that is still there counts.
    pub(crate) fn judge_listing(
        &self,
        case: &Case,
        judge: impl Fn(&Listing) -> outcome::Outcome,
    ) -> outcome::Outcome {
        match judge(&*self.listing_of(case)?) {
            Err(Stop::Breach(_)) => {
                let again = self.read_listing(&case.resource)?;
                lock(&self.transcript).forget_listings();
                judge(&again)
            }
            outcome => outcome,
        }
    }

    /// Clears the transcript for a new case.
    pub(crate) fn begin(&self) {
        *lock(&self.transcript) = Transcript::default();
        lock(&self.handed_out).clear();
        self.leans_on_a_moment.store(false, Ordering::Relaxed);
    }

    /// What the law has read so far.
    pub(crate) fn scope(&self) -> Scope {
        let read = lock(&self.read);
        Scope {
            resources: read.resources.len(),
            pages: read.pages,
            items: read.items,
        }
    }

    /// Counts a page of a resource.
    fn count_page(&self, resource: Option<String>, items: usize) {
        let mut read = lock(&self.read);
        read.resources.extend(resource);
        read.pages += 1;
        read.items += items as u64;
    }

    /// Counts a shared listing, once.
    fn count_listing(&self, resource: &str, listing: &Listing) {
        let mut read = lock(&self.read);
        if read.listings.insert(resource.to_owned()) {
            read.resources.insert(resource.to_owned());
            read.pages += listing.pages.len() as u64;
            read.items += listing.items.len() as u64;
        }
    }

    /// A place that the case was handed out before.
    fn handed_out(&self, key: &Handed) -> Option<Position> {
        lock(&self.handed_out).get(key).cloned()
    }

    /// The case was handed out a place.
    fn hand_out(&self, key: Handed, at: Position) {
        lock(&self.handed_out).insert(key, at);
    }

    /// The outcome of the case rests on an answer of the moment.
    fn lean_on_a_moment(&self) {
        self.leans_on_a_moment.store(true, Ordering::Relaxed);
    }

    /// Whether the outcome of the case rests on an answer of the moment.
    pub(crate) fn leans_on_a_moment(&self) -> bool {
        self.leans_on_a_moment.load(Ordering::Relaxed)
    }

    /// The number of exchanges in the transcript.
    fn kept(&self) -> usize {
        lock(&self.transcript).len()
    }

    /// Keeps only the first exchanges, up to this number.
    fn forget(&self, all_but: usize) {
        lock(&self.transcript).truncate(all_but);
    }

    pub(crate) fn transcript(&self) -> Vec<Exchange> {
        lock(&self.transcript).exchanges()
    }

    pub(crate) fn notes(&self) -> BTreeSet<String> {
        lock(&self.notes).clone()
    }

    pub(crate) fn run(&self) -> &'a Run<'a> {
        self.run
    }

    /// Keeps an exchange in the transcript, without its body as JSON: that takes ten times as much.
    fn remember(&self, exchange: &Exchange) {
        lock(&self.transcript).push(exchange.to_keep());
    }
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Session({})", self.contract().name())
    }
}
