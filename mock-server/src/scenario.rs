//! Scenarios on the command line: read by file or name, checked, begun.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::Mock;
use openapi::{Contract, Document, Problem, Source};

use crate::arguments::{self, ScenarioCommand};

/// A scenario to begin with.
const NEW: &str = include_str!("scenario/new.yaml");

/// Does what is asked about scenarios.
pub(crate) fn run(command: &ScenarioCommand) -> Result<(), Problem> {
    let said = match command {
        ScenarioCommand::Check {
            scenario,
            documents,
            overlays,
        } => check(scenario, documents, overlays)?,
        ScenarioCommand::Schema => format!("{:#}\n", Scenario::json_schema()),
        ScenarioCommand::New => NEW.to_owned(),
        ScenarioCommand::List => Scenario::ready_names().join("\n") + "\n",
    };
    // Whoever closed the pipe has read enough.
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
}

fn check(path: &Path, documents: &[PathBuf], overlays: &[PathBuf]) -> Result<String, Problem> {
    let contracts = contracts(documents, overlays)?;
    let scenario = open(path)?;
    let now = Timestamp::now();
    let mock = Mock::new(contracts, &scenario, 1, now)?;
    let jobs = mock.world().resources(now).len();
    let owners = mock.world().owners().count();
    let path = path.display();
    Ok(format!(
        "{path} is a world of {owners} owners and {jobs} jobs\n"
    ))
}

/// A scenario by its file, or by the name of a ready one. A file of such a name goes first.
pub(crate) fn open(path: &Path) -> Result<Scenario, Problem> {
    if !path.exists()
        && let Some(ready) = path.to_str().and_then(Scenario::ready)
    {
        return ready;
    }
    let source = Source::open(path).map_err(|problem| {
        let names = Scenario::ready_names().join(", ");
        problem.cure(format!("name a file that can be read, or one of {names}"))
    })?;
    Scenario::read(source)
}

/// The operations that page, of these documents; of the bundled ones where there are none.
pub(crate) fn contracts(
    documents: &[PathBuf],
    overlays: &[PathBuf],
) -> Result<Vec<Contract>, Problem> {
    let mut contracts = Vec::new();
    for document in read(documents, overlays)? {
        let paged = document.contracts()?;
        if paged.is_empty() {
            let problem = document.problem("#/paths", "no operation of this document pages");
            return Err(problem.cure(
                "say how one does with `x-pagination`, in the document or in an `--overlay`",
            ));
        }
        contracts.extend(paged);
    }
    Ok(contracts)
}

fn read(documents: &[PathBuf], overlays: &[PathBuf]) -> Result<Vec<Document>, Problem> {
    if documents.is_empty() {
        return match overlays.first() {
            None => Document::bundled(),
            Some(path) => Err(Problem::new(format!(
                "`--overlay {}` has no document to be laid over",
                path.display()
            ))
            .cure("name the document too")),
        };
    }
    arguments::read(documents, overlays)
}
