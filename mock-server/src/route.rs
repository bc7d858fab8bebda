//! The operations that are served, and which of them a request is for.
//!
//! Requests are matched by the documents' own path templates and not by a web router. Documents have two
//! parameters in one segment, `{id}:cancel` beside `{id}`, and the same path with other names; web routers
//! refuse these. What an operation needs is read when a request first needs it, because documents may have
//! thousands of operations.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use fixtures::Noise;
use http::{HeaderMap, Method, Request, StatusCode};
use openapi::{
    Contract, Document, ListFilter, Names, Operation, Problem, RequestBody, Router, ServerChoice,
    Source,
};

use crate::example::Example;
use crate::kind::{Kind, TimelineRoute};
use crate::nearest;
use crate::parameters::{Captures, Checks};
use crate::refusal::NoRoute;
use crate::written::{self, Written};

/// Headers by the status as declared, or why there are none.
type RequiredHeaders = Result<Vec<(String, HeaderMap)>, Box<Problem>>;

/// One operation, read once for all requests.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) document: Document,
    /// Its index among the operations of the document.
    index: usize,
    /// Its name in logs, as `GET /jobs/{id}`.
    pub(crate) label: Arc<str>,
    /// The short form of its timelines' name, if it has one.
    pub(crate) short: Option<String>,
    pub(crate) kind: Kind,
    /// The list whose items it reads one by one, if it does.
    pub(crate) item: Option<ItemOf>,
    noise: Noise,
    /// What only some requests need is large, so it stands elsewhere.
    checks: OnceLock<Box<Checks>>,
    /// The parameters that choose items of the list that it shows.
    filters: OnceLock<Vec<ListFilter>>,
    request_body: OnceLock<Option<Box<RequestBody>>>,
    /// Bodies of refusals that are the same for every caller, by the status as declared.
    refusals: OnceLock<Vec<(String, Written)>>,
    /// The headers that answers must have, by the status as declared; empty if none must have any.
    headers: OnceLock<RequiredHeaders>,
}

/// The list that an item belongs to.
#[derive(Debug, Clone)]
pub(crate) struct ItemOf {
    /// The place of its contract.
    pub(crate) list: usize,
    /// The path parameter that has the item's key.
    pub(crate) parameter: String,
}

/// The operations that are served, and the router that finds one.
#[derive(Debug, Clone)]
pub(crate) struct Routes {
    list: Arc<[Route]>,
    router: Arc<Router>,
}

impl Deref for Routes {
    type Target = [Route];

    fn deref(&self) -> &[Route] {
        &self.list
    }
}

impl Routes {
    /// The operations of the contracts, concrete paths first; then all others of the documents.
    ///
    /// Fails if a page must have a header for which no value can be made up.
    pub(crate) fn new(
        contracts: &[Contract],
        documents: &[Document],
        names: &Names,
        server: &ServerChoice,
        seed: u64,
    ) -> Result<Self, Problem> {
        let noise = Noise::new(seed);
        let places = Places::of(contracts);
        let items = Items::of(contracts);
        let mut list = Vec::new();
        let mut others = Vec::new();
        for document in documents {
            for (index, operation) in document.operations().iter().enumerate() {
                let route = Route::new(document, index, noise);
                match places.find(document, operation) {
                    Some(place) => {
                        let short = names.short(place).map(ToOwned::to_owned);
                        list.push(route.of_timelines(
                            place,
                            contracts[place].clone(),
                            short,
                            noise,
                        )?);
                    }
                    None => others.push(Route {
                        item: items.find(document, operation),
                        ..route
                    }),
                }
            }
        }
        list.sort_by_key(|route| {
            let path = route.operation().path.to_string();
            let templated: Vec<_> = path.split('/').map(|one| one.contains('{')).collect();
            templated
        });
        list.extend(others);
        let bases = list.iter();
        let bases = bases.map(|route| server.base_path(&route.document, route.operation()));
        let bases: Vec<_> = bases.collect();
        let operations = list.iter().map(Route::operation).zip(&bases);
        let router = Router::with_bases(
            operations.map(|(one, base)| (one.method.as_str(), base.as_str(), &one.path)),
        );
        Ok(Self {
            list: list.into(),
            router: Arc::new(router),
        })
    }

    /// The operation, and the path parameters' values. HEAD is answered by the operation for GET, unless
    /// the path has one of its own.
    pub(crate) fn find(&self, request: &Request<Bytes>) -> Result<(&Route, Captures<'_>), NoRoute> {
        let path = request.uri().path();
        let found = self.router.find(request.method().as_str(), path);
        let by_get = || match *request.method() {
            Method::HEAD => self.router.find("GET", path),
            _ => None,
        };
        if let Some(found) = found.or_else(by_get) {
            return Ok((&self.list[found.index], found.captures));
        }
        match (self.allowed(path), request.method()) {
            (None, _) => Err(NoRoute::Path(self.nearest(path))),
            (Some(allowed), &Method::OPTIONS) => Err(NoRoute::Options(allowed)),
            (Some(allowed), _) => Err(NoRoute::Method(allowed)),
        }
    }

    /// The declared path that differs least from `path`; `None` if none is near.
    fn nearest(&self, path: &str) -> Option<String> {
        let templates = self.list.iter().map(|route| &route.operation().path);
        nearest::nearest(path, templates).map(ToString::to_string)
    }

    /// The operation of the timelines at this place among the contracts.
    pub(crate) fn at(&self, place: usize) -> Option<&TimelineRoute> {
        let mut timelines = self.list.iter().map_while(Route::as_timeline);
        timelines.find(|timeline| timeline.place == place)
    }

    /// The methods that the operations at `path` take, as an `Allow` header lists them.
    fn allowed(&self, path: &str) -> Option<String> {
        let mut methods = self.router.methods(path);
        if methods.is_empty() {
            return None;
        }
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_unstable();
        methods.dedup();
        Some(methods.join(", "))
    }
}

/// The places of contracts among all of them, by their document and operation.
struct Places<'c>(HashMap<(*const Source, &'c str), usize>);

impl<'c> Places<'c> {
    fn of(contracts: &'c [Contract]) -> Self {
        let places = contracts.iter().enumerate().map(|(place, contract)| {
            let source = std::ptr::from_ref(contract.document().source());
            ((source, contract.operation().pointer.as_str()), place)
        });
        Self(places.collect())
    }

    fn find(&self, document: &Document, operation: &Operation) -> Option<usize> {
        let source = std::ptr::from_ref(document.source());
        self.0.get(&(source, operation.pointer.as_str())).copied()
    }
}

/// The operations that read one item of a list, by their document and place.
struct Items<'c>(HashMap<(*const Source, &'c str), ItemOf>);

impl<'c> Items<'c> {
    fn of(contracts: &'c [Contract]) -> Self {
        let items = contracts.iter().enumerate().filter_map(|(list, contract)| {
            let (operation, parameter) = contract.item_operation()?;
            let source = std::ptr::from_ref(contract.document().source());
            let parameter = parameter.to_owned();
            let item = ItemOf { list, parameter };
            Some(((source, operation.pointer.as_str()), item))
        });
        Self(items.collect())
    }

    fn find(&self, document: &Document, operation: &Operation) -> Option<ItemOf> {
        let source = std::ptr::from_ref(document.source());
        self.0.get(&(source, operation.pointer.as_str())).cloned()
    }
}

impl Route {
    /// An operation of `document`, by its index there.
    fn new(document: &Document, index: usize, noise: Noise) -> Self {
        let operation = &document.operations()[index];
        Self {
            label: format!("{} {}", operation.method, operation.path).into(),
            short: None,
            kind: Kind::Example(Box::new(example(operation, noise))),
            item: None,
            noise: noise.at("refusals"),
            checks: OnceLock::new(),
            filters: OnceLock::new(),
            request_body: OnceLock::new(),
            refusals: OnceLock::new(),
            headers: OnceLock::new(),
            index,
            document: document.clone(),
        }
    }

    /// The same operation, as one that pages.
    ///
    /// Fails if an answer must have a header for which no value can be made up; one that is only assumed to page
    /// then answers with an example.
    fn of_timelines(
        self,
        place: usize,
        contract: Contract,
        short: Option<String>,
        noise: Noise,
    ) -> Result<Self, Problem> {
        let example = example(self.operation(), noise);
        let route = Self {
            short,
            kind: Kind::Timeline(Box::new(TimelineRoute::new(place, contract, example))),
            ..self
        };
        if route.contract().is_some_and(|one| one.reasons().is_empty()) {
            route.headers().map_err(Clone::clone)?;
        }
        Ok(route)
    }

    /// The operation.
    pub(crate) fn operation(&self) -> &Operation {
        &self.document.operations()[self.index]
    }

    /// Its index among the operations of the document.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Its timelines, if it pages.
    pub(crate) fn as_timeline(&self) -> Option<&TimelineRoute> {
        match &self.kind {
            Kind::Timeline(timeline) => Some(timeline),
            Kind::Example(_) => None,
        }
    }

    /// How it pages, if it does.
    pub(crate) fn contract(&self) -> Option<&Contract> {
        self.as_timeline().map(|timeline| &timeline.contract)
    }

    /// Whether a user means this operation by `name`: the name of its timelines, the short form of that name,
    /// or the operation's id.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.as_timeline()
            .is_some_and(|timeline| timeline.name == name)
            || self.short.as_deref() == Some(name)
            || self.operation().id == name
    }

    /// The checks of its parameters.
    pub(crate) fn checks(&self) -> &Checks {
        self.checks.get_or_init(|| {
            Box::new(match self.contract() {
                Some(contract) => Checks::new(contract),
                None => Checks::of(self.operation()),
            })
        })
    }

    /// The parameters that choose which items of a list it shows.
    pub(crate) fn filters(&self, list: &Contract) -> &[ListFilter] {
        self.filters.get_or_init(|| list.list_filters())
    }

    /// The body that its requests have.
    pub(crate) fn request_body(&self) -> Option<&RequestBody> {
        let read = || self.document.request_body(self.operation()).map(Box::new);
        self.request_body.get_or_init(read).as_deref()
    }

    /// Adds the headers that the document requires of an answer with this status and that it lacks.
    pub(crate) fn complete(&self, status: StatusCode, headers: &mut HeaderMap) {
        let known = match self.headers() {
            Ok(known) if !known.is_empty() => known,
            _ => return,
        };
        let declared = self.operation().response(status.as_u16());
        let mut known = known.iter();
        let required = known.find(|(known, _)| declared.is_some_and(|one| one.status == *known));
        for (name, value) in required.into_iter().flat_map(|(_, required)| required) {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
    }

    /// Whether the document declares an answer with this status.
    pub(crate) fn declares(&self, status: StatusCode) -> bool {
        self.operation().response(status.as_u16()).is_some()
    }

    /// The status that refuses wrong parameters.
    pub(crate) fn invalid_status(&self) -> u16 {
        let operation = || openapi::InvalidStatus::of_operation(self.operation()).usual();
        self.contract()
            .map_or_else(operation, Contract::invalid_status)
    }

    /// The body that the document declares for a refusal.
    pub(crate) fn refusal(&self, status: StatusCode) -> Option<&Written> {
        let declared = self.operation().response(status.as_u16())?;
        let refusals = self.refusals.get_or_init(|| self.written());
        let (_, written) = refusals
            .iter()
            .find(|(known, _)| *known == declared.status)?;
        Some(written)
    }

    /// The bodies of all refusals that it declares. One of a range is the same for each of its statuses.
    fn written(&self) -> Vec<(String, Written)> {
        let refusals = self
            .operation()
            .refusals()
            .filter_map(|(status, response)| {
                let written =
                    Written::new(&self.document, response, self.noise.number(status.into()))?;
                Some((response.status.clone(), written))
            });
        refusals.collect()
    }

    /// The headers that its answers must have, by the status as declared.
    ///
    /// Fails if a value cannot be made up.
    pub(crate) fn headers(&self) -> Result<&[(String, HeaderMap)], &Problem> {
        let headers = self.headers.get_or_init(|| {
            let mut headers = Vec::new();
            for response in self.operation().declared() {
                let required = written::headers(&self.document, response, self.noise);
                let required = required.map_err(Box::new)?;
                if !required.is_empty() {
                    headers.push((response.status.clone(), required));
                }
            }
            Ok(headers)
        });
        headers
            .as_ref()
            .map(Vec::as_slice)
            .map_err(|problem| &**problem)
    }
}

/// The examples of an operation, in the world of `noise`.
fn example(operation: &Operation, noise: Noise) -> Example {
    Example::new(noise.at("examples").at(&operation.id))
}
