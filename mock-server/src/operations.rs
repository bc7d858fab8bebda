//! The operations of a mock, each with a request that it answers.
//!
//! A document may have a thousand operations. People and tests need the list, and for each operation one
//! request that works: with path values that exist, the required parameters, credentials and a body.

use std::sync::Arc;

use bytes::Bytes;
use fixtures::{Caller, Fake, Noise};
use jiff::Timestamp;
use openapi::{
    Act, Contract, Document, Location, Media, Operation, Parameter, PathTemplate, path_segment,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use crate::collections::Store;
use crate::encoding::{self, Content};
use crate::kind::{Kind, TimelineRoute};
use crate::mock::Mock;
use crate::route::Route;

/// An operation that is served.
#[derive(Debug, Clone, Copy)]
pub struct ServedOperation<'m> {
    mock: &'m Mock,
    route: &'m Route,
}

/// A request for an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleRequest {
    /// The method.
    pub method: String,
    /// The path and the query, percent-encoded.
    pub target: String,
    /// The headers, those of credentials and cookies included.
    pub headers: Vec<(String, String)>,
    /// The body, if the operation declares one that can be made up.
    pub body: Option<Bytes>,
}

impl Mock {
    /// Every operation that is served: those that page first, then all others in the documents' order.
    pub fn operations(&self) -> impl Iterator<Item = ServedOperation<'_>> {
        self.routes
            .iter()
            .map(|route| ServedOperation { mock: self, route })
    }
}

impl<'m> ServedOperation<'m> {
    /// The operation as its document declares it.
    pub fn operation(&self) -> &'m Operation {
        self.route.operation()
    }

    /// The name of its document.
    pub fn document(&self) -> &'m str {
        self.route.document.name()
    }

    /// Its document.
    pub(crate) fn whole_document(&self) -> &'m Document {
        &self.route.document
    }

    /// The list that it reads, if it reads one.
    pub(crate) fn list(&self) -> Option<&'m Contract> {
        let mock = self.mock;
        self.route.contract().or_else(|| {
            let (store, member) = mock.collections().member(self.route)?;
            let is_list = member.act == Act::List && store.events.is_none();
            is_list.then_some(&store.collection.list)
        })
    }

    /// Its name in logs, as `GET /jobs/{id}`.
    pub(crate) fn label(&self) -> &'m Arc<str> {
        &self.route.label
    }

    /// The values of its document that break their schema, so that answers pass over them: where each stands, and
    /// what is wrong.
    ///
    /// Of the schemas that it leads to, only the nearest are looked at.
    pub fn misplaced_values(&self) -> Vec<(String, String)> {
        let document = &self.route.document;
        let found = document.misplaced_values_of(self.operation()).into_iter();
        found
            .map(|one| (document.cite(&one.pointer), one.message))
            .collect()
    }

    /// The name of the timelines that it pages through; `None` if it does not page.
    pub fn timeline(&self) -> Option<&'m str> {
        match &self.route.kind {
            Kind::Timeline(timeline) => Some(&timeline.name),
            Kind::Example(_) => None,
        }
    }

    /// Whether its document, or an overlay, says how it pages.
    pub fn is_declared_list(&self) -> bool {
        self.declared_timeline().is_some()
    }

    /// Its timelines, unless it is only assumed to page: then every path has a resource, and none needs to be
    /// made up for a request.
    fn declared_timeline(&self) -> Option<&'m TimelineRoute> {
        let timeline = self.route.as_timeline();
        timeline.filter(|timeline| timeline.contract.reasons().is_empty())
    }

    /// The path and the query of a request that the operation answers, without credentials.
    ///
    /// `None` if no value was found for a parameter.
    pub fn target(&self, now: Timestamp) -> Option<String> {
        let path = self.path(now)?;
        let query = self.needed(Location::Query)?;
        let mark = if query.is_empty() { "" } else { "?" };
        let query: Vec<_> = query.into_iter().map(|(_, written)| written).collect();
        let base = self.mock.base_path(&self.route.document, self.operation());
        Some(format!("{base}{path}{mark}{}", query.join("&")))
    }

    /// A request that the operation answers, with the token of an owner.
    ///
    /// `None` if no value was found for a parameter or the body.
    pub fn request(&self, now: Timestamp) -> Option<SampleRequest> {
        let operation = self.operation();
        let mut request = SampleRequest {
            method: operation.method.clone(),
            target: self.target(now)?,
            headers: self.needed(Location::Header)?,
            body: None,
        };
        let cookies = self.needed(Location::Cookie)?.into_iter();
        let mut cookies: Vec<_> = cookies.map(|(_, written)| written).collect();
        let token = self.token(now);
        for scheme in operation.signing() {
            let (location, name) = scheme.place();
            let text = scheme.text(token);
            match location {
                Location::Query => {
                    let mark = if request.target.contains('?') {
                        '&'
                    } else {
                        '?'
                    };
                    let text = utf8_percent_encode(&text, NON_ALPHANUMERIC);
                    request.target += &format!("{mark}{name}={text}");
                }
                Location::Cookie => cookies.push(format!("{name}={text}")),
                _ => request.headers.push((name.to_owned(), text)),
            }
        }
        if !cookies.is_empty() {
            request
                .headers
                .push(("Cookie".to_owned(), cookies.join("; ")));
        }
        if let Some((content_type, bytes)) = self.body(now)? {
            request
                .headers
                .push(("Content-Type".to_owned(), content_type));
            request.body = Some(bytes);
        }
        Some(request)
    }

    /// The path with values: of a resource if it pages, else valid ones.
    fn path(&self, now: Timestamp) -> Option<String> {
        let operation = self.operation();
        let resource = self.declared_timeline().and_then(|timeline| {
            let resources = self.mock.world.resources_of(timeline.place, now);
            resources.into_iter().max_by_key(|one| one.events.min(5))
        });
        let path: &PathTemplate = &operation.path;
        if let Some(resource) = resource {
            return Some(path.expand(|name| {
                let mut values = resource.path.iter();
                let value = values.find(|(known, _)| **known == *name);
                value.map_or_else(String::new, |(_, value)| value.clone())
            }));
        }
        let values = self.values(now)?;
        let mut values = values.into_iter();
        Some(path.expand_raw(|_| values.next().unwrap_or_default()))
    }

    /// The values of the path's parameters, as the path carries them: valid ones, and the key of an item that is there
    /// if the path names one.
    fn values(&self, now: Timestamp) -> Option<Vec<String>> {
        let operation = self.operation();
        let written = operation.path.parameters().map(|name| {
            let parameter = operation.parameter(Location::Path, name);
            // A parameter that the document forgot takes any text.
            let value = parameter.map_or(Some("x".to_owned()), |one| self.written(one));
            value.filter(|value| !value.is_empty())
        });
        let mut values: Vec<String> = written.collect::<Option<_>>()?;
        if let Some(key) = self.known_key(&values, now)
            && let Some(last) = values.last_mut()
        {
            *last = path_segment(&key);
        }
        Some(values)
    }

    /// The key of an item that is there, if the path names one and the parameter takes it.
    fn known_key(&self, values: &[String], now: Timestamp) -> Option<String> {
        let operation = self.operation();
        let names: Vec<_> = operation.path.parameters().collect();
        let (last, above) = names.split_last()?;
        let path = above.iter().zip(values);
        let path: Vec<_> = path.map(|(name, text)| (*name, decoded(text))).collect();
        let key = self.mock.known_key(self.route, self.caller(), &path, now)?;
        let parameter = operation.parameter(Location::Path, last);
        let takes = parameter.is_none_or(|one| one.read(&key).is_ok());
        takes.then_some(key)
    }

    /// The values of the path's parameters of a request that the operation answers, percent-encoded, in the path's
    /// order.
    ///
    /// `None` if no value was found for a parameter.
    pub fn path_values(&self, now: Timestamp) -> Option<Vec<String>> {
        self.values(now)
    }

    /// The required parameters at a place, each by its name, as the request carries them.
    fn needed(&self, location: Location) -> Option<Vec<(String, String)>> {
        let operation = self.operation();
        let is_key = |parameter: &Parameter| {
            let mut schemes = operation.security.iter().flatten();
            schemes.any(|scheme| {
                let (place, name) = scheme.place();
                place == parameter.location && parameter.name.eq_ignore_ascii_case(name)
            })
        };
        let is_place = |parameter: &Parameter| {
            self.route.contract().is_some_and(|contract| {
                let role = contract.role(parameter);
                role.is_some_and(|role| role != openapi::Role::Limit)
            })
        };
        let parameters = operation.parameters.iter().filter(|one| {
            one.required
                && one.location == location
                && !one.is_ignored()
                && !is_key(one)
                && !is_place(one)
        });
        let written = parameters.map(|one| Some((one.name.clone(), self.written(one)?)));
        written.collect()
    }

    /// A valid value of a parameter, as a request carries it.
    fn written(&self, parameter: &Parameter) -> Option<String> {
        let sample = parameter
            .sample_value()
            .and_then(|(value, _)| parameter.write(&value));
        sample.or_else(|| {
            let noise = self.noise().at("parameter").at(&parameter.name);
            let value = Fake::new(&parameter.schema).valid(noise).ok()?;
            parameter.write(&value)
        })
    }

    /// The body: its media type and its bytes. The inner `None` stands for no body.
    #[expect(
        clippy::option_option,
        reason = "no body is declared, or none could be made up"
    )]
    fn body(&self, now: Timestamp) -> Option<Option<(String, Bytes)>> {
        let Some((media, required)) = self.media() else {
            return Some(None);
        };
        match self.sample_of(media, now) {
            Some(value) => {
                let encoded = encoding::encode(media, media.served_as(), &Content::One(value));
                Some(Some((encoded.content_type, encoded.bytes)))
            }
            None if required => None,
            None => Some(None),
        }
    }

    /// The body that its requests have, JSON if there is a choice, and whether they must have it.
    pub(crate) fn media(&self) -> Option<(&'m Media, bool)> {
        let declared = self.route.request_body()?;
        let json = declared.media.iter().find(|media| media.is_json());
        let media = json.or(declared.media.first())?;
        Some((media, declared.required))
    }

    /// A valid value of a body: the document's own example, else one that is made up. What it refers to is there.
    pub(crate) fn sample_of(&self, media: &Media, now: Timestamp) -> Option<Value> {
        let mut sample = self.sample_alone(media)?;
        let known = self.mock.collections().member(self.route);
        let Some((store, member)) = known.filter(|(store, _)| store.events.is_none()) else {
            return Some(sample);
        };
        let references = self.mock.collections().references(store);
        let Some(body) = &member.body else {
            return Some(sample);
        };
        for (place, other) in references {
            let place = body.clone().then(place.steps());
            let Some(here) = sample.pointer_mut(&place.pointer()) else {
                continue;
            };
            let is_left = here.is_null() || here.as_array().is_some_and(Vec::is_empty);
            let key = if is_left {
                None
            } else {
                self.key_of(other, now)
            };
            match (here, key) {
                (Value::Array(several), Some(key)) => *several = vec![key],
                (here, Some(key)) => *here = key,
                (_, None) => {}
            }
        }
        Some(sample)
    }

    /// The key of an item that a list has, where the path of the operation leads.
    fn key_of(&self, other: &Store, now: Timestamp) -> Option<Value> {
        let values = if other.width() == 0 {
            Vec::new()
        } else {
            self.values(now)?
        };
        let names = self.operation().path.parameters();
        let path: Vec<_> = names.zip(values.iter().map(|text| decoded(text))).collect();
        let path = other.path_below(&path)?;
        self.mock.first_key(other, self.caller(), &path, now)
    }

    fn caller(&self) -> Caller {
        if self.operation().signing().is_empty() {
            Caller::Anyone
        } else {
            Caller::Owner(0)
        }
    }

    fn sample_alone(&self, media: &Media) -> Option<Value> {
        let Some(schema) = &media.schema else {
            return Some(media.example.clone().unwrap_or_default());
        };
        let valid = |value: &Value| schema.request_violations(value).is_empty();
        let named = self.route.document.examples(media).into_iter();
        let named = named.map(|(_, value)| value);
        let own = media.example.iter().chain(named);
        let own = own.into_iter().find(|value| valid(value)).cloned();
        own.or_else(|| {
            let made = Fake::new(schema).valid_for_request(self.noise().at("body"));
            made.ok()
        })
    }

    /// The token of the owner of the resource in the path, else of the first owner.
    fn token(&self, now: Timestamp) -> &'m str {
        let owner = self.declared_timeline().and_then(|timeline| {
            let resources = self.mock.world.resources_of(timeline.place, now);
            Some(
                resources
                    .into_iter()
                    .max_by_key(|one| one.events.min(5))?
                    .owner,
            )
        });
        let mut owners = self.mock.world.owners();
        let named = owners.find(|(name, _)| owner.as_deref().is_none_or(|owner| owner == *name));
        named.map_or("", |(_, token)| token)
    }

    fn noise(&self) -> Noise {
        Noise::new(self.mock.plan.seed)
            .at("requests")
            .at(&self.operation().id)
    }
}

impl SampleRequest {
    /// The request as a `curl` command to a server at `base`: scheme, host and port.
    pub fn curl(&self, base: &str) -> String {
        // Without `-g`, curl takes brackets for a range of URLs.
        let mut words = vec!["curl -g".to_owned()];
        match self.method.as_str() {
            "GET" => {}
            "HEAD" => words.push("-I".to_owned()),
            method => words.push(format!("-X {method}")),
        }
        for (name, value) in &self.headers {
            words.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
        }
        if let Some(body) = &self.body {
            words.push(format!(
                "--data-binary {}",
                quoted(&String::from_utf8_lossy(body))
            ));
        }
        words.push(quoted(&format!("{base}{}", self.target)));
        words.join(" ")
    }
}

/// A value of a path, as it is before it is percent-encoded.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
