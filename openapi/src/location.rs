//! Where a text is read from: a file, standard input, or a URL.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use crate::source::{Kind, STDIN};
use crate::{Problem, Source};

/// Standard input on a command line.
const DASH: &str = "-";

/// The files that a folder is searched for.
const IN_FOLDER: [&str; 6] = [
    "openapi.yaml",
    "openapi.yml",
    "openapi.json",
    "swagger.yaml",
    "swagger.yml",
    "swagger.json",
];

/// Fetches texts from the network. Programs provide it.
pub trait Loader {
    /// The bytes at a URL, or why there are none.
    fn load(&self, url: &str) -> Result<Vec<u8>, String>;

    /// As [`Loader::load`], in at most `time`. A loader without this method takes the time that `load` takes.
    fn load_within(&self, url: &str, time: Duration) -> Result<Vec<u8>, String> {
        let _ = time;
        self.load(url)
    }
}

/// Whether `location` is a URL that a [`Loader`] can fetch.
pub(crate) fn is_url(location: &str) -> bool {
    let begins = |scheme: &str| {
        let start = location.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    begins("http://") || begins("https://")
}

/// Fetches a URL, in at most `time` if there is one.
pub(crate) fn fetch(
    url: &str,
    loader: Option<&dyn Loader>,
    time: Option<Duration>,
) -> Result<Source, Problem> {
    let Some(loader) = loader else {
        let problem = Problem::new(format!("{url} cannot be fetched here"));
        return Err(problem.cure("save it as a file, and give that"));
    };
    let bytes = match time {
        Some(time) => loader.load_within(url, time),
        None => loader.load(url),
    };
    let bytes = bytes.map_err(|reason| {
        let problem = Problem::new(format!("cannot fetch {url}: {reason}"));
        problem.cure("check the URL in a browser, or save it as a file and give that")
    })?;
    Source::of_bytes(url, bytes, Kind::Url)
}

impl Source {
    /// Reads a file, or standard input if the path is `-`: UTF-8 or UTF-16, also compressed by gzip. A file that
    /// is missing, unreadable or no text is a problem with its path.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let (name, kind) = if path == Path::new(DASH) {
            (STDIN.to_owned(), Kind::Memory)
        } else {
            (path.display().to_string(), Kind::File)
        };
        let bytes = bytes(path).map_err(|error| {
            Problem::new(format!("cannot read {name}: {error}"))
                .cure("check the path; it is taken from the current directory")
        })?;
        Self::of_bytes(&name, bytes, kind)
    }
}

/// The document of a folder; another path as it is.
pub(crate) fn document(path: &Path) -> Result<PathBuf, Problem> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let files = IN_FOLDER.iter().map(|name| path.join(name));
    let mut files = files.filter(|file| file.is_file());
    files.next().ok_or_else(|| {
        let message = format!("{} is a folder without a document", path.display());
        Problem::new(message).cure(format!("name the file, or call it {}", IN_FOLDER[0]))
    })
}

/// The bytes at a path. Pipes and standard input can be read only once, so they are kept for a second
/// reading.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    static KEPT: Mutex<Option<HashMap<PathBuf, Arc<[u8]>>>> = Mutex::new(None);
    let is_stdin = path == Path::new(DASH);
    if !is_stdin && (path.is_file() || path.is_dir() || !path.exists()) {
        return all(std::fs::File::open(path)?);
    }
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.get_or_insert_default();
    if let Some(bytes) = kept.get(path) {
        return Ok(bytes.to_vec());
    }
    let bytes = in_time(path.to_owned(), is_stdin)?;
    kept.insert(path.to_owned(), bytes.as_slice().into());
    Ok(bytes)
}

/// The longest text that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// The time for a pipe to give all of its text.
const PATIENCE: Duration = Duration::from_mins(1);

/// All bytes of a file, if it ends.
fn all(file: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        let reason = format!("it is longer than {} MiB", LONGEST >> 20);
        return Err(io::Error::other(reason));
    }
    Ok(bytes)
}

/// All bytes of a pipe or of standard input, if a program writes them in time.
fn in_time(path: PathBuf, is_stdin: bool) -> io::Result<Vec<u8>> {
    let (send, bytes) = mpsc::channel();
    // A pipe cannot be opened before a program writes into it. So another thread waits, and is left behind.
    std::thread::spawn(move || {
        let bytes = if is_stdin {
            all(io::stdin().lock())
        } else {
            std::fs::File::open(path).and_then(all)
        };
        // The receiver may have given up.
        let _ = send.send(bytes);
    });
    bytes.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let reason = format!("no program wrote all of it in {} s", PATIENCE.as_secs());
        Err(io::Error::other(reason))
    })
}
