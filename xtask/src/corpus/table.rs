//! The table of a corpus, as Markdown and as JSON.

use serde_json::{Map, Value, json};

use super::Row;
use super::outcome::Tally;

/// Prints one document when it is done, with the first operations that failed.
pub(super) fn progress(row: &Row, list: usize) {
    let tally = &row.tally;
    match &row.refused {
        Some(reason) => eprintln!("{}: {reason}", row.name),
        None => eprintln!("{}: {} of {}", row.name, tally.valid, tally.operations()),
    }
    let mut failed: Vec<_> = tally.failed.iter().collect();
    failed.sort_by(|(_, one), (_, other)| other.cmp(one));
    for (operation, outcome) in failed.into_iter().take(list) {
        let (word, reason) = outcome.words();
        let reason: String = reason.chars().take(300).collect();
        eprintln!("  {word} {operation}: {reason}");
    }
}

/// Prints a row for each document, and the totals.
pub(super) fn print(rows: &[Row]) {
    println!(
        "| document | starts | operations | valid | 501 | not asked | refused | invalid | CPU to the first answer | memory |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        let starts = if row.refused.is_none() { "yes" } else { "NO" };
        let start = row.start.as_ref();
        let cpu = start.map_or_else(String::new, |start| format!("{:.2} s", start.cpu));
        let memory = start.map_or_else(String::new, |start| format!("{:.0} MiB", start.mebibytes));
        println!(
            "| {} | {starts} {} {cpu} | {memory} |",
            row.name,
            cells(&row.tally)
        );
    }
    let starts = rows.iter().filter(|row| row.refused.is_none()).count();
    let all = Tally::sum(rows.iter().map(|row| &row.tally));
    println!("| all {} | {starts} {} | |", rows.len(), cells(&all));
    println!(
        "\n{:.2} % of the operations are answered validly",
        all.share() * 100.0
    );
}

fn cells(tally: &Tally) -> String {
    let counts = [
        tally.operations(),
        tally.valid,
        tally.unserved,
        tally.unasked,
        tally.refused,
        tally.invalid,
    ];
    let cells: String = counts.iter().map(|count| format!(" {count} |")).collect();
    format!("|{cells}")
}

/// Everything, with the reason of each failed operation.
pub(super) fn json(rows: &[Row]) -> Value {
    let rows = rows.iter().map(|row| {
        let failed = row.tally.failed.iter().map(|(operation, outcome)| {
            let (word, reason) = outcome.words();
            (
                operation.clone(),
                json!({ "outcome": word, "reason": reason }),
            )
        });
        json!({
            "document": row.name,
            "refused": row.refused,
            "operations": row.tally.operations(),
            "valid": row.tally.valid,
            "cpu_seconds": row.start.as_ref().map(|start| start.cpu),
            "mebibytes": row.start.as_ref().map(|start| start.mebibytes),
            "failed": failed.collect::<Map<_, _>>(),
        })
    });
    rows.collect()
}
