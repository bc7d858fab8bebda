//! The faults, by kind, and what several of them need.

pub(crate) mod access;
pub(crate) mod boundaries;
pub(crate) mod caches;
pub(crate) mod changes;
pub(crate) mod content;
pub(crate) mod counts;
pub(crate) mod errors;
pub(crate) mod limits;
pub(crate) mod order;

use conformance::lie::{Lied, edit_json, with_header};
use conformance::{Lost, Reply, Request};
use openapi::{Contract, Promise};
use serde_json::{Value, json};

type Answer = Result<Reply, Lost>;

fn anything(_: &Contract) -> bool {
    true
}

fn says_more(contract: &Contract) -> bool {
    contract.paging().promises(Promise::MoreIsSaid)
}

fn hands_out_tokens(contract: &Contract) -> bool {
    contract.paging().promises(Promise::TokensAreHandedOut)
}

fn takes_keys(contract: &Contract) -> bool {
    contract.paging().promises(Promise::CursorsNameItems)
}

fn says_total(contract: &Contract) -> bool {
    contract.paging().promises(Promise::TotalIsSaid)
}

fn says_urls(contract: &Contract) -> bool {
    contract.paging().promises(Promise::UrlsAreSaid)
}

fn takes_numbers(contract: &Contract) -> bool {
    contract.paging().promises(Promise::PlacesFilter)
}

/// Pages that can be of any size behind any cursor.
fn mixes_limits(contract: &Contract) -> bool {
    contract.paging().promises(Promise::LimitsMix)
}

/// Whether the request starts behind a cursor.
fn is_behind(lied: &Lied<'_>, request: &Request) -> bool {
    !lied.asked(request).at.is_start()
}

/// The number of items of a page.
fn shown(lied: &Lied<'_>, reply: &Reply) -> usize {
    usize::try_from(lied.count(reply)).unwrap_or(usize::MAX)
}

/// The limit that the request sends, or the default.
fn limit(lied: &Lied<'_>, request: &Request) -> usize {
    lied.limit(request).unwrap_or(usize::MAX)
}

/// The number of items before the page, and of the whole list. `None` if the page has no items.
fn place(
    lied: &Lied<'_>,
    request: &Request,
    reply: &Reply,
) -> Result<Option<(usize, usize)>, Lost> {
    let body = reply.json().unwrap_or_default();
    let first = lied
        .contract
        .items(&body)
        .and_then(<[Value]>::first)
        .cloned();
    let Some(first) = first.filter(|_| lied.is_page(reply)) else {
        return Ok(None);
    };
    let all = lied.whole(request)?.unwrap_or_default();
    let before = all.iter().position(|item| *item == first);
    Ok(before.map(|before| (before, all.len())))
}

/// Whether the honest page is the last one of its list.
fn is_last(lied: &Lied<'_>, request: &Request, reply: &Reply) -> bool {
    let body = reply.json().unwrap_or_default();
    lied.is_page(reply) && lied.info(request, reply, &body).is_last()
}

/// A correct server: it adds a property to each page.
fn talkative(lied: &Lied<'_>, request: &Request) -> Answer {
    let reply = lied.ask(request)?;
    Ok(
        if lied.is_page(&reply) && lied.contract.items(&json!([])).is_none() {
            edit_json(reply, |body| body["took"] = json!(3))
        } else {
            reply
        },
    )
}

/// A correct server: it refuses in other words.
fn wordy(lied: &Lied<'_>, request: &Request) -> Answer {
    let reply = lied.ask(request)?;
    Ok(if reply.status == 422 {
        edit_json(reply, |body| {
            body["message"] = json!("a parameter is wrong");
        })
    } else {
        reply
    })
}

/// A correct server: its answers are not kept.
fn uncached(lied: &Lied<'_>, request: &Request) -> Answer {
    Ok(with_header(
        lied.ask(request)?,
        "cache-control",
        "private, no-store",
    ))
}
