//! Correct servers that page in other ways than the mock. No law of paging may fail them.

use openapi::{Contract, Document, Promise, Source};
use serde_json::Value;

use crate::lie::{Lie, Lied, edit_json, place};
use crate::subject::{Lost, Reply, Request};
use crate::testing::honest;
use crate::{Facts, Group, Law, Liar, Notice, Options, Verdict, catalogue, judge};

/// Short timelines of the mock's default world, of two owners. All may grow.
const SUBJECT: &str = "
unsafe-methods: allow
callers:
  ada: { token: token-of-ada }
  grace: { token: token-of-grace }
timelines:
  wandb-training:
    - { id: 0a000000-0000-4000-8000-000000000000, owner: ada, grows: true }
    - { id: 0a000000-0000-4000-8000-000000000001, owner: ada, grows: true }
    - { id: 0a000000-0000-4000-8000-000000000021, owner: ada, grows: true }
    - { id: 0a000000-0000-4000-8000-000000000100, owner: ada, grows: true }
    - { id: 0b000000-0000-4000-8000-000000000005, owner: grace, grows: true }
  job-timeline:
    - { id: 01JADA00000000000000000000, owner: ada, grows: true }
    - { id: 01JADA00000000000000000001, owner: ada, grows: true }
    - { id: 01JADA00000000000000000100, owner: ada, grows: true }
    - { id: 01JGRACE000000000000000005, owner: grace, grows: true }
";

/// The contracts of the bundled documents, with the facts about the short timelines.
pub(super) fn contracts() -> Vec<(Contract, Facts)> {
    let documents = Document::bundled().unwrap();
    Facts::of(&documents, &Source::new("short.yaml", SUBJECT)).unwrap()
}

/// Judges the mock, changed by `other`, by the laws of paging, and lists the broken ones.
fn blamed(other: Lie, needs: Option<Promise>) -> Vec<String> {
    let paging = |law: &&&Law| matches!(law.group, Group::Cursor | Group::Walk);
    let mut blamed = Vec::new();
    for (contract, facts) in contracts() {
        if needs.is_some_and(|promise| !contract.paging().promises(promise)) {
            continue;
        }
        let server = Liar::new(contract.clone(), other, honest());
        let laws = catalogue::LAWS.iter().filter(paging);
        let options = Options {
            laws: laws.map(|law| law.id.to_owned()).collect(),
            cases: 12,
            ..Options::default()
        };
        let judgement = judge(&contract, &facts, &server, &options, &mut |_: Notice<
            '_,
        >| {});
        for finding in judgement.findings {
            if let Verdict::Broken(found) = finding.verdict {
                let (law, breach) = (finding.law.id, found.breach);
                blamed.push(format!(
                    "{law} of {}: {}: {} / {}",
                    contract.name(),
                    found.case,
                    breach.expected,
                    breach.actual
                ));
            }
        }
    }
    blamed
}

/// The answer of a server whose items `arrange` changes.
fn serve(
    lied: &Lied<'_>,
    request: &Request,
    arrange: impl FnOnce(&mut Vec<Value>),
) -> Result<Reply, Lost> {
    let mut latest = 0;
    let reply = lied.rearranged(request, |items| {
        arrange(items);
        latest = lied.numbers(items).into_iter().max().unwrap_or(0);
    })?;
    let latest = i64::try_from(latest).unwrap_or(i64::MAX);
    if !lied.is_page(&reply) {
        return Ok(reply);
    }
    let is_empty = lied.is_empty(&reply);
    Ok(edit_json(reply, |body| {
        lied.go_as_far_as(body, latest.into());
        let echo = &lied.contract.pagination().echo;
        let echoes = [&echo.first, &echo.last].into_iter().flatten();
        for selector in echoes.filter(|_| is_empty) {
            *place(body, selector) = "".into();
        }
    }))
}

/// The number of items at this request. It grows.
fn grown(lied: &Lied<'_>) -> usize {
    usize::try_from(lied.turn / 5 + 3).unwrap_or(usize::MAX)
}

/// A server whose timelines grow from one request to the next.
pub(super) fn growing(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    serve(lied, request, |items| items.truncate(grown(lied)))
}

/// As [`growing`], with the newest event first.
pub(super) fn growing_newest_first(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    if !lied.contract.paging().promises(Promise::CursorsNameItems) {
        return growing(lied, request);
    }
    serve(lied, request, |items| {
        items.truncate(grown(lied));
        items.reverse();
    })
}

/// A server that refuses cursors that name nothing, with 400.
pub(super) fn unknown_is_400(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    if_unknown(lied, request, |reply| lied.refuse(reply, 400))
}

/// A server that refuses cursors that name nothing, with 404.
pub(super) fn unknown_is_404(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    if_unknown(lied, request, |reply| lied.refuse(reply, 404))
}

/// A server that refuses cursors that name nothing, with 422.
pub(super) fn unknown_is_422(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    if_unknown(lied, request, |reply| lied.refuse(reply, 422))
}

/// A server that returns an empty page after a cursor that names nothing.
pub(super) fn unknown_is_empty(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    if_unknown(lied, request, |reply| lied.empty_page(request, reply))
}

/// The honest answer, or `otherwise` if the resource exists and the cursor names nothing.
fn if_unknown(
    lied: &Lied<'_>,
    request: &Request,
    otherwise: impl FnOnce(Reply) -> Reply,
) -> Result<Reply, Lost> {
    let reply = lied.ask(request)?;
    // An empty cursor counts as none.
    let cursor = lied.asked(request).cursor;
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let names = lied.contract.paging().promises(Promise::CursorsNameItems);
    let Some(cursor) = cursor.filter(|_| names && !lied.is_wrong(request)) else {
        return Ok(reply);
    };
    let plain = lied.with_limit(&lied.with_cursor(request, None), None);
    if !lied.is_page(&lied.ask(&plain)?) {
        return Ok(reply);
    }
    let items = lied.whole(&plain)?.unwrap_or_default();
    let mut keys = items.iter().filter_map(|item| lied.contract.key(item));
    let known = keys.any(|key| key.eq_ignore_ascii_case(&cursor));
    Ok(if known { reply } else { otherwise(reply) })
}

/// A server whose numbers have gaps, and that counts hidden events.
pub(super) fn gaps(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    if !lied.contract.paging().promises(Promise::PlacesFilter) {
        return lied.ask(request);
    }
    let all = lied.ask(&lied.with_cursor(request, None))?;
    let latest = all.json().and_then(|body| lied.latest(&body));
    let reply = serve(lied, request, |items| {
        items.retain(|item| lied.numbers(std::slice::from_ref(item))[0] % 3 == 1);
    })?;
    Ok(match latest.filter(|_| lied.is_page(&reply)) {
        Some(latest) => edit_json(reply, |body| lied.go_as_far_as(body, latest.into())),
        None => reply,
    })
}

#[test]
fn a_timeline_may_grow_between_any_two_requests() {
    assert_eq!(blamed(growing, None), [""; 0]);
}

#[test]
fn a_timeline_may_grow_newest_first() {
    assert_eq!(
        blamed(growing_newest_first, Some(Promise::CursorsNameItems)),
        [""; 0]
    );
}

#[test]
fn an_unknown_cursor_may_be_answered_in_several_ways() {
    let answered: [Lie; 4] = [
        unknown_is_400,
        unknown_is_404,
        unknown_is_422,
        unknown_is_empty,
    ];
    for lie in answered {
        assert_eq!(blamed(lie, Some(Promise::CursorsNameItems)), [""; 0]);
    }
}

#[test]
fn numbers_may_have_gaps_and_the_latest_may_be_hidden() {
    assert_eq!(blamed(gaps, Some(Promise::PlacesFilter)), [""; 0]);
}

#[test]
fn keys_may_be_spelled_in_upper_case() {
    let upper: Lie = |lied, request| {
        let cursor = lied.asked(request).cursor;
        let request = match cursor {
            Some(cursor) => lied.with_cursor(request, Some(&cursor.to_ascii_lowercase())),
            None => request.clone(),
        };
        // The case varies. A UUID is the same in either case.
        lied.edit_served(&request, |items| {
            for item in items.iter_mut().filter(|_| lied.turn % 2 == 1) {
                let key = place(item, &lied.contract.pagination().key);
                *key = key.as_str().unwrap_or_default().to_uppercase().into();
            }
        })
    };
    assert_eq!(blamed(upper, Some(Promise::CursorsNameItems)), [""; 0]);
}
