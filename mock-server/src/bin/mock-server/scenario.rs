//! The commands about scenarios.

use std::path::Path;

use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Mock, Plan};
use openapi::{Document, Problem, output};

use crate::arguments::ScenarioCommand;
use crate::reading;

/// A scenario to start from.
const NEW: &str = include_str!("scenario/new.yaml");

/// Runs a command and prints its result.
pub(crate) fn run(command: &ScenarioCommand) -> Result<(), Problem> {
    let printed = match command {
        ScenarioCommand::Check {
            scenario,
            documents,
            overlays,
            loading,
        } => check(scenario, &reading::documents(documents, overlays, loading)?)?,
        ScenarioCommand::Schema => format!("{:#}\n", Scenario::json_schema()),
        ScenarioCommand::New => NEW.to_owned(),
        ScenarioCommand::List => Scenario::ready_names().join("\n") + "\n",
    };
    output::print(&printed)
}

fn check(path: &Path, documents: &[Document]) -> Result<String, Problem> {
    let scenario = reading::scenario(path)?;
    let now = Timestamp::now();
    let mock = Mock::new(Plan::of(documents, scenario, 1, now)?)?;
    let jobs = mock.world().resources(now).len();
    let owners = mock.world().owners().count();
    let path = path.display();
    Ok(format!(
        "{path} is a world of {owners} owners and {jobs} jobs\n"
    ))
}
