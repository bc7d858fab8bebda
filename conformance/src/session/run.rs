//! A run: the subject, the facts, the listings and the watches that all its laws share.

mod asking;
mod coding;

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use openapi::{Collection, Contract, Location, Operation, Schema, Scheme};
use serde_json::Value;

use self::asking::Asking;
use super::bodies::{Bodies, Parsed};
use super::growth::Shows;
use super::{Listing, Watch};
use crate::facts::Facts;
use crate::lock::lock;
use crate::subject::{Reply, Request, Subject, add_cookie};
use crate::{Breach, Budget, Case, Credentials, Stop, outcome};

pub(super) use self::asking::{Manner, Trouble, Unanswered};
pub use self::coding::Coding;

/// The parts that all laws of a run share, for one contract.
pub struct Run<'a> {
    contract: &'a Contract,
    facts: &'a Facts,
    subject: &'a dyn Subject,
    pub(crate) listings: Mutex<HashMap<String, Arc<Listing>>>,
    /// The pages that a sweep found odd, once one was made.
    pub(super) suspects: OnceLock<Vec<Case>>,
    bodies: Bodies,
    watches: Vec<Watched>,
    incidents: Mutex<HashMap<&'static str, Incidents>>,
    keys_are_uuids: bool,
    /// The operations that share the list's items, once a law has asked.
    collection: OnceLock<Option<Collection>>,
    /// The number of items that were named so far, so that no two have one name.
    marks: AtomicU64,
    /// A number that no other run has.
    own: u64,
    /// The place of the body that the server accepted for a new item, among those that are known.
    accepted: AtomicUsize,
    /// The `Accept` header of every request that has no other.
    accept: String,
    asked: AtomicU64,
    answered: AtomicU64,
    /// The time of all answers together, in microseconds.
    took: AtomicU64,
    /// The bytes of all bodies together.
    bytes: AtomicU64,
    asking: Asking,
    /// The reason why no request is sent any more.
    stopped: OnceLock<Stop>,
    /// The time between adding an event and seeing it.
    pub(super) shows: Mutex<Shows>,
    clock: Clock,
    budget: Budget,
    /// The time after which nothing is sent or waited for, if there is a limit.
    ends: Option<Instant>,
    /// Whether the run is told to end.
    told_to_end: fn() -> bool,
}

/// A watch of a run.
#[derive(Debug, Clone, Copy)]
pub struct Watched {
    /// The law's id.
    pub law: &'static str,
    /// The check.
    pub watch: Watch,
    /// Whether it also sees answers of the moment. A breach that fails a run must not rest on one.
    pub moments: bool,
    /// Whether it sees only requests that fail each time.
    pub failures: bool,
}

/// The judge's own time.
pub type Clock = fn() -> SystemTime;

/// A request and its answer. The credentials are named, but not shown.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request, without credentials.
    pub request: Request,
    /// The credentials that were sent with it.
    pub credentials: Credentials,
    /// The caller whose token was sent with it, if one was.
    pub caller: Option<String>,
    /// The answer.
    pub reply: Reply,
    /// How its body came.
    pub coding: Coding,
    /// The number of exchanges before this one that its transcript leaves out.
    pub left_out: usize,
    /// Whether the server fails at this request each time, and at the plain one not.
    pub fails: bool,
    /// Its body as JSON, if that is kept. A long one is read when a law first asks for it.
    parsed: Option<OnceLock<Option<Arc<Parsed>>>>,
    /// Whether the document describes the request, once a law has asked.
    ordinary: OnceLock<bool>,
    /// The time that the answer took.
    pub took: Duration,
    /// The time at which it came, by the judge's clock.
    pub at: SystemTime,
}

impl Exchange {
    /// The same exchange, to be kept for long: without its body as JSON.
    pub(super) fn to_keep(&self) -> Self {
        Self {
            parsed: None,
            ..self.clone()
        }
    }

    /// The same exchange, before which a transcript leaves out this many.
    pub(super) fn behind(&self, left_out: usize) -> Self {
        Self {
            left_out,
            ..self.clone()
        }
    }

    /// The answer's body as JSON, if it is.
    pub fn json(&self) -> Option<Arc<Value>> {
        match &self.parsed {
            Some(_) => self.parsed().map(|parsed| Arc::clone(&parsed.value)),
            None => self.reply.json().map(Arc::new),
        }
    }

    /// Whether the answer's body is JSON, and valid against `schema`.
    pub(crate) fn fits(&self, schema: &Schema) -> bool {
        match &self.parsed {
            Some(_) => self.parsed().is_some_and(|parsed| parsed.fits(schema)),
            None => self.json().is_some_and(|body| schema.is_valid(&body)),
        }
    }

    fn parsed(&self) -> Option<&Arc<Parsed>> {
        let parsed = self.parsed.as_ref()?;
        parsed
            .get_or_init(|| Parsed::read(&self.reply.body))
            .as_ref()
    }

    /// Whether the document describes this request: its method, and an id and a query that reach the operation.
    ///
    /// Some requests may be answered by a router, or by a proxy before the server: those whose id has a slash,
    /// a dot segment or a control character, whose query is not encoded as in URLs, or that do not fit a usual
    /// buffer. Other methods may be other operations.
    pub fn is_ordinary(&self, contract: &Contract) -> bool {
        *self
            .ordinary
            .get_or_init(|| is_ordinary(&self.request, contract))
    }
}

fn is_ordinary(request: &Request, contract: &Contract) -> bool {
    /// The length of a URI that HTTP recommends to support, in bytes (RFC 9110, 4.1).
    const LONG: usize = 8_000;
    /// A number of headers that every known server accepts.
    const MANY: usize = 64;
    let operation = contract.operation();
    let plain = |text: &str| {
        let harmless = |byte: u8| byte.is_ascii_graphic() && !br"/\%?#;".contains(&byte);
        !matches!(text, "" | "." | "..") && text.bytes().all(harmless)
    };
    let captures = operation.path.captures(request.path());
    request.method == operation.method
        && is_encoded(&request.target)
        && request.target.len() <= LONG
        && request.headers.len() <= MANY
        && captures.is_some_and(|found| found.iter().all(|(_, text)| plain(text)))
}

/// Whether a target is encoded as in URLs (RFC 3986, 2.1), and decodes to text.
fn is_encoded(target: &str) -> bool {
    let mut behind = target.split('%').skip(1);
    let two_digits =
        |text: &str| text.len() > 1 && text.bytes().take(2).all(|one| one.is_ascii_hexdigit());
    target.bytes().all(|byte| byte.is_ascii_graphic())
        && behind.all(two_digits)
        && percent_encoding::percent_decode_str(target)
            .decode_utf8()
            .is_ok()
}

/// The breaches that a watch saw during the run.
#[derive(Debug, Clone)]
pub(crate) struct Incidents {
    /// The smallest breach.
    pub(crate) first: (Breach, Exchange),
    /// The number of times that each breach was seen. Of many different ones, only the first are kept.
    pub(crate) counts: HashMap<String, u64>,
    /// The number of times that any other was seen.
    pub(crate) others: u64,
}

impl Incidents {
    /// The greatest number of different breaches to keep.
    const KEPT: usize = 64;

    fn count(&mut self, breach: &str) {
        if let Some(times) = self.counts.get_mut(breach) {
            *times += 1;
        } else if self.counts.len() < Self::KEPT {
            self.counts.insert(breach.to_owned(), 1);
        } else {
            self.others += 1;
        }
    }
}

impl<'a> Run<'a> {
    /// The run that judges `subject` by `contract`.
    pub fn new(
        contract: &'a Contract,
        facts: &'a Facts,
        subject: &'a dyn Subject,
        watches: Vec<Watched>,
        budget: Budget,
    ) -> Self {
        let ends = Instant::now().checked_add(budget.time);
        facts.hooks().end_at(ends);
        let key = contract.item().at(&contract.pagination().key);
        let format = key.as_ref().and_then(|key| key.keyword("format"));
        let keys_are_uuids = format.is_some_and(|format| format == "uuid");
        Self {
            keys_are_uuids,
            collection: OnceLock::new(),
            marks: AtomicU64::new(0),
            own: RandomState::new().hash_one(0),
            accepted: AtomicUsize::new(0),
            accept: contract.operation().accept(),
            contract,
            facts,
            subject,
            listings: Mutex::default(),
            suspects: OnceLock::new(),
            bodies: Bodies::default(),
            watches,
            incidents: Mutex::default(),
            asked: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            took: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            asking: Asking::default(),
            stopped: OnceLock::new(),
            shows: Mutex::default(),
            clock: SystemTime::now,
            budget,
            ends,
            told_to_end: || false,
        }
    }

    /// The same run with another clock.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The same run with another end. Nothing is sent or waited for after it.
    #[must_use]
    pub(crate) fn ends_at(self, ends: Option<Instant>) -> Self {
        self.facts.hooks().end_at(ends);
        Self { ends, ..self }
    }

    /// The same run, which also ends if it is told so. Nothing is sent or waited for then.
    #[must_use]
    pub(crate) fn ends_if(self, told_to_end: fn() -> bool) -> Self {
        Self {
            told_to_end,
            ..self
        }
    }

    pub(crate) fn contract(&self) -> &'a Contract {
        self.contract
    }

    pub(crate) fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// The operations that share the items of the list, if there are others.
    pub(super) fn collection(&self) -> Option<&Collection> {
        let found = self.collection.get_or_init(|| self.contract.collection());
        found.as_ref()
    }

    /// A number for the name of an item.
    pub(super) fn next_mark(&self) -> u64 {
        self.marks.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A new idempotency key, which no run has sent before: the server may remember keys for days.
    pub(super) fn next_repeat_key(&self) -> String {
        format!("judged-{:016x}-{}", self.own, self.next_mark())
    }

    /// The place of the body that the server accepted for a new item, or zero.
    pub(super) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// The server accepted the body at this place.
    pub(super) fn accept(&self, place: usize) {
        self.accepted.store(place, Ordering::Relaxed);
    }

    /// The URL before every target, if the subject has an address.
    pub(crate) fn base(&self) -> Option<&str> {
        self.subject.base()
    }

    pub(super) fn keys_are_uuids(&self) -> bool {
        self.keys_are_uuids
    }

    pub(super) fn budget(&self) -> Budget {
        self.budget
    }

    /// Gives back the memory of answers that hardly any other law reads.
    pub(crate) fn forget_bodies(&self) {
        self.bodies.clear();
    }

    /// The number of requests that were sent.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The average time of an answer so far, or zero without answers.
    pub(crate) fn took_on_average(&self) -> Duration {
        let answered = self.answered.load(Ordering::Relaxed).max(1);
        Duration::from_micros(self.took.load(Ordering::Relaxed) / answered)
    }

    /// The average number of bytes of an answer's body so far, or zero without answers.
    pub(crate) fn bytes_on_average(&self) -> u64 {
        let answered = self.answered.load(Ordering::Relaxed).max(1);
        self.bytes.load(Ordering::Relaxed) / answered
    }

    /// The breaches that the watch of this law saw.
    pub(crate) fn incidents(&self, law: &str) -> Option<Incidents> {
        lock(&self.incidents).get(law).cloned()
    }

    /// The request with these credentials in it.
    fn signed(
        &self,
        request: &Request,
        credentials: &Credentials,
        caller: Option<&str>,
    ) -> Request {
        let mut signed = request.clone();
        if signed.header("accept").is_none() {
            let accept = ("accept".to_owned(), self.accept.clone());
            signed.headers.push(accept);
        }
        let operation = self.contract.operation();
        let token = caller.and_then(|name| self.facts.token(name));
        match (credentials, token) {
            (Credentials::Raw(text), _) => sign_with(&mut signed, operation, Some(text), None),
            (Credentials::Scheme(name), Some(token)) => {
                let text = format!("{name} {token}");
                sign_with(&mut signed, operation, Some(&text), Some(token));
            }
            (Credentials::Altered(alteration), Some(token)) => {
                let altered = alteration.of(token);
                sign_with(&mut signed, operation, None, altered.as_deref());
            }
            (Credentials::Owner | Credentials::Caller(_), Some(token)) => {
                sign_with(&mut signed, operation, None, Some(token));
            }
            (_, None) | (Credentials::None, _) => {}
        }
        signed
    }

    /// A request without its credentials, and its answer.
    fn exchange(
        &self,
        request: &Request,
        (credentials, caller): (&Credentials, Option<&str>),
        reply: Reply,
        took: Duration,
    ) -> Exchange {
        let (reply, coding) = coding::decoded(reply);
        Exchange {
            parsed: Some(self.bodies.read(&reply.body)),
            coding,
            ordinary: OnceLock::new(),
            left_out: 0,
            fails: false,
            request: request.clone(),
            credentials: credentials.clone(),
            caller: caller.map(str::to_owned),
            reply,
            took,
            at: (self.clock)(),
        }
    }

    /// Whether this number of requests leaves most of the budget to others.
    pub(super) fn can_spare(&self, requests: u64) -> bool {
        self.budget.requests.saturating_sub(self.asked()) / 4 >= requests
    }

    /// Takes one request off the budget. Moot if nothing is left.
    fn spend(&self) -> Result<(), Stop> {
        self.within_time()?;
        if self.asked.fetch_add(1, Ordering::Relaxed) >= self.budget.requests {
            self.asked.fetch_sub(1, Ordering::Relaxed);
            return outcome::moot("the requests that the run may send are used up");
        }
        Ok(())
    }

    /// Shows a request that fails each time to the watches of such requests.
    pub(super) fn watch_failure(&self, exchange: &Exchange) {
        let fails = Exchange {
            fails: true,
            ..exchange.clone()
        };
        self.watch(&fails, |watched| watched.failures);
    }

    /// Shows an exchange to the watches that may see it.
    fn watch(&self, exchange: &Exchange, may_see: fn(&Watched) -> bool) {
        for watched in self.watches.iter().filter(|watched| may_see(watched)) {
            if let Some(breach) = (watched.watch)(self.contract, exchange) {
                let mut incidents = lock(&self.incidents);
                let seen = incidents.entry(watched.law).or_insert_with(|| Incidents {
                    first: (breach.clone(), exchange.to_keep()),
                    counts: HashMap::new(),
                    others: 0,
                });
                seen.count(&breach.actual);
                // The order of breaches may be chance. The smallest one is not.
                let size = |one: &Exchange| (one.request.target.len(), one.request.target.clone());
                if size(exchange) < size(&seen.first.1) {
                    seen.first = (breach, exchange.to_keep());
                }
            }
        }
    }
}

/// Puts what shows who is asking where the operation wants it: the token of every scheme of one alternative.
///
/// If there is a `whole` text, the first scheme has it as it stands.
pub(crate) fn sign_with(
    request: &mut Request,
    operation: &Operation,
    whole: Option<&str>,
    token: Option<&str>,
) {
    let bearer = Scheme::Http("bearer".to_owned());
    let mut schemes = operation.signing();
    if schemes.is_empty() {
        schemes.push(&bearer);
    }
    for (index, scheme) in schemes.into_iter().enumerate() {
        let whole = whole.filter(|_| index == 0).map(str::to_owned);
        let text = whole.or_else(|| token.map(|token| scheme.text(token)));
        if let Some(text) = text {
            put(request, scheme, text);
        }
    }
}

/// Puts a text in the place of a scheme.
fn put(request: &mut Request, scheme: &Scheme, text: String) {
    let header = match scheme.place() {
        (Location::Query, name) => {
            let mut query = request.query();
            query.push((name.to_owned(), text));
            *request = request.with_query(&query);
            return;
        }
        (Location::Cookie, name) => {
            add_cookie(&mut request.headers, name, &text);
            return;
        }
        (_, "Authorization") => ("authorization".to_owned(), text),
        (_, name) => (name.to_owned(), text),
    };
    request.headers.push(header);
}
