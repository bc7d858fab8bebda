//! One step of a chore: a command, its name, and how long it took.

use std::fs::{self, File};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::program::{from_root, shown, target};

/// How many of the last lines of a failed command are shown.
const TAIL: usize = 60;

/// What a command said, which is kept in a file as well.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) text: String,
    pub(crate) code: Option<i32>,
}

/// Runs `command` as the step `name`; it must end with `code`. One line when it is done.
pub(crate) fn step(name: &str, command: &mut Command, code: i32) -> Result<Output, String> {
    begin(name);
    let began = Instant::now();
    let log = log(name)?;
    let output = run(command, &log)?;
    let taken = began.elapsed().as_secs_f64();
    if output.code == Some(code) {
        println!("{}ok      {name:<42} {taken:>7.1} s", overwriting());
        return Ok(output);
    }
    println!("{}FAILED  {name:<42} {taken:>7.1} s\n", overwriting());
    let lines: Vec<_> = output.text.lines().collect();
    for line in &lines[lines.len().saturating_sub(TAIL)..] {
        println!("    {line}");
    }
    let ended = output
        .code
        .map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
    println!("\n  ended with:  {ended}, where {code} is right");
    println!("  all it said: {}", from_root(&log.to_string_lossy()));
    println!("  again:       {}\n", shown(command));
    Err(format!("`{name}` failed"))
}

/// Says, as a line of its own, that an optional step was not taken.
pub(crate) fn absent(name: &str, tool: &str) {
    println!("absent  {name:<42} {tool} (optional)");
}

/// Says, as a line of its own, why an optional step was not taken though it might have been.
pub(crate) fn skipped(name: &str, reason: &str) {
    println!("skipped {name:<42} {reason}");
}

fn begin(name: &str) {
    if std::io::stdout().is_terminal() {
        print!("...     {name}");
        // The line is only a courtesy; where it cannot be written, neither can the rest.
        let _ = std::io::stdout().flush();
    }
}

fn overwriting() -> &'static str {
    if std::io::stdout().is_terminal() {
        "\r"
    } else {
        ""
    }
}

/// Runs `command` to its end, both its streams in one file, in their order.
fn run(command: &mut Command, log: &Path) -> Result<Output, String> {
    let (out, err) =
        open(log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .status();
    let status = status.map_err(|error| format!("cannot run {}: {error}", shown(command)))?;
    let text = fs::read(log).unwrap_or_default();
    Ok(Output {
        text: String::from_utf8_lossy(&text).into_owned(),
        code: status.code(),
    })
}

fn open(log: &Path) -> std::io::Result<(File, File)> {
    log.parent().map_or(Ok(()), fs::create_dir_all)?;
    let file = File::create(log)?;
    Ok((file.try_clone()?, file))
}

fn log(name: &str) -> Result<PathBuf, String> {
    let file = name.replace(|one: char| !one.is_ascii_alphanumeric(), "-");
    Ok(target("xtask")?.join(file).with_extension("log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_fails_when_the_code_is_another() {
        let mut command = Command::new("cargo");
        command.arg("--version");
        assert!(
            step("right", &mut command, 0)
                .unwrap()
                .text
                .starts_with("cargo ")
        );
        assert_eq!(
            step("wrong", &mut command, 1).unwrap_err(),
            "`wrong` failed"
        );
        assert!(step("missing", &mut Command::new("no-such-program"), 0).is_err());
    }
}
