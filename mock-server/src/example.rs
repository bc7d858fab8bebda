//! The answer of an operation that does not page: an example of what the document declares.
//!
//! It has the status of a success, the required headers, and a body that the schema's validator accepts. The
//! same path always gets the same body.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use fixtures::{Fake, Noise};
use http::{HeaderMap, StatusCode, header};
use openapi::{Document, Media, Operation, Problem, Response, Schema};
use serde_json::Value;

use crate::answer::Answer;
use crate::parameters::Captures;
use crate::written;

/// The generators that the answers of one operation need, each made when it is first needed.
#[derive(Debug)]
pub(crate) struct Example {
    noise: Noise,
    /// By the place of the schema.
    fakes: Mutex<HashMap<String, Arc<Fake>>>,
}

impl Example {
    /// An operation whose values are at `noise`.
    pub(crate) fn new(noise: Noise) -> Self {
        Self {
            noise,
            fakes: Mutex::default(),
        }
    }

    /// The answer that `operation` declares for a success.
    ///
    /// Fails with the place and the cure if no value suits its schema.
    pub(crate) fn answer(
        &self,
        document: &Document,
        operation: &Operation,
        captures: &Captures<'_>,
    ) -> Result<Answer, Problem> {
        let (status, response) = success(operation).ok_or_else(|| {
            let message = format!("`{}` declares no answer", operation.id);
            let problem = document.problem(&operation.pointer, message);
            problem.cure("add `responses` with the status of a success, such as `200`")
        })?;
        let noise = captures
            .iter()
            .fold(self.noise, |noise, (name, value)| noise.at(name).at(value));
        let mut headers = written::headers(document, response, noise)?;
        let media = response.json().or_else(|| response.media.first());
        let bodiless = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        let Some(media) = media.filter(|_| !bodiless) else {
            let mut answer = Answer::new(status, "", Bytes::new());
            headers.remove(header::CONTENT_TYPE);
            answer.headers = headers;
            return Ok(answer);
        };
        let body = self.value(document, media, noise)?;
        let mut answer = Answer::new(status, media.served_as(), written::bytes(media, body));
        add_missing(&mut answer.headers, &headers);
        Ok(answer)
    }

    fn value(&self, document: &Document, media: &Media, noise: Noise) -> Result<Value, Problem> {
        let fits = |value: &&Value| {
            let schema = media.schema.as_ref();
            schema.is_none_or(|schema| schema.is_valid(value))
        };
        if let Some(example) = media.example.as_ref().filter(fits) {
            return Ok(example.clone());
        }
        let Some(schema) = &media.schema else {
            return Ok(Value::Object(serde_json::Map::new()));
        };
        self.fake(schema).valid(noise).map_err(|unsatisfiable| {
            let problem = document.problem(&unsatisfiable.pointer, unsatisfiable.message);
            problem.cure("correct the schema, or give the answer an `example`")
        })
    }

    fn fake(&self, schema: &Schema) -> Arc<Fake> {
        let mut fakes = self.fakes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = fakes.entry(schema.pointer().to_owned());
        Arc::clone(known.or_insert_with(|| Arc::new(Fake::new(schema))))
    }
}

/// The status of a success, and what the operation declares for it.
///
/// It is the least status from 200 to 299, else 200 for a range or `default`, else the least other status.
fn success(operation: &Operation) -> Option<(StatusCode, &Response)> {
    let known = |status: u16| {
        let response = operation.response(status)?;
        Some((StatusCode::from_u16(status).ok()?, response))
    };
    let mut declared: Vec<u16> = operation
        .statuses()
        .filter_map(|one| one.parse().ok())
        .collect();
    declared.sort_unstable();
    let succeeds = declared
        .iter()
        .copied()
        .find(|status| (200..300).contains(status));
    let other = || declared.iter().copied().find(|status| *status >= 300);
    succeeds
        .and_then(known)
        .or_else(|| known(200))
        .or_else(|| other().and_then(known))
}

/// Adds the headers that are not there.
fn add_missing(headers: &mut HeaderMap, more: &HeaderMap) {
    for (name, value) in more {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
}
