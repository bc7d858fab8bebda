//! Files that are generated from this crate: the catalogue's page, and the schemas of its formats.

use serde_json::Value;

use crate::{Baseline, Facts, catalogue, report};

/// Each published file: its path inside this crate's folder, and its text.
pub fn published_files() -> [(&'static str, String); 4] {
    let pretty = |schema: Value| format!("{schema:#}\n");
    [
        ("LAWS.md", catalogue::markdown()),
        ("baseline.schema.json", pretty(Baseline::json_schema())),
        ("report.schema.json", pretty(report::json_schema())),
        ("subjects/subject.schema.json", pretty(Facts::json_schema())),
    ]
}
