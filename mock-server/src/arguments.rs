//! What may be said on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use mock_server::Fault;
use openapi::{Document, Problem, Source};

use crate::pinging::PingCommand;
use crate::proxying::ProxyCommand;

/// A mock server that keeps the contract of paginated timelines, over computed data.
#[derive(Debug, Clone, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// `OpenAPI` documents to serve instead of the bundled ones (YAML or JSON)
    #[arg(value_name = "DOCUMENT")]
    pub(crate) documents: Vec<PathBuf>,
    /// An overlay; with several documents, `name.overlay.yaml` is laid over `name.yaml`
    #[arg(long = "overlay", value_name = "FILE")]
    pub(crate) overlays: Vec<PathBuf>,
    /// The world to serve instead of the default one: a file, or a ready scenario's name
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) scenario: Option<PathBuf>,
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    pub(crate) listen: String,
    /// What URLs in bodies lead back to, where that is not the address: behind a proxy, in a container
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub(crate) base_url: Option<String>,
    /// What every value is computed from: one seed, one world
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Freeze the clock, as in `2026-01-05T09:00:00Z`
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,
    /// The moment that running jobs count from, for several mocks of one world; the start, if not told
    #[arg(long, value_name = "TIME")]
    pub(crate) epoch: Option<Timestamp>,
    /// How fast the clock runs, as in `10x`
    #[arg(long, value_name = "SPEED", default_value = "1x", value_parser = mock_server::read_speed, conflicts_with = "now")]
    pub(crate) speed: f64,
    /// How long URLs to artifacts live at most, as in `5m`; the document may say less
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub(crate) artifact_ttl: Option<u64>,
    /// A fault on purpose, as `status=429@10%`, `latency=100ms..2s`, `slow=2KiB/s` or `drop@every=3`; may be given again
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Fault>,
    /// Refuse query parameters that the operation does not declare
    #[arg(long)]
    pub(crate) strict_requests: bool,
    /// Do not look at the files again when they are edited
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
}

/// What to do instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    /// Check scenarios, or begin one
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Pass real traffic on, and hold it against the documents
    Proxy(ProxyCommand),
    /// Say by the exit code whether a mock answers
    Ping(PingCommand),
}

/// What to do about scenarios.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ScenarioCommand {
    /// Hold a scenario against the documents that it is about
    Check {
        /// The scenario: a file, or a ready scenario's name
        #[arg(value_name = "FILE|NAME")]
        scenario: PathBuf,
        /// `OpenAPI` documents instead of the bundled ones
        #[arg(value_name = "DOCUMENT")]
        documents: Vec<PathBuf>,
        /// An overlay; with several documents, `name.overlay.yaml` is laid over `name.yaml`
        #[arg(long = "overlay", value_name = "FILE")]
        overlays: Vec<PathBuf>,
    },
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a scenario to begin with
    New,
    /// Print the names of the ready scenarios
    List,
}

/// Who may use the control path.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum From {
    /// The machine that the mock runs on
    Loopback,
    /// Everyone who reaches the port
    Anywhere,
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

/// A URL that others can be put behind: of scheme, host and port, and a path at most.
fn base_url(text: &str) -> Result<String, String> {
    let url = text.parse::<http::Uri>().ok().filter(|url| {
        let scheme = url.scheme_str();
        matches!(scheme, Some("http" | "https")) && url.host().is_some() && url.query().is_none()
    });
    let url = url.map(|_| text.trim_end_matches('/').to_owned());
    url.ok_or_else(|| "write scheme, host and port, as in `http://localhost:8080`".to_owned())
}

/// A span in whole seconds, at least one.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let span: Option<SignedDuration> = text.parse().ok();
    let seconds = span.and_then(|span| u64::try_from(span.as_secs()).ok());
    seconds
        .filter(|seconds| *seconds > 0)
        .ok_or_else(|| "write a span of a second or more, as in `5m`".to_owned())
}

/// Reads documents, each with the overlays that are meant for it: all of them for a single document, else
/// those whose file begins with the same name.
pub(crate) fn read(documents: &[PathBuf], overlays: &[PathBuf]) -> Result<Vec<Document>, Problem> {
    let open = |paths: &[PathBuf]| {
        let sources = paths.iter().map(|path| Source::open(path));
        sources.collect::<Result<Vec<_>, _>>()
    };
    let (documents, overlays) = (open(documents)?, open(overlays)?);
    let alone = documents.len() == 1;
    let meant = |overlay: &Source, document: &Source| alone || overlay.stem() == document.stem();
    let astray = overlays
        .iter()
        .find(|overlay| !documents.iter().any(|document| meant(overlay, document)));
    if let Some(overlay) = astray {
        let message = format!("the overlay {} fits none of the documents", overlay.name());
        let stem = documents.first().map_or("name", Source::stem);
        return Err(Problem::new(message).cure(format!(
            "name it after its document, as in `{stem}.overlay.yaml`"
        )));
    }
    let read = documents.into_iter().map(|document| {
        let overlays: Vec<_> = overlays
            .iter()
            .filter(|overlay| meant(overlay, &document))
            .cloned()
            .collect();
        Document::read(document, &overlays)
    });
    read.collect()
}
