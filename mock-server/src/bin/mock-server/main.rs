//! The mock as a program: it reads arguments and files, opens a socket, and prints messages.

// They panic if the output is full or closed. `openapi::output` says so, or goes on.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod curl;
mod greeting;
mod init;
mod listen;
mod loading;
mod options;
mod pinging;
mod proxying;
mod reading;
mod scenario;
mod warnings;
mod watch;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Rim};
use openapi::{Problem, output};

use crate::arguments::{Arguments, Command};
use crate::options::Log;

/// The exit code for wrong arguments and unusable files.
const CALLED_WRONGLY: u8 = 2;

fn main() -> ExitCode {
    // Clap itself exits with 2 if an argument is wrong.
    let arguments = Arguments::parse();
    let ended = match &arguments.command {
        None => run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Scenario(command)) => scenario::run(command).map(|()| ExitCode::SUCCESS),
        Some(Command::Init(command)) => init::run(command).map(|()| ExitCode::SUCCESS),
        Some(Command::Proxy(command)) => proxying::run(command),
        Some(Command::Ping(command)) => Ok(pinging::run(command)),
    };
    match ended {
        Ok(code) => code,
        Err(problem) => {
            output::tell(&format!("{:?}\n", miette::Report::new(problem)));
            ExitCode::from(CALLED_WRONGLY)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Problem> {
    // Watching begins before the files are read, so that no edit is missed.
    let watched = (!arguments.no_watch)
        .then(|| watch::files(arguments))
        .flatten();
    let now = arguments.now.unwrap_or_else(Timestamp::now);
    let epoch = arguments.epoch.unwrap_or(whole_second(now));
    let mock = Mock::new(reading::plan(arguments, epoch)?)?;
    warnings::of_mock(&mock);
    mock.check_faults(&arguments.faults).map_err(Problem::new)?;

    let (listener, url) = listen::bind(&arguments.listen)?;
    let mock = Arc::new(with_options(mock, arguments, &url));

    listen::start_log(arguments.log);
    let greeting = greeting::greeting(&mock, &url, !arguments.no_control, now);
    let clock = Clock::new(Arc::new(Timestamp::now)).starting(arguments.now, arguments.speed);
    let mut rim = Rim::new(mock, clock)
        .controlled_from(arguments.control_from.unless(arguments.no_control))
        .with_faults(arguments.seed, arguments.faults.clone());
    if let Some(most) = arguments.worlds {
        rim = rim.with_worlds(usize::from(most));
    }
    if let Some(file) = &arguments.state {
        rim.keep_state(file)?;
    }
    if let Some(watched) = watched {
        let (rim, arguments) = (rim.clone(), arguments.clone());
        let in_lines = matches!(arguments.log, Log::Json);
        let reload = move || rim.reload(reading::plan(&arguments, epoch));
        watched.each_edit(reload, in_lines);
    }
    let limits = arguments.limits.limits();
    listen::serve(listener, rim.clone().router(), limits, &greeting)?;
    let state = arguments.state.as_ref();
    state.map_or(Ok(()), |file| rim.save_state(file))
}

fn with_options(mock: Mock, arguments: &Arguments, url: &str) -> Mock {
    let mut mock = mock.at_base(arguments.base_url.as_deref().unwrap_or(url));
    mock = mock.with_auth(arguments.auth.auth());
    if let Some(seconds) = arguments.artifact_ttl {
        mock = mock.with_artifacts_for(seconds);
    }
    if arguments.strict_requests {
        mock = mock.with_strict_requests();
    }
    mock
}

fn whole_second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
