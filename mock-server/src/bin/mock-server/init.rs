//! Drafts of an overlay and a scenario for documents, each line with its reason.
//!
//! The overlay has an `x-pagination` for each list that seems to page. A person corrects wrong guesses there. The
//! lists then no longer depend on guesses.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use openapi::{Contract, Draft, Problem, output};
use serde_json::Value;

use crate::loading::Loading;

/// The document to draft for, and where the drafts go.
#[derive(Debug, Clone, Args)]
pub(crate) struct InitCommand {
    /// The `OpenAPI` document (YAML or JSON)
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,
    /// Write the overlay to this file; without it, the overlay is printed
    #[arg(long, value_name = "FILE")]
    overlay_out: Option<PathBuf>,
    /// Write a scenario, too
    #[arg(long, value_name = "FILE")]
    scenario_out: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    loading: Loading,
}

/// Drafts the files. Nothing is written if one of them exists.
pub(crate) fn run(command: &InitCommand) -> Result<(), Problem> {
    let documents = command
        .loading
        .open(std::slice::from_ref(&command.document), &[])?;
    let Some(document) = documents.first() else {
        return Ok(());
    };
    for warning in document.misplaced_values() {
        output::tell(&format!("{:?}\n", miette::Report::new(warning)));
    }
    let assumed = document.assumed();
    let declared = document.contracts()?;
    let overlay = document.draft(Draft::of(document));
    let scenario = scenario(declared.iter().chain(&assumed));
    let files = [
        (command.overlay_out.as_deref(), &overlay),
        (command.scenario_out.as_deref(), &scenario),
    ];
    for (path, _) in files {
        if let Some(path) = path.filter(|path| !command.force && path.exists()) {
            let problem = Problem::new(format!("{} exists", path.display()));
            return Err(problem.cure("name another file, or replace it with `--force`"));
        }
    }
    for (path, text) in files {
        if let Some(path) = path {
            output::write(path, text)?;
        }
    }
    if command.overlay_out.is_none() {
        output::print(&overlay)?;
    }
    Ok(())
}

fn scenario<'c>(contracts: impl Iterator<Item = &'c Contract>) -> String {
    let mut out = "# A world to start from. `mock-server scenario schema` prints the JSON Schema of such files.\n\
        owners:\n\
        \x20 # Requests with this token see what belongs to ada.\n\
        \x20 - { name: ada, token: token-of-ada }\n\
        \x20 # Another owner, whose resources ada must not see.\n\
        \x20 - { name: grace, token: token-of-grace }\n\
        # Timelines that are not named here have resources of the lengths at which paging goes wrong. To choose\n\
        # them, take the marks off a name and its jobs, and write ids that the document allows.\n\
        timelines: {}\n"
        .to_owned();
    for contract in contracts {
        let operation = contract.operation();
        let _ = writeln!(out, "#   {} {}", operation.method, operation.path);
        let _ = writeln!(out, "#   {}:", quoted(&contract.name()));
        out.push_str(
            "#     pace: { every: 5s }\n#     jobs: [{ id: '1', owner: ada, events: 12 }]\n",
        );
    }
    out
}

/// A text in YAML. A JSON string is valid YAML.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
