//! Whether a mock answers: for containers with nothing else in them, and scripts that wait for it.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use crate::arguments::seconds;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait between two questions.
const GAP: Duration = Duration::from_millis(50);

/// Who is asked, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct PingCommand {
    /// Where the mock listens
    #[arg(value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    address: String,
    /// Ask again for so long, as in `10s`
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    wait: Option<u64>,
}

/// Asks until there is an answer, or the time is over; then says why there is none.
pub(crate) fn run(command: &PingCommand) -> ExitCode {
    let began = Instant::now();
    let wait = Duration::from_secs(command.wait.unwrap_or_default());
    loop {
        match answers(&command.address) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(_) if began.elapsed() < wait => thread::sleep(GAP),
            Err(reason) => {
                eprintln!("{} does not answer: {reason}", command.address);
                return ExitCode::FAILURE;
            }
        }
    }
}

/// Any answer will do, so long as it is one of HTTP.
fn answers(address: &str) -> io::Result<()> {
    let nowhere = || io::Error::other("it is no address of a host and a port");
    let address = address.to_socket_addrs()?.next().ok_or_else(nowhere)?;
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let question = format!(
        "HEAD /__mock/openapi.yaml HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(question.as_bytes())?;
    let mut beginning = [0; 7];
    socket.read_exact(&mut beginning)?;
    if beginning == *b"HTTP/1." {
        Ok(())
    } else {
        Err(io::Error::other("what listens there does not speak HTTP"))
    }
}
