//! `cargo xtask schemas FOLDER`: made-up values for each schema of the JSON Schema Test Suite.
//!
//! The suite tells validators which values suit a schema. Here each schema that some value suits gets values of
//! its own, and the crate `jsonschema` validates them. A schema that leads out of its document has no values
//! without a network. It is listed with its reference.

mod suite;
mod table;

use std::fs;
use std::path::PathBuf;

use clap::Args;
use fixtures::{Dialect, Noise, value_of};
use jsonschema::{Draft, Validator};
use serde_json::Value;

use self::suite::Group;

/// The schemas of schemas, which the validator has of its own.
const METASCHEMAS: [&str; 2] = ["http://json-schema.org/", "https://json-schema.org/"];

/// What is tried.
#[derive(Debug, Args)]
pub(crate) struct Schemas {
    /// The `tests` folder of the suite, with a folder for each draft
    folder: PathBuf,
    /// How many values are made for each schema
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    values: u64,
    /// Only the schemas whose names contain this text, such as `draft7/` or `oneOf`
    #[arg(long)]
    only: Option<String>,
    /// Write every outcome to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What came of a schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// All values are valid.
    Valid,
    /// A fact of the schema leaves no values.
    Unserved(String),
    /// A value is invalid, or none was found although there are some.
    Failed(String),
}

impl Schemas {
    /// Prints a table; fails if a schema has an invalid value, or none without a reason.
    pub(crate) fn run(&self) -> Result<(), String> {
        let groups = suite::groups(&self.folder)?;
        let is_wanted = |group: &Group| {
            self.only
                .as_ref()
                .is_none_or(|part| group.name.contains(part))
        };
        let (groups, left_out): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .filter(is_wanted)
            .partition(|group| group.is_satisfiable);
        let rows: Vec<_> = groups
            .into_iter()
            .map(|group| {
                let outcome = outcome(&group, self.values);
                (group, outcome)
            })
            .collect();
        table::print(&rows, left_out.len());
        if let Some(file) = &self.json {
            let text = table::json(&rows).to_string();
            fs::write(file, text)
                .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        }
        let is_failed = |(_, outcome): &&(Group, Outcome)| matches!(outcome, Outcome::Failed(_));
        match rows.iter().filter(is_failed).count() {
            _ if rows.is_empty() => Err(format!("no schema in {}", self.folder.display())),
            0 => Ok(()),
            failed => Err(format!("{failed} schemas have no valid values")),
        }
    }
}

/// Makes values of a schema, and validates them.
fn outcome(group: &Group, values: u64) -> Outcome {
    let draft = match group.draft.detect(&group.schema) {
        Draft::Unknown => group.draft,
        known => known,
    };
    let validator = match validator(draft, &group.schema) {
        Ok(validator) => validator,
        Err(reason) => return reason,
    };
    let dialect = match draft {
        Draft::Draft4 => Dialect::Draft4,
        Draft::Draft6 | Draft::Draft7 => Dialect::Draft7,
        _ => Dialect::Draft2020,
    };
    for number in 0..values {
        let noise = Noise::new(1).at(&group.name).number(number);
        let value = match value_of(&group.schema, dialect, noise) {
            Ok(value) => value,
            Err(none) => {
                let at = group.schema.pointer(none.pointer.trim_start_matches('#'));
                let reference = at.and_then(Value::as_str).unwrap_or_default();
                if METASCHEMAS.iter().any(|one| reference.starts_with(one)) {
                    return Outcome::Unserved(format!("`{reference}` is another document"));
                }
                let reason = format!("no value: {} ({})", none.message, none.pointer);
                return Outcome::Failed(reason);
            }
        };
        if let Err(error) = validator.validate(&value) {
            let value: String = value.to_string().chars().take(160).collect();
            return Outcome::Failed(format!("{value}: {error} ({})", error.schema_path()));
        }
    }
    Outcome::Valid
}

fn validator(draft: Draft, schema: &Value) -> Result<Validator, Outcome> {
    let options = jsonschema::options().with_draft(draft);
    let options = options.offline().should_validate_formats(true);
    options.build(schema).map_err(|error| {
        let reason = error.to_string();
        match error.kind() {
            jsonschema::error::ValidationErrorKind::Referencing(_) => Outcome::Unserved(reason),
            _ => Outcome::Failed(reason),
        }
    })
}
