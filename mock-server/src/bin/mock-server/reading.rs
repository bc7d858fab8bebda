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
    if !documents.is_empty() {
        return paired(documents, overlays);
    }
    match overlays.first() {
        None => Document::bundled(),
        Some(path) => {
            let path = path.display();
            let problem = Problem::new(format!(
                "`--overlay {path}` has no document to be laid over"
            ));
            Err(problem.cure("name the document too"))
        }
    }
}

/// A single document takes all overlays. One of several takes those whose file begins with its name.
fn paired(documents: &[PathBuf], overlays: &[PathBuf]) -> Result<Vec<Document>, Problem> {
    let open = |paths: &[PathBuf]| {
        let sources = paths.iter().map(|path| Source::open(path));
        sources.collect::<Result<Vec<_>, _>>()
    };
    let (documents, overlays) = (open(documents)?, open(overlays)?);
    let alone = documents.len() == 1;
    let meant = |overlay: &Source, document: &Source| alone || overlay.stem() == document.stem();
    let astray = overlays
        .iter()
        .find(|overlay| !documents.iter().any(|document| meant(overlay, document)));
    if let Some(overlay) = astray {
        let message = format!("the overlay {} fits none of the documents", overlay.name());
        let stem = documents.first().map_or("name", Source::stem);
        return Err(Problem::new(message).cure(format!(
            "name it after its document, as in `{stem}.overlay.yaml`"
        )));
    }
    let read = documents.into_iter().map(|document| {
        let overlays: Vec<_> = overlays
            .iter()
            .filter(|overlay| meant(overlay, &document))
            .cloned()
            .collect();
        Document::read(document, &overlays)
    });
    read.collect()
}
