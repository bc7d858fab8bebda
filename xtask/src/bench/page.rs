//! What a page costs: beside the references, and at any depth.

use std::fs;
use std::process::Command;

use super::connection::Connection;
use super::process::cpu_seconds;
use super::table;
use super::world::{Longest, World};
use super::{Bench, Serving};
use crate::program::target;

/// Requests before anything is measured, so that caches are warm and pools have grown.
const WARM_UP: u32 = 2_000;

/// The mock in turns with the references, for the default page and for the longest one.
pub(super) fn compare(bench: &Bench, mock: &Serving, world: &World) -> Result<(), String> {
    let bounds = world.paged.contract.limit_bounds().unwrap_or_default();
    for limit in [bounds.default, bounds.maximum].into_iter().flatten() {
        let request = world.paged.target(None, Some(limit));
        let mut page = Vec::new();
        open(mock, world)?.get(&request, &mut page).map_err(lost)?;
        let file = target("xtask")?.join(format!("page-of-{limit}.json"));
        fs::write(&file, &page).map_err(|error| format!("cannot write a page: {error}"))?;
        let reference = |kind: &str| {
            let program = target("release")?.join("examples/reference_server");
            Serving::start(Command::new(program).arg(kind).arg(&file))
        };
        let (bytes, structs) = (reference("bytes")?, reference("structs")?);
        let servers = [&structs, &bytes, mock];
        let mut times = [
            ("structs, written by serde_json", Vec::new()),
            ("bytes, handed out", Vec::new()),
            ("mock", Vec::new()),
        ];
        for round in 0..=bench.rounds {
            for (server, (_, times)) in servers.iter().zip(&mut times) {
                let mut connection = open(server, world)?;
                let count = if round == 0 { WARM_UP } else { bench.requests };
                let time = measured(server, count, || {
                    connection.count(&request).map(drop).map_err(lost)
                })?;
                times.extend((round > 0).then_some(time));
            }
        }
        let title = format!("a page of {limit} events, {} bytes", page.len());
        table::print(&format!("{title}: µs of CPU per request"), &times);
    }
    Ok(())
}

/// Walking the longest timeline from its middle, in turns with walking it from its start.
pub(super) fn walk(bench: &Bench, mock: &Serving, world: &World) -> Result<(), String> {
    let longest = &world.paged;
    let bounds = longest.contract.limit_bounds().unwrap_or_default();
    let limit = bounds.maximum.unwrap_or(1);
    let mut connection = open(mock, world)?;
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

fn open(server: &Serving, world: &World) -> Result<Connection, String> {
    Connection::open(&server.url, &world.token).map_err(lost)
}

#[expect(clippy::needless_pass_by_value, reason = "called by `map_err`")]
fn lost(error: std::io::Error) -> String {
    format!("a server does not answer: {error}")
}
