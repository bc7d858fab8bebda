//! The dialects in which faults are tried: a small document each, the mock of it, and what a subject file says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use conformance::lie::edit_json;
use conformance::{Facts, Hooks, Lost, Reply, Request, Subject};
use fixtures::{Caller, Scenario, Wanted};
use jiff::Timestamp;
use openapi::{Contract, Document, Promise, Source};
use serde_json::Value;

/// The start of 2026, in seconds since 1970: the time of the stopped clocks of mock and judge.
const NOW: Duration = Duration::from_hours(24 * 20_454);

/// The names of the dialects, and their documents.
pub(crate) const ALL: [(&str, &str); 5] = [
    ("keys", include_str!("dialects/keys.yaml")),
    ("tokens", include_str!("dialects/tokens.yaml")),
    ("offsets", include_str!("dialects/offsets.yaml")),
    ("pages", include_str!("dialects/pages.yaml")),
    ("numbers", include_str!("dialects/numbers.yaml")),
];

/// The clock of the judge.
pub(crate) fn clock() -> SystemTime {
    SystemTime::UNIX_EPOCH + NOW
}

/// The contract of a dialect, the facts about its mock, and the mock.
pub(crate) fn mock(document: &str) -> (Contract, Facts, Mock) {
    mock_of(document, include_str!("dialects/world.yaml"), &[])
}

/// The document with a time in each item, and with a parameter that filters.
pub(crate) fn wide(document: &str) -> String {
    let carrier = "{ type: string, enum: [air, sea] }";
    let view = "        - { name: view,";
    let filter = format!("        - {{ name: carrier, in: query, schema: {carrier} }}\n{view}");
    let station = "        station: { type: string }\n";
    let time = "created_at: { type: string, format: date-time }";
    let more = format!("{station}        carrier: {carrier}\n        {time}\n");
    let required = "required: [id, number, station]";
    let wide = document
        .replace(view, &filter)
        .replace(station, &more)
        .replace(
            required,
            "required: [id, number, station, carrier, created_at]",
        );
    assert!(wide.contains(&filter) && wide.contains(&more), "{wide}");
    wide
}

/// As [`mock`], with a list to which hooks add items, and of which they change some.
pub(crate) fn changing(document: &str) -> (Contract, Facts, Mock) {
    let (contract, facts, mock) = mock_of(document, include_str!("dialects/live.yaml"), &[]);
    let hooks = mock.hooks();
    (contract, facts.with_hooks(hooks), mock)
}

/// As [`mock`], with the lists of this world. The subject file names cursors behind these numbers of events.
pub(crate) fn mock_of(document: &str, world: &str, behind: &[u64]) -> (Contract, Facts, Mock) {
    let document = Document::read(Source::new("api.yaml", document), &[]).expect("ours");
    let world = Source::new("world.yaml", world);
    let world = Scenario::read(world).expect("ours");
    let now = Timestamp::UNIX_EPOCH + NOW;
    let documents = std::slice::from_ref(&document);
    let plan = mock_server::Plan::of(documents, world, 1, now).expect("ours");
    let mock = mock_server::Mock::new(plan).expect("ours");
    let mut file = "callers:\n".to_owned();
    for (owner, token) in mock.world().owners() {
        let _ = writeln!(file, "  {owner}: {{ token: {token} }}");
    }
    file += "timelines:\n  scans:\n";
    for card in mock.world().resources(now) {
        let places = behind.iter().filter_map(|behind| {
            let contract = mock.contracts().next()?;
            let wanted = Wanted::Id(&card.id);
            let list = mock.timeline(contract, Caller::Anyone, wanted, now)?;
            let at = list.position(contract, *behind, None)?;
            let (_, cursor) = contract.paging().write(&at)?.into_iter().next()?;
            Some(format!("{{ behind: {behind}, cursor: '{cursor}' }}"))
        });
        let places = places.collect::<Vec<_>>().join(", ");
        let (id, owner) = (&card.id, &card.owner);
        let length = if id == LIVE {
            "grows: true".to_owned()
        } else {
            format!("events: {}, places: [{places}]", card.events)
        };
        let _ = writeln!(file, "    - {{ id: {id}, owner: {owner}, {length} }}");
    }
    let file = Source::new("subject.yaml", file);
    let (contract, facts) = Facts::of(&[document], &file).expect("ours").remove(0);
    let mock = Mock {
        served: Arc::new(mock),
        contract: contract.clone(),
        state: Arc::new(Mutex::new(State {
            now,
            moved: BTreeSet::new(),
        })),
    };
    (contract, facts, mock)
}

/// The list that hooks change.
const LIVE: &str = "parcel-live";

/// The station of an item that a hook changed.
pub(crate) const MOVED: &str = "moved on";

/// The mock, with an address.
pub(crate) struct Mock {
    served: Arc<mock_server::Mock>,
    contract: Contract,
    state: Arc<Mutex<State>>,
}

/// What hooks have changed.
struct State {
    /// The mock's clock. Each item that a hook adds moves it on a little.
    now: Timestamp,
    /// The keys of items that are at another station now.
    moved: BTreeSet<String>,
}

impl Mock {
    /// Hooks that add an item, and that change the station of one.
    fn hooks(&self) -> Hooks {
        const STEP: Duration = Duration::from_millis(10);
        let (mock, state) = (Arc::clone(&self.served), Arc::clone(&self.state));
        let moving = Arc::clone(&self.state);
        let timeline = self.contract.name();
        let contract = self.contract.clone();
        let add = move |id: &str| {
            let mut state = lock(&state);
            state.now += STEP;
            let list = mock.append(&timeline, id, None, state.now);
            list.map_err(|error| Lost::new(format!("{error:?}")))
        };
        // The number of a page is no place behind an item.
        let hooks = if contract.paging().promises(Promise::PagesAreNumbered) {
            Hooks::default().on_append(move |id| add(id).map(drop))
        } else {
            Hooks::default().on_append_named(move |id| {
                let list = add(id)?;
                let at = list.position(&contract, list.len(), None);
                let written = at.and_then(|at| contract.paging().write(&at));
                let cursor = written.and_then(|written| Some(written.into_iter().next()?.1));
                cursor.ok_or_else(|| Lost::new("the list names no cursor behind its last item"))
            })
        };
        hooks.on_change(move |_, key| {
            lock(&moving).moved.insert(key.to_owned());
            Ok(())
        })
    }
}

impl Subject for Mock {
    fn base(&self) -> Option<&str> {
        Some("http://127.0.0.1:4010/")
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        let state = lock(&self.state);
        let reply = ask(&self.served, request, state.now)?;
        if state.moved.is_empty() {
            return Ok(reply);
        }
        Ok(edit_json(reply, |body| {
            let list = body.get_mut("scans").and_then(Value::as_array_mut);
            for item in list.into_iter().flatten() {
                let key = self.contract.key(item);
                if key.is_some_and(|key| state.moved.contains(&key)) {
                    item["station"] = MOVED.into();
                }
            }
        }))
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ask(mock: &mock_server::Mock, request: &Request, now: Timestamp) -> Result<Reply, Lost> {
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
    let body = answer.into_bytes();
    Ok(Reply {
        status,
        headers,
        body,
    })
}
