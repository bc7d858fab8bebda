//! The credentials of a request, so that logs and reports do not show them.
//!
//! They are hidden in every spelling, because a server may repeat them in its answer, and an error may quote that.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, Request, header};
use openapi::{Document, Location, Secrets};

use crate::parameters::decoded;

/// The text that replaces a secret.
const HIDDEN: &str = "***";

/// The most bytes that the credentials of a request may have together. The texts of one with more are hidden whole.
const MOST: usize = 8 * 1024;

/// The number of callers whose secrets are kept ready.
const READY: usize = 16;

/// The credentials of one request. One after another, in the order of their places.
type Texts = Vec<String>;

/// The places where requests carry credentials, in all documents.
#[derive(Debug, Default)]
pub(crate) struct SecretPlaces {
    /// The headers that hold keys, in lower case.
    headers: BTreeSet<String>,
    /// The query parameters that hold keys.
    query: BTreeSet<String>,
    /// The secrets of the latest callers. To make them ready takes longer than to answer a request.
    ready: Mutex<VecDeque<(Texts, Arc<Secrets>)>>,
}

impl SecretPlaces {
    /// The places that the security schemes of these documents name.
    pub(crate) fn of(documents: &[Document]) -> Self {
        let operations = documents.iter().flat_map(Document::operations);
        let schemes = operations.flat_map(|operation| operation.security.iter().flatten());
        let mut places = Self::default();
        for scheme in schemes {
            match scheme.place() {
                (Location::Header, name) => {
                    places.headers.insert(name.to_ascii_lowercase());
                }
                (Location::Query, name) => {
                    places.query.insert(name.to_owned());
                }
                // All cookies are secrets.
                _ => {}
            }
        }
        places
    }

    /// The secrets of a request: credentials in headers, all cookies, and keys in the query. `None` if it has none.
    pub(crate) fn of_request<B>(&self, request: &Request<B>) -> Option<Arc<Secrets>> {
        let texts = self.texts(request.headers(), request.uri().query().unwrap_or_default());
        if texts.is_empty() {
            return None;
        }
        if texts.iter().map(String::len).sum::<usize>() > MOST {
            return Some(Arc::new(Secrets::everything(HIDDEN)));
        }
        let ready = || self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, secrets)) = ready().iter().find(|(known, _)| *known == texts) {
            return Some(Arc::clone(secrets));
        }
        let named: Vec<_> = texts
            .iter()
            .map(|text| (text.clone(), HIDDEN.to_owned()))
            .collect();
        // Other requests go on meanwhile.
        let secrets = Arc::new(Secrets::new(&named));
        let mut ready = ready();
        if ready.len() == READY {
            ready.pop_front();
        }
        ready.push_back((texts, Arc::clone(&secrets)));
        Some(secrets)
    }

    /// A query with the values of its keys replaced.
    pub(crate) fn masked(&self, query: &str) -> String {
        let pairs = query.split('&').map(|pair| {
            let name = pair.split_once('=').map_or(pair, |(name, _)| name);
            if self.query.contains(&*decoded(name)) {
                format!("{name}={HIDDEN}")
            } else {
                pair.to_owned()
            }
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// A target, path and query or a whole URL, with the values of keys replaced.
    pub(crate) fn masked_target(&self, target: &str) -> String {
        match target.split_once('?') {
            Some((path, query)) if !self.query.is_empty() => {
                format!("{path}?{}", self.masked(query))
            }
            _ => target.to_owned(),
        }
    }

    fn texts(&self, headers: &HeaderMap, query: &str) -> Texts {
        let mut texts = Texts::new();
        for (name, value) in headers {
            let is_own = *name == header::AUTHORIZATION || *name == header::PROXY_AUTHORIZATION;
            let is_cookie = *name == header::COOKIE;
            if !is_own && !is_cookie && !self.headers.contains(name.as_str()) {
                continue;
            }
            let text = String::from_utf8_lossy(value.as_bytes());
            if is_cookie {
                let pairs = text.split(';');
                let values = pairs.filter_map(|pair| Some(pair.split_once('=')?.1.trim()));
                texts.extend(values.map(|value| value.trim_matches('"').to_owned()));
            } else {
                // The scheme's name is no secret.
                let token = text.trim().split_once(' ').filter(|_| is_own);
                let token = token.map_or(text.trim(), |(_, token)| token.trim());
                texts.push(token.to_owned());
            }
        }
        for pair in query.split('&') {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if self.query.contains(&*decoded(name)) {
                texts.push(decoded(value).into_owned());
            }
        }
        texts.retain(|text| !text.is_empty());
        texts
    }
}

/// `text` with these secrets hidden, if there are any. What is longer than a log shows is cut before.
pub(crate) fn hidden(secrets: Option<&Secrets>, text: &str) -> String {
    /// The longest text that is searched, in bytes.
    const LONGEST: usize = 16 * 1024;
    let end = text.floor_char_boundary(LONGEST);
    let cut = (end < text.len()).then(|| format!("{}…", &text[..end]));
    let Some(secrets) = secrets else {
        return text.to_owned();
    };
    secrets.hide(cut.as_deref().unwrap_or(text))
}
