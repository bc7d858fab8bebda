//! The proxy on the command line: what it stands in front of, and what is said at its end.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use mock_server::{ControlFrom, Proxy};
use openapi::{Document, Problem};

use crate::arguments::{From, Log};

/// With `--strict`: something was not as the documents have it.
const VIOLATED: u8 = 1;

/// What the proxy stands in front of, and what it holds against what.
#[derive(Debug, Clone, Args)]
pub(crate) struct ProxyCommand {
    /// The real server; a path in the URL goes before every operation's
    #[arg(long, value_name = "URL")]
    upstream: String,
    /// `OpenAPI` documents instead of the bundled ones (YAML or JSON)
    #[arg(value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,
    /// An overlay; with several documents, `name.overlay.yaml` is laid over `name.yaml`
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<PathBuf>,
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4012")]
    listen: String,
    /// End with 1 if anything was not as the documents have it
    #[arg(long)]
    strict: bool,
    /// Leave out `/__mock/violations`
    #[arg(long)]
    no_control: bool,
    /// Who may ask for `/__mock/violations`
    #[arg(
        long,
        value_enum,
        default_value = "loopback",
        conflicts_with = "no_control"
    )]
    control_from: From,
    /// How exchanges are logged, on standard error
    #[arg(long, value_enum, default_value = "text")]
    log: Log,
}

/// Passes traffic on until the process is told to end; then says what was found.
pub(crate) fn run(command: &ProxyCommand) -> Result<ExitCode, Problem> {
    let documents = Document::open(&command.documents, &command.overlays)?;
    let from = match command.control_from {
        _ if command.no_control => ControlFrom::Nobody,
        From::Loopback => ControlFrom::Loopback,
        From::Anywhere => ControlFrom::Anywhere,
    };
    let proxy = Proxy::new(&documents, &command.upstream)?.controlled_from(from);
    let tally = proxy.tally();
    let listener = crate::bind(&command.listen)?;
    let address = listener
        .local_addr()
        .map_err(|error| Problem::new(format!("cannot listen: {error}")))?;
    crate::start_log(command.log);
    let mut greeting = format!("listening on http://{address}\n");
    let upstream = &command.upstream;
    greeting += &format!("in front of {upstream}, held against\n");
    for document in &documents {
        for operation in document.operations() {
            let (method, path) = (&operation.method, &operation.path);
            greeting += &format!("  {}: {method} {path}\n", document.name());
        }
    }
    crate::serve(listener, proxy.router(), &greeting)?;
    // Whoever closed the pipe does not want to know.
    let _ = write!(std::io::stdout(), "\n{}", tally.summary());
    Ok(if command.strict && tally.violations() > 0 {
        ExitCode::from(VIOLATED)
    } else {
        ExitCode::SUCCESS
    })
}
