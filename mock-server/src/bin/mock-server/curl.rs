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
    /// Parts of the query, percent-encoded: each a name and its value.
    query: Vec<String>,
    headers: Vec<(String, String)>,
    cookies: Vec<String>,
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
        for scheme in operation.signing() {
            curl.sign(scheme, token);
        }
        for parameter in contract.needed() {
            if contract.role(parameter).is_none() {
                let (value, _) = parameter.sample_value()?;
                let written = parameter.write(&value)?;
                match parameter.location {
                    Location::Query => curl.query.push(written),
                    Location::Cookie => curl.cookies.push(written),
                    Location::Header => curl.headers.push((parameter.name.clone(), written)),
                    Location::Path => {}
                    Location::Body => set(&mut curl.body, &tokens(&parameter.name), value),
                }
            }
        }
        Some(curl)
    }

    fn sign(&mut self, scheme: &Scheme, token: &str) {
        let (location, name) = scheme.place();
        let text = scheme.text(token);
        match location {
            Location::Query => self.query.push(pair(name, &text)),
            Location::Cookie => self.cookies.push(format!("{name}={text}")),
            Location::Header | Location::Path | Location::Body => {
                self.headers.push((name.to_owned(), text));
            }
        }
    }

    /// The same command with a parameter. A parameter of the path has its value in the URL already.
    pub(crate) fn with(mut self, parameter: &Parameter, text: &str) -> Self {
        let name = &parameter.name;
        if parameter.shares_its_text() {
            return self.with_part(parameter, text);
        }
        match parameter.location {
            Location::Path => {}
            Location::Query => self.query.push(pair(name, text)),
            Location::Header => self.headers.push((name.clone(), text.to_owned())),
            Location::Cookie => self.cookies.push(format!("{name}={text}")),
            Location::Body => {
                let value = parameter.read(text).unwrap_or_else(|_| text.into());
                set(&mut self.body, &tokens(&parameter.name), value);
            }
        }
        self
    }

    /// The same command with a part of the text of a query's value or of a header.
    fn with_part(mut self, parameter: &Parameter, text: &str) -> Self {
        let name = &parameter.name;
        let part_in = |whole: Option<&str>| parameter.part_in(whole, Some(text));
        if parameter.location == Location::Header {
            let at = self.headers.iter().position(|(known, _)| known == name);
            let whole = at.map(|at| self.headers.remove(at).1);
            let whole = part_in(whole.as_deref());
            self.headers
                .extend(whole.map(|whole| (name.clone(), whole)));
            return self;
        }
        let prefix = pair(name, "");
        let at = self.query.iter().position(|one| one.starts_with(&prefix));
        let whole = at.map(|at| self.query.remove(at));
        let whole = whole.as_deref().map(|whole| {
            let encoded = percent_encoding::percent_decode_str(&whole[prefix.len()..]);
            encoded.decode_utf8_lossy()
        });
        let whole = part_in(whole.as_deref());
        self.query.extend(whole.map(|whole| pair(name, &whole)));
        self
    }

    /// The command as a line for a shell.
    pub(crate) fn line(&self) -> String {
        let mut words = vec!["curl".to_owned()];
        if self.query.iter().any(|pair| pair.contains(['[', ']'])) {
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
            words.push(format!("-b {}", quoted(&self.cookies.join("; "))));
        }
        if !self.body.is_empty() {
            let body = Value::Object(self.body.clone()).to_string();
            words.push("-H 'Content-Type: application/json'".to_owned());
            words.push(format!("-d {}", quoted(&body)));
        }
        let query = self.query.join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        words.push(quoted(&format!("{}{mark}{query}", self.url)));
        words.join(" ")
    }
}

/// A name and its value in a query.
fn pair(name: &str, value: &str) -> String {
    let encoded = |text, set| utf8_percent_encode(text, set);
    format!("{}={}", encoded(name, NAME), encoded(value, VALUE))
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
