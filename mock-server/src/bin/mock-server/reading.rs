//! The files of the command line: documents with their overlays, and scenarios.

use std::path::{Path, PathBuf};

use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::Plan;
use openapi::{Contract, Document, Names, Problem, Source};

use crate::arguments::Arguments;

/// The plan to serve.
///
/// Without `--scenario` it has the default scenario, limited to the timelines of the documents.
pub(crate) fn plan(arguments: &Arguments, epoch: Timestamp) -> Result<Plan, Problem> {
    let contracts = contracts(&arguments.documents, &arguments.overlays)?;
    let scenario = if let Some(path) = &arguments.scenario {
        scenario(path)?
    } else {
        Scenario::bundled()?.limited_to(&Names::of(&contracts))
    };
    Plan::new(contracts, scenario, arguments.seed, epoch)
}

/// A scenario: a file, or a ready scenario's name. A file of that name comes first.
pub(crate) fn scenario(path: &Path) -> Result<Scenario, Problem> {
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

/// The operations of these documents that page, or of the bundled ones if there are none.
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
                "describe how one pages with `x-pagination`, in the document or in an `--overlay`",
            ));
        }
        contracts.extend(paged);
    }
    Ok(contracts)
}

/// The documents, each with the overlays that are meant for it.
fn read(documents: &[PathBuf], overlays: &[PathBuf]) -> Result<Vec<Document>, Problem> {
    match (documents, overlays) {
        ([], [path, ..]) => {
            let message = format!(
                "`--overlay {}` has no document to be laid over",
                path.display()
            );
            Err(Problem::new(message).cure("name the document too"))
        }
        _ => Document::open(documents, overlays),
    }
}
