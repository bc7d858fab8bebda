//! A server that a document names: what stands before the path of an operation (OpenAPI 3.1, 4.8.5).

use serde_json::Value;

use crate::join;

/// A server as a document names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its URL as written, with variables: `https://{region}.example.com/v2`.
    pub url: String,
    /// Its variables.
    pub(crate) variables: Vec<Variable>,
    /// Where the document declares it.
    pub pointer: String,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) default: String,
    /// The values that it may have; empty if any.
    pub(crate) choices: Vec<String>,
}

impl Server {
    /// The URL with its variables replaced: by these values, else by their defaults.
    pub fn expanded(&self, values: &[(String, String)]) -> String {
        let mut url = self.url.clone();
        for Variable { name, default, .. } in &self.variables {
            let given = values.iter().find(|(known, _)| known == name);
            let value = given.map_or(default, |(_, value)| value);
            url = url.replace(&format!("{{{name}}}"), value);
        }
        url
    }

    /// The path of the expanded URL, without a slash at its end; empty if it has none.
    pub fn base_path(&self, values: &[(String, String)]) -> String {
        normal(path_of(&self.expanded(values)))
    }
}

/// Reads one server; else the place in it, what is wrong, and the cure.
pub(crate) fn read(written: &Value, at: &str) -> Result<Server, (String, String, &'static str)> {
    let Some(url) = written.get("url").and_then(Value::as_str) else {
        let message = "`url` is missing from this server, or is no text".to_owned();
        return Err((
            at.to_owned(),
            message,
            "write its URL or path, such as `/v2`; the server is left out",
        ));
    };
    let variables = written.get("variables").and_then(Value::as_object);
    let variables = variables.into_iter().flatten().filter_map(|(name, one)| {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        let choices = one.get("enum").and_then(Value::as_array);
        let choices: Vec<_> = choices.into_iter().flatten().filter_map(text).collect();
        let default = one.get("default").and_then(text);
        Some(Variable {
            name: name.clone(),
            default: default.or_else(|| choices.first().cloned())?,
            choices,
        })
    });
    let server = Server {
        url: url.to_owned(),
        variables: variables.collect(),
        pointer: at.to_owned(),
    };
    let expanded = server.expanded(&[]);
    match expanded.split_once('{') {
        Some((_, rest)) => {
            let name = rest.split('}').next().unwrap_or_default();
            let message = format!("`url` has the variable `{name}`, and it has no default");
            let cure = "give it a `default` under `variables`; the server is left out";
            Err((join(at, "url"), message, cure))
        }
        None => Ok(server),
    }
}

/// The path of a URL, which may be relative.
pub(crate) fn path_of(url: &str) -> &str {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = &url[..end];
    let rest = match url.split_once("://") {
        Some((_, rest)) => Some(rest),
        None => url.strip_prefix("//"),
    };
    match rest {
        Some(rest) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => url,
    }
}

/// A path that can stand before another: with a slash at its beginning, and none at its end.
pub(crate) fn normal(path: &str) -> String {
    let steps = path.split('/').filter(|step| !["", "."].contains(step));
    steps.map(|step| format!("/{step}")).collect()
}
