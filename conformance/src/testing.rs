//! Tools for the laws' own tests, with the mock as the honest server.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use fixtures::{Caller, Wanted};
use openapi::{Contract, Document, Source};

use crate::lock::lock;
use crate::{
    Counterexample, Facts, Hooks, Law, Liar, Lost, Notice, Options, Reply, Request, Subject,
    Verdict, judge,
};

/// The time of the stopped clocks of mock and judge: the start of 2026, in seconds since 1970.
pub(crate) const NOW: Duration = Duration::from_hours(24 * 20_454);

/// The contracts of the bundled documents, with the facts about the mock's default world.
pub(crate) fn contracts() -> Vec<(Contract, Facts)> {
    let documents = Document::bundled().unwrap();
    let contracts: Vec<_> = documents
        .iter()
        .flat_map(|document| document.contracts().unwrap())
        .collect();
    let file = Source::new(
        "default-world.yaml",
        include_str!("../subjects/default-world.yaml"),
    );
    let facts = Facts::read(&file, &contracts, |_| None).unwrap();
    let with_gallery = |(contract, facts): (Contract, Facts)| {
        let hooks = facts.hooks().clone().on_open(|url| Ok(gallery(url)));
        (contract, facts.with_hooks(hooks))
    };
    facts.into_iter().map(with_gallery).collect()
}

/// Answers the artifacts' URLs: with an image, if the URL is one of those that are served.
fn gallery(url: &str) -> Reply {
    let stem = url.split_once('?').map(|(stem, _)| stem);
    let shown = stem.and_then(|stem| stem.rsplit('.').next()) == Some("png");
    let mut headers = http::HeaderMap::new();
    let png = http::HeaderValue::from_static("image/png");
    headers.insert(http::header::CONTENT_TYPE, png);
    Reply {
        status: if shown { 200 } else { 404 },
        headers,
        body: bytes::Bytes::new(),
    }
}

/// The mock, in process, with its clock stopped.
pub(crate) fn honest() -> impl Subject {
    living(Duration::ZERO)
}

/// The mock, in process. Its clock moves by `step` with each request, so some timelines grow.
pub(crate) fn living(step: Duration) -> impl Subject {
    let epoch = jiff::Timestamp::UNIX_EPOCH + NOW;
    let mock = mock_server::Mock::bundled(1, epoch).unwrap();
    let asked_before = AtomicU32::new(0);
    move |request: &Request| {
        ask(
            &mock,
            request,
            epoch + step * asked_before.fetch_add(1, Ordering::Relaxed),
        )
    }
}

/// The mock, in process. A hook moves its clock on until a live timeline has one more event.
///
/// It reads events for each answer with a page.
pub(crate) fn hooked(hooks: &Hooks) -> (impl Subject + use<>, Hooks) {
    hooked_late(hooks, 0)
}

/// As [`hooked`], where the hook also names the cursor behind the event.
pub(crate) fn hooked_naming(hooks: &Hooks) -> (impl Subject + use<>, Hooks) {
    hooked_as(hooks, 0, true)
}

/// As [`hooked`], but an event shows only after so many more requests, as behind a replica.
pub(crate) fn hooked_late(hooks: &Hooks, lag: usize) -> (impl Subject + use<>, Hooks) {
    hooked_as(hooks, lag, false)
}

fn hooked_as(hooks: &Hooks, lag: usize, names: bool) -> (impl Subject + use<>, Hooks) {
    let epoch = jiff::Timestamp::UNIX_EPOCH + NOW;
    let mock = Arc::new(mock_server::Mock::bundled(1, epoch).unwrap());
    let clock = Arc::new(Mutex::new(epoch));
    // The clock as the last requests saw it.
    let seen = Mutex::new(VecDeque::from(vec![epoch; lag]));
    let reads = Arc::new(AtomicU64::new(0));
    let hooks = {
        let (mock, clock, reads) = (Arc::clone(&mock), Arc::clone(&clock), Arc::clone(&reads));
        let append = move |id: &str| {
            let mut now = lock(&clock);
            let length = |now| {
                mock.world()
                    .resources(now)
                    .into_iter()
                    .find(|job| job.id == id)
                    .map(|job| job.events)
            };
            let before = length(*now);
            while length(*now) == before {
                *now += Duration::from_millis(500);
            }
            cursor_of_last(&mock, id, *now)
                .ok_or_else(|| Lost::new("the list names no cursor behind its last event"))
        };
        let count = move || Ok(reads.load(Ordering::Relaxed));
        let hooks = if names {
            hooks.clone().on_append_named(append)
        } else {
            hooks.clone().on_append(move |id| append(id).map(drop))
        };
        hooks.on_reads(count).on_hide(|_, _| Ok(()))
    };
    let subject = move |request: &Request| {
        let now = {
            let mut seen = lock(&seen);
            seen.push_back(*lock(&clock));
            seen.pop_front().expect("a time was just added")
        };
        let reply = ask(&mock, request, now)?;
        reads.fetch_add(u64::from(reply.status == 200), Ordering::Relaxed);
        Ok(reply)
    };
    (subject, hooks)
}

/// The cursor behind the last event of a resource's list.
pub(crate) fn cursor_of_last(
    mock: &mock_server::Mock,
    id: &str,
    now: jiff::Timestamp,
) -> Option<String> {
    mock.contracts().find_map(|contract| {
        let list = mock.timeline(contract, Caller::Anyone, Wanted::Id(id), now)?;
        let at = list.position(contract, list.len(), None)?;
        let written = contract.paging().write(&at)?;
        written.into_iter().next().map(|(_, cursor)| cursor)
    })
}

pub(crate) fn ask(
    mock: &mock_server::Mock,
    request: &Request,
    now: jiff::Timestamp,
) -> Result<Reply, Lost> {
    let mut asked = http::Request::builder()
        .method(request.method.as_str())
        .uri(&request.target);
    for (name, value) in &request.headers {
        asked = asked.header(name, value);
    }
    let asked = asked.body(request.body.clone());
    let asked = asked.map_err(|error| Lost::new(error.to_string()))?;
    let answer = mock_server::answer(mock, &asked, now);
    let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
    Ok(Reply {
        status,
        headers,
        body: answer.into_bytes(),
    })
}

/// Judges `subject` by one law.
pub(crate) fn verdict(
    law: &Law,
    contract: &Contract,
    facts: &Facts,
    subject: &dyn Subject,
) -> Verdict {
    let options = Options {
        laws: vec![law.id.to_owned()],
        clock: || SystemTime::UNIX_EPOCH + NOW,
        ..Options::default()
    };
    let mut judgement = judge(contract, facts, subject, &options, &mut |_: Notice<'_>| {});
    judgement.findings.remove(0).verdict
}

/// Proves a law: for every contract with the law in force, the mock upholds it and its liar is caught.
///
/// Returns the counterexamples, for a snapshot.
pub(crate) fn caught(law: &'static Law) -> String {
    caught_with(law, hooked)
}

/// As [`caught`], with other hooks of the mock.
pub(crate) fn caught_with<S: Subject>(
    law: &'static Law,
    server: impl Fn(&Hooks) -> (S, Hooks),
) -> String {
    let mut text = String::new();
    for (contract, facts) in contracts() {
        let (honest, hooks) = server(facts.hooks());
        let facts = facts.with_hooks(hooks);
        match verdict(law, &contract, &facts, &honest) {
            Verdict::Upheld { .. } => {}
            Verdict::NotInForce { .. } => continue,
            other => panic!(
                "the mock does not uphold {} of {}: {other:#?}",
                law.id,
                contract.name()
            ),
        }
        let liar = Liar::new(contract.clone(), law.lie, honest);
        match verdict(law, &contract, &facts, &liar) {
            Verdict::Broken(found) => text += &described(&contract, &found),
            other => panic!(
                "the liar about {} of {} is not caught: {other:#?}",
                law.id,
                contract.name()
            ),
        }
    }
    assert!(!text.is_empty(), "{} is in force for no contract", law.id);
    text
}

/// Proves a tolerance: a server that answers as `correct` does breaks nothing.
pub(crate) fn tolerated(
    law: &Law,
    correct: impl Fn(&Contract, &dyn Subject, &Request) -> Result<Reply, Lost> + Send + Sync,
) {
    for (contract, facts) in contracts() {
        let honest = honest();
        let subject = |request: &Request| correct(&contract, &honest, request);
        let found = verdict(law, &contract, &facts, &subject);
        assert!(
            !matches!(found, Verdict::Broken(_) | Verdict::Unreachable { .. }),
            "a correct server of {} breaks {}: {found:#?}",
            contract.name(),
            law.id
        );
    }
}

pub(crate) fn described(contract: &Contract, found: &Counterexample) -> String {
    let mut text = format!("{}: {}\n", contract.name(), found.case);
    let _ = writeln!(
        text,
        "  expected {}\n  actual   {}",
        found.breach.expected, found.breach.actual
    );
    for exchange in &found.exchanges {
        let Request { method, target, .. } = &exchange.request;
        let _ = writeln!(text, "  {method} {target} -> {}", exchange.reply.status);
    }
    text
}
