//! A parameter of an operation, and how its text becomes a value.

use serde_json::{Number, Value};

use crate::{Location, Schema, Violation, join};

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, as the document spells it.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether a request without it is refused.
    pub required: bool,
    /// What its value must be.
    pub schema: Schema,
    /// Where the document declares it.
    pub pointer: String,
}

impl Parameter {
    /// The value that `text` stands for, if the schema accepts it.
    ///
    /// A text has no type: it is read as the most specific type that the schema knows (integer, number,
    /// boolean), and as a string otherwise. Integers beyond 64 bits are read as floats, so that bounds
    /// still apply to them.
    pub fn read(&self, text: &str) -> Result<Value, Vec<Violation>> {
        let value = self.typed(text);
        let violations = self.schema.violations(&value);
        if violations.is_empty() {
            Ok(value)
        } else {
            Err(violations)
        }
    }

    /// A value that the document suggests for this parameter, and the keyword that has it.
    ///
    /// It is the first valid one of the parameter's `example` and `examples`, and of the schema's `example`,
    /// `examples`, `default`, `const`, and `enum` if that has a single value.
    pub fn suggested(&self) -> Option<(Value, &'static str)> {
        let own = |tail: &str| self.schema.tree().at(&join(&self.pointer, tail));
        let named = own("examples").and_then(Value::as_object);
        let named = named.and_then(|named| named.values().find_map(|one| one.get("value")));
        let listed = self.schema.keyword("examples").and_then(Value::as_array);
        let choices = self.schema.keyword("enum").and_then(Value::as_array);
        let only = choices.filter(|choices| choices.len() == 1);
        let suggested = [
            (own("example"), "example"),
            (named, "examples"),
            (self.schema.keyword("example"), "example"),
            (listed.and_then(|listed| listed.first()), "examples"),
            (self.schema.keyword("default"), "default"),
            (self.schema.keyword("const"), "const"),
            (only.and_then(|only| only.first()), "enum"),
        ];
        let mut suggested = suggested
            .into_iter()
            .filter_map(|(value, keyword)| Some((value?, keyword)));
        let valid = suggested.find(|(value, _)| self.schema.is_valid(value))?;
        Some((valid.0.clone(), valid.1))
    }

    /// Whether OpenAPI ignores this definition: HTTP and the document's other parts say what these headers hold.
    ///
    /// OpenAPI 3.1, 4.8.12.1: definitions of the headers `Accept`, `Content-Type` and `Authorization`.
    pub fn is_ignored(&self) -> bool {
        const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];
        let is_called = |name: &&str| self.name.eq_ignore_ascii_case(name);
        self.location == Location::Header && IGNORED.iter().any(is_called)
    }

    /// Whether values of this type are accepted.
    pub fn takes(&self, kind: &str) -> bool {
        self.schema.types().contains(&kind)
    }

    pub(crate) fn typed(&self, text: &str) -> Value {
        let types = self.schema.types();
        let integer = types.contains(&"integer") || types.contains(&"number");
        if let Some(number) = integer.then(|| integer_of(text)).flatten() {
            return Value::Number(number);
        }
        if types.contains(&"number")
            && let Ok(float) = text.parse::<f64>()
            && let Some(number) = Number::from_f64(float)
        {
            return Value::Number(number);
        }
        match (types.contains(&"boolean"), text) {
            (true, "true") => Value::Bool(true),
            (true, "false") => Value::Bool(false),
            _ => Value::String(text.to_owned()),
        }
    }
}

fn integer_of(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exact = text
        .parse::<u64>()
        .map(Number::from)
        .or_else(|_| text.parse::<i64>().map(Number::from));
    exact.ok().or_else(|| Number::from_f64(text.parse().ok()?))
}
