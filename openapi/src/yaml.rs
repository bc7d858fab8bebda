//! YAML (and JSON itself) read as JSON.
//!
//! Beyond what `serde_json::Value` takes from YAML itself: keys that are numbers or booleans become their
//! text (`200:` among responses), integers beyond 64 bits become floats (published documents have them),
//! merge keys (`<<`) are merged, and a key that stands twice is counted: the first is kept.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// What one value costs, in bytes of text; a value in memory takes several times this.
const VALUE: usize = 8;

/// The bytes that aliases may add to a text.
const ALIASES: usize = 16 << 20;

/// The key whose objects are merged into the one that it stands in.
const MERGE: &str = "<<";

/// The number of `[` and `{` that a text may leave open. The YAML parser's time grows with its square.
pub(crate) const DEEPEST: usize = 1_000;

/// The place where more of `[` and `{` are open than a text may have.
///
/// Those of quoted texts and comments are counted, too. Texts in which they do not pair are far from this number.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > DEEPEST
    })
}

/// What is counted while one text is read.
pub(crate) struct Tally {
    /// The bytes that may still be read. Without aliases, a text never has more than its own length allows.
    left: Cell<usize>,
    /// Whether `<<` merges: in YAML, but not in JSON.
    merges: bool,
    /// The number of keys that their objects had already.
    twice: Cell<usize>,
}

impl Tally {
    pub(crate) fn new(text: &str, merges: bool) -> Self {
        let own = text.len().saturating_mul(VALUE + 2);
        Self {
            left: Cell::new(own.saturating_add(ALIASES)),
            merges,
            twice: Cell::new(0),
        }
    }

    /// The number of keys that their objects had already.
    pub(crate) fn twice(&self) -> usize {
        self.twice.get()
    }

    fn spend<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(VALUE + bytes);
        self.left.set(left.ok_or_else(|| {
            E::custom("aliases (`*name`) make this text many times longer than it is written")
        })?);
        Ok(())
    }
}

/// A JSON value, read from YAML or JSON.
#[derive(Clone, Copy)]
pub(crate) struct Json<'t>(pub(crate) &'t Tally);

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value that JSON has too")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(value.into())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a number too long for 64 bits is kept as near as a float is"
    )]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a number too long for 64 bits is kept as near as a float is"
    )]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.spend(0)?;
        let number = Number::from_f64(value);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom(format!("JSON has no number `{value}`")))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.spend(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let mut fields = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = mapping.next_key_seed(Key(self))? {
            let value = mapping.next_value_seed(self)?;
            if key == MERGE && self.0.merges && is_mergeable(&value) {
                merged.push(value);
            } else if fields.contains_key(&key) {
                self.0.twice.set(self.0.twice() + 1);
            } else {
                fields.insert(key, value);
            }
        }
        for value in merged {
            merge(&mut fields, value);
        }
        Ok(Value::Object(fields))
    }
}

/// The key of an object, as text.
struct Key<'t>(Json<'t>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        match self.0.deserialize(deserializer)? {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(truth) => Ok(truth.to_string()),
            Value::Null => Ok("null".to_owned()),
            Value::Array(_) | Value::Object(_) => Err(D::Error::custom("a key must be plain text")),
        }
    }
}

fn is_mergeable(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(several) => several.iter().all(Value::is_object),
        _ => false,
    }
}

/// Adds the fields of `value`, or of each of its objects, that are not there yet.
fn merge(fields: &mut Map<String, Value>, value: Value) {
    match value {
        Value::Object(more) => {
            for (key, value) in more {
                fields.entry(key).or_insert(value);
            }
        }
        Value::Array(several) => {
            for one in several {
                merge(fields, one);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_open_counts_as_depth() {
        assert_eq!(too_deep(&"[]{}".repeat(10_000)), None);
        assert_eq!(too_deep(&"]".repeat(10_000)), None);
        let deep = format!("a: {}", "{a: ".repeat(2_000));
        assert_eq!(too_deep(&deep), Some(3 + 4 * DEEPEST));
    }
}
