//! `conformance replay` repeats the counterexamples of a report or of a regressions file.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use conformance::report::{Report, Style};
use conformance::{Judgement, Moments, Options, Plan, Tried, catalogue, find_again};
use openapi::{Problem, Source, output};
use serde_json::Value;

use super::check::ServerArguments;

/// The cases to repeat, and the server.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// A JSON report, or a regressions file
    file: PathBuf,
    #[command(flatten)]
    pub(crate) target: ServerArguments,
}

impl Replay {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        let source = Source::open(&self.file)?;
        let cases = cases(&source)?;
        if cases.is_empty() {
            return Err(
                Problem::new(format!("{} holds no case to try again", source.name()))
                    .cure("give a JSON report of a run that broke a law"),
            );
        }
        let (server, facts) = self.target.open(Duration::MAX)?;
        let pairs: Vec<_> = facts
            .iter()
            .map(|(contract, facts)| (contract, facts))
            .collect();
        let options = Options {
            laws: cases.iter().map(|tried| tried.law.clone()).collect(),
            ..Options::default()
        };
        output::print(&format!("{}\n", Plan::of(&pairs, &options)))?;
        let began = Instant::now();
        let mut judged = Vec::new();
        for (contract, facts) in &facts {
            let name = contract.name();
            let ours = cases
                .iter()
                .filter(|tried| contract.is_named(&tried.timeline));
            let findings: Vec<_> = ours
                .filter_map(|tried| Some((catalogue::law(&tried.law)?, tried.case.clone())))
                .map(|(law, case)| find_again(contract, facts, &server, law, case))
                .collect();
            if !findings.is_empty() {
                let requests = 0;
                judged.push((
                    contract,
                    facts,
                    Judgement {
                        contract: name,
                        findings,
                        requests,
                        moments: Moments::default(),
                    },
                ));
            }
        }
        let elapsed: Duration = began.elapsed();
        let report = Report::new(self.target.url(), 0, true, judged, elapsed);
        output::print(&report.terminal(Style {
            colours: false,
            verbose: true,
        }))?;
        Ok(ExitCode::from(report.outlook() as u8))
    }
}

/// The cases in a report or in a regressions file.
fn cases(source: &Source) -> Result<Vec<Tried>, Problem> {
    let value = source.parse()?;
    let Some(timelines) = value.get("timelines").and_then(Value::as_array) else {
        return source.typed(&value, "#");
    };
    let mut cases = Vec::new();
    for timeline in timelines {
        for finding in timeline["findings"].as_array().into_iter().flatten() {
            let case = &finding["counterexample"]["case"];
            if case.is_object() {
                let tried = serde_json::json!({
                    "timeline": timeline["name"], "law": finding["law"], "case": case,
                });
                cases.push(source.typed(&tried, "#/timelines")?);
            }
        }
    }
    Ok(cases)
}
