//! What programs write: files whole or not at all, and standard output.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::Problem;

/// Writes a file, whole or not at all: a reader sees the text before or the text after, also if the disk is full or
/// the program is killed.
///
/// A device or a pipe is written as it is. Fails with a problem that names the path.
pub fn write(path: &Path, text: &str) -> Result<(), Problem> {
    // A link stays one.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let is_other = fs::metadata(&path).is_ok_and(|found| !found.is_file());
    let written = if is_other {
        fs::write(&path, text)
    } else {
        replaced(&path, text)
    };
    written.map_err(|error| {
        Problem::new(format!("cannot write {}: {error}", path.display()))
            .cure("name a file in a folder that exists, may be written, and has room")
    })
}

fn replaced(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let written = File::create(&new).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    });
    if written.is_err() {
        // What is left of it is of no use.
        let _ = fs::remove_file(&new);
    }
    written
}

/// Writes a text to standard output. A reader such as `head` may close the pipe early, which is no error.
pub fn print(text: &str) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let problem = Problem::new(format!("cannot write to standard output: {error}"));
            Err(problem.cure("make room, or send the output elsewhere"))
        }
        _ => Ok(()),
    }
}

/// Writes a text to standard error. If that is closed or full, there is no place left to say so.
pub fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
