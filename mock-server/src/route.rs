//! The operations that are served, and which of them a request is for.
//!
//! Requests are matched by the documents' own path templates and not by a web router. Documents have two
//! parameters in one segment, `{id}:cancel` beside `{id}`, and the same path with other names; web routers
//! refuse these.

use std::sync::Arc;

use bytes::Bytes;
use fixtures::{Fake, Noise};
use http::{HeaderValue, Method, Request, StatusCode};
use openapi::{Contract, Names};

use crate::parameters::{Captures, Checks};

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
    /// Bodies of refusals that are the same for every caller, by status.
    refusals: Vec<(u16, Written)>,
}

/// A body that is written at start.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) media_type: String,
    pub(crate) body: Bytes,
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

/// The operations of `contracts`, in the order in which a request is matched.
pub(crate) fn all(contracts: &[Contract], names: &Names, seed: u64) -> Arc<[Route]> {
    let noise = Noise::new(seed).at("refusals");
    let routes = contracts.iter().cloned().enumerate();
    let mut routes: Vec<_> = routes
        .map(|(place, contract)| Route::new(place, contract, names, noise))
        .collect();
    // OpenAPI 3.1, 4.8.8.2: concrete paths are matched before their templated counterparts.
    routes.sort_by_key(|route| {
        let path = route.contract.operation().path.to_string();
        let templated: Vec<_> = path.split('/').map(|one| one.contains('{')).collect();
        templated
    });
    routes.into()
}

/// The operation, and the path parameters' values. HEAD is answered by the operation for GET.
pub(crate) fn find<'r>(
    routes: &'r [Route],
    request: &Request<Bytes>,
) -> Result<(&'r Route, Captures<'r>), NoRoute> {
    let path = request.uri().path();
    let method = match *request.method() {
        Method::HEAD => "GET",
        _ => request.method().as_str(),
    };
    let mut there = false;
    for route in routes {
        let operation = route.contract.operation();
        let Some(captures) = operation.path.captures(path) else {
            continue;
        };
        if operation.method == method {
            return Ok((route, captures));
        }
        there = true;
    }
    match (there, request.method()) {
        (false, _) => Err(NoRoute::Path),
        (true, &Method::OPTIONS) => Err(NoRoute::Options(allowed(routes, path))),
        (true, _) => Err(NoRoute::Method(allowed(routes, path))),
    }
}

/// The methods that the operations at `path` take, as an `Allow` header lists them.
fn allowed(routes: &[Route], path: &str) -> String {
    let mut methods = vec!["OPTIONS"];
    for route in routes {
        let operation = route.contract.operation();
        if operation.path.captures(path).is_some() {
            methods.push(&operation.method);
            if operation.method == "GET" {
                methods.push("HEAD");
            }
        }
    }
    methods.sort_unstable();
    methods.dedup();
    methods.join(", ")
}

impl Route {
    fn new(place: usize, contract: Contract, names: &Names, noise: Noise) -> Self {
        let operation = contract.operation();
        let label = format!("{} {}", operation.method, operation.path).into();
        let media = operation.response(200).and_then(|response| response.json());
        let media_type = media.map_or("application/json", |media| &media.media_type);
        let statuses = operation.responses.iter();
        let statuses = statuses.filter_map(|one| one.status.parse().ok());
        let refusals = statuses
            .filter(|status| *status >= 400)
            .filter_map(|status| Some((status, written(&contract, status, noise)?)))
            .collect();
        Self {
            place,
            name: contract.name(),
            short: names.short(place).map(ToOwned::to_owned),
            label,
            media_type: HeaderValue::from_str(media_type)
                .unwrap_or(HeaderValue::from_static("application/json")),
            has_presigned_urls: !contract.item().saying("x-presigned").is_empty(),
            checks: Checks::new(&contract),
            refusals,
            contract,
        }
    }

    /// The body that the document declares for a refusal: its example, or else a value of its schema.
    pub(crate) fn refusal(&self, status: StatusCode) -> Option<&Written> {
        let found = self
            .refusals
            .iter()
            .find(|(known, _)| *known == status.as_u16());
        found.map(|(_, written)| written)
    }
}

fn written(contract: &Contract, status: u16, noise: Noise) -> Option<Written> {
    let media = contract.refusal(status)?;
    let fits = |example: &&serde_json::Value| {
        media
            .schema
            .as_ref()
            .is_none_or(|schema| schema.is_valid(example))
    };
    let made_up = || {
        let schema = media.schema.as_ref()?;
        Some(Fake::new(schema).value(noise.number(status.into())))
    };
    let example = media.example.as_ref().filter(fits).cloned();
    let body = example.or_else(made_up)?.to_string();
    Some(Written {
        media_type: media.media_type.clone(),
        body: Bytes::from(body),
    })
}
