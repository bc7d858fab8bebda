//! Correct servers that differ from the mock. No law may fail any of them.
//!
//! Each is written as a lie that breaks nothing, so that it works on any contract.

pub(crate) mod answers;
pub(crate) mod beside;
pub(crate) mod carried;
pub(crate) mod changing;
mod chosen;
pub(crate) mod collections;
pub(crate) mod declared;
pub(crate) mod dialects;
pub(crate) mod filters;
mod foreign;
mod forged;
mod headers;
pub(crate) mod keywords;
mod one_page;
mod open;
mod paging;
mod plain;
pub(crate) mod posts;
mod random;
pub(crate) mod requests;
mod seeds;
mod several;
mod spelled;
mod table;
mod times;
mod unsaid;
mod walls;

use std::time::{Duration, SystemTime};

use openapi::{Contract, Position, Way};
use serde_json::{Value, json};

use crate::lie::{Lie, Lied, edit_json, place};
use crate::testing::{NOW, contracts, honest, hooked, living, verdict};
use crate::{
    Facts, Level, Liar, Lost, Options, Reply, Request, Subject, Verdict, catalogue, judge,
};

#[test]
fn a_server_whose_timelines_grow_while_they_are_read() {
    // The step is so small that the whole run stays within the allowed difference of clocks.
    let mock = living(Duration::from_millis(100));
    no_law_fails(plain, &mock);
}

#[test]
fn a_server_that_lists_the_newest_event_first_if_no_order_is_declared() {
    no_law_fails(newest_first, &honest());
}

#[test]
fn a_server_that_lists_the_newest_event_first_has_no_open_end() {
    let law = catalogue::law("tail-reader-sees-each-new-event-once").unwrap();
    let orderless = |(contract, _): &(Contract, Facts)| contract.pagination().order.by.is_none();
    for (contract, facts) in contracts().into_iter().filter(orderless) {
        let (mock, hooks) = hooked(facts.hooks());
        let subject = Liar::new(contract.clone(), newest_first, mock);
        let found = verdict(law, &contract, &facts.with_hooks(hooks), &subject);
        assert!(matches!(found, Verdict::NotInForce { .. }), "{found:#?}");
    }
}

#[test]
fn a_server_that_writes_keys_in_upper_case_if_case_does_not_count() {
    no_law_fails(upper_case, &honest());
}

#[test]
fn a_server_that_leaves_out_defaults_and_adds_properties() {
    no_law_fails(terse, &honest());
}

#[test]
fn a_server_that_answers_403_without_credentials() {
    no_law_fails(forbidding, &honest());
}

/// Judges the mock, seen through `variant`, by every law.
fn no_law_fails(variant: Lie, mock: &dyn Subject) {
    for (contract, facts) in contracts() {
        let subject = Liar::new(contract.clone(), variant, |request: &Request| {
            mock.send(request)
        });
        let options = Options {
            clock: || SystemTime::UNIX_EPOCH + NOW,
            ..Options::default()
        };
        let judgement = judge(&contract, &facts, &subject, &options, &mut |_| {});
        for finding in judgement.findings {
            let broken = matches!(finding.verdict, Verdict::Broken(_));
            assert!(!broken || finding.level == Level::Info, "{finding:#?}");
        }
    }
}

fn plain(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    lied.ask(request)
}

fn newest_first(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    /// Longer timelines stay as they are, because the order need only be the same for all requests.
    const MOST: usize = 300;
    let contract = lied.contract;
    let reply = lied.ask(request)?;
    let bounds = contract.limit_bounds().unwrap_or_default();
    let (None, true, Some(most)) = (
        &contract.pagination().order.by,
        lied.is_page(&reply),
        bounds.maximum,
    ) else {
        return Ok(reply);
    };
    let asked = lied.asked(request);
    let mut items = Vec::new();
    let mut at = Position::Start;
    loop {
        let page = lied.at(&lied.with_limit(request, Some(most)), &at);
        let read = lied.ask(&page)?;
        let body = read.json().unwrap_or_default();
        items.extend_from_slice(contract.items(&body).unwrap_or_default());
        let Way::To(next) = lied.info(&page, &read, &body).next else {
            break;
        };
        at = next;
        if items.len() > MOST {
            return Ok(reply);
        }
    }
    items.reverse();
    // An empty cursor counts as none, as it does for the mock.
    let cursor = asked.cursor.filter(|cursor| !cursor.is_empty());
    let start = cursor.map_or(Some(0), |cursor| {
        let named = |item: &Value| {
            contract
                .key(item)
                .is_some_and(|key| key.eq_ignore_ascii_case(&cursor))
        };
        Some(items.iter().position(named)? + 1)
    });
    let Some(start) = start else {
        return Ok(reply);
    };
    let limit = asked
        .limit
        .or(bounds.default)
        .and_then(|limit| usize::try_from(limit).ok());
    let end = items.len().min(start + limit.unwrap_or(usize::MAX - start));
    Ok(edit_json(reply, |body| {
        *lied.items(body) = items[start..end].to_vec();
        lied.echo(body);
        let pagination = contract.pagination();
        if let Some(more) = &pagination.next.more {
            *place(body, more) = json!(end < items.len());
        }
        let echo = &pagination.echo;
        for selector in [&echo.first, &echo.last]
            .into_iter()
            .flatten()
            .filter(|_| start == end)
        {
            *place(body, selector) = json!("");
        }
    }))
}

fn upper_case(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let key = &lied.contract.pagination().key;
    let schema = lied.contract.item().at(key);
    if schema.is_none_or(|schema| schema.keyword("format") != Some(&json!("uuid"))) {
        return lied.ask(request);
    }
    let cursor = lied
        .asked(request)
        .cursor
        .map(|cursor| cursor.to_lowercase());
    lied.edit_page(&lied.with_cursor(request, cursor.as_deref()), |body| {
        for item in lied.items(body) {
            let upper = lied.contract.key(item).unwrap_or_default().to_uppercase();
            *place(item, key) = upper.into();
        }
        lied.echo(body);
    })
}

fn terse(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    lied.edit_page(request, |body| {
        let schema = lied.contract.body();
        let default = |name: &str| {
            schema
                .property(name)
                .and_then(|one| one.keyword("default").cloned())
        };
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|name, value| default(name).as_ref() != Some(value));
            fields.insert("added".to_owned(), json!({ "later": 1 }));
        }
        for item in lied.items(body) {
            item["added"] = json!("later");
        }
    })
}

fn forbidding(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let mut reply = lied.ask(request)?;
    if reply.status == 401 {
        reply.status = 403;
        reply.headers.remove(http::header::WWW_AUTHENTICATE);
    }
    Ok(reply)
}
