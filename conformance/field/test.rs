//! The faults of the field: each is caught, and its twin spared, in a dialect of its own, and the deepest ones in all.

#[path = "field.rs"]
mod field;

use std::sync::atomic::{AtomicU64, Ordering};

use conformance::lie::{Lie, edit_json};
use conformance::{Budget, Finding, Liar, Lost, Options, Reply, Request, Subject, Verdict, judge};
use openapi::Contract;
use serde_json::Value;

use field::trial::{Seen, tried};
use field::{all, dialects, reports};

#[test]
fn each_fault_is_caught_and_its_twin_is_spared() {
    let (mut missed, mut blamed) = (Vec::new(), Vec::new());
    let mut requests = Vec::new();
    let faults = all();
    assert!(faults.len() >= 60, "{}", faults.len());
    for (number, fault) in faults.iter().enumerate() {
        assert!(!fault.report.is_empty(), "{}", fault.name);
        // Each fault is tried in one dialect that has it; `cargo xtask field` tries all.
        let count = dialects::ALL.len();
        let mut turn = (0..count).map(|step| dialects::ALL[(number + step) % count]);
        let trial = turn.find_map(|(name, document)| {
            let trial = tried(fault, document, 1);
            (trial.seen != Seen::NotThere).then_some((name, trial))
        });
        let (name, trial) = trial.expect("every fault fits a dialect");
        requests.extend(trial.requests);
        if trial.seen == Seen::Missed {
            missed.push(format!("{} in {name}", fault.name));
        }
        if !trial.blamed.is_empty() {
            blamed.push(format!(
                "the twin of {} in {name}: {:?}",
                fault.name, trial.blamed
            ));
        }
    }
    assert!(blamed.is_empty(), "{blamed:#?}");
    assert!(missed.len() * 20 <= faults.len(), "{missed:#?}");
    // A counterexample is read by a person.
    requests.sort_unstable();
    let median = requests.get(requests.len() / 2);
    assert!(median.is_some_and(|median| *median <= 5), "{requests:?}");
}

#[test]
fn sixty_faults_are_traced_to_a_kind_of_report() {
    let faults = all();
    for (name, seen) in reports::SEEN {
        assert!(faults.iter().any(|fault| fault.name == *name), "{name}");
        assert!(!seen.is_empty(), "{name}");
    }
    let traced = faults
        .iter()
        .filter(|fault| reports::seen(fault.name).is_some());
    assert!(traced.count() >= 60);
}

#[test]
fn faults_behind_tokens_do_not_depend_on_the_seed() {
    let (_, tokens) = dialects::ALL[1];
    for name in [
        "the limit is ignored behind a cursor",
        "no login behind a cursor",
        "a cursor decides whose items are shown",
        "a long list is empty",
        "the newest first",
        "the same page behind the third cursor",
        "two neighbours swapped in a long list",
    ] {
        let faults = all();
        let fault = faults
            .iter()
            .find(|fault| fault.name == name)
            .expect("it is one");
        for seed in 1..=3 {
            let trial = tried(fault, tokens, seed);
            assert!(
                matches!(trial.seen, Seen::Caught(..)),
                "{name}, seed {seed}: {trial:?}"
            );
        }
    }
}

/// A server whose lists end after a number of items, as at the window of a search engine.
struct Wall<S> {
    contract: Contract,
    most: i64,
    /// Whether it fails there, and does not silently end.
    fails: bool,
    honest: S,
    asked: AtomicU64,
}

impl<S: Subject> Subject for Wall<S> {
    fn base(&self) -> Option<&str> {
        self.honest.base()
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let reply = self.honest.send(request)?;
        let shown = |item: &Value| item["number"].as_i64().is_some_and(|one| one <= self.most);
        let body = reply.json().unwrap_or_default();
        let items = self.contract.items(&body).unwrap_or_default();
        if reply.status != 200 || items.iter().all(shown) {
            return Ok(reply);
        }
        if self.fails {
            return Ok(Reply {
                status: 500,
                ..reply
            });
        }
        // A liar knows how a page says that it is the last one. A header gives it the place of the wall.
        let lie: Lie = |lied, request| {
            let most = request.header("x-most").and_then(|most| most.parse().ok());
            let most: i64 = most.unwrap_or(i64::MAX);
            let reply = lied.ask(request)?;
            let body = reply.json().unwrap_or_default();
            let items = lied.contract.items(&body).unwrap_or_default().iter();
            let shown = items.filter(|item| item["number"].as_i64().is_some_and(|one| one <= most));
            let shown: Vec<_> = shown.cloned().collect();
            if shown.is_empty() {
                return Ok(lied.empty_page(request, reply));
            }
            Ok(edit_json(reply, |body| lied.fill(body, shown, false)))
        };
        let mut marked = request.clone();
        marked
            .headers
            .push(("x-most".to_owned(), self.most.to_string()));
        let honest = |_: &Request| -> Result<Reply, Lost> { Ok(reply.clone()) };
        Liar::new(self.contract.clone(), lie, honest).send(&marked)
    }
}

/// The verdict on a list of this length with a wall, in at most two hundred requests.
fn behind_a_wall(
    document: &str,
    items: u64,
    places: &[u64],
    most: i64,
    fails: bool,
) -> (Finding, u64) {
    let document = document.replace("maximum: 20", "maximum: 100");
    let world = format!(
        "owners: [{{ name: mia, token: token-of-mia-7f3a }}]
timelines:
  scans:
    life: {{ first: {{}}, steps: [{{}}] }}
    pace: {{ every: 5s }}
    jobs: [{{ id: deep, owner: mia, events: {items} }}]
"
    );
    let (contract, facts, honest) = dialects::mock_of(&document, &world, places);
    let server = Wall {
        contract: contract.clone(),
        most,
        fails,
        honest,
        asked: AtomicU64::new(0),
    };
    let options = Options {
        laws: vec!["declared-events-are-served".to_owned()],
        clock: dialects::clock,
        budget: Budget {
            requests: 200,
            ..Budget::default()
        },
        ..Options::default()
    };
    let mut judged = judge(&contract, &facts, &server, &options, &mut |_| {});
    (judged.findings.remove(0), server.asked.into_inner())
}

#[test]
fn a_wall_at_ten_thousand_of_twelve_thousand_is_found_within_two_hundred_requests() {
    for (name, document) in dialects::ALL {
        for fails in [false, true] {
            let (found, asked) = behind_a_wall(document, 12_000, &[], 10_000, fails);
            let is_broken = matches!(found.verdict, Verdict::Broken(_));
            assert!(is_broken, "{name}: {found:#?}");
            assert!(asked <= 200, "{name}: {asked} requests");
        }
        let (found, _) = behind_a_wall(document, 12_000, &[], i64::MAX, false);
        let is_upheld = matches!(found.verdict, Verdict::Upheld { .. });
        assert!(is_upheld, "{name}: {found:#?}");
    }
}

#[test]
fn a_wall_at_any_depth_of_a_million_is_found_where_the_judge_can_jump() {
    const ITEMS: u64 = 1_000_000;
    // Only the server makes cursors for keys and tokens. So the subject file names some.
    let places = [ITEMS / 2, ITEMS - 5];
    for (name, document) in dialects::ALL {
        for step in 1..=6_i64 {
            // Depths from all parts of the list.
            let most = (step * step * 27_449) % 999_999;
            let (found, asked) = behind_a_wall(document, ITEMS, &places, most, step % 2 == 0);
            let is_broken = matches!(found.verdict, Verdict::Broken(_));
            assert!(is_broken, "{name}, {most}: {found:#?}");
            assert!(asked <= 200, "{name}, {most}: {asked} requests");
        }
        let (found, _) = behind_a_wall(document, ITEMS, &places, i64::MAX, false);
        let is_upheld = matches!(found.verdict, Verdict::Upheld { .. });
        assert!(is_upheld, "{name}: {found:#?}");
        let notes = found.notes.iter();
        let looked = notes.filter(|note| note.contains("looked at event 1000000 of 1000000"));
        assert_eq!(looked.count(), 1, "{name}: {:?}", found.notes);
    }
}
