//! The answer of an operation that does not page: an example of what the document declares.
//!
//! It has the status of a success, the declared headers, and a body of the media type that the client wants,
//! which the schema's validator accepts. The same path always gets the same body. `Prefer` chooses another
//! declared status, or one of the document's examples.

mod echo;
mod headers;
mod lists;
mod success;
mod value;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use fixtures::{Fake, Locale, Noise};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use openapi::{Document, Media, Operation, Problem, Response, Schema};
use serde_json::Value;

use crate::answer::Answer;
use crate::encoding::{self, Encoded};
use crate::negotiation;
use crate::parameters::Captures;
use crate::preference::Preferences;
use crate::refusal::{Plain, Refusal};

pub(crate) use success::success;

/// How many bodies of one operation are kept, and the longest one, in bytes.
const KEPT: usize = 16;
const LONGEST: usize = 64 * 1024;

/// What the answers of one operation need, made when it is first needed.
#[derive(Debug)]
pub(crate) struct Example {
    noise: Noise,
    /// By the place of the schema.
    fakes: Mutex<HashMap<String, Arc<Fake>>>,
    /// Valid bodies, by the place of their declaration, the media type, and the address of their values.
    bodies: Mutex<HashMap<(String, String, u64), Encoded>>,
}

/// A request for an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'c> {
    pub(crate) document: &'c Document,
    pub(crate) operation: &'c Operation,
    pub(crate) captures: &'c Captures<'c>,
    pub(crate) request: &'c Request<Bytes>,
    /// The request's body, if it has one that was read.
    pub(crate) sent: Option<&'c Value>,
    /// What a body holds, if that is known. It is valid.
    pub(crate) value: Option<&'c Value>,
    /// Where the mock's URLs lead to: scheme, host and port.
    pub(crate) base: &'c str,
    /// The locale of names, cities and phone numbers.
    pub(crate) locale: Locale,
}

impl Call<'_> {
    /// Whether a body depends on nothing but the path.
    fn is_general(&self) -> bool {
        self.sent.is_none() && self.value.is_none()
    }
}

impl Example {
    /// An operation whose values are at `noise`.
    pub(crate) fn new(noise: Noise) -> Self {
        Self {
            noise,
            fakes: Mutex::default(),
            bodies: Mutex::default(),
        }
    }

    /// The answer that the operation declares for a success, or the one that the client prefers.
    ///
    /// Fails with the place and the cure if no value suits a schema.
    pub(crate) fn answer(&self, call: Call<'_>) -> Result<Answer, Refusal> {
        let preferences = Preferences::of(call.request.headers());
        let Some((status, response)) = chosen(call, &preferences)? else {
            // The document forgot the success, and a refusal would say that the request is wrong.
            return Ok(Answer::empty(StatusCode::NO_CONTENT));
        };
        let captures = call.captures.iter();
        let noise = captures.fold(self.noise, |noise, (name, value)| noise.at(name).at(value));
        let noise = match preferences.dynamic {
            Some(true) => noise.at("dynamic"),
            _ => noise,
        };
        let media = negotiation::chosen(response, call.request.headers());
        let media = media.map_err(|declared| not_acceptable(&declared))?;
        let media = media.filter(|_| !openapi::has_no_body(status.as_u16()));
        let (mut answer, body) = match media {
            None => (Answer::empty(status), None),
            Some((media, media_type)) => {
                // A header may repeat a value of the body.
                let is_known = call.is_general() && response.headers.is_empty();
                let known = is_known.then(|| self.known(media, &media_type, noise, &preferences));
                let known = known.flatten();
                let (encoded, value) = match known {
                    Some(encoded) => (encoded, None),
                    None => self.body(call, (status, media), &media_type, noise, &preferences)?,
                };
                let Encoded {
                    content_type,
                    bytes,
                } = encoded;
                (Answer::new(status, &content_type, bytes), value)
            }
        };
        let own = headers::made(call, response, status, body.as_ref(), noise);
        add_missing(&mut answer.headers, &own.map_err(Refusal::Unserved)?);
        if let Some(applied) = preferences.applied()
            && let Ok(applied) = HeaderValue::from_str(&applied)
        {
            answer.headers.insert("preference-applied", applied);
        }
        Ok(answer)
    }

    /// A body, and its value if it has a single one.
    fn body(
        &self,
        call: Call<'_>,
        (status, media): (StatusCode, &Media),
        media_type: &str,
        noise: Noise,
        preferences: &Preferences,
    ) -> Result<(Encoded, Option<Value>), Refusal> {
        let content = self.content(call, (status, media), media_type, noise, preferences)?;
        let encoded = encoding::encode(media, media_type, &content);
        if call.is_general() && preferences.example.is_none() && encoded.bytes.len() <= LONGEST {
            let mut bodies = locked(&self.bodies);
            if bodies.len() >= KEPT {
                bodies.clear();
            }
            let key = (
                media.pointer.clone(),
                media_type.to_owned(),
                address(noise, preferences),
            );
            bodies.insert(key, encoded.clone());
        }
        let value = match content {
            encoding::Content::One(value) => Some(value),
            encoding::Content::Several(_) => None,
        };
        Ok((encoded, value))
    }

    /// The body that was made for the same request before.
    fn known(
        &self,
        media: &Media,
        media_type: &str,
        noise: Noise,
        preferences: &Preferences,
    ) -> Option<Encoded> {
        if preferences.example.is_some() {
            return None;
        }
        let key = (
            media.pointer.clone(),
            media_type.to_owned(),
            address(noise, preferences),
        );
        locked(&self.bodies).get(&key).cloned()
    }

    fn fake(&self, schema: &Schema, locale: Locale) -> Arc<Fake> {
        let mut fakes = locked(&self.fakes);
        let known = fakes.entry(schema.pointer().to_owned());
        Arc::clone(known.or_insert_with(|| Arc::new(Fake::new(schema).of_locale(locale))))
    }
}

/// The address of a body among those of one declaration.
fn address(noise: Noise, preferences: &Preferences) -> u64 {
    match preferences.dynamic {
        Some(false) => noise.at("static").bits(),
        _ => noise.bits(),
    }
}

/// The status of the answer and its declaration; `None` if the operation declares no success.
fn chosen<'c>(
    call: Call<'c>,
    preferences: &Preferences,
) -> Result<Option<(StatusCode, &'c Response)>, Refusal> {
    let operation = call.operation;
    let declared = || operation.statuses().collect::<Vec<_>>().join(", ");
    if let Some(status) = preferences.code {
        let response = operation.response(status.as_u16());
        let response = response.filter(|_| !status.is_informational());
        return match response {
            Some(response) => Ok(Some((status, response))),
            None => Err(Refusal::Plain(Plain {
                status: StatusCode::NOT_FOUND,
                detail: format!(
                    "the operation declares no answer with the status {}",
                    status.as_u16()
                ),
                cure: Some(format!("prefer one of these: {}", declared())),
            })),
        };
    }
    Ok(success(operation))
}

fn not_acceptable(declared: &[&str]) -> Refusal {
    Refusal::Plain(Plain {
        status: StatusCode::NOT_ACCEPTABLE,
        detail: "the answer has none of the media types in `Accept`".to_owned(),
        cure: Some(format!("accept one of these: {}", declared.join(", "))),
    })
}

/// The problem of a schema for which no value was found.
fn unsatisfiable(document: &Document, pointer: &str, message: String) -> Refusal {
    let problem: Problem = document.problem(pointer, message);
    Refusal::Unserved(problem.cure("correct the schema"))
}

/// Adds the headers that are not there.
fn add_missing(headers: &mut HeaderMap, more: &HeaderMap) {
    for (name, value) in more {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
}

/// Values are only added, so a panic while a lock is held leaves nothing half-written.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
