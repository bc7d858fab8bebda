//! What a run must find on a server of others: the laws that it breaks, and those that cannot be judged on
//! it, each with the reason why this is right.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use openapi::Source;
use serde::Deserialize;
use serde_json::Value;

/// The findings of a server's timelines, by their names.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Expected(BTreeMap<String, Findings>);

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Findings {
    /// The laws that are broken, each with the server's fault.
    broken: BTreeMap<String, String>,
    /// The laws of level MUST that are unjudged, each with the reason.
    unjudged: BTreeMap<String, String>,
}

impl Expected {
    /// Reads them from `path`.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let source = Source::open(path).and_then(|source| source.read());
        source.map_err(|problem| problem.to_string())
    }

    /// The judge's exit code: 1 if a law is broken, 3 if one is only unjudged.
    pub(super) fn exit_code(&self) -> i32 {
        let any = |of: fn(&Findings) -> &BTreeMap<String, String>| {
            self.0.values().any(|findings| !of(findings).is_empty())
        };
        if any(|findings| &findings.broken) {
            1
        } else if any(|findings| &findings.unjudged) {
            3
        } else {
            0
        }
    }

    /// Compares them with the JSON report at `path` of the run `name`.
    pub(super) fn compare(&self, name: &str, path: &Path) -> Result<(), String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
        let report: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
        let timelines = report["timelines"].as_array().into_iter().flatten();
        let mut wrong = Vec::new();
        for timeline in timelines {
            let timeline_name = timeline["name"].as_str().unwrap_or_default();
            let none = Findings::default();
            let expected = self.0.get(timeline_name).unwrap_or(&none);
            for (verdict, listed) in [
                ("broken", &expected.broken),
                ("unjudged", &expected.unjudged),
            ] {
                let listed = listed.keys().map(String::as_str).collect();
                let found = laws(timeline, verdict);
                let differ = found.symmetric_difference(&listed);
                wrong.extend(differ.map(|law| {
                    let but = if found.contains(law) { "is" } else { "is not" };
                    format!("  {timeline_name}: {law} {but} {verdict}")
                }));
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "`{name}` found something else than is listed:\n{}",
                wrong.join("\n")
            ))
        }
    }
}

/// The laws of a timeline with this verdict. Laws of level INFO never fail, and laws below MUST may be
/// unjudged.
fn laws<'a>(timeline: &'a Value, verdict: &str) -> BTreeSet<&'a str> {
    let findings = timeline["findings"].as_array().into_iter().flatten();
    let counts = |finding: &&Value| {
        let level = finding["level"].as_str();
        let fails = level == Some("MUST") || verdict == "broken" && level == Some("SHOULD");
        finding["verdict"] == verdict && fails
    };
    let laws = findings
        .filter(counts)
        .map(|finding| finding["law"].as_str());
    laws.flatten().collect()
}
