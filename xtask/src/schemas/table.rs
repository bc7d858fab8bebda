//! The table of the suite, as Markdown and as JSON.

use serde_json::{Value, json};

use super::Outcome;
use super::suite::Group;

/// Prints a row for each draft, then each schema without valid values.
pub(super) fn print(rows: &[(Group, Outcome)], unsatisfiable: usize) {
    println!("| draft | schemas | valid | not served | failed |");
    println!("|---|---|---|---|---|");
    let mut folders: Vec<_> = rows.iter().map(|(group, _)| group.folder).collect();
    folders.dedup();
    for folder in &folders {
        let of_draft = rows.iter().filter(|(group, _)| group.folder == *folder);
        println!("| {folder} {}", cells(of_draft));
    }
    println!("| all {}", cells(rows.iter()));
    println!("\nnothing suits {unsatisfiable} further schemas");
    for (group, outcome) in rows {
        let (word, reason) = words(outcome);
        if !reason.is_empty() {
            println!("{word}: {}: {reason}", group.name);
        }
    }
}

fn cells<'r>(rows: impl Iterator<Item = &'r (Group, Outcome)>) -> String {
    let outcomes: Vec<_> = rows.map(|(_, outcome)| words(outcome).0).collect();
    let count = |word| outcomes.iter().filter(|one| **one == word).count();
    let counts = [count("valid"), count("not served"), count("failed")];
    let counts: String = counts.iter().map(|count| format!(" {count} |")).collect();
    format!("| {} |{counts}", outcomes.len())
}

/// Every outcome, with its reason.
pub(super) fn json(rows: &[(Group, Outcome)]) -> Value {
    let rows = rows.iter().map(|(group, outcome)| {
        let (word, reason) = words(outcome);
        json!({ "schema": group.name, "outcome": word, "reason": reason })
    });
    rows.collect()
}

fn words(outcome: &Outcome) -> (&'static str, &str) {
    match outcome {
        Outcome::Valid => ("valid", ""),
        Outcome::Unserved(reason) => ("not served", reason),
        Outcome::Failed(reason) => ("failed", reason),
    }
}
