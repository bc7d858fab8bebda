//! The part of JSONPath (RFC 9535) that names one place: `$.data[-1:].id`.
//!
//! A selector must be readable (where is the key?), checkable (does the schema have such a place?) and
//! writable (put the cursor there), so it is kept as steps instead of a query.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One place in a JSON value, written as a JSONPath of names and `[-1:]`.
///
/// ```
/// let selector: openapi::Selector = "$.data[-1:].id".parse().unwrap();
/// let body = serde_json::json!({"data": [{"id": 1}, {"id": 2}]});
/// assert_eq!(selector.get(&body), Some(&serde_json::json!(2)));
/// ```
///
/// The default is the value itself, `$`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Selector {
    steps: Vec<Step>,
}

/// One step of a [`Selector`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// `.name`: a property.
    Name(String),
    /// `[-1:]`: the last element of an array.
    Last,
}

impl Selector {
    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The value at this place, if there is one.
    pub fn get<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(value, |value, step| match step {
            Step::Name(name) => value.get(name),
            Step::Last => value.as_array()?.last(),
        })
    }

    /// The name of the top-level property that this place lies in, if any.
    pub fn root(&self) -> Option<&str> {
        match self.steps.first()? {
            Step::Name(name) => Some(name),
            Step::Last => None,
        }
    }

    /// The names on the way to this place, as a JSON pointer.
    pub fn pointer(&self) -> String {
        self.steps
            .iter()
            .fold(String::new(), |at, step| match step {
                Step::Name(name) => crate::join(&at, name),
                Step::Last => at,
            })
    }

    /// The place that these steps lead to from here.
    #[must_use]
    pub fn then(mut self, steps: &[Step]) -> Selector {
        self.steps.extend_from_slice(steps);
        self
    }

    /// What is left of this place below `outer`, if it lies there.
    pub fn below(&self, outer: &Selector) -> Option<Selector> {
        let steps = self.steps.strip_prefix(outer.steps.as_slice())?.to_vec();
        Some(Selector { steps })
    }
}

impl std::str::FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut rest = text
            .strip_prefix('$')
            .ok_or_else(|| format!("`{text}` is not a JSONPath: it must start with `$`"))?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, behind) = step(rest).ok_or_else(|| {
                format!("`{text}` must be names and `[-1:]` only, as in `$.data[-1:].id`")
            })?;
            steps.push(step);
            rest = behind;
        }
        Ok(Selector { steps })
    }
}

fn step(rest: &str) -> Option<(Step, &str)> {
    if let Some(behind) = rest.strip_prefix("[-1:]") {
        return Some((Step::Last, behind));
    }
    if let Some(quoted) = rest.strip_prefix("['") {
        let (name, behind) = quoted.split_once("']")?;
        return Some((Step::Name(name.to_owned()), behind));
    }
    let dotted = rest.strip_prefix('.')?;
    let end = dotted.find(['.', '[']).unwrap_or(dotted.len());
    let (name, behind) = dotted.split_at(end);
    (!name.is_empty() && name != "*").then(|| (Step::Name(name.to_owned()), behind))
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> String {
        selector.to_string()
    }
}

impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "Selector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A JSONPath of names and `[-1:]`, such as `$.data[-1:].id`.",
            "type": "string",
            "pattern": r"^\$(\.[^.\[*]+|\['[^']+'\]|\[-1:\])*$",
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("$")?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Name(name) if name.contains(['.', '[']) => write!(out, "['{name}']"),
            Step::Name(name) => write!(out, ".{name}"),
            Step::Last => out.write_str("[-1:]"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_reads_as_it_was_written() {
        for text in ["$", "$.data", "$.data[-1:].id", "$['a.b'].c"] {
            assert_eq!(text.parse::<Selector>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn whatever_may_name_many_places_is_refused() {
        for text in [
            "data",
            "$.",
            "$.*",
            "$..id",
            "$.data[0:2]",
            "$.data[?@.id]",
            "$x",
        ] {
            assert!(text.parse::<Selector>().is_err(), "{text}");
        }
    }
}
