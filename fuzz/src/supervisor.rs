//! Runs each target in a process of its own, and keeps the inputs that break one.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::process::{self, Command};
use std::time::Instant;

use openapi::output;

use crate::finding::Finding;
use crate::options::Options;
use crate::target::Target;

/// The exit code of a worker that found something, and kept it.
const FOUND: i32 = 1;
/// The exit code of a worker that was called wrongly.
const WRONG: i32 = 2;

/// Runs the targets that the options name, or all. Returns whether all inputs were survived.
pub(crate) fn run(targets: &'static [Target], options: &Options) -> Result<bool, String> {
    let named: Result<Vec<_>, _> = options
        .targets
        .iter()
        .map(|name| target(targets, name))
        .collect();
    let mut wanted = named?;
    if wanted.is_empty() {
        wanted = targets.to_vec();
    }
    let mut is_well = true;
    for target in wanted {
        is_well &= tried(target, options)?;
    }
    Ok(is_well)
}

/// The target with a name.
pub(crate) fn target(targets: &'static [Target], name: &str) -> Result<Target, String> {
    let found = targets.iter().find(|target| target.name == name);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = targets.iter().map(|target| target.name).collect();
        format!(
            "`--target` names no target `{}`; there are {}",
            openapi::shown::clean(name),
            names.join(", ")
        )
    })
}

/// Runs one target in a process of its own.
fn tried(target: Target, options: &Options) -> Result<bool, String> {
    let failed = |what: &str, error: std::io::Error| format!("cannot {what}: {error}");
    let found = options.found();
    fs::create_dir_all(&found).map_err(|error| failed("make the folder for findings", error))?;
    // Another run may use the folder, too.
    let current = found.join(format!("{}.{}.running", target.name, process::id()));
    let own = std::env::current_exe().map_err(|error| failed("find this program", error))?;
    let mut worker = Command::new(own);
    worker.arg("--target").arg(target.name);
    worker.arg("--for").arg(format!("{:#}", options.time));
    worker.arg("--seed").arg(options.seed.to_string());
    worker.arg("--seconds").arg(options.seconds.to_string());
    worker.arg("--memory").arg(options.memory.to_string());
    worker.arg("--found").arg(&found);
    worker.arg("--worker").arg(&current);
    if let Some(input) = &options.input {
        worker.arg("--input").arg(input);
    }
    let began = Instant::now();
    let status = worker
        .status()
        .map_err(|error| failed("start a worker", error))?;
    let last = fs::read(&current);
    let _ = fs::remove_file(&current);
    let taken = began.elapsed().as_secs_f64();
    match status.code() {
        Some(0) => {
            output::tell(&format!("ok      {:<12} {taken:>7.1} s\n", target.name));
            return Ok(true);
        }
        Some(FOUND) => {}
        Some(WRONG) => return Err(format!("{} was not tried", target.name)),
        _ => {
            let input = last.map_err(|error| failed("read the last input", error))?;
            keep(
                &found,
                target.name,
                &input,
                &Finding::Ended(status.to_string()),
            )?;
        }
    }
    Ok(false)
}

/// Writes an input that breaks a target to a file, and says how to try it again.
pub(crate) fn keep(
    found: &Path,
    target: &str,
    input: &[u8],
    finding: &Finding,
) -> Result<(), String> {
    let mut hash = DefaultHasher::new();
    input.hash(&mut hash);
    let file = found.join(format!("{target}-{:016x}", hash.finish()));
    fs::write(&file, input).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    output::tell(&format!(
        "FOUND   {target}: {}\n  input: {}\n  again: cargo xtask fuzz --target {target} --input {}\n",
        openapi::shown::clean(&finding.to_string()),
        file.display(),
        file.display(),
    ));
    Ok(())
}
