//! What a full run costs the judge: every law of both documents, held to the mock, as a user would start it.

use std::ffi::OsString;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::connection::Connection;
use super::process::{cpu_seconds_of_the_ended, resident};
use super::relay::Relay;
use super::table::{self, least, median};
use super::{Bench, SCHEMAS, made, made_file, start_made, start_mock};
use crate::program::target;
use crate::root;

/// What a run may send at most, how many requests a second of CPU must do for, and what it may need.
const REQUESTS: f64 = 10_000.0;
const REQUESTS_PER_SECOND: f64 = 5_000.0;
const MEBIBYTES: f64 = 100.0;

/// One run.
#[derive(Debug, Clone, Copy)]
struct Run {
    requests: f64,
    cpu: f64,
    peak: f64,
    wall: f64,
}

/// Judges a fresh mock in each round, and prints what that took beside the bars.
pub(super) fn report(bench: &Bench) -> Result<(), String> {
    let runs = (0..bench.rounds).map(|_| {
        let mock = start_mock()?;
        run(&mock.url, &[])
    });
    let runs = runs.collect::<Result<Vec<_>, _>>()?;
    let rounds = bench.rounds;
    println!("\nthe judge, holding the mock to every law of every document: {rounds} full runs");
    println!("  {:<34} {:>8}   {:>8}", "", "least", "median");
    let requests = row("requests", &runs, |run| run.requests, 0);
    at_most(REQUESTS, requests);
    row("seconds of CPU", &runs, |run| run.cpu, 2);
    let rate = row("requests in a second of CPU", &runs, Run::rate, 0);
    at_least(REQUESTS_PER_SECOND, rate);
    let peak = row("MiB at most", &runs, |run| run.peak, 1);
    at_most(MEBIBYTES, peak);
    row("seconds on the wall", &runs, |run| run.wall, 2);
    Ok(())
}

/// Judges the mock of a document with megabytes of schemas, in turns with that of the bundled documents.
pub(super) fn report_large_schemas(bench: &Bench) -> Result<(), String> {
    /// What a request, and a byte of an answer, may take beside the bundled documents, and the memory in MiB.
    const BARS: [f64; 3] = [3.0, 3.0, 200.0];
    /// So few items of some KB make pages as long as those of the bundled documents.
    const ITEMS: usize = 5;
    let text = made::large_schemas(SCHEMAS, ITEMS);
    let mut runs: [Vec<(Run, f64)>; 2] = Default::default();
    for _ in 0..bench.rounds {
        for (is_large, runs) in [false, true].into_iter().zip(&mut runs) {
            let mock = if is_large {
                start_made("large-schemas", &text)?
            } else {
                start_mock()?
            };
            let relay = Relay::before(&mock.url)?;
            let mut arguments = Vec::new();
            if is_large {
                let subject = target("xtask")?.join("large-schemas-subject.yaml");
                let mut body = Vec::new();
                Connection::open(&mock.url, "")
                    .and_then(|mut one| one.get("/__mock/subject.yaml", &mut body))
                    .and_then(|()| fs::write(&subject, body))
                    .map_err(|error| format!("no subject file: {error}"))?;
                let document = made_file("large-schemas")?;
                for (flag, file) in [("--document", document), ("--subject", subject)] {
                    arguments.extend([flag.into(), file.into_os_string()]);
                }
            }
            let run = run(&relay.url, &arguments)?;
            #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
            runs.push((run, relay.answered() as f64));
        }
    }
    let figure = |of: fn(&(Run, f64)) -> f64| {
        let of_one = |runs: &Vec<_>| median(&runs.iter().map(of).collect::<Vec<_>>());
        [of_one(&runs[0]), of_one(&runs[1])]
    };
    println!(
        "\nthe judge on {} bytes of schemas, beside the bundled documents: medians",
        text.len()
    );
    println!("  {:<34} {:>8}   {:>8}", "", "bundled", "large");
    let line = |name: &str, [bundled, large]: [f64; 2], digits: usize| {
        println!("  {name:<34} {bundled:>8.digits$}   {large:>8.digits$}");
    };
    line("requests", figure(|(run, _)| run.requests), 0);
    line("MB of answers", figure(|(_, bytes)| bytes / 1e6), 1);
    line("seconds of CPU", figure(|(run, _)| run.cpu), 2);
    let per_request = figure(|(run, _)| run.cpu / run.requests * 1e6);
    line("µs of CPU per request", per_request, 0);
    table::bar(per_request[1] / per_request[0], BARS[0]);
    let per_byte = figure(|(run, bytes)| run.cpu / bytes * 1e9);
    line("ns of CPU per byte of an answer", per_byte, 0);
    table::bar(per_byte[1] / per_byte[0], BARS[1]);
    let peak = figure(|(run, _)| run.peak);
    line("MiB at most", peak, 1);
    at_most(BARS[2], peak[1]);
    Ok(())
}

/// Prints one figure of the runs, and returns its median.
fn row(name: &str, runs: &[Run], of: fn(&Run) -> f64, digits: usize) -> f64 {
    let values: Vec<f64> = runs.iter().map(of).collect();
    let (least, median) = (least(&values), median(&values));
    println!("  {name:<34} {least:>8.digits$}   {median:>8.digits$}");
    median
}

fn at_most(bar: f64, median: f64) {
    let verdict = if median <= bar { "under" } else { "OVER" };
    println!("    {verdict} the bar of {bar:.0}");
}

fn at_least(bar: f64, median: f64) {
    let verdict = if median >= bar { "over" } else { "UNDER" };
    println!("    {verdict} the bar of {bar:.0}");
}

impl Run {
    fn rate(&self) -> f64 {
        self.requests / self.cpu
    }
}

/// Judges the server at `url`; by the bundled documents if no arguments say otherwise.
fn run(url: &str, arguments: &[OsString]) -> Result<Run, String> {
    let default_world =
        ["--subject", "conformance/subjects/default-world.yaml"].map(OsString::from);
    let arguments = if arguments.is_empty() {
        &default_world
    } else {
        arguments
    };
    let file = target("xtask")?.join("judge.json");
    let mut check = Command::new(target("release")?.join("conformance"));
    check
        .current_dir(root())
        .args(["check", url])
        .args(arguments)
        .arg("--report")
        .arg(format!("json={}", file.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let (before, began) = (cpu_seconds_of_the_ended()?, Instant::now());
    let child = check.spawn();
    let mut child = child.map_err(|error| format!("cannot run the judge: {error}"))?;
    let peak = peak(&mut child)?;
    let wall = began.elapsed().as_secs_f64();
    let cpu = cpu_seconds_of_the_ended()? - before;
    let text = fs::read(&file).map_err(|error| format!("the judge wrote no report: {error}"))?;
    let report: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let timelines = report["timelines"].as_array().into_iter().flatten();
    let requests = timelines.filter_map(|one| one["requests"].as_f64()).sum();
    Ok(Run {
        requests,
        cpu,
        peak,
        wall,
    })
}

/// How many MiB a program had at most until it ended, which it must do well. The kernel forgets that with
/// the program, so it is asked all along.
fn peak(child: &mut Child) -> Result<f64, String> {
    const GAP: Duration = Duration::from_millis(2);
    let mut peak = 0;
    loop {
        let ended = child.try_wait().map_err(|error| error.to_string())?;
        if let Some(status) = ended {
            let kept = status.success();
            return kept
                .then(|| super::memory::mebibytes(peak))
                .ok_or(format!("the mock was not upheld: {status}"));
        }
        peak = resident(child.id()).map_or(peak, |memory| memory.peak.max(peak));
        thread::sleep(GAP);
    }
}
