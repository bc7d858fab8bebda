//! The socket and the log of a program that serves until it is stopped.

use std::future::Future;
use std::io::{IsTerminal as _, Write as _};
use std::net::TcpListener;

use axum::Router;
use openapi::Problem;

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
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match log {
        Log::Off => {}
        Log::Text => lines.init(),
        Log::Json => lines.json().flatten_event(true).init(),
    }
}

/// Serves until the process is told to end.
///
/// The greeting is printed last. A program that reads it can send requests and signals at once.
pub(crate) fn serve(listener: TcpListener, router: Router, greeting: &str) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::new(format!("cannot serve: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let stopped = stopped()?;
        // A closed standard output is no reason to stop.
        let mut out = std::io::stdout();
        let _ = out
            .write_all(greeting.as_bytes())
            .and_then(|()| out.flush());
        mock_server::serve(listener, router, stopped).await
    });
    served.map_err(failed)
}

/// Done when the process is told to end. Signals are caught from the call on.
#[cfg(unix)]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Done when the process is told to end.
#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler only the end of the process stops the server.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
