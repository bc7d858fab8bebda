//! Which operation a request is for.
//!
//! By the documents' own path templates rather than a router's: documents have two parameters in one
//! segment, `{id}:cancel` beside `{id}`, and the same path with other names, which routers refuse.

use bytes::Bytes;
use http::{Method, Request};

use crate::mock::{Mock, Route};
use crate::refusal::Refusal;

/// The path parameters' names and values.
pub(crate) type Captures<'t> = Vec<(&'t str, String)>;

impl Mock {
    /// The operation, and the path parameters' values. HEAD is asked of the operation for GET.
    pub(crate) fn route(
        &self,
        request: &Request<Bytes>,
    ) -> Result<(&Route, Captures<'_>), Refusal> {
        let path = request.uri().path();
        let method = match *request.method() {
            Method::HEAD => "GET",
            _ => request.method().as_str(),
        };
        let mut there = false;
        for route in self.routes.iter() {
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
            (false, _) => Err(Refusal::NoRoute),
            (true, &Method::OPTIONS) => Err(Refusal::Options(self.allowed(path))),
            (true, _) => Err(Refusal::Method(self.allowed(path))),
        }
    }

    /// The methods that the operations at `path` take, as an `Allow` header lists them.
    fn allowed(&self, path: &str) -> String {
        let mut methods = vec!["OPTIONS"];
        for route in self.routes.iter() {
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
}
