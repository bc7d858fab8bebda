//! What a full run costs the judge: every law of both documents, held to the mock, as a user would start it.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::process::{cpu_seconds_of_the_ended, resident};
use super::table::{least, median};
use super::{Bench, start_mock};
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
    let runs = (0..bench.rounds).map(|_| run());
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

fn run() -> Result<Run, String> {
    let mock = start_mock()?;
    let file = target("xtask")?.join("judge.json");
    let mut check = Command::new(target("release")?.join("conformance"));
    check
        .current_dir(root())
        .args(["check", &mock.url])
        .args(["--subject", "conformance/subjects/default-world.yaml"])
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
