//! Where the items of a page lie: a list, and the place of the item inside each element of it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::Selector;

/// Where the items of a page lie, written as `$.data`, or as `$.edges[*].node` where each element wraps an item.
///
/// ```
/// let items: openapi::Items = "$.edges[*].node".parse().unwrap();
/// assert_eq!(items.list.to_string(), "$.edges");
/// assert_eq!(items.inside.to_string(), "$.node");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Items {
    /// The list, in the body.
    pub list: Selector,
    /// The item, in an element of the list; usually the element itself.
    pub inside: Selector,
}

/// Between the list and the place in each element.
const EACH: &str = "[*]";

impl std::str::FromStr for Items {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (list, inside) = text.split_once(EACH).unwrap_or((text, ""));
        Ok(Self {
            list: list.parse()?,
            inside: format!("${inside}").parse()?,
        })
    }
}

impl From<Selector> for Items {
    fn from(list: Selector) -> Self {
        Self {
            list,
            inside: Selector::default(),
        }
    }
}

impl TryFrom<String> for Items {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Items> for String {
    fn from(items: Items) -> String {
        items.to_string()
    }
}

impl fmt::Display for Items {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.list)?;
        if !self.inside.steps().is_empty() {
            let inside = self.inside.to_string();
            write!(out, "{EACH}{}", inside.trim_start_matches('$'))?;
        }
        Ok(())
    }
}

impl JsonSchema for Items {
    fn schema_name() -> Cow<'static, str> {
        "Items".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A JSONPath of names, with at most one `[*]`: `$.data`, or `$.edges[*].node`.",
            "type": "string",
            "pattern": r"^\$(\.[^.\[*]+|\['[^']+'\]|\[-1:\])*(\[\*\](\.[^.\[*]+|\['[^']+'\])*)?$",
        })
    }
}
