//! Hot reload: documents, overlays and the scenario are read again when they are edited.
//!
//! Editors save by renaming a new file over the old one, so folders are watched and not files. A file counts
//! as edited if its text differs. A folder that cannot be watched is a warning, and the mock still serves.

use std::fs::File;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use fixtures::Scenario;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use openapi::{Problem, output};

use crate::arguments::Arguments;

/// The quiet time after which a save is over. One save is several changes.
const QUIET: Duration = Duration::from_millis(100);
/// The longest wait for a quiet time.
const PATIENCE: Duration = Duration::from_secs(1);

/// Files, and a watcher of their folders.
pub(crate) struct Watched {
    files: Vec<PathBuf>,
    /// Their texts when they were last read, as checksums; `None` for a file that cannot be read.
    texts: Vec<Option<u64>>,
    changes: Receiver<()>,
    /// Kept because dropping it ends the watching.
    _watcher: RecommendedWatcher,
}

/// Watches the files that the command line names. Bundled files never change; standard input, pipes and URLs are
/// not watched.
pub(crate) fn files(arguments: &Arguments) -> Option<Watched> {
    let scenario = arguments.scenario.iter().filter(|path| is_file(path));
    let named = arguments.documents.iter().chain(&arguments.overlays);
    let named = named.filter(|path| path.is_file());
    let files: Vec<_> = named.chain(scenario).cloned().collect();
    if files.is_empty() {
        return None;
    }
    let (sender, changes) = mpsc::channel();
    let handler = move |event: notify::Result<notify::Event>| {
        // A read is an event too, but no edit.
        let is_change = |event: &notify::Event| !matches!(event.kind, EventKind::Access(_));
        if event.as_ref().map_or(true, is_change) {
            let _ = sender.send(());
        }
    };
    let watcher = notify::recommended_watcher(handler).and_then(|mut watcher| {
        for folder in folders(&files) {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        Ok(watcher)
    });
    match watcher {
        Ok(watcher) => Some(Watched {
            texts: texts(&files),
            files,
            changes,
            _watcher: watcher,
        }),
        Err(error) => {
            output::tell(&format!("edits will not be noticed: {error}\n"));
            None
        }
    }
}

/// Whether a path is a file. A file with a ready scenario's name comes first, as everywhere.
fn is_file(path: &Path) -> bool {
    let ready = path
        .to_str()
        .is_some_and(|name| Scenario::ready_names().contains(&name));
    path.exists() || !ready
}

fn folders(files: &[PathBuf]) -> Vec<&Path> {
    let parents = files.iter().filter_map(|file| file.parent());
    let mut folders: Vec<_> = parents
        .map(|folder| {
            if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            }
        })
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// The checksums of files. No text is kept: a document may have many megabytes.
fn texts(files: &[PathBuf]) -> Vec<Option<u64>> {
    let read = |file: &PathBuf| {
        // A pipe can be read only once, and a device may have no end.
        let sum = file.is_file().then(|| checksum(file));
        sum.and_then(Result::ok)
    };
    files.iter().map(read).collect()
}

/// The checksum of a file. It is compared within one run only.
fn checksum(file: &Path) -> io::Result<u64> {
    let mut text = File::open(file)?;
    let mut sum = DefaultHasher::new();
    let mut part = vec![0; 64 << 10];
    loop {
        match text.read(&mut part) {
            Ok(0) => return Ok(sum.finish()),
            Ok(length) => sum.write(&part[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

impl Watched {
    /// Calls `reload` after each edit and logs the result, as one line if `in_lines` is set.
    pub(crate) fn each_edit(
        mut self,
        reload: impl Fn() -> Result<(), Problem> + Send + 'static,
        in_lines: bool,
    ) {
        std::thread::spawn(move || {
            while self.changes.recv().is_ok() {
                self.settle();
                let edited = self.edited();
                if edited.is_empty() {
                    continue;
                }
                match reload() {
                    Ok(()) => tracing::info!(files = %edited, "the edit is served"),
                    Err(problem) if in_lines => {
                        tracing::error!(files = %edited, %problem, "the edit is not served");
                    }
                    Err(problem) => {
                        tracing::error!(files = %edited, "the edit is not served; the mock stays as it was");
                        output::tell(&format!("{:?}\n", miette::Report::new(problem)));
                    }
                }
            }
        });
    }

    /// Waits until the save is over.
    fn settle(&self) {
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience && self.changes.recv_timeout(QUIET).is_ok() {}
    }

    /// The names of the files whose text changed.
    fn edited(&mut self) -> String {
        let texts = texts(&self.files);
        let both = self.texts.iter().zip(&texts);
        let changed = both.map(|(before, now)| before != now);
        let files = self.files.iter().zip(changed);
        let names: Vec<_> = files
            .filter(|(_, changed)| *changed)
            .map(|(file, _)| file.display().to_string())
            .collect();
        self.texts = texts;
        names.join(", ")
    }
}
