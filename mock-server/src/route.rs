//! The operations that are served, and which of them a request is for.
//!
//! Requests are matched by the documents' own path templates and not by a web router. Documents have two
//! parameters in one segment, `{id}:cancel` beside `{id}`, and the same path with other names; web routers
//! refuse these.

use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use fixtures::Noise;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use openapi::{Contract, Names, Operation, Problem, Router};

use crate::parameters::{Captures, Checks};
use crate::written::{self, Written};

/// One operation, read once for all requests.
#[derive(Debug)]
pub(crate) struct Route {
    /// Its index among the world's contracts.
    pub(crate) place: usize,
    pub(crate) contract: Contract,
    /// The contract's name.
    pub(crate) name: String,
    /// The short form of its name, if it has one.
    pub(crate) short: Option<String>,
    /// Its name in logs, as `GET /jobs/{id}`.
    pub(crate) label: Arc<str>,
    pub(crate) checks: Checks,
    /// The media type of a page, as a header value.
    pub(crate) media_type: HeaderValue,
    /// Whether an item may hold URLs that expire.
    pub(crate) has_presigned_urls: bool,
    /// Bodies of refusals that are the same for every caller, by the status as declared.
    refusals: Vec<(String, Written)>,
    /// The headers that answers must have, by the status as declared; empty if none must have any.
    headers: Vec<(String, HeaderMap)>,
}

/// Why a request is for no operation.
#[derive(Debug)]
pub(crate) enum NoRoute {
    /// No operation has this path.
    Path,
    /// The operations at this path take other methods: these.
    Method(String),
    /// The client asks which methods the path takes: these.
    Options(String),
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
    /// The operations of `contracts`, concrete paths first.
    ///
    /// Fails if an answer must have a header for which no value can be made up.
    pub(crate) fn new(contracts: &[Contract], names: &Names, seed: u64) -> Result<Self, Problem> {
        let noise = Noise::new(seed).at("refusals");
        let operations = contracts.iter().cloned().enumerate();
        let read = operations.map(|(place, contract)| Route::new(place, contract, names, noise));
        let mut list: Vec<_> = read.collect::<Result<_, _>>()?;
        list.sort_by_key(|route| {
            let path = route.contract.operation().path.to_string();
            let templated: Vec<_> = path.split('/').map(|one| one.contains('{')).collect();
            templated
        });
        let operations = list.iter().map(|route| route.contract.operation());
        let router = Router::new(operations.map(|one| (one.method.as_str(), &one.path)));
        Ok(Self {
            list: list.into(),
            router: Arc::new(router),
        })
    }

    /// The operation, and the path parameters' values. HEAD is answered by the operation for GET.
    pub(crate) fn find(&self, request: &Request<Bytes>) -> Result<(&Route, Captures<'_>), NoRoute> {
        let path = request.uri().path();
        let method = match *request.method() {
            Method::HEAD => "GET",
            _ => request.method().as_str(),
        };
        if let Some(found) = self.router.find(method, path) {
            return Ok((&self.list[found.index], found.captures));
        }
        match (self.allowed(path), request.method()) {
            (None, _) => Err(NoRoute::Path),
            (Some(allowed), &Method::OPTIONS) => Err(NoRoute::Options(allowed)),
            (Some(allowed), _) => Err(NoRoute::Method(allowed)),
        }
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

impl Route {
    fn new(place: usize, contract: Contract, names: &Names, noise: Noise) -> Result<Self, Problem> {
        let operation = contract.operation();
        let label = format!("{} {}", operation.method, operation.path).into();
        let media = operation.response(200).and_then(|response| response.json());
        let media_type = media.map_or("application/json", |media| media.served_as());
        Ok(Self {
            place,
            name: contract.name(),
            short: names.short(place).map(ToOwned::to_owned),
            label,
            media_type: HeaderValue::from_str(media_type)
                .unwrap_or(HeaderValue::from_static("application/json")),
            has_presigned_urls: !contract.item().saying("x-presigned").is_empty(),
            checks: Checks::new(&contract),
            refusals: refusals(operation, noise),
            headers: headers(&contract, noise)?,
            contract,
        })
    }

    /// Adds the headers that the document requires of an answer with this status and that it lacks.
    pub(crate) fn complete(&self, status: StatusCode, headers: &mut HeaderMap) {
        if self.headers.is_empty() {
            return;
        }
        let declared = self.contract.operation().response(status.as_u16());
        let mut known = self.headers.iter();
        let required = known.find(|(known, _)| declared.is_some_and(|one| one.status == *known));
        for (name, value) in required.into_iter().flat_map(|(_, required)| required) {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
    }

    /// Whether the document declares an answer with this status.
    pub(crate) fn declares(&self, status: StatusCode) -> bool {
        let operation = self.contract.operation();
        operation.response(status.as_u16()).is_some()
    }

    /// The body that the document declares for a refusal.
    pub(crate) fn refusal(&self, status: StatusCode) -> Option<&Written> {
        let declared = self.contract.operation().response(status.as_u16())?;
        let mut refusals = self.refusals.iter();
        let (_, written) = refusals.find(|(known, _)| *known == declared.status)?;
        Some(written)
    }
}

/// The bodies of all refusals that an operation declares. One of a range is the same for each of its statuses.
fn refusals(operation: &Operation, noise: Noise) -> Vec<(String, Written)> {
    let refusals = operation.refusals().filter_map(|(status, response)| {
        let written = Written::new(response, noise.number(status.into()))?;
        Some((response.status.clone(), written))
    });
    refusals.collect()
}

/// The headers that answers of an operation must have, by the status as declared.
fn headers(contract: &Contract, noise: Noise) -> Result<Vec<(String, HeaderMap)>, Problem> {
    let mut headers = Vec::new();
    for response in contract.operation().declared() {
        let required = written::headers(contract.document(), response, noise)?;
        if !required.is_empty() {
            headers.push((response.status.clone(), required));
        }
    }
    Ok(headers)
}
