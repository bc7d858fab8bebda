//! Reads pages, and whole listings, by the contract.

use std::sync::Arc;

use openapi::{Contract, Counts, PageInfo, Position, Promise, Selector, Way};
use serde_json::Value;

use super::{Ask, Exchange, Session, resource_of};
use crate::lock::lock;
use crate::{Breach, Case, Skip, Stop, outcome};

/// A page, read by the contract.
#[derive(Debug, Clone)]
pub struct Page {
    /// The whole body.
    pub body: Arc<Value>,
    /// The items' keys, in one spelling if their format has several (UUIDs in lower case).
    pub keys: Vec<String>,
    /// The items' keys as served, for use as cursors.
    pub cursors: Vec<String>,
    /// Whether the page says that more items follow.
    pub more: Option<bool>,
    /// The place of the next page that this page returns. The last page may have one, too.
    pub next: Option<Position>,
    /// Whether a client that follows the contract stops at this page.
    pub last: bool,
    /// What the page says of other pages and of the whole list.
    pub info: PageInfo,
    /// The URL of the next page, as the page has it.
    pub next_url: Option<String>,
    /// The URLs of all other pages that the page has.
    pub urls: Vec<String>,
}

/// The items of a resource, as a walk in the largest pages finds them.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The items.
    pub items: Vec<Value>,
    /// Their keys, as in [`Page::keys`].
    pub keys: Vec<String>,
    /// Their keys as served.
    pub cursors: Vec<String>,
    /// Whether that is all of them. A long timeline is only read in part.
    pub complete: bool,
    /// Whether two items may look the same, because they have no keys.
    pub may_repeat: bool,
    /// The places that its pages lead to, each with the number of items before it.
    pub(super) places: Vec<(usize, Position)>,
    /// Its requests and their answers, each with the number of items up to its end.
    pub(super) pages: Vec<(usize, Exchange)>,
}

impl Session<'_> {
    /// The greatest number of items of a timeline to list.
    pub const DEPTH: usize = 1_000;

    /// The greatest number of bytes of a listing to keep. As JSON in memory, they take ten times as many.
    const BYTES: usize = 8 << 20;

    /// The greatest number of pages without items, one after the other, to read through.
    const EMPTY: usize = 64;

    /// Requests a page. Any answer but a readable 200 is a breach.
    pub fn page(&self, ask: &Ask) -> Result<Page, Stop> {
        let exchange = self.send(ask)?;
        if self.has_expired(&exchange) {
            return outcome::moot("the cursor expired meanwhile, as the contract allows");
        }
        self.read(&exchange).map_err(Stop::Breach)
    }

    /// Whether an answer says, as the contract declares it, that the cursor has expired.
    pub fn has_expired(&self, exchange: &Exchange) -> bool {
        let expires = self.contract().pagination().cursor.expires.as_ref();
        expires.is_some_and(|expires| {
            expires.status == exchange.reply.status
                && !exchange.request.page(self.contract()).at.is_start()
        })
    }

    /// The place that the refusal of an expired cursor leads to.
    pub fn resumed(&self, exchange: &Exchange) -> Option<Position> {
        let expires = self.contract().pagination().cursor.expires.as_ref()?;
        let body = exchange.json()?;
        let text = openapi::key_text(expires.resume.as_ref()?.get(&body)?)?;
        let place = self.contract().paging().place();
        let paging = self.contract().paging();
        let role = |role| {
            let parameter = paging.parameter(role)?;
            (parameter.name == place.name).then(|| text.clone())
        };
        paging.read(role).ok()
    }

    /// Requests a page that this law only needs. Any answer but a readable 200 is moot.
    pub fn page_or_moot(&self, ask: &Ask) -> Result<Page, Stop> {
        self.read_or_moot(&self.send(ask)?)
    }

    /// Reads an answer as a page that this law only needs. Moot if it is no page.
    pub fn read_or_moot(&self, exchange: &Exchange) -> Result<Page, Stop> {
        self.read(exchange)
            .map_err(|breach| Stop::Moot(format!("no page to judge: {}", breach.actual)))
    }

    /// Reads an answer as a page. The reason why it is no page is the breach.
    pub fn read(&self, exchange: &Exchange) -> Result<Page, Breach> {
        let unreadable = |actual: String| Breach::of("200 with a page", actual);
        let contract = self.contract();
        let reply = &exchange.reply;
        if let Some(page) = self.beyond(exchange) {
            return Ok(page);
        }
        if !contract.serves(reply.status) {
            return Err(unreadable(format!("status {}", reply.status)));
        }
        let body = exchange
            .json()
            .ok_or_else(|| unreadable("a body that is not JSON".into()))?;
        let list = &contract.pagination().items.list;
        let items = contract
            .items(&body)
            .ok_or_else(|| unreadable(format!("no list at `{list}`")))?;
        let cursors: Option<Vec<String>> = items.iter().map(|item| contract.key(item)).collect();
        let key = &contract.pagination().key;
        let cursors =
            cursors.ok_or_else(|| unreadable(format!("an item without a key at `{key}`")))?;
        let keys = cursors.iter().map(|cursor| self.key(cursor)).collect();
        let said = openapi::Reply {
            headers: &reply.headers,
            body: &body,
        };
        let asked = exchange.request.page(contract);
        let paging = contract.paging();
        let info = paging.info(&said, &asked);
        let (next_url, urls) = (paging.next_url(&said), paging.urls(&said));
        self.count_page(resource_of(contract, exchange.request.path()), items.len());
        Ok(Page {
            body,
            keys,
            cursors,
            more: info.more,
            last: info.is_last(),
            next: info.handed_out.clone(),
            info,
            next_url,
            urls,
        })
    }

    /// The page without items that status 416 stands for: the request's range begins behind the end of the list.
    fn beyond(&self, exchange: &Exchange) -> Option<Page> {
        let paging = self.contract().paging();
        let asked = exchange.request.page(self.contract());
        let is_asked = self.promises(Promise::RangesAreSaid) && !asked.at.is_start();
        if !is_asked || exchange.reply.status != 416 {
            return None;
        }
        let said = paging.content_range(&exchange.reply.headers);
        let total = said.and_then(|said| said.ok()?.total);
        let is_counted = self.promises(Promise::TotalIsSaid);
        self.count_page(resource_of(self.contract(), exchange.request.path()), 0);
        Some(Page {
            body: Arc::new(Value::Null),
            keys: Vec::new(),
            cursors: Vec::new(),
            more: None,
            next: None,
            last: true,
            info: PageInfo {
                next: Way::End(openapi::End::EmptyPage),
                previous: Way::Unsaid,
                handed_out: None,
                more: None,
                first: Way::Unsaid,
                last: Way::Unsaid,
                totals: Counts {
                    items: total.filter(|_| is_counted),
                    ..Counts::default()
                },
            },
            next_url: None,
            urls: Vec::new(),
        })
    }

    /// A key in the spelling that is used to compare keys.
    pub fn key(&self, cursor: &str) -> String {
        if self.run().keys_are_uuids() {
            cursor.to_ascii_lowercase()
        } else {
            cursor.to_owned()
        }
    }

    /// The resource's items up to [`Session::DEPTH`], read once a run and shared between laws.
    ///
    /// Moot if a page cannot be read, because other laws are about that.
    pub fn listing(&self, id: &str) -> Result<Arc<Listing>, Stop> {
        if let Some(listing) = self.shared(id) {
            self.count_listing(id, &listing);
            lock(&self.transcript).rest_on(id, &listing);
            return Ok(listing);
        }
        let listing = Arc::new(self.read_listing(id)?);
        lock(&self.run().listings).insert(id.to_owned(), Arc::clone(&listing));
        Ok(listing)
    }

    /// The resource's items, of which the case uses only the one at `index`. Else as [`Session::listing`].
    pub(super) fn listing_for_item(&self, id: &str, index: usize) -> Result<Arc<Listing>, Stop> {
        let Some(listing) = self.shared(id) else {
            return self.listing(id);
        };
        self.count_listing(id, &listing);
        lock(&self.transcript).rest_on_item(id, &listing, index);
        Ok(listing)
    }

    /// The listing, if it was read before.
    pub(super) fn shared(&self, id: &str) -> Option<Arc<Listing>> {
        lock(&self.run().listings).get(id).cloned()
    }

    /// Reads the listing again, in the largest pages.
    pub fn read_listing(&self, id: &str) -> Result<Listing, Stop> {
        let mut listing = Listing {
            may_repeat: !self.promises(Promise::ItemsHaveKeys),
            ..Listing::default()
        };
        let mut at = Position::Start;
        let mut empty = 0;
        let mut bytes = 0;
        while listing.items.len() < Self::DEPTH && bytes < Self::BYTES {
            let largest = self.largest(id, &at);
            let exchange = match self.send(&largest) {
                // One limit without an answer must not leave all laws without a listing.
                Err(Stop::Moot(_)) if self.is_avoided(&largest) => {
                    self.run().lists_default_pages();
                    self.send(&self.largest(id, &at))?
                }
                sent => sent?,
            };
            bytes += exchange.reply.body.len();
            let page = self.read_or_moot(&exchange)?;
            empty = if page.keys.is_empty() { empty + 1 } else { 0 };
            if empty > Self::EMPTY {
                let reason = format!("{id} has more than {} empty pages in a row", Self::EMPTY);
                return outcome::moot(reason);
            }
            let items = self.contract().items(&page.body).unwrap_or_default();
            listing.items.extend(items.iter().cloned());
            listing.keys.extend(page.keys.iter().cloned());
            listing.cursors.extend(page.cursors.iter().cloned());
            let read = listing.items.len();
            listing.pages.push((read, exchange.to_keep()));
            let Some(next) = page.next.filter(|_| !page.last) else {
                listing.complete = true;
                break;
            };
            listing.places.push((read, next.clone()));
            at = next;
        }
        Ok(listing)
    }

    /// A breach unless the answer to `other` is the page that `plain` asks for.
    ///
    /// The page is read before and after. Moot if it is no page, or grew meanwhile.
    pub fn same_page(&self, plain: &Ask, other: &Ask) -> outcome::Outcome {
        let before = self.page_or_moot(plain)?;
        let exchange = self.send(other)?;
        let after = self.page_or_moot(plain)?;
        if before.keys != after.keys {
            return outcome::moot("the timeline grew meanwhile");
        }
        match self.read(&exchange) {
            Ok(page) => same_items(&before.keys, &page.keys, "the same page"),
            Err(breach) => outcome::broken("the same page", breach.actual),
        }
    }

    /// The request for the largest page from here, or for one of the default size if that gets no answer.
    pub(super) fn largest(&self, id: &str, at: &Position) -> Ask {
        let contract = self.contract();
        let ask = Ask::of(id).at(contract, at);
        let maximum = contract.limit_bounds().and_then(|bounds| bounds.maximum);
        match (contract.limit(), maximum) {
            (Some(limit), Some(maximum)) if self.run().largest_pages() => {
                ask.with(limit, &maximum.to_string())
            }
            _ => ask,
        }
    }
}

/// One end of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    /// The first.
    First,
    /// The last.
    Last,
}

impl PageEnd {
    /// The place where a page repeats the key of its item at this end. Not in force if it does not.
    pub fn echo(self, contract: &Contract) -> Result<&Selector, Skip> {
        let echo = &contract.pagination().echo;
        let (echo, word) = match self {
            Self::First => (&echo.first, "first"),
            Self::Last => (&echo.last, "last"),
        };
        let Some(echo) = echo else {
            return outcome::not_in_force(format!("a page does not repeat its {word} item's key"));
        };
        Ok(echo)
    }

    /// A breach unless the case's page names its item at this end. Moot without items.
    pub fn is_named(self, session: &Session<'_>, case: &Case) -> outcome::Outcome {
        let page = session.page_or_moot(&session.ask(case)?)?;
        let (key, word) = match self {
            Self::First => (page.keys.first(), "first"),
            Self::Last => (page.keys.last(), "last"),
        };
        let (Some(key), Ok(echo)) = (key, self.echo(session.contract())) else {
            return outcome::moot("the page has no items");
        };
        let named = echo.get(&page.body);
        let text = named.and_then(openapi::key_text);
        if text.map(|text| session.key(&text)).as_ref() == Some(key) {
            return Ok(());
        }
        let named = named.map_or("nothing".to_owned(), Value::to_string);
        outcome::broken(format!("{key} at `{echo}`, the {word} item's key"), named)
    }
}

/// Whether `new` is `old` with events added at one end only.
pub(crate) fn is_grown_from(new: &[String], old: &[String]) -> bool {
    new.starts_with(old) || new.ends_with(old)
}

/// The first place where two lists differ, in words.
pub(crate) fn difference(expected: &[String], actual: &[String]) -> String {
    let same = expected
        .iter()
        .zip(actual)
        .take_while(|(left, right)| left == right)
        .count();
    match (expected.get(same), actual.get(same)) {
        (Some(left), Some(right)) => format!("item {same} is {right}, not {left}"),
        (Some(left), None) => format!("only {same} of {} items; {left} is missing", expected.len()),
        (None, Some(right)) => format!("{right} beyond the {same} items expected"),
        (None, None) => "the same items".to_owned(),
    }
}

/// A breach of `what` unless the lists are the same.
pub(crate) fn same_items(expected: &[String], actual: &[String], what: &str) -> outcome::Outcome {
    if expected == actual {
        return Ok(());
    }
    outcome::broken(what, difference(expected, actual))
}
