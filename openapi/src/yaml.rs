//! YAML (and JSON itself) read as JSON.
//!
//! Beyond what `serde_json::Value` takes from YAML itself: keys that are numbers or booleans become their
//! text (`200:` among responses), integers beyond 64 bits become floats (published documents have them),
//! merge keys (`<<`) are merged, and a key that stands twice is counted: the first is kept.

mod size;

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

pub(crate) use self::size::too_large;
use crate::shown::grouped;

/// What one value or key takes in memory, in bytes, without its text.
const NODE: usize = 48;

/// The memory that the values of one text may take, in bytes. The largest published documents take half of it.
const MOST: usize = 256 << 20;

/// The greatest number of values and keys in a text of YAML. Its reader keeps some 150 bytes of each.
const MOST_NODES: usize = 4_000_000;

/// The greatest number of values and keys in a text that has aliases. People write aliases, and programs do not.
const MOST_BESIDE_ALIASES: usize = 1_000_000;

/// The memory that aliases may add to a text, in bytes.
const ALIASES: usize = 96 << 20;

/// The greatest number of path items. The largest published documents have some ten thousand, and an operation takes
/// some kilobytes.
pub(crate) const MOST_PATHS: usize = 50_000;

/// The key of a root whose entries are counted.
pub(crate) const PATHS: &str = "paths";

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

/// Why a text is not read to its end, though it is well-formed so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooLarge {
    /// Aliases make it many times longer than it is written.
    Aliases,
    /// An alias stands inside the value that it names.
    Endless,
    /// It has aliases, and too many values.
    BesideAliases,
    /// Its values would take too much memory.
    Values,
    /// The root has too many `paths`.
    Paths,
}

/// What is counted while one text is read.
pub(crate) struct Tally {
    /// The bytes of memory that may still be taken.
    left: Cell<usize>,
    /// Why no more may be taken when nothing is left.
    bound: TooLarge,
    /// Whether `<<` merges: in YAML, but not in JSON.
    merges: bool,
    /// The number of keys that their objects had already.
    twice: Cell<usize>,
    /// Why the text was not read to its end.
    too_large: Cell<Option<TooLarge>>,
}

impl Tally {
    pub(crate) fn new(text: &str, merges: bool) -> Self {
        let (left, bound) = budget(text);
        Self {
            left: Cell::new(left),
            bound,
            merges,
            twice: Cell::new(0),
            too_large: Cell::new(None),
        }
    }

    /// The number of keys that their objects had already.
    pub(crate) fn twice(&self) -> usize {
        self.twice.get()
    }

    /// Why the text was not read to its end, if that was its size.
    pub(crate) fn too_large(&self) -> Option<TooLarge> {
        self.too_large.get()
    }

    fn spend<E: Error>(&self, bytes: usize) -> Result<(), E> {
        match self.left.get().checked_sub(NODE + bytes) {
            Some(left) => self.left.set(left),
            None => return Err(self.refuse(self.bound)),
        }
        Ok(())
    }

    fn refuse<E: Error>(&self, why: TooLarge) -> E {
        self.too_large.set(Some(why));
        E::custom(why.words())
    }
}

/// The memory that the values of a text may take, in bytes, and what is wrong with a text that needs more.
fn budget(text: &str) -> (usize, TooLarge) {
    // Without aliases, a text has a value or a key in two bytes at most.
    let own = text.len().saturating_mul(NODE / 2 + 1);
    let with_aliases = own.saturating_add(ALIASES);
    if with_aliases < MOST {
        (with_aliases, TooLarge::Aliases)
    } else {
        (MOST, TooLarge::Values)
    }
}

impl TooLarge {
    /// What is wrong.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Aliases => {
                "aliases (`*name`) make this text many times longer than it is written".to_owned()
            }
            Self::Endless => {
                "an alias (`*name`) stands inside the value that it names, so the text has no end"
                    .to_owned()
            }
            Self::BesideAliases => {
                let most = grouped(MOST_BESIDE_ALIASES);
                format!(
                    "a text with aliases (`*name`) has at most {most} values and keys, and this one has more"
                )
            }
            Self::Values => format!("the values of this text take more than {} MiB", MOST >> 20),
            Self::Paths => {
                let most = grouped(MOST_PATHS);
                format!("`paths` has more than {most} entries, and at most {most} can be read")
            }
        }
    }

    /// What to do.
    pub(crate) fn cure(self) -> &'static str {
        match self {
            Self::Aliases => "write fewer aliases inside each other",
            Self::Endless => "take out the alias, or name a value beside it",
            Self::BesideAliases => {
                "write values in the place of the aliases, or divide the document"
            }
            Self::Values | Self::Paths => {
                "divide the document, and name each part as a document of its own"
            }
        }
    }
}

/// A JSON value, read from YAML or JSON.
#[derive(Clone, Copy)]
pub(crate) struct Json<'t> {
    tally: &'t Tally,
    at: Place,
}

/// Where a value stands, as far as its entries are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// The root's `paths`.
    Paths,
    Below,
}

impl<'t> Json<'t> {
    /// The whole value of a text.
    pub(crate) fn root(tally: &'t Tally) -> Self {
        Self {
            tally,
            at: Place::Root,
        }
    }

    /// The value under `key` of this one.
    fn under(self, key: &str) -> Self {
        let at = if self.at == Place::Root && key == PATHS {
            Place::Paths
        } else {
            Place::Below
        };
        Self { at, ..self }
    }

    fn below(self) -> Self {
        Self {
            at: Place::Below,
            ..self
        }
    }
}

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
        self.tally.spend(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.tally.spend(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.tally.spend(0)?;
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
        self.tally.spend(0)?;
        let number = Number::from_f64(value);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom(format!("JSON has no number `{value}`")))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.tally.spend(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.tally.spend(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        self.tally.spend(0)?;
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(self.below())? {
            items.push(item);
        }
        // Most lists are short, and a list that grows has room for more.
        items.shrink_to_fit();
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Value, A::Error> {
        self.tally.spend(0)?;
        let mut read = Vec::new();
        let mut merged = Vec::new();
        while let Some(key) = mapping.next_key_seed(Key(self.below()))? {
            if self.at == Place::Paths && read.len() == MOST_PATHS {
                return Err(self.tally.refuse(TooLarge::Paths));
            }
            let value = mapping.next_value_seed(self.under(&key))?;
            if key == MERGE && self.tally.merges && is_mergeable(&value) {
                merged.push(value);
            } else {
                read.push((key, value));
            }
        }
        // An object of known size takes a fraction of the memory of one that grew.
        let mut fields = Map::with_capacity(read.len());
        for (key, value) in read {
            if fields.contains_key(&key) {
                self.tally.twice.set(self.tally.twice() + 1);
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
