//! What a page costs: beside the references, and at any depth.

use std::fs;
use std::process::Command;

use super::connection::Connection;
use super::process::cpu_seconds;
use super::world::{Longest, World};
use super::{Bench, Serving};
use crate::program::target;

/// Requests before anything is measured, so that caches are warm and pools have grown.
const WARM_UP: u32 = 2_000;

/// The mock in turns with the references, for the default page and for a long one.
pub(super) fn compare(bench: &Bench, mock: &Serving, world: &World) -> Result<(), String> {
    let bounds = world.paged.contract.limit_bounds().unwrap_or_default();
    for limit in [bounds.default, bounds.maximum].into_iter().flatten() {
        let request = world.paged.target(None, Some(limit));
        let mut page = Vec::new();
        let mut connection = open(mock, world)?;
        connection.get(&request, &mut page).map_err(lost)?;
        let file = target("xtask")?.join(format!("page-of-{limit}.json"));
        fs::write(&file, &page).map_err(|error| format!("cannot write a page: {error}"))?;
        let reference = |kind: &str| {
            let program = target("release")?.join("examples/reference_server");
            Serving::start(Command::new(program).arg(kind).arg(&file))
        };
        let (bytes, structs) = (reference("bytes")?, reference("structs")?);
        let mut runs = [
            ("bytes, handed out", &bytes, Vec::new()),
            ("structs, written by serde_json", &structs, Vec::new()),
            ("mock", mock, Vec::new()),
        ];
        for round in 0..=bench.rounds {
            for (_, server, times) in &mut runs {
                let mut connection = open(server, world)?;
                let count = if round == 0 { WARM_UP } else { bench.requests };
                let time = measured(server, count, || connection.count(&request).map(drop))?;
                times.extend((round > 0).then_some(time));
            }
        }
        println!(
            "\na page of {limit} events, {} bytes: µs of CPU per request",
            page.len()
        );
        println!(
            "  {:<34} {:>8} {:>8}   beside structs",
            "", "least", "median"
        );
        let [_, (_, _, beside), _] = &runs;
        let beside = median(beside);
        for (name, _, times) in &runs {
            let (least, median) = (least(times), median(times));
            println!(
                "  {name:<34} {least:>8.2} {median:>8.2}   x{:.2}",
                median / beside
            );
        }
    }
    Ok(())
}

/// Walking the longest timeline from its middle, in turns with walking it from its start.
pub(super) fn walk(bench: &Bench, mock: &Serving, world: &World) -> Result<(), String> {
    let longest = &world.paged;
    let limit = longest
        .contract
        .limit_bounds()
        .and_then(|bounds| bounds.maximum)
        .unwrap_or(1);
    let pages_to_middle = longest.events / 2 / limit;
    let mut connection = open(mock, world)?;
    let mut middle = Walk {
        longest,
        limit,
        cursor: None,
        page: Vec::new(),
    };
    for _ in 0..pages_to_middle {
        middle.step(&mut connection)?;
    }
    let cursors = [("from its start", None), ("from its middle", middle.cursor)];
    let mut runs = cursors.map(|(name, cursor)| (name, cursor, Vec::new()));
    for _ in 0..bench.rounds {
        for (_, cursor, times) in &mut runs {
            let mut walk = Walk {
                longest,
                limit,
                cursor: cursor.clone(),
                page: Vec::new(),
            };
            let mut failed = None;
            let time = measured(mock, bench.walk, || {
                failed = walk.step(&mut connection).err();
                failed
                    .clone()
                    .map_or(Ok(()), |reason| Err(std::io::Error::other(reason)))
            })?;
            times.push(time);
        }
    }
    println!(
        "\nwalking {} events in pages of {limit}: µs of CPU per page",
        longest.events
    );
    let [(_, _, start), _] = &runs;
    let start = median(start);
    for (name, _, times) in &runs {
        let (least, median) = (least(times), median(times));
        println!(
            "  {name:<34} {least:>8.2} {median:>8.2}   x{:.2}",
            median / start
        );
    }
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
        let request = self
            .longest
            .target(self.cursor.as_deref(), Some(self.limit));
        connection.get(&request, &mut self.page).map_err(lost)?;
        self.cursor = self.longest.next(&self.page);
        self.cursor
            .is_some()
            .then_some(())
            .ok_or_else(|| format!("{request}: no way on"))
    }
}

/// Microseconds of a server's CPU for each of `count` requests.
fn measured(
    server: &Serving,
    count: u32,
    mut request: impl FnMut() -> std::io::Result<()>,
) -> Result<f64, String> {
    let before = cpu_seconds(server.id())?;
    for _ in 0..count {
        request().map_err(lost)?;
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

fn least(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
