//! Growth while clients poll: each client sees each event once, however fast events are added.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

use bytes::Bytes;
use fixtures::{Caller, Wanted};
use http::Request;
use jiff::{SignedDuration, Timestamp};
use mock_server::{Body, Mock, answer};
use openapi::Contract;
use serde_json::Value;

const WRITERS: usize = 4;
const EACH: usize = 60;

fn epoch() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// A clock that advances with every read, so that threads read different moments.
fn clock(looks: &AtomicI64) -> Timestamp {
    epoch() + SignedDuration::from_millis(looks.fetch_add(37, Ordering::SeqCst))
}

fn page(mock: &Mock, path: &str, now: Timestamp) -> Value {
    let request = Request::get(path).header("authorization", "Bearer token-of-ada");
    let answer = answer(mock, &request.body(Bytes::new()).unwrap(), now);
    assert_eq!(answer.status, 200, "{path}");
    serde_json::from_slice(&answer.into_bytes()).unwrap()
}

/// Polls once after `cursor`, and returns the keys of the page.
fn poll(
    mock: &Mock,
    contract: &Contract,
    id: &str,
    cursor: Option<&String>,
    now: Timestamp,
) -> Vec<String> {
    let path = contract.operation().path.expand(|_| id.to_owned());
    let name = &contract.paging().place().name;
    let query = cursor.map_or(String::new(), |cursor| format!("?{name}={cursor}"));
    let body = page(mock, &format!("{path}{query}"), now);
    let items = contract.items(&body).unwrap();
    items
        .iter()
        .map(|item| contract.key(item).unwrap())
        .collect()
}

fn everything(mock: &Mock, contract: &Contract, id: &str, now: Timestamp) -> Vec<String> {
    let mut keys = Vec::new();
    loop {
        let more = poll(mock, contract, id, keys.last(), now);
        if more.is_empty() {
            return keys;
        }
        keys.extend(more);
    }
}

#[test]
fn nothing_appears_before_a_cursor_that_a_client_has() {
    let mock = Arc::new(Mock::bundled(1, epoch()).unwrap());
    for contract in mock.contracts() {
        let jobs = mock.resources(epoch()).into_iter();
        let mut running =
            jobs.filter(|job| job.contract == contract.name() && job.note == "running");
        let id = running.next().unwrap().id;
        let looks = AtomicI64::new(0);
        let seen: Vec<Vec<String>> = thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| {
                    for _ in 0..EACH {
                        // The moment is read before the lock is taken, so another thread may be faster.
                        let now = clock(&looks);
                        thread::yield_now();
                        mock.append(&contract.name(), &id, None, now).unwrap();
                    }
                });
            }
            let pollers: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| {
                        let mut keys: Vec<String> = Vec::new();
                        for _ in 0..EACH * 2 {
                            let now = clock(&looks);
                            keys.extend(poll(&mock, contract, &id, keys.last(), now));
                        }
                        keys
                    })
                })
                .collect();
            let seen = pollers.into_iter().map(|poller| poller.join().unwrap());
            seen.collect()
        });
        let all = everything(&mock, contract, &id, clock(&looks));
        let distinct: BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert!(all.len() >= WRITERS * EACH);
        for keys in seen {
            assert_eq!(keys[..], all[..keys.len()], "{}", contract.name());
        }
    }
}

#[test]
fn a_deleted_job_is_as_if_it_had_never_been() {
    let mock = Mock::bundled(1, epoch()).unwrap();
    let contract = mock.contracts().next().unwrap().clone();
    let jobs = mock.resources(epoch());
    let job = jobs
        .iter()
        .find(|job| job.contract == contract.name())
        .unwrap();
    mock.delete(&job.contract, &job.id).unwrap();
    assert!(!mock.resources(epoch()).contains(job));
    assert!(
        mock.timeline(&contract, Caller::Anyone, Wanted::Id(&job.id), epoch())
            .is_none()
    );
    mock.reset();
    assert_eq!(mock.resources(epoch()), jobs);
}

/// The page of a running job whose list comes whole. It is written while it is sent.
fn streamed(mock: &Mock, now: Timestamp) -> fixtures::Page {
    const RUNNING: &str = "/v1/jobs/01JADA0000000000000000FEED/events";
    let request = Request::get(RUNNING).header("authorization", "Bearer token-of-ada");
    let answer = answer(mock, &request.body(Bytes::new()).unwrap(), now);
    assert_eq!(answer.status, 200);
    match answer.body {
        Body::Stream(page) => *page,
        Body::Whole(_) => panic!("a long page is whole in memory"),
    }
}

#[test]
fn a_list_that_comes_whole_stops_growing_and_is_never_whole_in_memory() {
    const MOST: u64 = 1_000_000;
    let mock = Mock::bundled(1, epoch()).unwrap();
    let end: Timestamp = "9999-01-01T00:00:00Z".parse().unwrap();
    let year = SignedDuration::from_hours(24 * 366);
    for now in [epoch() + year * 20, end] {
        let page = streamed(&mock, now);
        assert_eq!((page.len(), page.more()), (MOST, false));
        let chunks: Vec<_> = page.take(50).map(|chunk| chunk.len()).collect();
        assert_eq!(chunks.len(), 50);
        assert!(
            chunks.iter().all(|length| *length < 64 * 1024),
            "{chunks:?}"
        );
    }
    // The control path says that it does not grow.
    let jobs = mock.resources(end);
    let running = |contract: &str| {
        let mut jobs = jobs
            .iter()
            .filter(|job| job.contract == contract && job.note == "running");
        jobs.next().unwrap()
    };
    assert!(!running("job-timeline").grows);
    // A list with short pages grows on, because a page of it costs the same at any length.
    let paged = running("wandb-training");
    assert!(paged.grows && paged.events > MOST, "{paged:?}");
}
