//! A timeline as the subject file writes it: its resources, and values that they share.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The resources of a timeline: a list, or a mapping that has parameters beside the list.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(super) enum TimelineEntry {
    /// The resources.
    Resources(Vec<ResourceEntry>),
    /// The resources, and the parameters that they share.
    Shared(SharedEntry),
}

/// The resources of a timeline, and the parameters that they share.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SharedEntry {
    /// Parameters of the operation that every request carries, by name, wherever they are sent.
    #[serde(default)]
    parameters: BTreeMap<String, Given>,
    /// Ids of resources that are not there. Otherwise they are made like the ids of the resources.
    #[serde(default)]
    missing: Vec<Text>,
    /// The resources. A list without a parent needs none.
    #[serde(default)]
    resources: Vec<ResourceEntry>,
}

/// A resource with a timeline.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Resource")]
pub(super) struct ResourceEntry {
    /// Its id, as it stands in the path.
    pub(super) id: Option<Text>,
    /// The values of the path's parameters, by name, if the path has several.
    #[serde(default)]
    pub(super) path: BTreeMap<String, Text>,
    /// Other parameters of the operation that requests for it carry, by name, wherever they are sent.
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, Given>,
    /// The caller that it belongs to. It may be left out if there is one caller, or if the API asks for no
    /// credentials.
    pub(super) owner: Option<String>,
    /// How many events its timeline holds, if that is known and does not change.
    pub(super) events: Option<u64>,
    /// Whether events may be added while it is judged.
    #[serde(default)]
    pub(super) grows: bool,
    /// Places deep in a long timeline. Where only the server makes cursors, a judge cannot go there by itself.
    #[serde(default)]
    pub(super) places: Vec<PlaceEntry>,
}

/// A place deep in a timeline.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Place")]
pub(super) struct PlaceEntry {
    /// The number of events before the page that the cursor leads to.
    pub(super) behind: u64,
    /// The cursor, as it is sent.
    pub(super) cursor: Text,
}

/// A value as text: YAML may have it as a text, a number, or `true` or `false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

/// A value of a parameter: a text as it is sent, or a list or an object.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Value")]
pub(super) enum Given {
    /// The text that is sent.
    Text(String),
    /// A value that the parameter's notation writes.
    Value(Value),
}

impl From<Value> for Given {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            Value::Number(_) | Value::Bool(_) => Self::Text(value.to_string()),
            value => Self::Value(value),
        }
    }
}

impl JsonSchema for Given {
    fn schema_name() -> Cow<'static, str> {
        "Given".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean", "array", "object"] })
    }
}

impl TimelineEntry {
    /// The resources, and the key below which they stand.
    pub(super) fn resources(&self) -> (&[ResourceEntry], &'static str) {
        match self {
            Self::Resources(resources) => (resources, ""),
            Self::Shared(shared) => (&shared.resources, "/resources"),
        }
    }

    /// The ids of resources that are not there.
    pub(super) fn missing(&self) -> &[Text] {
        match self {
            Self::Resources(_) => &[],
            Self::Shared(shared) => &shared.missing,
        }
    }

    /// The parameters that the resources share.
    pub(super) fn parameters(&self) -> Option<&BTreeMap<String, Given>> {
        match self {
            Self::Resources(_) => None,
            Self::Shared(shared) => Some(&shared.parameters),
        }
    }
}

// By hand, because serde would forget the place of a mistake inside an untagged value.
impl<'de> Deserialize<'de> for TimelineEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = TimelineEntry;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a list of resources, or a mapping with `resources`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<TimelineEntry, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(TimelineEntry::Resources)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TimelineEntry, A::Error> {
                SharedEntry::deserialize(MapAccessDeserializer::new(map)).map(TimelineEntry::Shared)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;

        impl Visitor<'_> for Scalar {
            type Value = Text;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text, a number, `true` or `false`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Text, E> {
                Ok(Text(value.to_string()))
            }
        }

        deserializer.deserialize_any(Scalar)
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}
