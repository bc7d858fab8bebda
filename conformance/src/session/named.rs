//! Finds the path values and the other parameters of a resource by its name.

use openapi::{Contract, Location, Parameter};

use super::{Ask, Session};
use crate::facts::Resource;
use crate::naming::Naming;
use crate::subject::{add_cookie, cookies, encoded};

/// Names and their texts.
type Pairs = Vec<(String, String)>;

impl Session<'_> {
    /// The path values of a resource.
    ///
    /// A name without all path values is treated as an id beside the first resource's values.
    pub(crate) fn path_of(&self, name: &str) -> Vec<String> {
        if let Some(resource) = self.facts().resource(name) {
            return resource.path.clone();
        }
        let naming = Naming::of(self.contract());
        naming.values(name).unwrap_or_else(|| {
            let first = self.resources().first();
            let values = first.map(|first| first.path.clone()).unwrap_or_default();
            naming.with_id(&values, name)
        })
    }

    /// The id of a resource in the path.
    pub(crate) fn id_of(&self, name: &str) -> String {
        let naming = Naming::of(self.contract());
        naming.id(&self.path_of(name)).to_owned()
    }

    /// The name of the resource that has another id and the same other path values.
    pub(crate) fn with_id(&self, name: &str, id: &str) -> String {
        let naming = Naming::of(self.contract());
        Naming::name(&naming.with_id(&self.path_of(name), id))
    }

    /// As [`Session::with_id`], for strategies, which outlive the session.
    pub(crate) fn naming_like(&self, name: &str) -> impl Fn(&str) -> String + use<> {
        let contract = self.contract().clone();
        let values = self.path_of(name);
        move |id| {
            let naming = Naming::of(&contract);
            Naming::name(&naming.with_id(&values, id))
        }
    }

    /// The path of a resource. `spelled` is the spelling of its id.
    pub(crate) fn path(&self, name: &str, spelled: Option<&str>) -> String {
        let naming = Naming::of(self.contract());
        let values = self.path_of(name);
        self.contract().operation().path.expand_raw(|parameter| {
            if let Some(spelled) = spelled.filter(|_| naming.parent() == Some(parameter)) {
                return spelled.to_owned();
            }
            let mut names = naming.parameters().iter();
            let place = names.position(|known| *known == parameter);
            let value = place.and_then(|place| values.get(place));
            value.map_or_else(String::new, |value| encoded(value))
        })
    }

    /// The text that is sent for a parameter with every request for a resource.
    pub(super) fn sent_for(&self, name: &str, parameter: &Parameter) -> Option<String> {
        let mut sent = self.like(name)?.parameters.iter();
        let same = sent.find(|one| {
            one.location == parameter.location && one.name.eq_ignore_ascii_case(&parameter.name)
        });
        same.map(|one| one.text.clone())
    }

    /// The query and the headers of a request: its own, and the resource's other parameters.
    ///
    /// A parameter that the request already has is not sent twice.
    pub(super) fn with_other_parameters(&self, ask: &Ask) -> (Pairs, Pairs) {
        let mut query = Pairs::new();
        let mut headers = ask.headers.clone();
        let parameters = self.like(&ask.resource);
        for sent in parameters.into_iter().flat_map(|one| &one.parameters) {
            let pair = (sent.name.clone(), sent.text.clone());
            let has = |pairs: &[(String, String)]| pairs.iter().any(|(name, _)| *name == sent.name);
            let in_headers = |(name, _): &(String, String)| name.eq_ignore_ascii_case(&sent.name);
            match sent.location {
                Location::Query if !has(&ask.query) => query.push(pair),
                Location::Header if !headers.iter().any(in_headers) => headers.push(pair),
                Location::Cookie if !has(&cookies(&ask.headers)) => {
                    add_cookie(&mut headers, &sent.name, &sent.text);
                }
                _ => {}
            }
        }
        query.extend(ask.query.iter().cloned());
        (query, headers)
    }

    /// The resource with this name, else one with the same other path values, else the first.
    fn like(&self, name: &str) -> Option<&Resource> {
        let known = self.facts().resource(name);
        known.or_else(|| {
            let others = self.with_id(name, "");
            let mut resources = self.resources().iter();
            let like = resources.find(|one| self.with_id(&one.name, "") == others);
            like.or(self.resources().first())
        })
    }
}

/// The name of the resource that a path names; `None` if it is not a path of the operation.
pub(crate) fn resource_of(contract: &Contract, path: &str) -> Option<String> {
    let captures = contract.operation().path.captures(path)?;
    let values: Vec<_> = captures.into_iter().map(|(_, value)| value).collect();
    Some(Naming::name(&values))
}
