//! One request and its answer while they pass the proxy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request, Response, header};
use openapi::shown::{clean, shortened};
use openapi::{Schema, Secrets};

use super::finding::Finding;
use super::tally::{End, KEPT_OF_ONE, Line, Tally};
use super::tap::{Seen, Tap};
use super::upstream::Lost;
use super::watched::AllWatched;
use crate::secrets::hidden;

/// One request and its answer, as far as they are known.
#[derive(Debug)]
pub(crate) struct Exchange {
    watched: Arc<AllWatched>,
    tally: Arc<Tally>,
    began: Instant,
    method: Method,
    /// The path and query, without credentials.
    target: String,
    /// The credentials of the request, which its answer may repeat.
    secrets: Option<Arc<Secrets>>,
    /// The index of the operation.
    operation: Option<usize>,
    status: Option<u16>,
    findings: Vec<Finding>,
    /// The schema of the body, if the body is checked.
    schema: Option<Schema>,
    /// Why the body cannot be checked.
    unchecked: Option<String>,
}

impl Exchange {
    /// The exchange that a request begins, with the findings of the request.
    pub(crate) fn begin(
        watched: &Arc<AllWatched>,
        tally: &Arc<Tally>,
        head: &Request<Bytes>,
    ) -> Self {
        let path = head.uri().path();
        let found = watched.find(head.method(), path);
        let operation = found.as_ref().map(|(place, _)| *place);
        let one = operation.and_then(|place| watched.get(place));
        let findings = match (one, &found) {
            (Some(one), Some((_, captures))) => one.request(head, captures),
            _ => Vec::new(),
        };
        let query = head.uri().query().unwrap_or_default();
        let target = match one {
            Some(_) if !query.is_empty() => format!("{path}?{}", watched.secrets.masked(query)),
            // No document says which parts of this query are secret.
            _ => path.to_owned(),
        };
        let secrets = watched.secrets.of_request(head);
        Self {
            began: Instant::now(),
            method: head.method().clone(),
            target: hidden(secrets.as_deref(), &target),
            secrets,
            operation,
            status: None,
            findings,
            schema: None,
            unchecked: None,
            watched: Arc::clone(watched),
            tally: Arc::clone(tally),
        }
    }

    /// Whether the answer is checked.
    pub(crate) fn is_watched(&self) -> bool {
        self.operation.is_some()
    }

    /// The answer to pass on. It is checked meanwhile, and breaks off if nothing of its body comes for `wait`.
    pub(crate) fn watch<B>(mut self, answer: Response<B>, wait: Duration) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let (status, headers) = (answer.status(), answer.headers());
        self.status = Some(status.as_u16());
        if let Some(one) = self.operation.and_then(|place| self.watched.get(place)) {
            let found = one.head(&self.method, status, headers);
            let schema = one.body_schema(status, headers);
            let coding = headers.get(header::CONTENT_ENCODING);
            let coding = coding.and_then(|coding| coding.to_str().ok());
            match coding.filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
                Some(coding) => self.unchecked = Some(format!("the body is encoded: {coding}")),
                None if self.method == Method::HEAD => {}
                None => match schema.as_ref().and_then(Schema::defect) {
                    // A schema with a defect allows every value.
                    Some(defect) => {
                        self.unchecked = Some(format!("the schema cannot be used: {defect}"));
                    }
                    None => self.schema = schema,
                },
            }
            self.findings.extend(found);
        }
        let copies = self.schema.is_some();
        answer.map(|body| Body::new(Tap::new(body, copies, wait, |seen| self.end(seen))))
    }

    /// Ends the exchange with the part of the body that was seen.
    fn end(mut self, seen: Seen) {
        if let Seen::Silent(wait) = seen {
            tracing::error!(method = %self.method, target = %shortened(&clean(&self.target)), "the answer breaks off: nothing of its body came for {wait:?}");
        }
        let one = self.operation.and_then(|place| self.watched.get(place));
        let end = match (one, self.schema.take(), seen) {
            (None, _, _) => End::Elsewhere,
            (Some(_), _, Seen::Broken) => End::Unchecked("the body broke off".to_owned()),
            (Some(_), _, Seen::Silent(wait)) => {
                End::Unchecked(format!("the body broke off: nothing came for {wait:?}"))
            }
            (Some(_), Some(_), Seen::TooLong) => {
                End::Unchecked("the body is longer than 16 MiB".to_owned())
            }
            (Some(one), Some(schema), Seen::Whole(body)) => {
                self.findings.extend(one.body(&schema, &body));
                End::Checked
            }
            (Some(_), None, _) => self.unchecked.take().map_or(End::Checked, End::Unchecked),
        };
        self.write(end);
    }

    /// Ends the exchange without an answer.
    pub(crate) fn lost(self, lost: &Lost) {
        tracing::error!(method = %self.method, target = %shortened(&clean(&self.target)), "no answer: {lost}");
        self.write(End::Lost);
    }

    fn write(mut self, end: End) {
        let secrets = self.secrets.as_deref();
        // Only these are shown, and the others are counted.
        for finding in self.findings.iter_mut().take(KEPT_OF_ONE) {
            finding.hide(secrets);
        }
        let end = match end {
            End::Unchecked(why) => End::Unchecked(hidden(secrets, &why)),
            other => other,
        };
        let one = self.operation.and_then(|place| self.watched.get(place));
        let route = one.map(|one| one.label.as_str());
        let verdict = match &end {
            End::Elsewhere => "unknown",
            End::Lost => "lost",
            _ if !self.findings.is_empty() => "violated",
            End::Unchecked(_) => "unchecked",
            End::Checked => "kept",
        };
        let operation = clean(route.unwrap_or_default());
        for finding in self.findings.iter().take(KEPT_OF_ONE) {
            tracing::warn!(
                operation = %operation,
                status = self.status,
                side = finding.side,
                place = %clean(&finding.place),
                citation = %clean(&finding.citation),
                "{}",
                clean(&finding.message)
            );
        }
        tracing::info!(
            method = %self.method,
            target = %shortened(&clean(&self.target)),
            route = %operation,
            status = self.status,
            verdict,
            violations = self.findings.len(),
            unchecked = match &end {
                End::Unchecked(why) => shortened(&clean(why)),
                _ => String::new(),
            },
            micros = self.began.elapsed().as_micros(),
            "passed on"
        );
        let line = Line {
            method: self.method.as_str(),
            target: &self.target,
            operation: route,
            status: self.status,
            findings: &self.findings,
        };
        self.tally.write(&line, end);
    }
}
