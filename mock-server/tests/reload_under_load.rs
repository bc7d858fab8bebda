//! Edits while requests are answered, half of them broken, and a machine's clock that jumps: no answer is wrong.
//!
//! `RELOADS=1000 cargo nextest run -p mock-server --test reload_under_load` edits a thousand times beside a hundred thousand
//! requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::thread::{self, ScopedJoinHandle};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use fixtures::Scenario;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim};
use openapi::{Document, Problem, Source};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const JOB: &str = "/v1/jobs/01JADA00000000000000000012/events";

/// The number of clients at the same time.
const CLIENTS: usize = 4;

/// The number of edits.
fn edits() -> u64 {
    let edits = std::env::var("RELOADS").ok();
    edits.map_or(60, |edits| edits.parse().unwrap())
}

/// The number of requests that are answered meanwhile, at least.
fn requests() -> u64 {
    edits() * 100
}

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// The edit with this number. Every other one is broken: its document, its overlay, or its scenario in turn.
fn edited(number: u64) -> Result<Plan, Problem> {
    let broken = |part: u64| number % 2 == 1 && number / 2 % 3 == part;
    let folder = format!("{}/../openapi", env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
    let mut document = read("documents/job-timeline.yaml");
    if broken(0) {
        document.truncate(document.len() / 2);
    }
    let mut overlay = read("overlays/job-timeline.overlay.yaml");
    if broken(1) {
        overlay = overlay.replace("style: since", "style: sense");
    }
    let events = if broken(2) {
        "many".to_owned()
    } else {
        number.to_string()
    };
    let world = format!(
        "like: default\nowners:\n  - {{ name: ada, token: token-of-ada }}\ntimelines:\n  job-timeline:\n    jobs:\n      - {{ id: 01JADA00000000000000000012, owner: ada, events: {events} }}\n"
    );
    let overlay = Source::new("job-timeline.overlay.yaml", overlay);
    let document = Document::read(Source::new("job-timeline.yaml", document), &[overlay])?;
    let scenario = Scenario::read(Source::new("world.yaml", world))?;
    Plan::of(&[document], scenario, 1, now())
}

/// Status and body of a page.
fn page(runtime: &Runtime, router: &Router) -> (StatusCode, Value) {
    let request = Request::get(JOB).header("authorization", "Bearer token-of-ada");
    let request = request.body(Body::empty()).unwrap();
    runtime.block_on(async {
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    })
}

#[test]
fn each_answer_comes_from_one_world_that_was_served_meanwhile() {
    let mock = Arc::new(Mock::new(edited(0).unwrap()).unwrap());
    let rim = Rim::new(mock, Clock::new(Arc::new(now)));
    let router = rim.clone().router();
    // The edit that is surely served, and the one that may be.
    let (served, tried) = (AtomicU64::new(0), AtomicU64::new(0));
    let ended = AtomicBool::new(false);
    let answered = AtomicU64::new(0);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let runtime = Runtime::new().unwrap();
                    while !ended.load(Ordering::SeqCst) {
                        let least = served.load(Ordering::SeqCst);
                        let (status, page) = page(&runtime, &router);
                        let most = tried.load(Ordering::SeqCst);
                        assert_eq!(status, 200, "{page}");
                        let events = page["events"].as_array().unwrap().len() as u64;
                        assert!(
                            (least..=most).contains(&events),
                            "{least}, {events}, {most}"
                        );
                        assert_eq!(events % 2, 0, "a broken edit is served");
                        answered.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        let _ended = Ended(&ended);
        for number in 1..=edits() {
            // Requests come between all edits, and not only between the first ones.
            let enough = requests() / edits() * (number - 1);
            while answered.load(Ordering::SeqCst) < enough
                && !clients.iter().any(ScopedJoinHandle::is_finished)
            {
                thread::yield_now();
            }
            tried.store(number, Ordering::SeqCst);
            let plan = edited(number);
            assert_eq!(
                plan.is_err() || number % 2 == 0,
                rim.reload(plan).is_ok() || number % 2 == 1
            );
            if number % 2 == 0 {
                served.store(number, Ordering::SeqCst);
            }
        }
        while answered.load(Ordering::SeqCst) < requests()
            && !clients.iter().any(ScopedJoinHandle::is_finished)
        {
            thread::yield_now();
        }
        ended.store(true, Ordering::SeqCst);
        for client in clients {
            client.join().unwrap();
        }
    });
    let answered = answered.into_inner();
    assert!(answered >= requests(), "{answered} requests");
}

/// Ends the clients, also if an edit fails.
struct Ended<'e>(&'e AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_machine_clock_that_jumps_gives_the_answers_of_its_moments() {
    const LIVE: &str = "/v1/jobs/01JADA0000000000000000FEED/events";
    let seconds = Arc::new(AtomicI64::new(now().as_second()));
    let clock = {
        let seconds = Arc::clone(&seconds);
        Clock::new(Arc::new(move || {
            Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap()
        }))
    };
    let epoch = now();
    let served = Rim::new(Arc::new(Mock::bundled(1, epoch).unwrap()), clock).router();
    let runtime = Runtime::new().unwrap();
    let (year, start) = (366 * 24 * 3600, epoch.as_second());
    // A list that grows and comes whole would be very long after a leap of years ahead.
    let far = [Timestamp::MIN.as_second()];
    let near = [0, 1, -1, 60, -60, 3600, -3600, -year, 0];
    for moment in near
        .map(|jump| start + jump)
        .into_iter()
        .chain(far)
        .chain([start])
    {
        seconds.store(moment, Ordering::SeqCst);
        let at = Timestamp::from_second(moment).unwrap();
        let steady = Rim::new(
            Arc::new(Mock::bundled(1, epoch).unwrap()),
            Clock::new(Arc::new(move || at)),
        );
        let answer = |router: &Router, target: &str| {
            let request = Request::get(target).header("authorization", "Bearer token-of-ada");
            let request = request.body(Body::empty()).unwrap();
            runtime.block_on(async {
                let answer = router.clone().oneshot(request).await.unwrap();
                let status = answer.status();
                (
                    status,
                    answer.into_body().collect().await.unwrap().to_bytes(),
                )
            })
        };
        let steady = steady.router();
        for target in [LIVE, "/__mock/jobs"] {
            let found = answer(&served, target);
            assert!(found.0.as_u16() < 500, "{target} at {at}");
            assert_eq!(found, answer(&steady, target), "{target} at {at}");
        }
    }
}
