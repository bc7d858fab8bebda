//! `conformance check`: judge a server.

use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use conformance::report::{Form, Report, Style, harmless};
use conformance::{
    Baseline, Budget, Caller, Facts, Http, Jobs, Judgement, Notice, Options, Paced, Plan, Renewing,
    Request, Subject, Tried, UnsafeMethods, catalogue, discover, judge_all,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Zoned;
use openapi::{Assume, Certainty, Contract, Document, Draft, Problem, Source, output};

use crate::basing::BaseArguments;
use crate::durations::duration;
use crate::ending;
use crate::loading::Loading;

/// The options of `conformance check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) target: ServerArguments,
    /// Judge only these laws
    #[arg(long = "law", value_name = "ID", num_args = 1..)]
    laws: Vec<String>,
    /// Judge the K-th of N parts of the laws; together the parts hold every law
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<(usize, usize)>,
    /// The seed of drawn cases; the same seed draws the same cases
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of cases to draw for each law that draws them
    /// [default: 24; fewer if more than 8 lists are found without a subject file]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    cases: Option<u32>,
    /// The number of smaller cases to try after a breach
    #[arg(long, default_value_t = 400)]
    shrinks: u32,
    /// The number of laws to judge at the same time; those that add events or measure time always run alone
    /// [default: 4 if the server takes longer than 2 ms to answer, else 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,
    /// The greatest number of requests for each timeline
    #[arg(long, value_name = "N")]
    max_requests: Option<u64>,
    /// The longest time of the run, as 30s or 2m; it cuts every wait
    #[arg(long, value_name = "TIME", value_parser = duration)]
    time_limit: Option<Duration>,
    /// The longest wait for an added event to show, or for a live timeline to grow by itself if no hook
    /// adds events
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "10s")]
    patience: Duration,
    /// Fail the run if a SHOULD is broken
    #[arg(long)]
    strict: bool,
    /// A file of breaches that are accepted for a while, each with a reason and a last day
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// A file of cases that broke a law before; they are tried first, and new ones are added
    #[arg(long, value_name = "FILE")]
    regressions: Option<PathBuf>,
    /// Write a report to a file, or to standard output if PATH is `-`; FORM is json, junit, markdown,
    /// html or github; may be repeated
    #[arg(long = "report", value_name = "FORM=PATH", value_parser = report_file)]
    reports: Vec<(Form, PathBuf)>,
    /// Print one line for each law
    #[arg(long, short)]
    verbose: bool,
}

/// The server, and the documents to judge it by.
#[derive(Debug, Args)]
pub(crate) struct ServerArguments {
    /// The URL of the server: scheme, host, port, and a path that stands before every operation's path
    url: String,
    #[command(flatten)]
    base: BaseArguments,
    /// The URL with that path.
    #[arg(skip)]
    called: OnceLock<String>,
    /// The subject file: callers and their tokens, resources and their owners; without it, the lists of the document
    /// are asked for resources
    #[arg(long, value_name = "FILE")]
    pub(crate) subject: Option<PathBuf>,
    /// Without a subject file: the token of the caller, or `env:NAME` for the value of a variable
    #[arg(long, value_name = "TOKEN", conflicts_with = "subject")]
    token: Option<String>,
    /// Without a subject file: the token of another caller, who must not see the first one's resources
    #[arg(long, value_name = "TOKEN", requires = "token")]
    stranger: Option<String>,
    /// Without a subject file: write an overlay and a subject file that repeat the run to this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "subject")]
    save: Option<PathBuf>,
    /// What was found without a subject file, for the report.
    #[arg(skip)]
    found: OnceLock<Vec<String>>,
    /// An OpenAPI document to judge by, instead of the bundled ones: a file, a folder, a URL, or `-` for standard
    /// input; may be repeated
    #[arg(long, value_name = "FILE")]
    document: Vec<PathBuf>,
    /// An overlay for the document with the same stem (or the only one); may be repeated
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    loading: Loading,
    /// A file with certificates (PEM) of your own authority, for https
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The longest time for an answer, and the longest wait before a request is repeated
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30s")]
    timeout: Duration,
    /// The longest wait for a server that is still starting
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s")]
    wait: Duration,
    /// The greatest number of requests in a second
    #[arg(long, value_name = "N", default_value_t = 0.0)]
    rate: f64,
    /// Whether POST, PUT, PATCH, DELETE and TRACE may be sent to the resources of the subject file, after
    /// everything else; they change data if the server has them
    /// [default: the subject file's `unsafe-methods`, else refuse]
    #[arg(long, value_name = "WHETHER")]
    unsafe_methods: Option<Permission>,
}

/// A permission as a user writes it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Permission {
    /// Send them
    Allow,
    /// Send no such method, whatever the subject file says
    Refuse,
}

impl From<Permission> for UnsafeMethods {
    fn from(permission: Permission) -> Self {
        match permission {
            Permission::Allow => Self::Allow,
            Permission::Refuse => Self::Refuse,
        }
    }
}

/// Guesses that the server's answers may settle. A list that is asked for with POST needs permission.
fn likely(document: &Document) -> Assume {
    Assume {
        least: Certainty::Likely,
        ..document.assume()
    }
}

/// The default number of cases to draw for each law that draws them.
const CASES: u32 = 24;

/// The default number of laws to judge at the same time.
const JOBS: Jobs = Jobs::WhereSlow(4);

/// A server that is asked at a limited rate, and again after a token expired.
pub(crate) type Server = Renewing<Paced<Http>>;

/// Prints the names of the timelines that have no `x-pagination`.
fn say_what_is_assumed(facts: &[(Contract, Facts)]) {
    let contracts = facts.iter().map(|(contract, _)| contract);
    let assumed = contracts.filter(|contract| !contract.reasons().is_empty());
    let names: Vec<_> = assumed.map(Contract::name).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        output::tell(&format!(
            "assumed from parameters and schemas, because `x-pagination` is missing: {names}\n"
        ));
    }
}

impl ServerArguments {
    /// The server, and each contract with the facts about the server. Without a subject file, lists are looked for
    /// as long as `time` allows.
    pub(crate) fn open(&self, time: Duration) -> Result<(Server, Vec<(Contract, Facts)>), Problem> {
        refuse_no_url(&self.url)?;
        let client = self.client()?;
        let documents = self.loading.open(&self.document, &self.overlay)?;
        crate::warn(&documents);
        self.base.check(&documents)?;
        let sender: Arc<dyn Subject> = Arc::new(client.at(""));
        let facts = match &self.subject {
            Some(subject) => {
                let facts = Facts::of(&documents, &Source::open(subject)?)?;
                let contracts = facts.iter().map(|(contract, _)| contract);
                self.called
                    .get_or_init(|| self.base.over(&self.url, contracts));
                say_what_is_assumed(&facts);
                self.await_server(&*sender);
                facts
            }
            None => self.discover(&documents, &client, &*sender, time)?,
        };
        let server = Paced::new(client.at(self.url()), self.rate);
        let server = Renewing::new(server, facts.iter().map(|(_, facts)| facts));
        let facts = facts.into_iter().map(|(contract, facts)| {
            let hooks = facts.hook_requests().over(&self.url, &sender);
            let permission = self.unsafe_methods.map(UnsafeMethods::from);
            let permission = permission.unwrap_or(facts.unsafe_methods());
            let facts = facts.with_hooks(hooks).with_unsafe_methods(permission);
            (contract, facts)
        });
        Ok((server, facts.collect()))
    }

    /// Looks for what can be judged without a subject file, and says it in one line for each list.
    fn discover(
        &self,
        documents: &[Document],
        client: &Http,
        sender: &dyn Subject,
        time: Duration,
    ) -> Result<Vec<(Contract, Facts)>, Problem> {
        let sure = conformance::sure_contracts(documents)?;
        let doubtful = documents
            .iter()
            .flat_map(|document| document.assumed_as(likely(document)));
        let is_sure = |one: &Contract| {
            sure.iter()
                .any(|sure| sure.operation().pointer == one.operation().pointer)
        };
        let doubtful: Vec<_> = doubtful.filter(|one| !is_sure(one)).collect();
        if sure.is_empty() && doubtful.is_empty() {
            return Err(conformance::no_timeline(documents));
        }
        let called = self
            .called
            .get_or_init(|| self.base.over(&self.url, sure.iter().chain(&doubtful)));
        self.await_server(sender);
        let tokens = [("caller", &self.token), ("stranger", &self.stranger)];
        let callers = tokens.into_iter().filter_map(|(name, token)| {
            let token = token.clone()?;
            Some(Caller { name, token })
        });
        let callers: Vec<_> = callers.collect();
        let server = Paced::new(client.at(called), self.rate);
        let variable = |name: &str| std::env::var(name).ok();
        let found = discover(&sure, &doubtful, &callers, &server, &variable, time)?;
        say_what_is_assumed(&found.judged);
        let settled = found
            .settled
            .iter()
            .map(|line| format!("settled by asking: {line}"));
        let left_out = found
            .left_out
            .iter()
            .map(|line| format!("not judged: {line}"));
        let lines: Vec<_> = settled.chain(left_out).collect();
        for line in &lines {
            output::tell(&format!("{}\n", harmless(line, "")));
        }
        if let Some(folder) = &self.save {
            save(folder, documents, &found.subject_file)?;
        }
        let _ = self.found.set(lines);
        Ok(found.judged)
    }

    /// What was found without a subject file, one line each.
    pub(crate) fn found(&self) -> Vec<String> {
        self.found.get().cloned().unwrap_or_default()
    }

    /// A client for whole URLs.
    fn client(&self) -> Result<Http, Problem> {
        let authorities = self.ca.as_deref().map_or(Ok(String::new()), |path| {
            Source::open(path).map(|source| source.text().to_owned())
        })?;
        let http = Http::trusting("", self.timeout, authorities.as_bytes());
        http.map_err(|lost| {
            Problem::new(format!("no HTTP client can be set up: {lost}"))
                .cure("if --ca was given, check that the file holds certificates in PEM format")
        })
    }

    /// The URL before the path of an operation.
    pub(crate) fn url(&self) -> &str {
        self.called.get().unwrap_or(&self.url)
    }

    /// Waits until the server answers at all. If it never does, the judge reports it.
    fn await_server(&self, sender: &dyn Subject) {
        const GAP: Duration = Duration::from_millis(100);
        let began = Instant::now();
        let request = Request {
            method: "GET".to_owned(),
            target: format!("{}/", self.url.trim_end_matches('/')),
            headers: Vec::new(),
            body: bytes::Bytes::new(),
        };
        while began.elapsed() < self.wait && sender.send(&request).is_err() {
            thread::sleep(GAP);
        }
    }
}

/// Writes the files that repeat a run: an overlay for each document, and the subject file.
fn save(folder: &Path, documents: &[Document], subject: &Source) -> Result<(), Problem> {
    fs::create_dir_all(folder).map_err(|error| {
        let problem = Problem::new(format!("cannot make {}: {error}", folder.display()));
        problem.cure("name a folder that may be written")
    })?;
    for document in documents {
        let path = folder.join(format!("{}.overlay.yaml", document.name()));
        let draft = Draft {
            assume: likely(document),
            vendor: None,
        };
        output::write(&path, &document.draft(draft))?;
    }
    output::write(&folder.join("subject.yaml"), subject.text())
}

fn report_file(argument: &str) -> Result<(Form, PathBuf), String> {
    let names = Form::ALL.iter().map(|(name, _)| *name);
    let names = names.collect::<Vec<_>>().join(", ");
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

fn shard(argument: &str) -> Result<(usize, usize), String> {
    let parts = argument.split_once('/');
    let numbers = parts.and_then(|(shard, of)| Some((shard.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((shard, of)) if (1..=of).contains(&shard) => Ok((shard, of)),
        _ => Err("write it as K/N with K from 1 to N, as in 2/3".to_owned()),
    }
}

impl Check {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        self.refuse_unknown_laws()?;
        let baseline = self
            .baseline
            .as_deref()
            .map(|path| Baseline::read(&Source::open(path)?))
            .transpose()?;
        let first = self
            .regressions
            .as_deref()
            .map_or(Ok(Vec::new()), regressions)?;
        let began = Instant::now();
        // The other half is for the laws.
        let search = self.time_limit.map_or(Duration::MAX, |limit| limit / 2);
        let (server, facts) = self.target.open(search)?;
        let mut options = self.options(first, facts.len());
        // The search for lists belongs to the run, too.
        options.budget.time = options.budget.time.saturating_sub(began.elapsed());
        let mut found = self.target.found();
        if self.cases.is_none() && options.cases < CASES {
            let line = format!(
                "--cases {}, because {} lists were found; --cases {CASES} draws as many as for few lists",
                options.cases,
                facts.len()
            );
            output::tell(&format!("{line}\n"));
            found.push(line);
        }
        let pairs: Vec<_> = facts
            .iter()
            .map(|(contract, facts)| (contract, facts))
            .collect();
        let plan = Plan::of(&pairs, &options);
        self.say(&format!("{}\n", harmless(&plan.to_string(), "")))?;
        ending::catch()?;
        let judgements = with_progress(&pairs, &server, &options);
        let mut judged: Vec<_> = pairs
            .into_iter()
            .zip(judgements)
            .map(|((contract, facts), judgement)| (contract, facts, judgement))
            .collect();
        if let Some(baseline) = baseline {
            let today = Zoned::now().date();
            for (contract, _, judgement) in &mut judged {
                baseline.apply(contract, judgement, today);
            }
        }
        let report = Report::new(
            self.target.url(),
            self.seed,
            self.strict,
            judged,
            began.elapsed(),
        )
        .with_plan(plan)
        .with_assumed(found);
        self.write(&report)?;
        for (caller, times) in server.renewed() {
            self.say(&format!(
                "the token of {caller} expired, and its command was run again: {times} times\n"
            ))?;
        }
        if let Some(path) = &self.regressions {
            keep_regressions(path, options.first, &report)?;
        }
        Ok(ExitCode::from(report.outlook() as u8))
    }

    /// The number of cases to draw for each law. Many lists of one document mostly share their code, so that each needs fewer.
    fn cases(&self, lists: usize) -> u32 {
        /// The number of lists that are judged with all cases.
        const FEW: usize = 8;
        /// A cursor, a limit, and both.
        const LEAST: usize = 3;
        if self.target.subject.is_some() || lists <= FEW {
            return self.cases.unwrap_or(CASES);
        }
        let share = (CASES as usize * FEW / lists).max(LEAST);
        self.cases.unwrap_or(u32::try_from(share).unwrap_or(CASES))
    }

    fn options(&self, first: Vec<Tried>, lists: usize) -> Options {
        Options {
            seed: self.seed,
            cases: self.cases(lists),
            shrinks: self.shrinks,
            laws: self.laws.clone(),
            shard: self.shard,
            first,
            told_to_end: ending::is_told,
            jobs: self.jobs.map_or(JOBS, |jobs| Jobs::Always(jobs.into())),
            budget: Budget {
                requests: self.max_requests.unwrap_or(u64::MAX),
                time: self.time_limit.unwrap_or(Duration::MAX),
                patience: self.patience,
                wait: self.target.timeout,
            },
            ..Options::default()
        }
    }

    /// Whether no report goes to standard output. A reader of such a report wants nothing else on it.
    fn is_output_free(&self) -> bool {
        !self.reports.iter().any(|(_, path)| path.as_os_str() == "-")
    }

    /// Prints a text for a person.
    fn say(&self, text: &str) -> Result<(), Problem> {
        if self.is_output_free() {
            output::print(text)
        } else {
            output::tell(text);
            Ok(())
        }
    }

    fn write(&self, report: &Report<'_>) -> Result<(), Problem> {
        let terminal = if self.is_output_free() {
            std::io::stdout().is_terminal()
        } else {
            std::io::stderr().is_terminal()
        };
        let colours = terminal && std::env::var_os("NO_COLOR").is_none();
        let text = report.terminal(Style {
            colours,
            verbose: self.verbose,
        });
        // The first line is the plan, which was printed before the run.
        self.say(text.split_once('\n').map_or("", |(_, rest)| rest))?;
        for (form, path) in &self.reports {
            let text = report.written(*form);
            if path.as_os_str() == "-" {
                output::print(&text)?;
            } else {
                output::write(path, &text)?;
            }
        }
        Ok(())
    }

    fn refuse_unknown_laws(&self) -> Result<(), Problem> {
        match self.laws.iter().find(|id| catalogue::law(id).is_none()) {
            None => Ok(()),
            Some(unknown) => Err(super::laws::no_such_law(unknown)),
        }
    }
}

/// Judges with a progress bar on standard error, if that is a terminal. Else many lists have a line each.
fn with_progress(
    judged: &[(&Contract, &Facts)],
    subject: &dyn Subject,
    options: &Options,
) -> Vec<Judgement> {
    /// The number of lists that need no line.
    const FEW: usize = 8;
    let bar = ProgressBar::hidden();
    let is_terminal = std::io::stderr().is_terminal();
    if is_terminal {
        bar.set_draw_target(ProgressDrawTarget::stderr());
    }
    let template = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg}");
    bar.set_style(
        template
            .expect("a template of known keys")
            .progress_chars("=> "),
    );
    let mut total = 0;
    let mut lists = 0;
    let judgements = judge_all(judged, subject, options, &mut |notice| match notice {
        Notice::Began { contract, laws } => {
            total += laws as u64;
            lists += 1;
            let name = harmless(contract, "");
            if !is_terminal && judged.len() > FEW {
                let all = judged.len();
                output::tell(&format!("judging list {lists} of {all}: {name}\n"));
            }
            bar.set_length(total);
            bar.set_prefix(name);
        }
        Notice::Judging(law) => bar.set_message(law.id),
        Notice::Judged(_) => bar.inc(1),
    });
    bar.finish_and_clear();
    judgements
}

/// The cases of a regressions file. A missing file has none.
fn regressions(path: &Path) -> Result<Vec<Tried>, Problem> {
    if path.exists() {
        Source::open(path)?.read()
    } else {
        Ok(Vec::new())
    }
}

/// Adds the cases that broke a law in this run to the regressions file, once each.
fn keep_regressions(
    path: &Path,
    mut known: Vec<Tried>,
    report: &Report<'_>,
) -> Result<(), Problem> {
    let before = known.len();
    for tried in report.broken_cases() {
        if !known.contains(&tried) {
            known.push(tried);
        }
    }
    if known.len() == before {
        return Ok(());
    }
    let text = serde_yaml::to_string(&known);
    let text =
        text.map_err(|error| Problem::new(format!("the cases cannot be written: {error}")))?;
    let comment =
        "# Cases that broke a law before; `conformance check --regressions` tries them first.\n";
    output::write(path, &format!("{comment}{text}"))
}

/// Rejects an address of a server without a scheme.
pub(crate) fn refuse_no_url(url: &str) -> Result<(), Problem> {
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(());
    }
    Err(Problem::new(format!("`{url}` is no URL of a server"))
        .cure("write it with its scheme, as in http://127.0.0.1:4010"))
}
