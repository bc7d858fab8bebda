//! Built programs: where they stand, how they are started and ended, and how a command is shown.

use std::io::{BufRead as _, BufReader, Read};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::root;

/// How long a program may take until it listens.
const PATIENCE: Duration = Duration::from_secs(30);

/// A serving program; ended when this is dropped, also on the way out of a failed step.
#[derive(Debug)]
pub(crate) struct Serving {
    child: Child,
    /// Where it listens, as `http://127.0.0.1:40123`.
    pub(crate) url: String,
}

impl Serving {
    /// Starts `command`, which must print a line with `listening on http://…`.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let mut child = spawned(command.stdout(Stdio::piped()))?;
        let stdout = child.stdout.take().expect("piped a line above");
        Self::once_told(command, child, stdout, |line| {
            let (_, url) = line.split_once("listening on ")?;
            Some(url.trim().to_owned())
        })
    }

    /// Starts `command`, whose log on standard error must have a line that `url` reads.
    pub(crate) fn start_logging(
        command: &mut Command,
        url: fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let mut child = spawned(command.stdout(Stdio::null()).stderr(Stdio::piped()))?;
        let stderr = child.stderr.take().expect("piped a line above");
        Self::once_told(command, child, stderr, url)
    }

    fn once_told(
        command: &Command,
        child: Child,
        output: impl Read + Send + 'static,
        url: fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let (told, said) = mpsc::channel();
        // Reads on after the line, for a full pipe would halt the program.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(url) = url(&line) {
                    let _ = told.send(url);
                }
            }
        });
        let mut serving = Self {
            child,
            url: String::new(),
        };
        serving.url = said
            .recv_timeout(PATIENCE)
            .map_err(|_| format!("{} never said where it listens", shown(command)))?;
        Ok(serving)
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawned(command: &mut Command) -> Result<Child, String> {
    let spawned = command.stdin(Stdio::null()).spawn();
    spawned.map_err(|error| format!("cannot run {}: {error}", shown(command)))
}

/// A folder of cargo's target folder, wherever that is: `debug` and `release` hold the built programs.
pub(crate) fn target(folder: &str) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find myself: {error}"))?;
    let is_profile = |path: &&Path| path.ends_with("debug") || path.ends_with("release");
    let profile = own.ancestors().skip(1).find(is_profile);
    let target = profile.and_then(Path::parent);
    let target = target.ok_or("this program lies outside of a target folder")?;
    Ok(target.join(folder))
}

/// `command` as it is pasted into a shell in the repository's folder.
pub(crate) fn shown(command: &Command) -> String {
    let quoted = |word: &str| {
        let plain = |one: char| one.is_ascii_alphanumeric() || "-_./:=,@+".contains(one);
        if !word.is_empty() && word.chars().all(plain) {
            word.to_owned()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    let set = command.get_envs().filter_map(|(name, value)| {
        Some(format!(
            "{}={}",
            name.to_string_lossy(),
            quoted(&value?.to_string_lossy())
        ))
    });
    let program = std::iter::once(command.get_program());
    let words = program.chain(command.get_args());
    let words = words.map(|word| quoted(from_root(&word.to_string_lossy())));
    set.chain(words).collect::<Vec<_>>().join(" ")
}

/// A path or a word, without the way to the repository's folder.
pub(crate) fn from_root(word: &str) -> &str {
    let inner = word.strip_prefix(&*root().to_string_lossy());
    let inner = inner.and_then(|inner| inner.strip_prefix(MAIN_SEPARATOR));
    inner.unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_is_pasted() {
        let mut command = Command::new(root().join("target/debug/conformance"));
        command.args(["check", "http://127.0.0.1:1", "two words", "it's", ""]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        let expect = r"RUSTDOCFLAGS='-D warnings' target/debug/conformance check http://127.0.0.1:1 'two words' 'it'\''s' ''";
        assert_eq!(shown(&command), expect);
    }
}
