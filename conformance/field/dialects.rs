//! The dialects in which faults are tried: a small document each, the mock of it, and what a subject file says.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use conformance::{Facts, Lost, Reply, Request, Subject};
use fixtures::{Caller, Scenario, Wanted};
use openapi::{Contract, Document, Source};

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
pub(crate) fn mock(document: &str) -> (Contract, Facts, impl Subject + use<>) {
    mock_of(document, include_str!("dialects/world.yaml"), &[])
}

/// As [`mock`], with the lists of this world. The subject file names cursors behind these numbers of events.
pub(crate) fn mock_of(
    document: &str,
    world: &str,
    behind: &[u64],
) -> (Contract, Facts, impl Subject + use<>) {
    let document = Document::read(Source::new("api.yaml", document), &[]).expect("ours");
    let world = Source::new("world.yaml", world);
    let world = Scenario::read(world).expect("ours");
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
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
        let (id, owner, events) = (&card.id, &card.owner, card.events);
        let _ = writeln!(
            file,
            "    - {{ id: {id}, owner: {owner}, events: {events}, places: [{places}] }}"
        );
    }
    let file = Source::new("subject.yaml", file);
    let (contract, facts) = Facts::of(&[document], &file).expect("ours").remove(0);
    (contract, facts, Mock { mock, now })
}

/// The mock, with an address.
struct Mock {
    mock: mock_server::Mock,
    now: jiff::Timestamp,
}

impl Subject for Mock {
    fn base(&self) -> Option<&str> {
        Some("http://127.0.0.1:4010/")
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        ask(&self.mock, request, self.now)
    }
}

fn ask(mock: &mock_server::Mock, request: &Request, now: jiff::Timestamp) -> Result<Reply, Lost> {
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
