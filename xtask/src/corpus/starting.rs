//! What the start of the mock costs on a document, as the kernel accounts it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use super::asked::TOKEN;
use crate::bench::process::{cpu_seconds, resident};
use crate::program::{Serving, target};

/// From the start of the program to its first answer.
pub(crate) struct Start {
    /// Seconds of CPU.
    pub(crate) cpu: f64,
    /// The most memory.
    pub(crate) mebibytes: f64,
}

/// Starts the program on a document, and asks it for `target` once.
#[expect(clippy::cast_precision_loss, reason = "shown without digits")]
pub(super) fn start(document: &Path, asked: &str) -> Result<Start, String> {
    let program = target("release")?.join("mock-server");
    let mut mock = Command::new(program);
    let options = ["--listen", "127.0.0.1:0", "--log", "off", "--no-watch"];
    let mock = Serving::start(mock.args(options).arg(document))?;
    ask(&mock.url, asked).map_err(|error| format!("no answer: {error}"))?;
    Ok(Start {
        cpu: cpu_seconds(mock.id())?,
        mebibytes: resident(mock.id())?.peak as f64 / f64::from(1 << 20),
    })
}

/// Asks for a path, and reads the answer.
fn ask(url: &str, path: &str) -> std::io::Result<()> {
    let host = url.strip_prefix("http://").unwrap_or(url);
    let mut stream = TcpStream::connect(host)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map(drop)
}
