//! `cargo xtask hostile`: requests that break the rules of HTTP, sent to a mock, each with what must come.

pub(crate) mod table;

use std::ffi::OsStr;
use std::process::Command;

use crate::program::{Serving, target};

/// The options of the chore.
#[derive(Debug, clap::Args)]
pub(crate) struct Hostile {
    /// `HOST:PORT` of a mock whose control path is open to this machine; without it, the built one is started
    address: Option<String>,
}

impl Hostile {
    /// Prints a line for each request. An error if an answer differs from what must come.
    pub(crate) fn run(&self) -> Result<(), String> {
        let started = match self.address {
            Some(_) => None,
            None => Some(mock()?),
        };
        let own = started.as_ref().map(|mock| mock.url.as_str());
        let address = self.address.as_deref().or(own).unwrap_or_default();
        let address = address.trim_start_matches("http://");
        let mut wrong = 0;
        for case in table::cases() {
            let found = case.check(address);
            wrong += usize::from(found.is_err());
            match found {
                Ok(()) => println!("ok     {}", case.name),
                Err(found) => println!("WRONG  {}: {found}", case.name),
            }
        }
        match wrong {
            0 => Ok(()),
            1 => Err("1 answer is wrong".to_owned()),
            several => Err(format!("{several} answers are wrong")),
        }
    }
}

/// The built mock, on a free port.
pub(crate) fn mock() -> Result<Serving, String> {
    mock_with(&[])
}

/// The built mock with these arguments, on a free port.
pub(crate) fn mock_with(arguments: &[&OsStr]) -> Result<Serving, String> {
    let program = target("debug")?.join("mock-server");
    if !program.exists() {
        return Err("there is no built mock; run `cargo build` first".to_owned());
    }
    let mut mock = Command::new(program);
    mock.args(["--listen", "127.0.0.1:0", "--log", "off"]);
    Serving::start(mock.args(arguments))
}
