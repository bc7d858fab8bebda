//! The files of the command line: documents with their overlays, and scenarios.

use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::Plan;
use openapi::{Assume, Certainty, Document, FileKind, Names, Problem};

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
    let documents: Vec<_> = documents.into_iter().map(likely_too).collect();
    let scenario = if let Some(path) = &arguments.scenario {
        scenario(path)?
    } else {
        let mut contracts = Vec::new();
        for document in &documents {
            contracts.extend(document.contracts()?);
        }
        Scenario::bundled()?.limited_to(&Names::of(&contracts))
    };
    let scenario = scenario.of_locale(arguments.locale);
    let plan = Plan::of(&documents, scenario, arguments.seed, epoch)?;
    plan.at_server(arguments.server.choice())
}

/// The document; its lists page also where that is only likely. Else they would ignore their paging parameters.
fn likely_too(document: Document) -> Document {
    let assume = Assume {
        least: Certainty::Likely,
        ..document.assume()
    };
    document.assuming(assume)
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
    if let Ok(written) = source.parse()
        && written.get("owners").is_none()
        && let Some(kind) = FileKind::of(&written)
        && !kind.is_scenario()
    {
        let message = format!("not a scenario, but {}", kind.name);
        return Err(source.problem("#", message).cure(kind.cure));
    }
    Scenario::read(source)
}

/// The documents, each with the overlays that are meant for it; the bundled ones if there are none.
pub(crate) fn documents(
    documents: &[PathBuf],
    overlays: &[PathBuf],
    loading: &Loading,
) -> Result<Vec<Document>, Problem> {
    if let Some(problem) = documents.first().and_then(|path| misspelt(path)) {
        return Err(problem);
    }
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

/// A problem if this is no file, but nearly the name of a command.
fn misspelt(path: &Path) -> Option<Problem> {
    let word = path.to_str().filter(|_| !path.exists())?;
    let commands = Arguments::command();
    let commands = commands.get_subcommands().map(clap::Command::get_name);
    let near = commands.map(|name| (strsim::osa_distance(word, name), name));
    let (distance, name) = near.min()?;
    (distance <= 2).then(|| {
        Problem::new(format!("`{word}` is no file, and no command")).cure(format!(
            "write `mock-server {name}`, or the path of a document"
        ))
    })
}
