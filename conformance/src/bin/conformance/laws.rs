//! `conformance laws` and `conformance schema`: the catalogue, and the file formats.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use conformance::{Baseline, Facts, catalogue, report};
use openapi::{Problem, output};

/// Lists the laws, by group.
pub(crate) fn list() -> Result<ExitCode, Problem> {
    let mut group = None;
    let mut text = String::new();
    for law in catalogue::LAWS {
        if group != Some(law.group) {
            group = Some(law.group);
            let _ = writeln!(text, "{}", law.group.heading());
        }
        let _ = writeln!(
            text,
            "  {:<6} {:<42} {}",
            law.level.word(),
            law.id,
            law.title
        );
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Print the JSON Schema of a file format.
#[derive(Debug, Args)]
pub(crate) struct SchemaOf {
    /// The file format
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The subject file
    Subject,
    /// The baseline of accepted breaches
    Baseline,
    /// The JSON report
    Report,
}

impl SchemaOf {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        let schema = match self.format {
            Format::Subject => Facts::json_schema(),
            Format::Baseline => Baseline::json_schema(),
            Format::Report => report::json_schema(),
        };
        output::print(&format!("{schema:#}\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The problem of an unknown law, with the names of similar laws.
pub(crate) fn no_such_law(id: &str) -> Problem {
    let words: Vec<&str> = id.split('-').filter(|word| word.len() > 3).collect();
    let alike = catalogue::LAWS
        .iter()
        .filter(|law| words.iter().any(|word| law.id.contains(word)));
    let alike: Vec<_> = alike.map(|law| format!("`{}`", law.id)).take(5).collect();
    let cure = if alike.is_empty() {
        "`conformance laws` lists them".to_owned()
    } else {
        format!(
            "perhaps {}; `conformance laws` lists them all",
            alike.join(" or ")
        )
    };
    Problem::new(format!("there is no law `{id}`")).cure(cure)
}
