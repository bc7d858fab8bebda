//! The files of the JSON Schema Test Suite.

use std::fs;
use std::path::Path;

use jsonschema::Draft;
use serde_json::Value;

/// The drafts that are tried, by the names of their folders.
const DRAFTS: [(&str, Draft); 5] = [
    ("draft4", Draft::Draft4),
    ("draft6", Draft::Draft6),
    ("draft7", Draft::Draft7),
    ("draft2019-09", Draft::Draft201909),
    ("draft2020-12", Draft::Draft202012),
];

/// A schema of the suite.
#[derive(Debug)]
pub(crate) struct Group {
    /// The folder of its draft.
    pub(crate) folder: &'static str,
    /// The file below the suite's folder, and the schema's description.
    pub(crate) name: String,
    pub(crate) draft: Draft,
    pub(crate) schema: Value,
    /// Whether the suite has a value that suits it.
    pub(crate) is_satisfiable: bool,
}

/// The schemas of all drafts, in the order of their names.
pub(super) fn groups(suite: &Path) -> Result<Vec<Group>, String> {
    let mut groups = Vec::new();
    for (folder, draft) in DRAFTS {
        let path = suite.join(folder);
        if path.is_dir() {
            collect(&path, folder, (folder, draft), &mut groups)?;
        }
    }
    Ok(groups)
}

fn collect(
    path: &Path,
    name: &str,
    (folder, draft): (&'static str, Draft),
    groups: &mut Vec<Group>,
) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", path.display());
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| failed(&error))?;
        let mut paths: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.sort();
        for inner in paths {
            let file = inner.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{name}/{file}");
            collect(&inner, &name, (folder, draft), groups)?;
        }
        return Ok(());
    }
    if path.extension().is_none_or(|one| one != "json") {
        return Ok(());
    }
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    let file: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    for group in file.as_array().into_iter().flatten() {
        let described = group.get("description").and_then(Value::as_str);
        let tests = group.get("tests").and_then(Value::as_array);
        let mut tests = tests.into_iter().flatten();
        groups.push(Group {
            folder,
            name: format!("{name}: {}", described.unwrap_or_default()),
            draft,
            schema: group.get("schema").cloned().unwrap_or_default(),
            is_satisfiable: tests.any(|test| test.get("valid") == Some(&Value::Bool(true))),
        });
    }
    Ok(())
}
