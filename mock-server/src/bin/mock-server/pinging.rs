//! The check whether a mock answers, for containers without other tools and for scripts that wait.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use openapi::output;

use crate::options::seconds;

/// The longest time for one answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause between two attempts.
const GAP: Duration = Duration::from_millis(50);

/// The mock to ask, and the time to wait for it.
#[derive(Debug, Clone, Args)]
pub(crate) struct PingCommand {
    /// The address of the mock
    #[arg(value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    address: String,
    /// Try again for this long, as in `10s`
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    wait: Option<u64>,
}

/// Asks until the mock answers or the time is over. Then it prints the reason.
pub(crate) fn run(command: &PingCommand) -> ExitCode {
    let began = Instant::now();
    let wait = Duration::from_secs(command.wait.unwrap_or_default());
    loop {
        match answers(&command.address) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(_) if began.elapsed() < wait => thread::sleep(GAP),
            Err(reason) => {
                output::tell(&format!("{} does not answer: {reason}\n", command.address));
                return ExitCode::FAILURE;
            }
        }
    }
}

/// Whether any HTTP answer comes.
fn answers(address: &str) -> io::Result<()> {
    let nowhere = || io::Error::other("it is not an address of a host and a port");
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
        Err(io::Error::other(
            "the program that listens there does not speak HTTP",
        ))
    }
}
