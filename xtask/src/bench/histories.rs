//! What it costs to check a history: eight writers, and eight readers that poll meanwhile.

use std::hint::black_box;
use std::process::id;

use conformance::history::{Flaw, Reader, check};

use super::Bench;
use super::process::cpu_seconds;
use super::table::{least, median};

/// The number of operations: each adds an item, or polls.
const OPERATIONS: usize = 100_000;
const WRITERS: usize = 8;
const READERS: usize = 8;

/// What a check may take, in seconds of CPU, in this program's own build.
const SECONDS: f64 = 1.0;

/// Whether the check of a history found what it must find.
type IsRight = fn(Option<Flaw>) -> bool;

/// Checks a history without a flaw, and three that have one, and prints what that took.
pub(super) fn report(bench: &Bench) -> Result<(), String> {
    let added: Vec<String> = (0..OPERATIONS / 2)
        .map(|number| format!("{:08x}-{:012}", number % WRITERS, number))
        .collect();
    let polls = (OPERATIONS / 2).div_ceil(READERS);
    let met = |change: &dyn Fn(&mut Vec<String>)| -> Vec<Reader> {
        let readers = (0..READERS).map(|number| {
            let mut keys = added.clone();
            if number == READERS - 1 {
                change(&mut keys);
            }
            Reader {
                name: format!("reader {number}"),
                polls: keys
                    .chunks(keys.len().div_ceil(polls))
                    .map(<[String]>::to_vec)
                    .collect(),
            }
        });
        readers.collect()
    };
    let middle = added.len() / 2;
    let rows: [(&str, Vec<Reader>, IsRight); 4] = [
        ("no flaw", met(&|_| {}), |flaw| flaw.is_none()),
        (
            "an item is lost",
            met(&|keys| drop(keys.remove(middle))),
            |flaw| flaw.is_some(),
        ),
        (
            "an item is met twice",
            met(&|keys| keys.push(keys[middle].clone())),
            |flaw| flaw.is_some(),
        ),
        (
            "two items change places",
            met(&|keys| keys.swap(middle, middle + 1)),
            |flaw| flaw.is_some(),
        ),
    ];
    println!(
        "\na history of {OPERATIONS} operations, {WRITERS} writers and {READERS} readers: seconds of CPU"
    );
    println!("  {:<34} {:>8}   {:>8}", "", "least", "median");
    for (name, readers, is_right) in rows {
        let mut times = Vec::new();
        for _ in 0..bench.rounds {
            let before = cpu_seconds(id())?;
            let flaw = check(black_box(&added), black_box(&readers));
            times.push(cpu_seconds(id())? - before);
            if !is_right(flaw) {
                return Err(format!("{name}: the check is wrong"));
            }
        }
        let (least, median) = (least(&times), median(&times));
        println!("  {name:<34} {least:>8.2}   {median:>8.2}");
        let verdict = if median <= SECONDS { "under" } else { "OVER" };
        println!("    {verdict} the bar of {SECONDS:.1}");
    }
    Ok(())
}
