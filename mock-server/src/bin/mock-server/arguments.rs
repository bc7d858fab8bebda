//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use fixtures::Locale;
use jiff::Timestamp;
use mock_server::Fault;
use serving::LimitArguments;

use crate::init::InitCommand;
use crate::loading::Loading;
use crate::options::{Credentials, From, Log, ServerArguments, seconds};
use crate::pinging::PingCommand;
use crate::proxying::ProxyCommand;

/// A mock server that keeps the contract of paginated timelines, over computed data.
#[derive(Debug, Clone, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// `OpenAPI` documents to serve instead of the bundled ones: files, folders, URLs, or `-` for standard input
    #[arg(value_name = "DOCUMENT")]
    pub(crate) documents: Vec<PathBuf>,
    /// An overlay; with several documents, `name.overlay.yaml` is laid over `name.yaml`
    #[arg(long = "overlay", value_name = "FILE")]
    pub(crate) overlays: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) loading: Loading,
    /// The world to serve instead of the default one: a file, or a ready scenario's name
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) scenario: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
    /// Which credentials let a caller in
    #[arg(long, value_enum, default_value = "tokens")]
    pub(crate) auth: Credentials,
    /// The address to listen on; port 0 is any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    pub(crate) listen: String,
    /// The beginning of URLs in bodies, if clients use another address: behind a proxy, in a container
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub(crate) base_url: Option<String>,
    /// The number that every value is computed from: one seed, one world
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The language and the country of names, cities and phone numbers, as in `de_DE` or `ja`
    #[arg(long, value_name = "LOCALE", default_value_t = Locale::default())]
    pub(crate) locale: Locale,
    /// Freeze the clock, as in `2026-01-05T09:00:00Z`
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,
    /// The moment from which a scenario's spans count, for several mocks of one world [default: the start]
    #[arg(long, value_name = "TIME")]
    pub(crate) epoch: Option<Timestamp>,
    /// The speed of the clock, as in `10x`
    #[arg(long, value_name = "SPEED", default_value = "1x", value_parser = mock_server::read_speed, conflicts_with = "now")]
    pub(crate) speed: f64,
    /// The longest life of a presigned URL, as in `5m`; the document may set a shorter one
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub(crate) artifact_ttl: Option<u64>,
    /// A fault on purpose, as in `status=429@10%`, `latency=100ms..2s`, `slow=2KiB/s` or `drop@every=3`; may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Fault>,
    /// Keep what is created, changed and deleted in this file (YAML), and begin with what it holds
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Serve up to so many worlds beside the usual one, for tests that run at the same time: the header
    /// `X-Mock-World: NAME` names one, or a path that begins with `/__worlds/NAME`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(crate) worlds: Option<u16>,
    /// Refuse query parameters that the operation does not declare
    #[arg(long)]
    pub(crate) strict_requests: bool,
    /// Do not read the files again when they are edited
    #[arg(long)]
    pub(crate) no_watch: bool,
    /// Leave out the control path under `/__mock/`
    #[arg(long)]
    pub(crate) no_control: bool,
    /// Who may use the control path
    #[arg(
        long,
        value_enum,
        default_value = "loopback",
        conflicts_with = "no_control"
    )]
    pub(crate) control_from: From,
    /// How requests are logged, on standard error
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) log: Log,
    #[command(flatten)]
    pub(crate) limits: LimitArguments,
}

/// A command instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    /// Check scenarios, or print a new one
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Draft an overlay and a scenario for a document, each line with its reason
    Init(InitCommand),
    /// Pass real traffic on, and check it against the documents
    Proxy(ProxyCommand),
    /// Report with the exit code whether a mock answers
    Ping(PingCommand),
}

/// A command about scenarios.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ScenarioCommand {
    /// Check a scenario against the documents that it is for
    Check {
        /// The scenario: a file, or a ready scenario's name
        #[arg(value_name = "FILE|NAME")]
        scenario: PathBuf,
        /// `OpenAPI` documents instead of the bundled ones: files, folders, URLs, or `-` for standard input
        #[arg(value_name = "DOCUMENT")]
        documents: Vec<PathBuf>,
        /// An overlay; with several documents, `name.overlay.yaml` is laid over `name.yaml`
        #[arg(long = "overlay", value_name = "FILE")]
        overlays: Vec<PathBuf>,
        #[command(flatten)]
        loading: Loading,
    },
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a scenario to start from
    New,
    /// Print the names of the ready scenarios
    List,
}

/// A URL that others can follow: scheme, host, port, and optionally a path.
fn base_url(text: &str) -> Result<String, String> {
    let url = text.parse::<http::Uri>().ok().filter(|url| {
        let scheme = url.scheme_str();
        matches!(scheme, Some("http" | "https")) && url.host().is_some() && url.query().is_none()
    });
    let url = url.map(|_| text.trim_end_matches('/').to_owned());
    url.ok_or_else(|| "write scheme, host and port, as in `http://localhost:8080`".to_owned())
}
