//! Values that several commands take.

use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use mock_server::{Auth, ControlFrom};
use openapi::ServerChoice;

/// The server of a document whose path stands before every operation's path.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServerArguments {
    /// The path before every operation's path, as in `/v2`; `/` for none
    /// [default: the path of the document's first server]
    #[arg(long, value_name = "PATH", conflicts_with_all = ["server", "server_variables"])]
    base_path: Option<String>,
    /// The number of the document's server whose path is taken
    #[arg(long, value_name = "N")]
    server: Option<usize>,
    /// A variable of the server's URL; may be repeated
    #[arg(long = "server-variable", value_name = "NAME=VALUE", value_parser = variable)]
    server_variables: Vec<(String, String)>,
}

impl ServerArguments {
    /// The choice that the arguments make.
    pub(crate) fn choice(&self) -> ServerChoice {
        ServerChoice {
            base_path: self.base_path.clone(),
            number: self.server,
            variables: self.server_variables.clone(),
        }
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let pair = pair.map(|(name, value)| (name.to_owned(), value.to_owned()));
    pair.ok_or_else(|| "write a name and a value, as in `region=eu`".to_owned())
}

/// Which credentials let a caller in.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Credentials {
    /// The tokens of the scenario's owners
    Tokens,
    /// Any that are not empty; those that no owner has are the first owner's
    Any,
    /// None are asked for
    None,
}

impl Credentials {
    pub(crate) fn auth(self) -> Auth {
        match self {
            Self::Tokens => Auth::Tokens,
            Self::Any => Auth::Any,
            Self::None => Auth::Off,
        }
    }
}

/// Who may use the control path.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum From {
    /// The machine that the mock runs on
    Loopback,
    /// Everyone who reaches the port
    Anywhere,
}

impl From {
    /// The access rule that `--control-from` and `--no-control` make together.
    pub(crate) fn unless(self, no_control: bool) -> ControlFrom {
        match self {
            _ if no_control => ControlFrom::Nobody,
            Self::Loopback => ControlFrom::Loopback,
            Self::Anywhere => ControlFrom::Anywhere,
        }
    }
}

/// How requests are logged.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Log {
    /// Not at all.
    Off,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A span in whole seconds, at least one.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let span: Option<SignedDuration> = text.parse().ok();
    let seconds = span.and_then(|span| u64::try_from(span.as_secs()).ok());
    seconds
        .filter(|seconds| *seconds > 0)
        .ok_or_else(|| "write a span of a second or more, as in `5m`".to_owned())
}
