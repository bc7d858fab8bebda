//! The seeds of a target: small files, and the words in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Words that many readers trip over.
const NASTY: [&str; 30] = [
    "0",
    "-1",
    "-0",
    "1e999",
    "0.1",
    "18446744073709551616",
    "9223372036854775807",
    "-9223372036854775808",
    "null",
    "true",
    "{}",
    "[]",
    "''",
    "\"\"",
    "<<",
    "&a [*a, *a]",
    "*a",
    "%",
    "%00",
    "%ff",
    "..",
    "/",
    "~1",
    "\u{202e}",
    "é",
    "\u{1f389}",
    "9999-12-31T23:59:60Z",
    "-9999-01-01T00:00:00Z",
    "$ref: '#/'",
    "(a+)+$",
];

/// The longest word that is taken from a seed, in bytes.
const LONGEST: usize = 64;

/// The seeds of one target.
#[derive(Debug, Clone)]
pub struct Seeds {
    /// The files' contents, in the order of their names.
    pub files: Vec<Vec<u8>>,
    /// The words of all files, and words that many readers trip over. Each once.
    pub words: Vec<Vec<u8>>,
}

impl Seeds {
    /// The seeds in a folder, or in one file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        for file in paths(path)? {
            let failed = |error| format!("cannot read {}: {error}", file.display());
            files.push(fs::read(&file).map_err(failed)?);
        }
        Ok(Self::of(files))
    }

    /// The seeds with these contents.
    pub fn of(files: Vec<Vec<u8>>) -> Self {
        let mut words: BTreeSet<&[u8]> = NASTY.iter().map(|word| word.as_bytes()).collect();
        for file in &files {
            let parts =
                file.split(|byte| !(byte.is_ascii_alphanumeric() || b"_-.$#/*".contains(byte)));
            words.extend(parts.filter(|word| !word.is_empty() && word.len() <= LONGEST));
        }
        let words = words.into_iter().map(<[u8]>::to_vec).collect();
        Self { files, words }
    }
}

/// The folder of a target's seeds.
pub(crate) fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(target)
}

/// The files in a folder in the order of their names, or the file itself.
fn paths(path: &Path) -> Result<Vec<PathBuf>, String> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |error| format!("cannot read {}: {error}", path.display());
    let entries = fs::read_dir(path).map_err(failed)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths: Result<Vec<_>, _> = paths.collect();
    let mut paths = paths.map_err(failed)?;
    paths.sort();
    if paths.is_empty() {
        return Err(format!("{} has no files; put a seed there", path.display()));
    }
    Ok(paths)
}
