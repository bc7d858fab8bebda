//! The proxy on the command line, and its summary.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use mock_server::Proxy;
use openapi::{Problem, output};
use serving::{LimitArguments, span};

use crate::listen;
use crate::loading::Loading;
use crate::options::{From, Log, ServerArguments};
use crate::warnings;

/// The exit code with `--strict` if anything broke the documents.
const VIOLATED: u8 = 1;

/// The server behind the proxy, and the documents that its traffic is checked against.
#[derive(Debug, Clone, Args)]
pub(crate) struct ProxyCommand {
    /// The real server; a path in the URL is put before every operation's path
    #[arg(long, value_name = "URL")]
    upstream: String,
    /// `OpenAPI` documents instead of the bundled ones: files, folders, URLs, or `-` for standard input
    #[arg(value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,
    /// An overlay; with several documents, `name.overlay.yaml` is laid over `name.yaml`
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<PathBuf>,
    #[command(flatten)]
    loading: Loading,
    #[command(flatten)]
    server: ServerArguments,
    /// The address to listen on; port 0 is any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4012")]
    listen: String,
    /// Exit with 1 if anything broke the documents
    #[arg(long)]
    strict: bool,
    /// Leave out `/__mock/violations`
    #[arg(long)]
    no_control: bool,
    /// Who may read `/__mock/violations`
    #[arg(
        long,
        value_enum,
        default_value = "loopback",
        conflicts_with = "no_control"
    )]
    control_from: From,
    /// The longest wait for the server's answer to begin, and for each next part of its body
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = span)]
    upstream_timeout: Duration,
    /// How exchanges are logged, on standard error
    #[arg(long, value_enum, default_value = "text")]
    log: Log,
    #[command(flatten)]
    limits: LimitArguments,
}

/// Passes traffic on until the process is told to end, then prints a summary.
pub(crate) fn run(command: &ProxyCommand) -> Result<ExitCode, Problem> {
    let documents = command
        .loading
        .open(&command.documents, &command.overlays)?;
    warnings::print(documents.iter());
    let from = command.control_from.unless(command.no_control);
    let server = command.server.choice();
    warnings::shadowed(&documents, &server);
    let proxy = Proxy::at_server(&documents, &command.upstream, &server)?;
    let proxy = proxy
        .controlled_from(from)
        .waiting(command.upstream_timeout);
    let tally = proxy.tally();
    let (listener, url) = listen::bind(&command.listen)?;
    listen::start_log(command.log);
    let mut greeting = format!("listening on {url}\n");
    let upstream = &command.upstream;
    greeting += &format!("in front of {upstream}, checked against\n");
    for document in &documents {
        for operation in document.operations() {
            let (method, path) = (&operation.method, &operation.path);
            let base = server.base_path(document, operation);
            greeting += &format!("  {}: {method} {base}{path}\n", document.name());
        }
    }
    listen::serve(listener, proxy.router(), command.limits.limits(), &greeting)?;
    output::print(&format!("\n{}", tally.summary()))?;
    Ok(if command.strict && tally.violations() > 0 {
        ExitCode::from(VIOLATED)
    } else {
        ExitCode::SUCCESS
    })
}
