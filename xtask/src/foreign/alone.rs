//! A server that is judged without any file of ours: the judge has its address, and the document that it serves itself.
//!
//! Sorted by a key, its lists keep every law that fails a run. Sorted by a column in which items are equal, each of
//! them loses or repeats items, and is caught.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::folder_of;
use crate::packages::Packages;
use crate::program::{Serving, target};
use crate::root;
use crate::step::step;

/// The folder of the server, and of its packages.
pub(super) const FOLDER: &str = "fastapi-pagination";
/// Enough to see that lists lose items.
const FEW_CASES: [&str; 2] = ["--cases", "4"];
/// How many lists the server has.
const LISTS: usize = 3;

/// Judges the lists, honest and with ties in their order.
pub(super) fn judged(judge: &Path, packages: &Packages) -> Result<(), String> {
    for (what, has_ties) in [("sorted by a key", false), ("with ties in its order", true)] {
        let name = format!("{FOLDER}, no file, {what}");
        let mut start = packages.program();
        start
            .current_dir(root())
            .arg(folder_of(FOLDER).join("lists.py"))
            .env("PORT", "0");
        if has_ties {
            start.env("TIES", "");
        }
        let serving = Serving::start(&mut start)?;
        let report = target("xtask")?
            .join(name.replace([' ', ','], "-"))
            .with_extension("json");
        let mut check = Command::new(judge);
        check
            .current_dir(root())
            .args(["check", &serving.url])
            .args(["--document", &format!("{}/openapi.json", serving.url)])
            .args(FEW_CASES)
            .arg("--report")
            .arg(format!("json={}", report.display()));
        step(&name, &mut check, i32::from(has_ties))?;
        let failing = failing(&report)?;
        let expected = if has_ties { LISTS } else { 0 };
        if failing.len() != expected {
            return Err(format!(
                "`{name}`: {expected} lists must break a law, and {} do: {failing:?}",
                failing.len()
            ));
        }
    }
    Ok(())
}

/// The lists that break a law of level MUST.
fn failing(report: &Path) -> Result<BTreeSet<String>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", report.display());
    let text = fs::read_to_string(report).map_err(|error| failed(&error))?;
    let report: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    let timelines = report["timelines"].as_array().into_iter().flatten();
    let is_broken = |finding: &Value| finding["verdict"] == "broken" && finding["level"] == "MUST";
    let broken = timelines.filter(|timeline| {
        let mut findings = timeline["findings"].as_array().into_iter().flatten();
        findings.any(is_broken)
    });
    let names = broken.filter_map(|timeline| timeline["name"].as_str());
    Ok(names.map(str::to_owned).collect())
}
