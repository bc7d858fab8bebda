//! A request as a `curl` command that works as printed.

use openapi::{Contract, Location, Parameter, Scheme, tokens};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// The characters of a query's value that are encoded.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The characters of a query's name that are encoded. Brackets stay, because names have them.
const NAME: &AsciiSet = &VALUE.remove(b'[').remove(b']').remove(b'$');

/// A request as a `curl` command.
#[derive(Clone)]
pub(crate) struct Curl {
    method: String,
    url: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    cookies: Vec<(String, String)>,
    body: Map<String, Value>,
}

impl Curl {
    /// The plain request of an operation at `url`: with the caller's token, and a sample of each required
    /// parameter.
    ///
    /// `None` if a required parameter has no sample.
    pub(crate) fn new(contract: &Contract, url: String, token: &str) -> Option<Self> {
        let operation = contract.operation();
        let mut curl = Self {
            method: operation.method.clone(),
            url,
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Map::new(),
        };
        curl.sign(operation.security.iter().flatten().next(), token);
        for parameter in contract.needed() {
            if contract.role(parameter).is_none() {
                let (text, _) = parameter.sample()?;
                curl = curl.with(parameter, &text);
            }
        }
        Some(curl)
    }

    fn sign(&mut self, scheme: Option<&Scheme>, token: &str) {
        let Some(scheme) = scheme else {
            return;
        };
        let (location, name) = scheme.place();
        let pair = (name.to_owned(), scheme.text(token));
        match location {
            Location::Query => self.query.push(pair),
            Location::Cookie => self.cookies.push(pair),
            Location::Header | Location::Path | Location::Body => self.headers.push(pair),
        }
    }

    /// The same command with a parameter. A parameter of the path has its value in the URL already.
    pub(crate) fn with(mut self, parameter: &Parameter, text: &str) -> Self {
        let pair = (parameter.name.clone(), text.to_owned());
        match parameter.location {
            Location::Path => {}
            Location::Query => self.query.push(pair),
            Location::Header => self.headers.push(pair),
            Location::Cookie => self.cookies.push(pair),
            Location::Body => {
                let value = parameter.read(text).unwrap_or_else(|_| text.into());
                set(&mut self.body, &tokens(&parameter.name), value);
            }
        }
        self
    }

    /// The command as a line for a shell.
    pub(crate) fn line(&self) -> String {
        let mut words = vec!["curl".to_owned()];
        if self.query.iter().any(|(name, _)| name.contains(['[', ']'])) {
            // Without it, curl takes brackets for a range of URLs.
            words.push("-g".to_owned());
        }
        if self.method != "GET" {
            words.push(format!("-X {}", self.method));
        }
        for (name, value) in &self.headers {
            words.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
        }
        if !self.cookies.is_empty() {
            let pairs = self.cookies.iter();
            let pairs: Vec<_> = pairs
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            words.push(format!("-b {}", quoted(&pairs.join("; "))));
        }
        if !self.body.is_empty() {
            let body = Value::Object(self.body.clone()).to_string();
            words.push("-H 'Content-Type: application/json'".to_owned());
            words.push(format!("-d {}", quoted(&body)));
        }
        let encoded = |text: &str, set| utf8_percent_encode(text, set).to_string();
        let pairs = self.query.iter();
        let pairs =
            pairs.map(|(name, value)| format!("{}={}", encoded(name, NAME), encoded(value, VALUE)));
        let query = pairs.collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        words.push(quoted(&format!("{}{mark}{query}", self.url)));
        words.join(" ")
    }
}

/// Sets a value of a JSON body, and makes the objects around it.
fn set(body: &mut Map<String, Value>, names: &[String], value: Value) {
    match names {
        [] => {}
        [name] => {
            body.insert(name.clone(), value);
        }
        [name, inner @ ..] => {
            let outer = body.entry(name).or_insert_with(|| Map::new().into());
            if let Value::Object(outer) = outer {
                set(outer, inner, value);
            }
        }
    }
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
