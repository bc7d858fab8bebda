//! `conformance check`: judge a server.

use std::fs;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use conformance::report::{Form, Report, Style};
use conformance::{Facts, Http, Notice, Options, Polite, Subject, catalogue, judge};
use indicatif::{ProgressBar, ProgressStyle};
use openapi::{Contract, Document, Problem, Source};

/// What to judge, and how.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Where the server is: scheme, host, port, and a path that goes before every operation's
    url: String,
    /// The subject file: callers and their tokens, resources and their owners
    #[arg(long, value_name = "FILE")]
    subject: PathBuf,
    /// An OpenAPI document to judge by, instead of the bundled ones; may be given again
    #[arg(long, value_name = "FILE")]
    document: Vec<PathBuf>,
    /// An overlay for the document with the same stem (or the only one); may be given again
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Judge only these laws
    #[arg(long = "law", value_name = "ID", num_args = 1..)]
    laws: Vec<String>,
    /// Where drawn cases come from; the same seed draws the same cases
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many cases are drawn for each law that draws them
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    cases: u32,
    /// How many smaller cases are tried once a law was broken
    #[arg(long, default_value_t = 400)]
    shrinks: u32,
    /// Let a broken SHOULD fail the run
    #[arg(long)]
    strict: bool,
    /// Write a report to a file, or to standard output where PATH is `-`; FORM is json, junit, markdown,
    /// html or github; may be given again
    #[arg(long = "report", value_name = "FORM=PATH", value_parser = report_file)]
    reports: Vec<(Form, PathBuf)>,
    /// How long an answer may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,
    /// One line for each law
    #[arg(long, short)]
    verbose: bool,
}

fn report_file(argument: &str) -> Result<(Form, PathBuf), String> {
    let names = Form::ALL.map(|(name, _)| name).join(", ");
    let (name, path) = argument
        .split_once('=')
        .ok_or(format!("write it as FORM=PATH; forms are {names}"))?;
    let known = Form::ALL.iter().find(|(known, _)| *known == name);
    let (_, form) = known.ok_or(format!("there is no form `{name}`; forms are {names}"))?;
    if path.is_empty() {
        return Err("the path is empty".to_owned());
    }
    Ok((*form, path.into()))
}

impl Check {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        self.refuse_unknown_laws()?;
        let subject = server(&self.url, self.timeout)?;
        let sender: Arc<dyn Subject> = Arc::new(client("", self.timeout)?);
        let documents = Document::open(&self.document, &self.overlay)?;
        let contracts = contracts(&documents)?;
        let file = Source::open(&self.subject)?;
        let facts = Facts::read(&file, &contracts, |name| std::env::var(name).ok())?;
        let facts: Vec<_> = facts
            .into_iter()
            .map(|(contract, facts)| {
                let hooks = facts.hook_requests().over(&self.url, &sender);
                (contract, facts.with_hooks(hooks))
            })
            .collect();
        let options = Options {
            seed: self.seed,
            cases: self.cases,
            shrinks: self.shrinks,
            laws: self.laws.clone(),
        };
        let began = Instant::now();
        let judged = facts
            .iter()
            .map(|(contract, facts)| {
                (
                    contract,
                    facts,
                    self.judge(contract, facts, &subject, &options),
                )
            })
            .collect();
        let report = Report {
            subject: &self.url,
            seed: self.seed,
            strict: self.strict,
            judged,
            elapsed: began.elapsed(),
        };
        // Whoever reads a report from standard output wants nothing else on it.
        let to_stdout = !self.reports.iter().any(|(_, path)| path.as_os_str() == "-");
        let terminal = if to_stdout {
            std::io::stdout().is_terminal()
        } else {
            std::io::stderr().is_terminal()
        };
        let colours = terminal && std::env::var_os("NO_COLOR").is_none();
        let mut text = report.terminal(Style {
            colours,
            verbose: self.verbose,
        });
        let (waited, resent) = (subject.waited(), subject.resent());
        if waited + resent > 0 {
            text += &format!(
                "{waited} answers were 429 and waited for; {resent} requests were sent once more\n"
            );
        }
        if to_stdout {
            print!("{text}");
        } else {
            eprint!("{text}");
        }
        for (form, path) in &self.reports {
            let text = report.written(*form);
            if path.as_os_str() == "-" {
                print!("{text}");
                continue;
            }
            fs::write(path, text).map_err(|error| {
                Problem::new(format!("cannot write {}: {error}", path.display()))
                    .cure("check that its folder exists")
            })?;
        }
        Ok(ExitCode::from(report.outlook() as u8))
    }

    fn judge(
        &self,
        contract: &Contract,
        facts: &Facts,
        subject: &dyn Subject,
        options: &Options,
    ) -> conformance::Judgement {
        // Drawn on standard error, and only where that is a terminal.
        let bar = ProgressBar::hidden();
        if std::io::stderr().is_terminal() {
            bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
        bar.set_style(
            ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg}")
                .expect("a template of known keys")
                .progress_chars("=> "),
        );
        let judgement = judge(
            contract,
            facts,
            subject,
            options,
            &mut |notice| match notice {
                Notice::Began { contract, laws } => {
                    bar.set_length(laws as u64);
                    bar.set_prefix(contract.to_owned());
                }
                Notice::Judging(law) => bar.set_message(law.id),
                Notice::Judged(_) => bar.inc(1),
            },
        );
        bar.finish_and_clear();
        judgement
    }

    fn refuse_unknown_laws(&self) -> Result<(), Problem> {
        match self.laws.iter().find(|id| catalogue::law(id).is_none()) {
            None => Ok(()),
            Some(unknown) => Err(super::laws::no_such_law(unknown)),
        }
    }
}

/// Every operation that pages, of all documents; there must be one.
pub(crate) fn contracts(documents: &[Document]) -> Result<Vec<Contract>, Problem> {
    let mut contracts = Vec::new();
    for document in documents {
        contracts.extend(document.contracts()?);
    }
    if contracts.is_empty() {
        return Err(Problem::new(
            "no operation of the documents has `x-pagination`, so there is no timeline",
        )
        .cure("say how an operation pages in an overlay, and give it with --overlay"));
    }
    Ok(contracts)
}

/// The server at `url`, asked with patience.
pub(crate) fn server(url: &str, timeout: u64) -> Result<Polite<Http>, Problem> {
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        return Err(Problem::new(format!("`{url}` is no URL of a server"))
            .cure("write it with its scheme, as in http://127.0.0.1:4010"));
    }
    client(url, timeout).map(Polite::new)
}

fn client(base: &str, timeout: u64) -> Result<Http, Problem> {
    let http = Http::new(base, Duration::from_secs(timeout));
    http.map_err(|lost| Problem::new(format!("no HTTP client can be set up: {lost}")))
}
