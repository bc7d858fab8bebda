//! Packages of Python and Node that a check is made of: pinned in files beside its sources, installed into
//! the target folder, and kept there until other versions are asked for.
//!
//! Nothing here is needed to pass: where a program is not there, or its packages cannot be had, a line says
//! so, and the check is left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program::target;
use crate::step::{absent, skipped};

/// The file beside installed packages that has their pins.
const DONE: &str = "installed";

/// Whose packages they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Language {
    /// Pinned in `requirements.txt`, installed into a virtual environment.
    Python,
    /// Pinned in `package-lock.json`, installed into `node_modules`.
    Node,
}

/// Packages that are installed.
#[derive(Debug, Clone)]
pub(crate) struct Packages {
    language: Language,
    /// Where they are: a folder of the target folder.
    pub(crate) folder: PathBuf,
}

impl Packages {
    /// Those that the files in the folder `own` pin, installed under `name`; `None`, and a line about the
    /// check `what`, where they cannot be had.
    pub(crate) fn of(
        language: Language,
        name: &str,
        own: &Path,
        what: &str,
    ) -> Result<Option<Self>, String> {
        if said(&mut language.probe()).is_err() {
            absent(what, language.needs());
            return Ok(None);
        }
        let folder = target("packages")?.join(name);
        let packages = Self { language, folder };
        match packages.install(own)? {
            Ok(()) => Ok(Some(packages)),
            Err(reason) => {
                skipped(what, &reason);
                Ok(None)
            }
        }
    }

    /// The version of a package; empty if it is not among them.
    pub(crate) fn version(&self, package: &str) -> String {
        let done = fs::read_to_string(self.folder.join(DONE)).unwrap_or_default();
        self.language.version(&done, package).unwrap_or_default()
    }

    /// The program that runs with these packages, to be told what.
    pub(crate) fn program(&self) -> Command {
        match self.language {
            Language::Python => Command::new(self.python()),
            Language::Node => {
                let mut node = Command::new("node");
                node.env("NODE_PATH", self.folder.join("node_modules"));
                node
            }
        }
    }

    fn python(&self) -> PathBuf {
        self.folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        })
    }

    /// Installs them, unless the very same are there; where that does not work, says why.
    fn install(&self, own: &Path) -> Result<Result<(), String>, String> {
        let pins = own.join(self.language.pins());
        let pins =
            fs::read(&pins).map_err(|error| format!("cannot read {}: {error}", pins.display()))?;
        let done = self.folder.join(DONE);
        if fs::read(&done).is_ok_and(|installed| installed == pins) {
            return Ok(Ok(()));
        }
        let written = |error| format!("cannot write into {}: {error}", self.folder.display());
        fs::create_dir_all(&self.folder).map_err(written)?;
        for mut command in self.installers(own) {
            if let Err(reason) = said(&mut command) {
                return Ok(Err(reason));
            }
        }
        fs::write(&done, pins).map_err(written)?;
        Ok(Ok(()))
    }

    fn installers(&self, own: &Path) -> Vec<Command> {
        let into = &self.folder;
        match self.language {
            Language::Python => {
                let mut venv = Command::new("python3");
                venv.args(["-m", "venv", "--clear"]).arg(into);
                let mut pip = self.program();
                // The pins are complete, and say which of a package's needs are none here.
                pip.args(["-m", "pip", "install", "--quiet", "--no-deps"])
                    .args(["--retries", "1", "--timeout", "10", "--requirement"])
                    .arg(own.join("requirements.txt"));
                vec![venv, pip]
            }
            Language::Node => {
                // npm installs where these two lie, which is not to be among the sources.
                for file in ["package.json", "package-lock.json"] {
                    // Without them npm says what is missing.
                    let _ = fs::copy(own.join(file), into.join(file));
                }
                let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
                npm.current_dir(into)
                    .args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"])
                    .args(["--ignore-scripts"])
                    .args(["--fetch-retries", "1", "--fetch-timeout", "10000"]);
                vec![npm]
            }
        }
    }
}

impl Language {
    fn needs(self) -> &'static str {
        match self {
            Self::Python => "python3, 3.11 or later",
            Self::Node => "node, 20 or later, with npm",
        }
    }

    /// The file that says which packages there are to be.
    fn pins(self) -> &'static str {
        match self {
            Self::Python => "requirements.txt",
            Self::Node => "package-lock.json",
        }
    }

    /// The version of a package that the files in the folder `own` pin.
    #[cfg(test)]
    pub(crate) fn pinned(self, own: &Path, package: &str) -> Option<String> {
        let pins = fs::read_to_string(own.join(self.pins())).ok()?;
        self.version(&pins, package)
    }

    /// The version of a package, given the text of the pins.
    fn version(self, pins: &str, package: &str) -> Option<String> {
        match self {
            Self::Python => {
                let pinned = pins.lines().filter_map(|line| line.split_once("=="));
                let mut pinned = pinned.filter(|(name, _)| *name == package);
                pinned.next().map(|(_, version)| version.to_owned())
            }
            Self::Node => {
                let pins: serde_json::Value = serde_json::from_str(pins).ok()?;
                let version = &pins["packages"][format!("node_modules/{package}")]["version"];
                version.as_str().map(str::to_owned)
            }
        }
    }

    /// Fails where the program is not there, or is too old.
    fn probe(self) -> Command {
        let (program, flag, code) = match self {
            Self::Python => (
                "python3",
                "-c",
                "import sys; sys.exit(sys.version_info < (3, 11))",
            ),
            Self::Node => (
                "node",
                "-e",
                "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)",
            ),
        };
        let mut probe = Command::new(program);
        probe.args([flag, code]);
        probe
    }
}

/// Runs a command for its success only; where it has none, the line that says most of why.
pub(crate) fn said(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stderr, output.stdout].concat();
    let text = String::from_utf8_lossy(&text);
    let speaks = |line: &&str| {
        ["ERROR", "Error", "npm error", "error"]
            .iter()
            .any(|one| line.starts_with(one))
    };
    let line = text.lines().find(speaks).or(text.lines().last());
    Err(line.unwrap_or("it did not say why").trim().to_owned())
}
