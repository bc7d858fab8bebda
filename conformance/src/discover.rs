//! Finds what the judge can judge, if it knows only the document, a token and the URL of a server.
//!
//! Lists at the top of the API need no resource. The lists below them need ids: they are taken from the items of
//! other lists, by `links`, paths, names and schemas. Only GET requests are sent, one or two for each list. The result is a subject file,
//! so that the next run needs no search.

mod ids;
mod nested;
mod settled;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use openapi::{Contract, Problem, Source};
use serde_json::Value;

use crate::session::{Ask, Page, Run, Session};
use crate::subject_file::check_callers;
use crate::walked::reason;
use crate::{Budget, Facts, Resource, Subject};

/// The greatest number of resources of one list.
const RESOURCES: usize = 2;

/// A caller of the API: a name for it, and its token as a subject file has it: `env:NAME`, or the token itself.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The name in reports.
    pub name: &'static str,
    /// The token.
    pub token: String,
}

/// What was found.
#[derive(Debug)]
pub struct Discovered {
    /// Each list that can be judged, with its facts.
    pub judged: Vec<(Contract, Facts)>,
    /// The subject file that says the same.
    pub subject_file: Source,
    /// One line for each doubtful guess that was settled by asking, with the answer.
    pub settled: Vec<String>,
    /// One line for each list that is not judged: why, and what would let it.
    pub left_out: Vec<String>,
}

/// A list that answers, and its first page.
struct Found<'c> {
    contract: &'c Contract,
    resource: Resource,
    page: Page,
}

/// Looks for everything that can be judged. `sure` lists are judged; `doubtful` ones only if the server's answers
/// settle the doubt. The first caller owns what is found. Lists that are not reached in `time` are left out.
///
/// Fails if no list can be judged, or if a token cannot be read.
pub fn discover(
    sure: &[Contract],
    doubtful: &[Contract],
    callers: &[Caller],
    subject: &dyn Subject,
    variable: &dyn Fn(&str) -> Option<String>,
    time: Duration,
) -> Result<Discovered, Problem> {
    let mut search = Search {
        ends: Instant::now().checked_add(time),
        callers,
        subject,
        variable,
        entries: Vec::new(),
        left_out: Vec::new(),
        settled: Vec::new(),
        token: None,
    };
    // A token that cannot be read is the caller's mistake, and no reason to leave a list out.
    let mut file = String::new();
    search.write_callers(&mut file);
    file.push_str("timelines: {}\n");
    search.token = check_callers(&Source::new(FILE, file), variable)?;

    let mut found = Vec::new();
    let is_top = |contract: &&Contract| contract.operation().path.parameters().next().is_none();
    for contract in sure.iter().filter(is_top) {
        found.extend(search.open(contract, &[String::new()]));
    }
    for contract in doubtful.iter().filter(is_top) {
        found.extend(search.settle(contract));
    }
    search.go_below(sure, &mut found);
    let file = search.written();
    let known: Vec<Contract> = found.iter().map(|one| one.contract.clone()).collect();
    if known.is_empty() {
        let why = search.left_out.join("\n");
        let message = format!("no list of the document can be judged\n{why}");
        return Err(Problem::new(message).cure("write a subject file, and pass it with --subject; `conformance infer` shows how lists seem to page"));
    }
    let source = Source::new(FILE, file);
    let mut contracts = sure.to_vec();
    contracts.extend(
        doubtful
            .iter()
            .filter(|one| known.iter().any(|known| known.name() == one.name()))
            .cloned(),
    );
    let judged = Facts::read(&source, &contracts, variable)?;
    Ok(Discovered {
        judged,
        subject_file: source,
        settled: search.settled,
        left_out: search.left_out,
    })
}

/// The name of the subject file that is found.
const FILE: &str = "found.subject.yaml";

/// Why a list was not asked for.
const OVER: &str = "the time for the search is used up";

struct Search<'s> {
    /// When it stops; `None` is never.
    ends: Option<Instant>,
    callers: &'s [Caller],
    subject: &'s dyn Subject,
    variable: &'s dyn Fn(&str) -> Option<String>,
    /// The entries of the subject file: the timeline's name, and its resources.
    entries: Vec<(String, Vec<Value>)>,
    settled: Vec<String>,
    left_out: Vec<String>,
    /// The token of the first caller.
    token: Option<String>,
}

impl Search<'_> {
    /// Opens a list: its first page, for the first of these ids that leads to one. An empty id is that of a list
    /// without a parent.
    fn open<'c>(&mut self, contract: &'c Contract, ids: &[String]) -> Option<Found<'c>> {
        let entry =
            |id: &String| Vec::from_iter((!id.is_empty()).then(|| Value::from(id.as_str())));
        let paths: Vec<_> = ids.iter().map(entry).collect();
        self.open_at(contract, &paths)
    }

    /// As [`Search::open`], with all values of each path.
    fn open_at<'c>(&mut self, contract: &'c Contract, paths: &[Vec<Value>]) -> Option<Found<'c>> {
        let resources: Vec<_> = paths
            .iter()
            .take(RESOURCES)
            .map(|path| self.resource(contract, path))
            .collect();
        match self.first_page(contract, &resources) {
            Ok((resource, page)) => {
                self.entries.push((contract.name(), resources));
                Some(Found {
                    contract,
                    resource,
                    page,
                })
            }
            Err(why) => {
                self.leave_out(
                    contract,
                    &why,
                    "a resource of it in a subject file, with the parameters that it needs",
                );
                None
            }
        }
    }

    /// The first page of the first of these resources.
    fn first_page(
        &self,
        contract: &Contract,
        resources: &[Value],
    ) -> Result<(Resource, Page), String> {
        self.with_session(contract, resources, |session, resource| {
            let page = session.page(&Ask::of(&resource.name));
            let page = page.map_err(|stop| reason(&stop))?;
            Ok((resource.clone(), page))
        })
    }

    /// What `read` finds in the first of these resources. Fails with the reason why nothing can be read.
    fn with_session<T>(
        &self,
        contract: &Contract,
        resources: &[Value],
        read: impl FnOnce(&Session<'_>, &Resource) -> Result<T, String>,
    ) -> Result<T, String> {
        let time = self.time_left().ok_or(OVER)?;
        let facts = self.facts(contract, resources)?;
        if let Some(lacking) = facts.lacking() {
            return Err(lacking.to_owned());
        }
        let run = Run::new(
            contract,
            &facts,
            self.subject,
            Vec::new(),
            Budget {
                time,
                ..Budget::default()
            },
        );
        let session = Session::new(&run);
        let resource = facts.resources().first().ok_or("it has no resource")?;
        read(&session, resource)
    }

    /// How long the search may still take, if it may.
    fn time_left(&self) -> Option<Duration> {
        let left = |ends: Instant| ends.checked_duration_since(Instant::now());
        let left = self.ends.map_or(Some(Duration::MAX), left);
        left.filter(|left| !left.is_zero())
    }

    /// The facts about one list with these resources.
    fn facts(&self, contract: &Contract, resources: &[Value]) -> Result<Facts, String> {
        let mut file = String::new();
        self.write_callers(&mut file);
        let name = Value::from(contract.name());
        let _ = writeln!(
            file,
            "timelines:\n  {name}: {}",
            Value::from(resources.to_vec())
        );
        let facts = Facts::read(
            &Source::new(FILE, file),
            std::slice::from_ref(contract),
            self.variable,
        );
        let mut facts = facts.map_err(|problem| problem.message().to_owned())?;
        facts
            .pop()
            .map(|(_, facts)| facts)
            .ok_or_else(|| "it has no facts".to_owned())
    }

    /// A resource as a subject file has it.
    fn resource(&self, contract: &Contract, path: &[Value]) -> Value {
        let mut entry = serde_json::Map::new();
        let names: Vec<_> = contract.operation().path.parameters().collect();
        match path {
            [] => {}
            [id] if names.len() == 1 => {
                entry.insert("id".to_owned(), id.clone());
            }
            values => {
                let path = names
                    .into_iter()
                    .map(str::to_owned)
                    .zip(values.iter().cloned());
                entry.insert(
                    "path".to_owned(),
                    path.collect::<serde_json::Map<_, _>>().into(),
                );
            }
        }
        if let Some(owner) = self.callers.first() {
            entry.insert("owner".to_owned(), owner.name.into());
        }
        entry.into()
    }

    fn leave_out(&mut self, contract: &Contract, why: &str, cure: &str) {
        let (why, cure) = if self.time_left().is_some() {
            (why, cure)
        } else {
            (OVER, "a longer --time-limit, or a subject file")
        };
        let operation = contract.operation();
        let line = format!(
            "{} {}: {why}; what would let it: {cure}",
            operation.method, operation.path
        );
        self.left_out.push(line);
    }

    fn write_callers(&self, out: &mut String) {
        if self.callers.is_empty() {
            out.push_str("callers: {}\n");
            return;
        }
        out.push_str("callers:\n");
        for Caller { name, token } in self.callers {
            let _ = writeln!(
                out,
                "  {name}: {{ token: {} }}",
                Value::from(token.as_str())
            );
        }
    }

    /// The whole subject file.
    fn written(&self) -> String {
        let mut out = "# Found by asking the server for the lists of its document.\n".to_owned();
        self.write_callers(&mut out);
        out.push_str("timelines:\n");
        for (name, resources) in &self.entries {
            let _ = writeln!(out, "  {}:", Value::from(name.as_str()));
            for resource in resources {
                let _ = writeln!(out, "    - {resource}");
            }
        }
        out
    }
}
