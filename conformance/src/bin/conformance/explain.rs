//! `conformance explain`: the meaning of a law, and what the operations of a document promise.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use conformance::{Law, catalogue};
use openapi::{Contract, Problem, Promise, output};

use crate::laws::no_such_law;
use crate::loading::Loading;

/// Explain a law, or what the operations of a document promise.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The law's id; without it, the promises of each operation that pages
    law: Option<String>,
    /// `OpenAPI` documents instead of the bundled ones (YAML or JSON); may be repeated
    #[arg(long = "document", value_name = "FILE")]
    documents: Vec<PathBuf>,
    /// An overlay; with several documents, `name.overlay.yaml` is applied to `name.yaml`
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<PathBuf>,
    #[command(flatten)]
    loading: Loading,
}

impl Explain {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        let documents = self.loading.open(&self.documents, &self.overlays)?;
        let contracts = conformance::contracts(&documents)?;
        let text = match &self.law {
            Some(id) => {
                let law = catalogue::law(id).ok_or_else(|| no_such_law(id))?;
                explained(law, &contracts)
            }
            None => contracts.iter().map(promises).collect(),
        };
        output::print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn explained(law: &Law, contracts: &[Contract]) -> String {
    let (id, level, group) = (law.id, law.level.word(), law.group.heading());
    let mut text = format!("{id} ({level}, {group})\n\n");
    let _ = writeln!(text, "  holds when  {}", law.title);
    let _ = writeln!(text, "  why         {}", law.why);
    let _ = writeln!(text, "  source      {}", law.basis);
    let _ = writeln!(text, "  does        {}", law.conduct);
    let cited = contracts.iter().map(|contract| (law.citation)(contract));
    for citation in cited.filter(|citation| !citation.is_empty()) {
        let _ = writeln!(text, "  where       {citation}");
    }
    let _ = writeln!(
        text,
        "\nTo judge only this law:   conformance check URL --subject FILE --law {id}"
    );
    let _ = writeln!(
        text,
        "To see that it is caught: conformance lie {id} --upstream URL"
    );
    text
}

/// The promises of an operation. A promise that it does not give has the reason beside it.
fn promises(contract: &Contract) -> String {
    let operation = contract.operation();
    let mut text = format!(
        "{}: {} {}\n",
        contract.name(),
        operation.method,
        operation.path
    );
    for (key, reason) in contract.reasons() {
        let _ = writeln!(text, "  assumed {key}: {reason}");
    }
    for promise in Promise::ALL {
        let _ = match contract.paging().promise(promise) {
            Ok(()) => writeln!(text, "  yes  {}", promise.sentence()),
            Err(reason) => writeln!(text, "  no   {}, because {reason}", promise.sentence()),
        };
    }
    text + "\n"
}
