//! Draws the pages of a counterexample over the listing.
//!
//! A picture is made of the transcript and the listing that the run knows; nothing is sent for it. There is one only
//! if it shows a fault: an item that is lost or repeated, or one that this caller must not see.

use std::collections::HashMap;

use openapi::{Contract, PageRequest, Position};

use crate::lock::lock;
use crate::session::{Exchange, Listing, Session, number, resource_of};
use crate::verdict::Counterexample;
use crate::{Credentials, Picture, PictureOfPage};

/// The picture of a counterexample, if there is something to see.
pub(super) fn picture(session: &Session<'_>, found: &Counterexample) -> Option<Picture> {
    /// The greatest number of pages to draw.
    const PAGES: usize = 12;
    let contract = session.contract();
    let resource = session.with_id(
        &found.case.resource,
        session.id_of(&found.case.resource).as_str(),
    );
    let listings = lock(&session.run().listings).clone();
    let listing = listings.get(&found.case.resource)?;
    let places = places(&listing.keys);
    let mut elsewhere: HashMap<&str, &str> = HashMap::new();
    for (name, other) in listings
        .iter()
        .filter(|(name, _)| **name != found.case.resource)
    {
        elsewhere.extend(other.keys.iter().map(|key| (key.as_str(), name.as_str())));
    }
    // If resources number their items alike, a key does not tell whose item it is.
    if places.keys().any(|key| elsewhere.contains_key(key)) {
        elsewhere.clear();
    }
    let mut drawing = Drawing {
        session,
        places,
        listing: listing.as_ref(),
        elsewhere,
        handed_out: Vec::new(),
    };
    let mut pages = Vec::new();
    for (index, exchange) in found.exchanges.iter().enumerate() {
        let of_this = resource_of(contract, exchange.request.path());
        if of_this.as_deref() == Some(resource.as_str())
            || of_this.as_ref() == Some(&found.case.resource)
        {
            pages.extend(drawing.page(index, exchange));
        }
    }
    if let Some(behind) = behind_listing(&pages, listing.keys.len()) {
        pages.drain(..behind);
    }
    let first = pages.len().saturating_sub(PAGES);
    pages.drain(..first);
    let worth = !listing.keys.is_empty() && pages.iter().any(PictureOfPage::is_wrong);
    worth.then(|| Picture {
        resource: found.case.resource.clone(),
        listing: listing.keys.clone(),
        pages,
    })
}

/// The number of pages at the start that are the listing itself, if others follow.
fn behind_listing(pages: &[PictureOfPage], count: usize) -> Option<usize> {
    let mut expected = 0;
    for (index, page) in pages.iter().enumerate() {
        if page.is_wrong() || page.items.first() != Some(&expected) {
            return None;
        }
        expected = page.items.last()? + 1;
        if expected == count {
            return Some(index + 1).filter(|behind| *behind < pages.len());
        }
    }
    None
}

/// What is known while the pages are drawn, one after the other.
struct Drawing<'a> {
    session: &'a Session<'a>,
    listing: &'a Listing,
    places: HashMap<&'a str, usize>,
    /// The keys of other resources, and whose they are.
    elsewhere: HashMap<&'a str, &'a str>,
    /// The places that earlier answers handed out, and the number of items before each.
    handed_out: Vec<(Position, usize)>,
}

fn places(keys: &[String]) -> HashMap<&str, usize> {
    // If a listing repeats a key, its first place counts.
    keys.iter()
        .enumerate()
        .rev()
        .map(|(place, key)| (key.as_str(), place))
        .collect()
}

impl Drawing<'_> {
    fn page(&mut self, index: usize, exchange: &Exchange) -> Option<PictureOfPage> {
        let session = self.session;
        let contract = session.contract();
        if exchange.request.method != contract.operation().method {
            return None;
        }
        let page = session.read(exchange).ok()?;
        let mut drawn = PictureOfPage {
            exchange: index,
            ..PictureOfPage::default()
        };
        for key in &page.keys {
            if let Some(place) = self.places.get(key.as_str()) {
                drawn.items.push(*place);
            } else {
                let owner = self.elsewhere.get(key.as_str());
                drawn
                    .others
                    .push((key.clone(), owner.map(|name| (*name).to_owned())));
            }
        }
        if !page.keys.is_empty() {
            drawn.leaked_to = stranger(exchange);
        }
        let start = self.start(contract, exchange);
        if let Some(start) = start.filter(|_| drawn.leaked_to.is_none()) {
            self.compare(&mut drawn, start, page.last);
        }
        if let (Some(next), Some(behind)) = (
            page.next,
            drawn.items.last().map(|place| place + 1).or(start),
        ) {
            self.handed_out.push((next, behind));
        }
        Some(drawn)
    }

    /// The number of items before the start of the page that was asked for, if that is known.
    fn start(&self, contract: &Contract, exchange: &Exchange) -> Option<usize> {
        let asked = exchange.request.page(contract);
        self.start_of(contract, &asked, &asked.at)
    }

    /// The number of items before a place, if that is known.
    fn start_of(&self, contract: &Contract, asked: &PageRequest, at: &Position) -> Option<usize> {
        let behind = |key: &str| {
            let place = self.places.get(self.session.key(key).as_str())?;
            Some(place + 1)
        };
        match at {
            Position::Start => Some(0),
            Position::Skip(skipped) => usize::try_from(*skipped).ok(),
            Position::End => self.listing.complete.then_some(self.listing.keys.len()),
            Position::Before(end) => {
                let end = self.start_of(contract, asked, end)?;
                let limit = asked.limit.or(contract.limit_bounds()?.default)?;
                Some(end.saturating_sub(usize::try_from(limit).ok()?))
            }
            Position::At(key) => Some(behind(key)? - 1),
            Position::Above(text) | Position::From(text) => {
                let least: i128 = text.parse().ok()?;
                let from = matches!(at, Position::From(_));
                let numbers = self.listing.items.iter().map(|item| number(contract, item));
                let numbers: Vec<i128> = numbers.collect::<Option<_>>()?;
                let is_before = |one: &&i128| **one < least || !from && **one == least;
                Some(numbers.iter().take_while(is_before).count())
            }
            Position::Page(pages) => {
                let limit = asked.limit.or(contract.limit_bounds()?.default)?;
                usize::try_from(pages.checked_mul(limit)?).ok()
            }
            Position::After(key) => behind(key).or_else(|| self.known(at)),
            Position::Token(_) | Position::Marked(_) | Position::Url(_) => self.known(at),
        }
    }

    /// The number of items before a place that an earlier answer handed out.
    fn known(&self, at: &Position) -> Option<usize> {
        let mut known = self.handed_out.iter().rev();
        let known = known.find(|(known, _)| known == at);
        known.map(|(_, before)| *before)
    }

    /// Finds what is lost and what is repeated on a page that starts behind `start` items.
    fn compare(&self, drawn: &mut PictureOfPage, start: usize, last: bool) {
        let count = self.listing.keys.len();
        let mut expected = start;
        for place in &drawn.items {
            if *place < expected {
                drawn.repeated.push(*place);
            } else {
                drawn.lost.extend(expected..*place);
                expected = place + 1;
            }
        }
        // A page that says it is the last one has all the rest.
        if last && self.listing.complete {
            drawn.lost.extend(expected..count.max(expected));
        }
        // An item that comes later on the same page is at another place, but not lost.
        let repeated = std::mem::take(&mut drawn.repeated);
        let (moved, repeated): (Vec<_>, Vec<_>) = repeated
            .into_iter()
            .partition(|place| drawn.lost.contains(place));
        drawn.lost.retain(|place| !moved.contains(place));
        drawn.repeated = repeated;
    }
}

/// The caller of a request that was not the owner's.
fn stranger(exchange: &Exchange) -> Option<String> {
    match &exchange.credentials {
        Credentials::Owner | Credentials::Scheme(_) => None,
        Credentials::Caller(name) => Some(name.clone()),
        Credentials::None => Some("a caller without credentials".to_owned()),
        Credentials::Raw(_) | Credentials::Altered(_) => {
            Some("a caller with bad credentials".to_owned())
        }
    }
}
