//! The files of the command line: documents with their overlays, and scenarios.

use std::path::{Path, PathBuf};

use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::Plan;
use openapi::{Document, Names, Problem};

use crate::arguments::Arguments;
use crate::loading::{self, Loading};

/// The plan to serve.
///
/// Without `--scenario` it has the default scenario, limited to the timelines of the documents.
pub(crate) fn plan(arguments: &Arguments, epoch: Timestamp) -> Result<Plan, Problem> {
    let documents = documents(
        &arguments.documents,
        &arguments.overlays,
        &arguments.loading,
    )?;
    let scenario = if let Some(path) = &arguments.scenario {
        scenario(path)?
    } else {
        let mut contracts = Vec::new();
        for document in &documents {
            contracts.extend(document.contracts()?);
        }
        Scenario::bundled()?.limited_to(&Names::of(&contracts))
    };
    Plan::of(&documents, scenario, arguments.seed, epoch)
}

/// A scenario: a file, or a ready scenario's name. A file of that name comes first.
pub(crate) fn scenario(path: &Path) -> Result<Scenario, Problem> {
    if !path.exists()
        && let Some(ready) = path.to_str().and_then(Scenario::ready)
    {
        return ready;
    }
    let source = loading::source(path).map_err(|problem| {
        let names = Scenario::ready_names().join(", ");
        problem.cure(format!("name a file that can be read, or one of {names}"))
    })?;
    Scenario::read(source)
}

/// The documents, each with the overlays that are meant for it; the bundled ones if there are none.
pub(crate) fn documents(
    documents: &[PathBuf],
    overlays: &[PathBuf],
    loading: &Loading,
) -> Result<Vec<Document>, Problem> {
    match (documents, overlays) {
        ([], [path, ..]) => {
            let message = format!(
                "`--overlay {}` has no document to be laid over",
                path.display()
            );
            Err(Problem::new(message).cure("name the document too"))
        }
        _ => loading.open(documents, overlays),
    }
}
