//! What a program says of its walks: a line of JSON for each.

use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::program::shown;

/// A walk of a list.
#[derive(Debug, Deserialize)]
pub(super) struct Walk {
    /// The operation, as in `GET /v1/customers`.
    pub(super) list: String,
    /// How it was walked: forward, backward, or in a way of the SDK's own.
    #[serde(rename = "walk")]
    pub(super) how: String,
    /// How many items the list has.
    pub(super) items: u64,
    /// What was wrong.
    pub(super) wrong: Option<String>,
}

/// Runs a program to its end, and reads its lines. One that has none is an error.
pub(super) fn walked(program: &mut Command) -> Result<Vec<Walk>, String> {
    let output = program.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cannot run {}: {error}", shown(program)))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines();
    let walks: Vec<Walk> = lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    if walks.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or("nothing").to_owned();
        return Err(format!("{} said: {last}", shown(program)));
    }
    Ok(walks)
}
