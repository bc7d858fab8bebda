//! The options of the command line.

use std::path::PathBuf;

use jiff::SignedDuration;

use crate::finding::Limits;

/// Try random inputs on everything that reads what is not trusted
#[derive(Debug, clap::Parser)]
#[command(name = "fuzz")]
pub(crate) struct Options {
    /// Only this target; may be repeated
    #[arg(long = "target", value_name = "NAME")]
    pub(crate) targets: Vec<String>,
    /// How long each target is tried, as in `30s` or `10m`
    #[arg(long = "for", value_name = "TIME", default_value = "1m")]
    pub(crate) time: SignedDuration,
    /// The number that decides which inputs are tried
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Try only the inputs in this file or folder, each once
    #[arg(long, value_name = "PATH")]
    pub(crate) input: Option<PathBuf>,
    /// The seconds that one input may take
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) seconds: u64,
    /// The memory that one input may take, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    pub(crate) memory: usize,
    /// The folder for inputs that break a target
    #[arg(long, value_name = "FOLDER")]
    pub(crate) found: Option<PathBuf>,
    /// The file for the input that is being tried. The program sets it for its own child.
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) worker: Option<PathBuf>,
}

impl Options {
    /// Whether this process tries the inputs itself, and is watched by another.
    pub(crate) fn is_worker(&self) -> bool {
        self.worker.is_some()
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits {
            seconds: self.seconds,
            memory: self.memory,
        }
    }

    /// The folder for inputs that break a target.
    pub(crate) fn found(&self) -> PathBuf {
        let own = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("found");
        self.found.clone().unwrap_or_else(own)
    }
}
