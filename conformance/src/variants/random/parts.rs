//! The random parts of a document: its schemas, and a parameter.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// The number of schemas that refer to each other. Each may refer to those behind it.
pub(super) const PARTS: usize = 4;

pub(super) fn name(number: usize) -> String {
    format!("Part{number}")
}

pub(super) fn reference(number: usize) -> String {
    format!("#/components/schemas/{}", name(number))
}

/// A schema that refers to parts from `behind` on.
pub(super) fn schema(behind: usize) -> BoxedStrategy<Value> {
    let leaf = leaf(behind);
    let deeper = leaf.prop_recursive(2, 12, 3, |inner| {
        let parts = proptest::collection::vec((inner.clone(), any::<bool>()), 1..4);
        let one = parts.clone().prop_map(|parts| object("abcd", &parts));
        let other = parts.prop_map(|parts| object("efgh", &parts));
        prop_oneof![
            (inner.clone(), 0..3_u8, any::<bool>()).prop_map(|(items, least, unique)| {
                json!({ "type": "array", "items": items, "minItems": least.min(if unique { 1 } else { 3 }), "maxItems": 3, "uniqueItems": unique })
            }),
            (one.clone(), any::<bool>()).prop_map(|(mut object, open)| {
                object["additionalProperties"] = open.into();
                object
            }),
            (one, other).prop_map(|(one, other)| json!({ "allOf": [one, other] })),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| {
                json!({ "oneOf": [tagged("one", &one), tagged("other", &other)] })
            }),
            inner.clone().prop_map(|one| json!({ "anyOf": [one, { "type": "null" }] })),
            (inner.clone(), inner.clone(), inner).prop_map(|(one, other, always)| json!({
                "type": "object",
                "properties": { "when": { "type": "boolean" }, "always": always },
                "required": ["when", "always"],
                "if": { "properties": { "when": { "const": true } } },
                "then": { "properties": { "then": one }, "required": ["then"] },
                "else": { "properties": { "else": other }, "required": ["else"] },
            })),
        ]
    });
    deeper.boxed()
}

fn leaf(behind: usize) -> BoxedStrategy<Value> {
    let words = subsequence(vec!["red", "green", "blue", "none"], 1..=3);
    let patterns = ["^[a-z]{2,5}$", "^\\d{3}-\\d{2}$", "^(on|off)$", "[A-F]+\\d"];
    let formats = [
        "uuid",
        "date-time",
        "date",
        "email",
        "uri",
        "ipv4",
        "ipv6",
        "hostname",
        "time",
    ];
    let word = select(&["alpha", "beta"][..]);
    prop_oneof![
        (0..4_u8, 4..9_u8).prop_map(|(least, most)| {
            json!({ "type": "string", "minLength": least, "maxLength": most })
        }),
        select(patterns.to_vec())
            .prop_map(|pattern| json!({ "type": "string", "pattern": pattern })),
        select(formats.to_vec()).prop_map(|format| json!({ "type": "string", "format": format })),
        (-20..20_i64, 0..9_i64).prop_map(|(least, more)| {
            json!({ "type": "integer", "minimum": least, "maximum": least + more })
        }),
        (1..7_i64).prop_map(|of| json!({ "type": "integer", "multipleOf": of, "minimum": 0 })),
        Just(json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 })),
        Just(json!({ "type": "number", "multipleOf": 0.01, "minimum": -1 })),
        Just(json!({ "type": ["boolean", "null"] })),
        Just(json!({ "type": "object", "additionalProperties": { "type": "integer" }, "minProperties": 1 })),
        words.prop_map(|words| json!({ "enum": words })),
        word.prop_map(|word| json!({ "type": "string", "minLength": 1, "not": { "const": word } })),
        (behind..PARTS.max(behind + 1)).prop_map(|number| match number {
            known if known < PARTS => json!({ "$ref": reference(known) }),
            _ => json!({ "const": number }),
        }),
    ]
    .boxed()
}

/// An object with these properties, each required or not, named by the letters.
fn object(letters: &str, parts: &[(Value, bool)]) -> Value {
    let named = || letters.chars().map(String::from).zip(parts);
    let properties = named().map(|(name, (part, _))| (name, part.clone()));
    let required = named().filter(|(_, (_, required))| *required);
    let required: Vec<_> = required.map(|(name, _)| name).collect();
    json!({
        "type": "object",
        "properties": properties.collect::<Map<_, _>>(),
        "required": required,
    })
}

fn tagged(tag: &str, value: &Value) -> Value {
    json!({
        "type": "object",
        "properties": { "tag": { "const": tag }, "value": value },
        "required": ["tag", "value"],
    })
}

/// A parameter, a request that has it, and requests that have it wrongly.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) parameter: Value,
    pub(super) target: &'static str,
    pub(super) wrong: &'static [&'static str],
}

pub(super) fn asked() -> impl Strategy<Value = Asked> {
    let list = json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 3 });
    let deep = json!({
        "type": "object", "required": ["a"], "properties": { "a": { "type": "integer" } },
    });
    let number = json!({ "type": "integer", "minimum": 3 });
    let query = |style: &str, explode: bool, schema: &Value| json!({ "name": "q", "in": "query", "style": style, "explode": explode, "schema": schema });
    let asked = |parameter, target, wrong| Asked {
        parameter,
        target,
        wrong,
    };
    select(vec![
        asked(
            query("form", true, &list),
            "/things/a?q=1&q=2",
            &["/things/a?q=1&q=x"][..],
        ),
        asked(
            query("form", false, &list),
            "/things/a?q=1,2",
            &["/things/a?q=1,x", "/things/a?q=1,2,3,4"],
        ),
        asked(
            query("spaceDelimited", false, &list),
            "/things/a?q=1%202",
            &["/things/a?q=1%20x"],
        ),
        asked(
            query("pipeDelimited", false, &list),
            "/things/a?q=1%7C2",
            &["/things/a?q=1%7Cx"],
        ),
        asked(
            query("deepObject", true, &deep),
            "/things/a?q[a]=1",
            &["/things/a?q[a]=x"],
        ),
        asked(
            query("form", false, &deep),
            "/things/a?q=a,1",
            &["/things/a?q=a,x"],
        ),
        asked(
            query("form", true, &number),
            "/things/a?q=3",
            &["/things/a?q=2", "/things/a?q="],
        ),
        asked(
            query("form", true, &json!({ "type": "boolean" })),
            "/things/a",
            &["/things/a?q=yes"],
        ),
    ])
}
