//! The socket and the log of a program that serves until it is stopped.

use std::io::{IsTerminal as _, Write as _};
use std::net::TcpListener;

use axum::Router;
use mock_server::Limits;
use openapi::Problem;
use serving::told_to_end;

use crate::options::Log;

/// A listener at `address`, and its URL.
pub(crate) fn bind(address: &str) -> Result<(TcpListener, String), Problem> {
    let listener = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok((listener, url))
    });
    listener.map_err(|error| {
        let cure = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program listens there; choose another port with `--listen 127.0.0.1:4011`, or port 0 for any free one"
            }
            _ => "give an address of this machine and a port, as in `--listen 127.0.0.1:4010`",
        };
        Problem::new(format!("cannot listen on {address}: {error}")).cure(cure)
    })
}

/// Starts the log on standard error.
pub(crate) fn start_log(log: Log) {
    let lines = tracing_subscriber::fmt()
        .with_target(false)
        // If standard error is full, there is no place left to say so.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match log {
        Log::Off => {}
        Log::Text => lines.init(),
        Log::Json => lines.json().flatten_event(true).init(),
    }
}

/// Serves until the process is told to end. If it is told again, answers that were begun are cut off.
///
/// The greeting is printed last. A program that reads it can send requests and signals at once.
pub(crate) fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    greeting: &str,
) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::new(format!("cannot serve: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (stop, at_once) = told_to_end()?;
        // A closed standard output is no reason to stop.
        let mut out = std::io::stdout();
        let _ = out
            .write_all(greeting.as_bytes())
            .and_then(|()| out.flush());
        mock_server::serve_within(limits, listener, router, stop, at_once).await;
        Ok(())
    });
    // A connection that is left after the limit does not hold the process.
    runtime.shutdown_background();
    served.map_err(failed)
}
