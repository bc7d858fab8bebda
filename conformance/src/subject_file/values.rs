//! The values of an operation's parameters: from the subject file, else from the document.

use std::collections::BTreeMap;

use openapi::{Contract, Location, Parameter, Problem, Source, join};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::timeline::{Given, ResourceEntry, TimelineEntry};
use crate::draw::credentials;
use crate::facts::{KnownPlace, Resource, Sent, Taken};
use crate::naming::Naming;

/// Reads the resources of one timeline.
pub(super) struct Values<'a> {
    source: &'a Source,
    contract: &'a Contract,
    naming: Naming<'a>,
    /// Where the timeline stands in the file.
    at: String,
    entry: &'a TimelineEntry,
    /// The values that were taken from the document so far.
    pub(super) taken: Vec<Taken>,
    /// Why no request can be sent, if none can.
    pub(super) lacking: Option<String>,
}

impl<'a> Values<'a> {
    pub(super) fn new(
        source: &'a Source,
        contract: &'a Contract,
        at: &str,
        entry: &'a TimelineEntry,
    ) -> Self {
        Self {
            source,
            contract,
            naming: Naming::of(contract),
            at: at.to_owned(),
            entry,
            taken: Vec::new(),
            lacking: None,
        }
    }

    /// Checks the names of the parameters that the timeline's resources share.
    pub(super) fn check_shared(&self) -> Result<(), Problem> {
        let shared = self.entry.parameters().into_iter().flatten();
        let at = format!("{}/parameters", self.at);
        shared
            .map(|(name, _)| name)
            .try_for_each(|name| self.check_name(&at, name))
    }

    /// Whether requests need credentials.
    pub(super) fn needs_credentials(&self) -> bool {
        credentials::scheme(self.contract).is_ok()
    }

    /// Whether there is only one list to ask for, because the path has no parameter.
    pub(super) fn has_one_list(&self) -> bool {
        self.naming.parameters().is_empty()
    }

    /// The ids of missing resources.
    pub(super) fn missing(&self, resources: &[Resource]) -> Result<Vec<String>, Problem> {
        let ids = self.entry.missing().iter().enumerate();
        let ids = ids.map(|(index, id)| {
            let at = format!("{}/missing/{index}", self.at);
            if self.contract.parent().is_none() {
                let problem = self
                    .source
                    .problem(&at, "`missing` needs a parent, and the list has none");
                return Err(problem.cure("take it out, or name the parent in `x-pagination`"));
            }
            if resources
                .iter()
                .any(|one| self.naming.id(&one.path) == id.0)
            {
                let message = format!("`{}` is missing, and a resource has this id", id.0);
                let problem = self.source.problem(&at, message);
                return Err(problem.cure("remove one of them"));
            }
            Ok(id.0.clone())
        });
        ids.collect()
    }

    /// A resource with the values of all its parameters; it stands at `at`.
    pub(super) fn resource(
        &mut self,
        entry: &ResourceEntry,
        owner: String,
        at: &str,
    ) -> Result<Resource, Problem> {
        self.check_names(entry, at)?;
        let mut path = Vec::new();
        for name in self.naming.parameters().to_vec() {
            path.push(self.path_value(entry, at, name)?);
        }
        let mut parameters = Vec::new();
        for parameter in &self.contract.operation().parameters {
            if parameter.location != Location::Path {
                parameters.extend(self.parameter_value(entry, parameter, at)?);
            }
        }
        let label = entry.id.as_ref().map(|id| id.0.clone());
        let name = if path.is_empty() || self.is_label(entry) {
            label.unwrap_or_else(|| self.contract.operation().path.to_string())
        } else {
            Naming::name(&path)
        };
        Ok(Resource {
            name,
            path,
            parameters,
            owner,
            events: entry.events,
            grows: entry.grows,
            places: self.known_places(entry, at)?,
        })
    }

    /// The places deep in a timeline that the file names.
    fn known_places(&self, entry: &ResourceEntry, at: &str) -> Result<Vec<KnownPlace>, Problem> {
        let places = entry.places.iter().enumerate().map(|(index, place)| {
            let problem = |message: String| {
                let at = format!("{at}/places/{index}/behind");
                self.source.problem(&at, message)
            };
            match entry.events {
                None => Err(problem("`places` says nothing without `events`".to_owned())
                    .cure("add `events`: the number of all events of the timeline")),
                Some(events) if place.behind >= events => {
                    let message = format!("`behind` is {}, of {events} events", place.behind);
                    Err(problem(message).cure("name a place that an event follows"))
                }
                Some(_) => Ok(KnownPlace {
                    behind: place.behind,
                    cursor: place.cursor.0.clone(),
                }),
            }
        });
        places.collect()
    }

    /// Whether the `id` is a mere label: the contract names no parent, and the path has its values already.
    pub(super) fn is_label(&self, entry: &ResourceEntry) -> bool {
        let parent = self.naming.parent();
        let has_value = parent.is_none_or(|parent| entry.path.contains_key(parent));
        entry.id.is_some() && self.contract.parent().is_none() && has_value
    }

    /// The texts for hooks, by the resource's name: its id, and the value of each parameter of the path.
    pub(super) fn places(&self, resources: &[Resource]) -> BTreeMap<String, Vec<(String, String)>> {
        let places = resources.iter().map(|resource| {
            let is_label = resource.name != Naming::name(&resource.path);
            let id = if is_label {
                &resource.name
            } else {
                self.naming.id(&resource.path)
            };
            let path = self.naming.parameters().iter().zip(&resource.path);
            let path = path.map(|(name, value)| ((*name).to_owned(), value.clone()));
            let own = [("id".to_owned(), id.to_owned())].into_iter().chain(path);
            (resource.name.clone(), own.collect())
        });
        places.collect()
    }

    /// The value of a parameter of the path. It is never made up, because such a resource is not there.
    fn path_value(
        &mut self,
        entry: &ResourceEntry,
        at: &str,
        name: &str,
    ) -> Result<String, Problem> {
        let is_parent = self.naming.parent() == Some(name);
        let id = entry.id.as_ref().filter(|_| is_parent);
        let id = id.filter(|_| !self.is_label(entry));
        if let (Some(id), Some(path)) = (id, entry.path.get(name))
            && id != path
        {
            let message = format!("`id` is `{}`, and `path.{name}` is `{}`", id.0, path.0);
            let problem = self.source.problem(&format!("{at}/id"), message);
            return Err(problem.cure("remove one of them"));
        }
        if let Some(given) = id.or(entry.path.get(name)) {
            return Ok(given.0.clone());
        }
        match (
            self.given(entry, name, at),
            self.contract.operation().parameter(Location::Path, name),
        ) {
            (Some((Given::Text(text), _)), _) => return Ok(text.clone()),
            (Some((Given::Value(value), at)), Some(parameter)) => {
                let sent = self.sent(parameter, value, at)?.pop();
                return Ok(sent.map_or_else(String::new, |sent| sent.text));
            }
            _ => {}
        }
        if is_parent {
            let message = format!("`id` is missing: the value of the path's parameter `{name}`");
            let problem = self.source.problem(at, message);
            return Err(problem.cure("write `id: ...`"));
        }
        let operation = self.contract.operation();
        let parameter = operation.parameter(Location::Path, name);
        let sample = parameter.and_then(Parameter::sample);
        let found = sample.filter(|(_, from)| *from != "schema");
        let Some((text, from)) = found else {
            self.lack(
                &format!("path parameter `{name}`"),
                &format!("`path: {{ {name}: ... }}`"),
            );
            return Ok(String::new());
        };
        self.take(Location::Path, name, &text, from);
        Ok(text)
    }

    /// The value of a parameter outside the path, if requests for the resource carry it.
    fn parameter_value(
        &mut self,
        entry: &ResourceEntry,
        parameter: &Parameter,
        at: &str,
    ) -> Result<Vec<Sent>, Problem> {
        let Parameter { name, location, .. } = parameter;
        let as_text = |text: &str| Sent {
            location: *location,
            name: name.clone(),
            text: text.to_owned(),
        };
        match self.given(entry, name, at) {
            Some((Given::Text(text), _)) => return Ok(vec![as_text(text)]),
            Some((Given::Value(value), at)) => return self.sent(parameter, value, at),
            None => {}
        }
        let mut needed = self.contract.needed();
        if !needed.any(|one| one.pointer == parameter.pointer) {
            return Ok(Vec::new());
        }
        if let Some((text, from)) = self.usual_limit(parameter) {
            self.take(*location, name, &text, from);
            return Ok(vec![as_text(&text)]);
        }
        let Some((value, from)) = parameter.sample_value() else {
            let what = format!("{} parameter `{name}`", location.word());
            self.lack(&what, &format!("`parameters: {{ {name}: ... }}`"));
            return Ok(Vec::new());
        };
        let sent = match Given::from(value) {
            Given::Text(text) if parameter.is_plain() => vec![as_text(&text)],
            Given::Text(text) => self.sent(parameter, &Value::from(text), at)?,
            Given::Value(value) => self.sent(parameter, &value, at)?,
        };
        for Sent { name, text, .. } in &sent {
            self.take(*location, name, text, from);
        }
        Ok(sent)
    }

    /// A value as its notation writes it: the names and texts that requests carry, decoded.
    fn sent(&self, parameter: &Parameter, value: &Value, at: &str) -> Result<Vec<Sent>, Problem> {
        let Parameter { name, location, .. } = parameter;
        let Some(written) = parameter.write(value) else {
            let message = format!("`{name}` cannot be sent as this value");
            let place = join(&format!("{at}/parameters"), name);
            return Err(self.source.problem(&place, message).cure(
                "write a value that its style in the document allows, or the text that is sent",
            ));
        };
        let sent = |(name, text): (&str, &str)| {
            let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
            Sent {
                location: *location,
                name: decoded(name),
                text: decoded(text),
            }
        };
        let pairs = |separator: &str| {
            let pairs = written.split(separator);
            let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            pairs.map(sent).collect()
        };
        Ok(match location {
            Location::Query => pairs("&"),
            Location::Cookie => pairs("; "),
            Location::Path => vec![sent((name, &written))],
            Location::Header | Location::Body => vec![Sent {
                location: *location,
                name: name.clone(),
                text: written,
            }],
        })
    }

    /// The value that the file gives under `parameters`, and where these stand: those of the resource, which
    /// is at `at`, go before the timeline's.
    fn given<'e>(
        &'e self,
        entry: &'e ResourceEntry,
        name: &str,
        at: &'e str,
    ) -> Option<(&'e Given, &'e str)> {
        let find = |values: &'e BTreeMap<String, Given>| {
            let mut values = values.iter();
            let found = values.find(|(known, _)| self.is_called(known, name));
            found.map(|(_, value)| value)
        };
        let own = find(&entry.parameters).map(|given| (given, at));
        own.or_else(|| Some((find(self.entry.parameters()?)?, self.at.as_str())))
    }

    /// Whether a name of the file means this parameter. Names of headers are the same in any case.
    fn is_called(&self, written: &str, name: &str) -> bool {
        let operation = self.contract.operation();
        let is_header = operation.parameter(Location::Header, name).is_some();
        written == name || is_header && written.eq_ignore_ascii_case(name)
    }

    /// The default of a limit, which laws reckon with where no limit is sent.
    fn usual_limit(&self, parameter: &Parameter) -> Option<(String, &'static str)> {
        self.contract.role(parameter)?;
        let default = self.contract.limit_bounds()?.default?;
        Some((default.to_string(), "default"))
    }

    fn take(&mut self, location: Location, name: &str, text: &str, from: &'static str) {
        let sent = Sent {
            location,
            name: name.to_owned(),
            text: text.to_owned(),
        };
        let taken = Taken { sent, from };
        if !self.taken.contains(&taken) {
            self.taken.push(taken);
        }
    }

    fn lack(&mut self, what: &str, cure: &str) {
        self.lacking.get_or_insert_with(|| {
            format!("the {what} is required and has no value: write {cure} in the subject file")
        });
    }

    fn check_names(&self, entry: &ResourceEntry, at: &str) -> Result<(), Problem> {
        for name in entry.path.keys() {
            if !self.naming.parameters().contains(&name.as_str()) {
                let names = self.naming.parameters().iter();
                let place = join(&format!("{at}/path"), name);
                return Err(self.unknown(&place, "the path", name, names.copied()));
            }
        }
        let at = format!("{at}/parameters");
        let mut names = entry.parameters.keys();
        names.try_for_each(|name| self.check_name(&at, name))
    }

    /// Checks a name under `parameters`.
    fn check_name(&self, at: &str, name: &str) -> Result<(), Problem> {
        let known = &self.contract.operation().parameters;
        let place = join(at, name);
        let found = known.iter().find(|one| self.is_called(name, &one.name));
        let Some(parameter) = found else {
            let names = known.iter().map(|one| one.name.as_str());
            return Err(self.unknown(&place, "the operation", name, names));
        };
        if self.contract.role(parameter).is_some() {
            let message = format!("`{name}` says which page is asked for, and the judge varies it");
            let problem = self.source.problem(&place, message);
            return Err(problem.cure("take it out"));
        }
        Ok(())
    }

    fn unknown<'n>(
        &self,
        place: &str,
        whose: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Problem {
        let known: Vec<_> = known.map(|name| format!("`{name}`")).collect();
        let message = format!("`{name}` is no parameter of {whose}");
        let cure = match known.as_slice() {
            [] => format!("take it out: {whose} has none"),
            known => format!("it has {}", known.join(", ")),
        };
        self.source.problem(place, message).cure(cure)
    }
}
