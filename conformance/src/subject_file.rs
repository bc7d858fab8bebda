//! The subject file lists the callers and their resources.
//!
//! A judge from outside cannot know which resources exist, who owns them, or how many events they hold.
//! This file says so, in YAML. Tokens may come from the environment (`env:NAME`) or from a command, so that the
//! file can be committed.

mod timeline;
mod token;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use openapi::{Assume, Contract, Document, Names, Problem, Source, join};
use schemars::JsonSchema;
use serde::Deserialize;

use self::timeline::{ResourceEntry, TimelineEntry};
use self::token::{TokenEntry, token};
use self::values::Values;
use crate::token::Token;
use crate::{Facts, HookRequests, Hooks, Level, Resource, UnsafeMethods, catalogue};

/// The subject file as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SubjectFile {
    /// The callers, by name. An API that asks for no credentials needs none.
    #[serde(default)]
    callers: BTreeMap<String, CallerEntry>,
    /// The resources of each timeline, by the timeline's name: the document's file stem, or
    /// `stem/operationId` if several operations of the document page.
    timelines: BTreeMap<String, TimelineEntry>,
    /// The hooks that the judge may use, by the timeline's name.
    #[serde(default)]
    hooks: BTreeMap<String, HookRequests>,
    /// Laws with another level than the catalogue's, by id. Only laws that are inferred can be lowered.
    #[serde(default)]
    levels: BTreeMap<String, LevelEntry>,
    /// Whether the judge may send POST, PUT, PATCH, DELETE and TRACE to the resources, and may so change data.
    #[serde(default, rename = "unsafe-methods")]
    unsafe_methods: UnsafeMethods,
}

/// A caller.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CallerEntry {
    /// Its token or key, `env:NAME` for the value of an environment variable, or a command that prints it. The
    /// command is run again if the token expires.
    token: TokenEntry,
}

/// A law at another level than the catalogue's.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LevelEntry {
    /// The level here.
    level: Level,
    /// The reason. Every report shows it.
    reason: String,
}

/// Every operation that pages, of all documents, and those that surely page although no `x-pagination` says so.
/// There must be at least one.
pub fn contracts(documents: &[Document]) -> Result<Vec<Contract>, Problem> {
    let contracts = sure_contracts(documents)?;
    if contracts.is_empty() {
        return Err(no_timeline(documents));
    }
    Ok(contracts)
}

/// As [`contracts`], where none is no mistake.
pub fn sure_contracts(documents: &[Document]) -> Result<Vec<Contract>, Problem> {
    let mut contracts = Vec::new();
    for document in documents {
        let mut paged = document.contracts()?;
        paged.extend(document.assumed());
        // What creations and deletions do to these can be judged.
        paged.extend(document.whole_lists(&paged));
        contracts.append(&mut paged);
    }
    Ok(contracts)
}

/// The problem of documents of which no operation pages, and what could be done.
pub fn no_timeline(documents: &[Document]) -> Problem {
    let with_posts = |document: &Document| Assume {
        posts: true,
        ..document.assume()
    };
    let posts = documents
        .iter()
        .flat_map(|document| document.assumed_as(with_posts(document)));
    let described = "describe how an operation pages in an overlay, and pass it with --overlay";
    let cure = match posts.count() {
        0 => described.to_owned(),
        posts => format!(
            "pass --assume-posts, because lists seem to be asked for with POST ({posts} operations); or {described}"
        ),
    };
    Problem::new(
        "no operation of the documents has `x-pagination`, or looks like a list that pages, so there is no timeline",
    )
    .cure(cure)
}

impl Facts {
    /// Reads the facts about each of `contracts` that the subject file in `source` names.
    ///
    /// `variable` looks up the value of `env:NAME`. Commands that print tokens are run. Rejects an unknown key, an owner or timeline that
    /// does not exist, an unset variable, or a level that may not be lowered.
    pub fn read(
        source: &Source,
        contracts: &[Contract],
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<(Contract, Facts)>, Problem> {
        let file: SubjectFile = source.read()?;
        let callers = callers(source, &file, &variable)?;
        let levels = levels(source, &file)?;
        let names = Names::of(contracts);
        let mut hooks = BTreeMap::new();
        for (name, requests) in &file.hooks {
            if let Ok(place) = names.find(name) {
                hooks.insert(contracts[place].name(), requests.clone());
            }
        }
        let (mut facts, mut seen) = (Vec::new(), BTreeSet::new());
        for (name, entry) in &file.timelines {
            let at = join("#/timelines", name);
            let place = names.find(name).map_err(|wrong| {
                let problem = source.problem(&at, wrong.message);
                problem.cure(wrong.cure)
            })?;
            let contract = &contracts[place];
            if !seen.insert(place) {
                let message = format!("`{name}` names the same timeline as another key");
                return Err(source.problem(&at, message).cure("keep one of the two"));
            }
            let mut values = Values::new(source, contract, &at, entry);
            let resources = resources(source, &at, entry, &mut values, &callers)?;
            let missing = values.missing(&resources)?;
            let hooks = hooks.remove(&contract.name()).unwrap_or_default();
            let facts_of_one = Facts {
                callers: callers.clone(),
                hook_requests: hooks.knowing(values.places(&resources)),
                resources,
                missing,
                taken: values.taken,
                lacking: values.lacking,
                levels: levels.clone(),
                hooks: Hooks::default(),
                unsafe_methods: file.unsafe_methods,
            };
            facts.push((contract.clone(), facts_of_one));
        }
        check_hooks(source, &file, &names)?;
        if facts.is_empty() {
            return Err(source
                .problem(
                    "#/timelines",
                    "no timeline is named, so there is nothing to judge",
                )
                .cure("name one with at least one resource"));
        }
        Ok(facts)
    }

    /// As [`Facts::read`], for every operation of `documents` that pages, with variables from the
    /// environment. Fails also if none pages.
    pub fn of(documents: &[Document], source: &Source) -> Result<Vec<(Contract, Facts)>, Problem> {
        Self::read(source, &contracts(documents)?, |name| {
            std::env::var(name).ok()
        })
    }

    /// The JSON Schema of subject files.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(SubjectFile).into()
    }
}

/// The token of the first caller of the subject file in `source`. Fails if one of the tokens cannot be read.
pub(crate) fn check_callers(
    source: &Source,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, Problem> {
    let callers = callers(source, &source.read()?, &variable)?;
    Ok(callers.into_values().next().map(|token| token.text))
}

/// The callers of a subject file, with their tokens.
fn callers(
    source: &Source,
    file: &SubjectFile,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, Token>, Problem> {
    let read = file
        .callers
        .iter()
        .map(|(name, caller)| Ok((name.clone(), token(source, name, &caller.token, variable)?)));
    read.collect()
}

fn resources(
    source: &Source,
    at: &str,
    entry: &TimelineEntry,
    values: &mut Values<'_>,
    callers: &BTreeMap<String, Token>,
) -> Result<Vec<Resource>, Problem> {
    let (entries, key) = entry.resources();
    let at = format!("{at}{key}");
    let only = [ResourceEntry::default()];
    let entries = if entries.is_empty() && values.has_one_list() {
        &only
    } else {
        entries
    };
    if entries.is_empty() {
        return Err(source
            .problem(&at, "a timeline needs at least one resource")
            .cure("add `- { id: ..., owner: ... }`"));
    }
    values.check_shared()?;
    let mut resources: Vec<Resource> = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let at = join(&at, &index.to_string());
        let owner = owner(source, &at, entry, values, callers)?;
        let resource = values.resource(entry, owner, &at)?;
        if values.is_label(entry)
            && let Some(same) = resources
                .iter_mut()
                .find(|one| one.is_asked_like(&resource))
        {
            // Two labels for one list.
            same.grows |= resource.grows;
            continue;
        }
        let name = &resource.name;
        if resources.iter().any(|earlier| earlier.name == *name) {
            let key = if entry.id.is_some() { "id" } else { "path" };
            return Err(source
                .problem(
                    &join(&at, key),
                    format!("the resource `{name}` is listed twice"),
                )
                .cure("remove one of them"));
        }
        resources.push(resource);
    }
    Ok(resources)
}

/// The caller that a resource belongs to; empty if there is none, and the API asks for no credentials.
fn owner(
    source: &Source,
    at: &str,
    entry: &ResourceEntry,
    values: &Values<'_>,
    callers: &BTreeMap<String, Token>,
) -> Result<String, Problem> {
    let known: Vec<_> = callers.keys().map(|name| format!("`{name}`")).collect();
    match &entry.owner {
        Some(owner) if callers.contains_key(owner) => Ok(owner.clone()),
        Some(owner) => {
            let message = format!("no caller is called `{owner}`");
            let problem = source.problem(&join(at, "owner"), message);
            Err(problem.cure(if known.is_empty() {
                format!("name it under `callers`, as in `callers: {{ {owner}: {{ token: ... }} }}`")
            } else {
                format!("the callers are {}", known.join(", "))
            }))
        }
        None if !values.needs_credentials() => Ok(String::new()),
        None => match callers.keys().next() {
            Some(only) if callers.len() == 1 => Ok(only.clone()),
            _ => {
                let message = "`owner` is missing: the caller that the resource belongs to";
                let cure = if known.is_empty() {
                    "write `owner: NAME`, and `callers: { NAME: { token: ... } }`".to_owned()
                } else {
                    format!("write `owner:` with one of {}", known.join(", "))
                };
                Err(source.problem(at, message).cure(cure))
            }
        },
    }
}

fn check_hooks(source: &Source, file: &SubjectFile, names: &Names) -> Result<(), Problem> {
    for (name, hooks) in &file.hooks {
        let at = join("#/hooks", name);
        let place = names.find(name);
        if !file
            .timelines
            .keys()
            .any(|key| place.is_ok() && names.find(key) == place)
        {
            return Err(source
                .problem(&at, format!("`{name}` has hooks, but no resources"))
                .cure("name it under `timelines`, too"));
        }
        let urls = [
            ("append", hooks.append.as_ref().map(|hook| &hook.url)),
            (
                "append-many",
                hooks.append_many.as_ref().map(|hook| &hook.url),
            ),
            ("remove", hooks.remove.as_ref().map(|hook| &hook.url)),
            ("change", hooks.change.as_ref().map(|hook| &hook.url)),
            ("hide", hooks.hide.as_ref().map(|hook| &hook.url)),
            ("reads", hooks.reads.as_ref().map(|hook| &hook.url)),
        ];
        for (hook, url) in urls {
            let is_place = |url: &&String| {
                !["/", "http://", "https://"]
                    .iter()
                    .any(|start| url.starts_with(start))
            };
            if let Some(url) = url.filter(is_place) {
                return Err(source
                    .problem(
                        &format!("{at}/{hook}/url"),
                        format!("`{url}` is neither a path nor a URL"),
                    )
                    .cure("start it with `/` for a path on the subject, or with `http://`"));
            }
        }
    }
    Ok(())
}

fn levels(
    source: &Source,
    file: &SubjectFile,
) -> Result<BTreeMap<String, (Level, String)>, Problem> {
    let mut levels = BTreeMap::new();
    for (id, entry) in &file.levels {
        let at = join("#/levels", id);
        let Some(law) = catalogue::law(id) else {
            return Err(source
                .problem(&at, format!("there is no law `{id}`"))
                .cure("`conformance laws` lists them"));
        };
        if entry.level < law.level && !law.is_inferred() {
            return Err(source
                .problem(
                    &at,
                    format!("`{id}` is stated by {}, so it cannot be lowered", law.basis),
                )
                .cure(
                    "only laws that are inferred can be lowered; correct the document if it is wrong",
                ));
        }
        levels.insert(id.clone(), (entry.level, entry.reason.clone()));
    }
    Ok(levels)
}
