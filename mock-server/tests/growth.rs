//! Growth while clients poll: each client sees each event once, however fast events are added.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

use bytes::Bytes;
use fixtures::{Caller, Wanted};
use http::Request;
use jiff::{SignedDuration, Timestamp};
use mock_server::{Mock, answer};
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
    mock.delete(&job.contract, &job.id, epoch()).unwrap();
    assert!(!mock.resources(epoch()).contains(job));
    assert!(
        mock.timeline(&contract, Caller::Anyone, Wanted::Id(&job.id), epoch())
            .is_none()
    );
    mock.reset();
    assert_eq!(mock.resources(epoch()), jobs);
}
