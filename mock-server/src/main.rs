//! The mock as a program: arguments in, a socket open, and sentences for people.

mod arguments;
mod greeting;
mod pinging;
mod proxying;
mod scenario;
mod watch;

use std::future::Future;
use std::io::{IsTerminal as _, Write as _};
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use clap::Parser as _;
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{ControlFrom, Mock, Rim, Time};
use openapi::{Contract, Problem};

use crate::arguments::{Arguments, Command, From, Log};

/// Called wrongly, or something handed in cannot be used.
const CALLED_WRONGLY: u8 = 2;

fn main() -> ExitCode {
    // Clap itself ends with 2 where an argument is wrong.
    let arguments = Arguments::parse();
    let ended = match &arguments.command {
        Some(Command::Proxy(command)) => proxying::run(command),
        Some(Command::Ping(command)) => Ok(pinging::run(command)),
        _ => run(&arguments).map(|()| ExitCode::SUCCESS),
    };
    match ended {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{:?}", miette::Report::new(problem));
            ExitCode::from(CALLED_WRONGLY)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Problem> {
    if let Some(Command::Scenario(command)) = &arguments.command {
        return scenario::run(command);
    }
    // Before the files are read, so that no edit is missed.
    let watched = (!arguments.no_watch)
        .then(|| watch::files(arguments))
        .flatten();
    let (contracts, scenario) = read(arguments)?;
    let epoch = epoch(arguments);
    let mock = Mock::new(contracts, &scenario, arguments.seed, epoch)?;

    let listener = bind(&arguments.listen)?;
    let address = listener
        .local_addr()
        .map_err(|error| Problem::new(format!("cannot listen: {error}")))?;
    let base = format!("http://{address}");
    let mock = mock.at_base(arguments.base_url.as_deref().unwrap_or(&base));
    let mock = match arguments.artifact_ttl {
        Some(seconds) => mock.with_artifacts_for(seconds),
        None => mock,
    };
    let mock = if arguments.strict_requests {
        mock.with_strict_requests()
    } else {
        mock
    };
    mock.check_faults(&arguments.faults).map_err(Problem::new)?;
    let mock = Arc::new(mock);

    start_log(arguments.log);
    let greeting = greeting::greeting(&mock, &base, !arguments.no_control, now(arguments));
    let time = Time::new(Arc::new(Timestamp::now)).starting(arguments.now, arguments.speed);
    let from = match arguments.control_from {
        _ if arguments.no_control => ControlFrom::Nobody,
        From::Loopback => ControlFrom::Loopback,
        From::Anywhere => ControlFrom::Anywhere,
    };
    let rim = Rim::new(mock, time)
        .controlled_from(from)
        .with_faults(arguments.seed, arguments.faults.clone());
    if let Some(watched) = watched {
        let (rim, arguments) = (rim.clone(), arguments.clone());
        let in_lines = matches!(arguments.log, Log::Json);
        let reload = move || rim.reload(read(&arguments));
        watched.each_edit(reload, in_lines);
    }
    serve(listener, rim.router(), &greeting)
}

/// What is to be served.
fn read(arguments: &Arguments) -> Result<(Vec<Contract>, Scenario), Problem> {
    let contracts = scenario::contracts(&arguments.documents, &arguments.overlays)?;
    let scenario = scenario(arguments, &contracts)?;
    Ok((contracts, scenario))
}

/// The scenario asked for; else the default one, as far as it speaks of these documents.
fn scenario(arguments: &Arguments, contracts: &[Contract]) -> Result<Scenario, Problem> {
    if let Some(path) = &arguments.scenario {
        return scenario::open(path);
    }
    let names: Vec<_> = contracts.iter().map(Contract::name).collect();
    Ok(Scenario::bundled()?.limited_to(&names))
}

/// The moment that live jobs count from, to the second: the one told, or else now.
fn epoch(arguments: &Arguments) -> Timestamp {
    let now = now(arguments);
    let second = Timestamp::from_second(now.as_second()).unwrap_or(now);
    arguments.epoch.unwrap_or(second)
}

fn now(arguments: &Arguments) -> Timestamp {
    arguments.now.unwrap_or_else(Timestamp::now)
}

fn bind(address: &str) -> Result<TcpListener, Problem> {
    let listener = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
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

fn start_log(log: Log) {
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

/// Serves until the process is told to end. The greeting comes when everything else is in place: who reads
/// it may send requests, and signals.
fn serve(listener: TcpListener, router: Router, greeting: &str) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::new(format!("cannot serve: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let stopped = stopped()?;
        // Nobody may be reading; that is no reason not to serve.
        let mut out = std::io::stdout();
        let _ = out
            .write_all(greeting.as_bytes())
            .and_then(|()| out.flush());
        mock_server::serve(listener, router, stopped).await
    });
    served.map_err(failed)
}

/// Done when the process is told to end; it listens for that from now on.
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
        // Without a handler there is nothing to wait for but the process's end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
