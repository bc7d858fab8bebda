//! What a page costs: beside the references, and at any depth.

use std::fs;
use std::process::Command;

use super::connection::Connection;
use super::process::cpu_seconds;
use super::world::{Longest, World};
use super::{Bench, SCHEMAS, Serving, made, start_made, table};
use crate::program::target;

/// Requests before anything is measured, so that caches are warm and pools have grown.
const WARM_UP: u32 = 2_000;

/// The mock in turns with the references, for the default page and for the longest one.
pub(super) fn compare(bench: &Bench, mock: &Serving, world: &World) -> Result<(), String> {
    let bounds = world.paged.contract.limit_bounds().unwrap_or_default();
    for limit in [bounds.default, bounds.maximum].into_iter().flatten() {
        let asked = Asked {
            request: world.paged.target(None, Some(limit)),
            token: &world.token,
            events: limit,
        };
        asked.compare(bench, mock, &["structs", "bytes"], bench.requests)?;
    }
    Ok(())
}

/// As [`compare`], for a page of a made document whose items lead to megabytes of schemas.
pub(super) fn compare_with_large_schemas(bench: &Bench) -> Result<(), String> {
    const BAR: f64 = 1.5;
    let mock = start_made("large-schemas", &made::large_schemas(SCHEMAS, 100))?;
    let asked = Asked {
        request: "/parts?limit=100".to_owned(),
        token: "",
        events: 100,
    };
    let requests = bench.requests / 25;
    let ratio = asked.compare(bench, &mock, &["values"], requests)?;
    table::bar(ratio, BAR);
    Ok(())
}

/// A request for a page.
struct Asked<'a> {
    request: String,
    token: &'a str,
    events: u64,
}

impl Asked<'_> {
    /// Measures the mock in turns with references of these kinds. Returns the mock's time beside the first one's.
    fn compare(
        &self,
        bench: &Bench,
        mock: &Serving,
        kinds: &[&str],
        requests: u32,
    ) -> Result<f64, String> {
        let mut page = Vec::new();
        self.open(mock)?
            .get(&self.request, &mut page)
            .map_err(lost)?;
        let file = target("xtask")?.join(format!("page-of-{}.json", self.events));
        fs::write(&file, &page).map_err(|error| format!("cannot write a page: {error}"))?;
        let reference = |kind: &&str| {
            let program = target("release")?.join("examples/reference_server");
            Serving::start(Command::new(program).arg(kind).arg(&file))
        };
        let references = kinds.iter().map(reference).collect::<Result<Vec<_>, _>>()?;
        let servers = references.iter().chain([mock]);
        let names = kinds.iter().map(|kind| match *kind {
            "structs" => "structs, written by serde_json",
            "values" => "ready values, written by serde_json",
            _ => "bytes, handed out",
        });
        let names = names.chain(["mock"]);
        let mut times: Vec<_> = names.map(|name| (name, Vec::new())).collect();
        for round in 0..=bench.rounds {
            for (server, (_, times)) in servers.clone().zip(&mut times) {
                let mut connection = self.open(server)?;
                let count = if round == 0 {
                    WARM_UP.min(requests)
                } else {
                    requests
                };
                let time = measured(server, count, || {
                    connection.count(&self.request).map(drop).map_err(lost)
                })?;
                times.extend((round > 0).then_some(time));
            }
        }
        let (events, bytes) = (self.events, page.len());
        let title = format!("a page of {events} events, {bytes} bytes");
        table::print(&format!("{title}: µs of CPU per request"), &times);
        let median =
            |place: Option<&(&str, Vec<f64>)>| table::median(&place.expect("the mock is one").1);
        Ok(median(times.last()) / median(times.first()))
    }

    fn open(&self, server: &Serving) -> Result<Connection, String> {
        Connection::open(&server.url, self.token).map_err(lost)
    }
}

/// Walking the longest timeline from its middle, in turns with walking it from its start.
pub(super) fn walk(bench: &Bench, mock: &Serving, world: &World) -> Result<(), String> {
    let longest = &world.paged;
    let bounds = longest.contract.limit_bounds().unwrap_or_default();
    let limit = bounds.maximum.unwrap_or(1);
    let mut connection = Connection::open(&mock.url, &world.token).map_err(lost)?;
    let from = |cursor: Option<String>| Walk {
        longest,
        limit,
        cursor,
        page: Vec::new(),
    };
    let mut middle = from(None);
    for _ in 0..longest.events / 2 / limit {
        middle.step(&mut connection)?;
    }
    let starts = [None, middle.cursor];
    let mut times = [
        ("from its start", Vec::new()),
        ("from its middle", Vec::new()),
    ];
    for _ in 0..bench.rounds {
        for (start, (_, times)) in starts.iter().zip(&mut times) {
            let mut walk = from(start.clone());
            times.push(measured(mock, bench.walk, || walk.step(&mut connection))?);
        }
    }
    let title = format!("walking {} events in pages of {limit}", longest.events);
    table::print(&format!("{title}: µs of CPU per page"), &times);
    Ok(())
}

/// A walk along a timeline, at the page behind `cursor`.
struct Walk<'a> {
    longest: &'a Longest,
    limit: u64,
    cursor: Option<String>,
    page: Vec<u8>,
}

impl Walk<'_> {
    fn step(&mut self, connection: &mut Connection) -> Result<(), String> {
        let cursor = self.cursor.as_deref();
        let request = self.longest.target(cursor, Some(self.limit));
        connection.get(&request, &mut self.page).map_err(lost)?;
        self.cursor = self.longest.next(&self.page);
        match self.cursor {
            Some(_) => Ok(()),
            None => Err(format!("{request}: no way on")),
        }
    }
}

/// Microseconds of a server's CPU for each of `count` requests.
fn measured(
    server: &Serving,
    count: u32,
    mut request: impl FnMut() -> Result<(), String>,
) -> Result<f64, String> {
    let before = cpu_seconds(server.id())?;
    for _ in 0..count {
        request()?;
    }
    Ok((cpu_seconds(server.id())? - before) * 1e6 / f64::from(count))
}

#[expect(clippy::needless_pass_by_value, reason = "called by `map_err`")]
fn lost(error: std::io::Error) -> String {
    format!("a server does not answer: {error}")
}
