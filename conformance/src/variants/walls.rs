//! Lists that end at a wall, as at the window of a search engine, although the subject file says that they are longer.
//!
//! To clients, such a list is one that is shorter. So the mock of a shorter list stands for it, in every dialect.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use fixtures::{Caller, ResourceCard, Scenario, Timeline, Wanted};
use mock_server::Mock;
use openapi::{Contract, Promise, Source};

use super::dialects::{ALL, mock_of, mock_said};
use super::{answers, requests};
use crate::testing::{NOW, ask, cursor_of_last};
use crate::{
    Budget, Facts, Finding, Hooks, Lost, Options, Reply, Request, Subject, Verdict, judge,
};

/// The greatest number of requests until a wall is found.
const MOST: u64 = 200;

/// A list of the room of a caller, with this number of events.
fn world(events: u64) -> Scenario {
    let text = format!(
        "owners: [{{ name: mia, token: token-of-mia-7f3a }}]
timelines:
  rooms:
    life: {{ first: {{}}, steps: [{{}}] }}
    pace: {{ every: 5s }}
    jobs: [{{ id: 0b9f2f6e-8b4b-4a53-9a64-1f4de8f5b1c1, owner: mia, events: {events} }}]
"
    );
    Scenario::read(Source::new("world.yaml", text)).unwrap()
}

/// The dialects and their documents, with pages of up to a hundred items.
fn documents() -> Vec<(&'static str, String)> {
    let names = ["token", "page", "body", "changes"];
    let usual = names.into_iter().zip(ALL);
    let all = usual.chain(requests::ALL).chain(answers::ALL);
    all.map(|(name, document)| (name, document.replace("maximum: 9", "maximum: 100")))
        .collect()
}

/// What is behind a wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Nothing: the list ends there.
    Nothing,
    /// A page with an item behind it fails.
    Failure,
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::UNIX_EPOCH + NOW
}

/// The only list of a mock.
fn list(mock: &Mock, contract: &Contract) -> Timeline {
    let card = mock.world().resources(now()).remove(0);
    let list = mock.timeline(contract, Caller::Anyone, Wanted::Id(&card.id), now());
    list.expect("the world has one list")
}

/// What a subject file says of a list: its length, and the cursors behind these numbers of events.
fn known(mock: &Mock, contract: &Contract, card: &ResourceCard, behind: &[u64]) -> String {
    let list = list(mock, contract);
    let places = behind.iter().filter_map(|behind| {
        let at = list.position(contract, *behind, None)?;
        let (_, cursor) = contract.paging().write(&at)?.into_iter().next()?;
        Some(format!("{{ behind: {behind}, cursor: '{cursor}' }}"))
    });
    let places = places.collect::<Vec<_>>().join(", ");
    format!("events: {}, places: [{places}]", card.events)
}

/// What a law finds of a server, and the number of requests that it took.
fn judged(contract: &Contract, facts: &Facts, server: &dyn Subject, law: &str) -> (Finding, u64) {
    let asked = AtomicU64::new(0);
    let counted = |request: &Request| {
        asked.fetch_add(1, Ordering::Relaxed);
        server.send(request)
    };
    let options = Options {
        laws: vec![law.to_owned()],
        clock: || SystemTime::UNIX_EPOCH + NOW,
        budget: Budget {
            requests: MOST,
            ..Budget::default()
        },
        ..Options::default()
    };
    let mut judged = judge(contract, facts, &counted, &options, &mut |_| {});
    (judged.findings.remove(0), asked.into_inner())
}

/// What the law finds of a list of `events`, of which the first `shown` are served, and the number of requests.
fn found(
    document: &str,
    events: u64,
    places: &[u64],
    shown: u64,
    behind: Behind,
) -> (Finding, u64) {
    let (contract, facts, whole) = mock_said(document, &world(events), &|mock, contract, card| {
        known(mock, contract, card, places)
    });
    let (_, _, short) = mock_of(document, &world(shown));
    let list = list(&whole, &contract);
    let is_behind = |key: &str| {
        let place = list.find(key).expect("the list has the item");
        let before = if list.is_newest_first() {
            events - 1 - place
        } else {
            place
        };
        before >= shown
    };
    let server = |request: &Request| -> Result<Reply, Lost> {
        if behind == Behind::Nothing {
            return ask(&short, request, now());
        }
        let mut reply = ask(&whole, request, now())?;
        let body = reply.json().unwrap_or_default();
        let items = contract.items(&body).unwrap_or_default().iter();
        let mut keys = items.filter_map(|item| contract.key(item));
        if keys.any(|key| is_behind(&key)) {
            reply.status = 500;
        }
        Ok(reply)
    };
    judged(&contract, &facts, &server, "declared-events-are-served")
}

#[test]
fn a_wall_at_ten_thousand_of_twelve_thousand_is_found_in_every_dialect() {
    for (name, document) in documents() {
        let mut kinds = vec![Behind::Nothing, Behind::Failure];
        // Items without keys cannot be told apart.
        kinds.truncate(if name == "keyless" { 1 } else { 2 });
        for behind in kinds {
            let (found, asked) = found(&document, 12_000, &[], 10_000, behind);
            let is_broken = matches!(found.verdict, Verdict::Broken(_));
            assert!(is_broken, "{name}, {behind:?}: {found:#?}");
            assert!(asked <= MOST, "{name}, {behind:?}: {asked} requests");
        }
        let (found, _) = found(&document, 12_000, &[], 12_000, Behind::Nothing);
        let is_upheld = matches!(found.verdict, Verdict::Upheld { .. });
        assert!(is_upheld, "{name}: {found:#?}");
    }
}

#[test]
fn a_wall_at_any_depth_of_a_million_is_found_in_every_dialect() {
    const EVENTS: u64 = 1_000_000;
    // Only the server makes tokens, and keys are not known before they are read. So the subject file names some.
    let places = [EVENTS / 2, EVENTS - 5];
    for (number, (name, document)) in (1..).zip(documents()) {
        let (honest, _) = found(&document, EVENTS, &places, EVENTS, Behind::Nothing);
        let is_upheld = matches!(honest.verdict, Verdict::Upheld { .. });
        assert!(is_upheld, "{name}: {honest:#?}");
        let reached = format!("looked at event {EVENTS} of {EVENTS}");
        let jumps = honest.notes.iter().any(|note| note.contains(&reached));
        assert!(jumps, "{name}: {:?}", honest.notes);
        let is_newest_first = document.contains("direction: descending");
        for step in 1..=2_u64 {
            // Depths from all parts of the list.
            let depth = (number * number * step * 274_493) % (EVENTS - 1) + 1;
            // A shorter list that begins with its newest item is another list, not the beginning of this one.
            let behind = if (step == 1 || is_newest_first) && name != "keyless" {
                Behind::Failure
            } else {
                Behind::Nothing
            };
            let (found, asked) = found(&document, EVENTS, &places, depth, behind);
            let is_broken = matches!(found.verdict, Verdict::Broken(_));
            assert!(is_broken, "{name}, {depth}: {found:#?}");
            assert!(asked <= MOST, "{name}, {depth}: {asked} requests");
        }
    }
}

#[test]
fn a_wall_is_found_behind_the_cursor_of_an_event_that_a_hook_added() {
    const LAW: &str = "added-events-lead-on";
    let mut judged_in = Vec::new();
    for (name, document) in documents() {
        let (contract, facts, whole) = mock_said(&document, &world(1_000_000), &|_, _, _| {
            "grows: true".to_owned()
        });
        if !contract.paging().promises(Promise::RequestsNamePlaces) {
            continue;
        }
        let whole = Arc::new(whole);
        let (adding, timeline) = (Arc::clone(&whole), contract.name());
        let hooks = Hooks::default().on_append_named(move |id| {
            let added = adding.append(&timeline, id, None, now());
            added.map_err(|error| Lost::new(format!("{error:?}")))?;
            cursor_of_last(&adding, id, now()).ok_or_else(|| Lost::new("no cursor"))
        });
        let facts = facts.with_hooks(hooks);
        let honest = |request: &Request| ask(&whole, request, now());
        let (upheld, asked) = judged(&contract, &facts, &honest, LAW);
        if matches!(upheld.verdict, Verdict::NotInForce { .. }) {
            continue;
        }
        let is_upheld = matches!(upheld.verdict, Verdict::Upheld { .. });
        assert!(is_upheld, "{name}: {upheld:#?}");
        assert!(asked <= MOST, "{name}: {asked} requests");
        let (_, _, short) = mock_of(&document, &world(10_000));
        let wall = |request: &Request| ask(&short, request, now());
        let (broken, asked) = judged(&contract, &facts, &wall, LAW);
        let is_broken = matches!(broken.verdict, Verdict::Broken(_));
        assert!(is_broken, "{name}: {broken:#?}");
        assert!(asked <= MOST, "{name}: {asked} requests");
        judged_in.push(name);
    }
    insta::assert_snapshot!(judged_in.join(", "));
}
