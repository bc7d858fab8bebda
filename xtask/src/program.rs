//! A built program that serves: started, waited for until it says where, and ended with its owner.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::step::shown;

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
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child =
            spawned.map_err(|error| format!("cannot run {}: {error}", shown(command)))?;
        let stdout = child.stdout.take().expect("piped a line above");
        let (told, said) = mpsc::channel();
        // Reads on after the line, for a full pipe would halt the program.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some((_, url)) = line.split_once("listening on ") {
                    let _ = told.send(url.trim().to_owned());
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

/// A folder of cargo's target folder, wherever that is: `debug` and `release` hold the built programs.
pub(crate) fn target(folder: &str) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find myself: {error}"))?;
    let is_profile = |path: &&Path| path.ends_with("debug") || path.ends_with("release");
    let profile = own.ancestors().skip(1).find(is_profile);
    let target = profile.and_then(Path::parent);
    let target = target.ok_or("this program lies outside of a target folder")?;
    Ok(target.join(folder))
}
