//! Reads a value where a request carries it.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::encoding::{RESERVED, encoded};
use super::shape::Shape;
use super::write::is_named;
use super::{Notation, Parameter, ParameterStyle, deep};
use crate::{Location, Violation, is_json, join};

/// A parameter was sent, and its value is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct WrongValue {
    /// What was sent, decoded.
    pub text: String,
    /// The ways in which it breaks the schema, at least one.
    pub violations: Vec<Violation>,
}

impl Parameter {
    /// The value in the part of a request where the parameter is sent; `None` if it is not sent.
    ///
    /// `raw` is the query, the segment of the path, the header's text, or the text of the header `Cookie`,
    /// as sent. A text that has several readings is read as the first one that the schema accepts: clients
    /// encode the commas of a list, too.
    pub fn find(&self, raw: &str) -> Result<Option<Value>, WrongValue> {
        let Some((text, readings)) = self.readings(raw) else {
            return Ok(None);
        };
        let is_valid = |value: &&Value| self.schema.is_valid(value);
        if let Some(value) = readings.iter().find(is_valid) {
            return Ok(Some(value.clone()));
        }
        let allows_empty = matches!(
            &self.notation,
            Notation::Styled {
                allow_empty: true,
                ..
            }
        );
        if text.is_empty() && allows_empty {
            return Ok(Some(Value::String(String::new())));
        }
        let violations = match readings.first() {
            Some(value) => self.schema.violations(value),
            None => vec![self.no_json()],
        };
        Err(WrongValue { text, violations })
    }

    /// Whether the decoded text of the parameter is its value: it is no list and no object, and has no prefix.
    pub fn is_plain(&self) -> bool {
        let styled = matches!(
            &self.notation,
            Notation::Styled {
                style: ParameterStyle::Form | ParameterStyle::Simple | ParameterStyle::Cookie,
                allow_empty: false,
                ..
            }
        );
        if self.location == Location::Body || !styled {
            return self.location == Location::Body;
        }
        let types = self.schema.types();
        if types.is_empty() {
            let shape = Shape::of(&self.schema);
            return !shape.takes("array") && !shape.takes("object");
        }
        !types.contains(&"array") && !types.contains(&"object")
    }

    /// Whether a request with this text, decoded, at the parameter's name is wrong.
    ///
    /// It is not if the parameter has other names in the query, `filter[state]` for `filter`: a server may pass
    /// over a name that nobody declares.
    pub fn refuses(&self, text: &str) -> bool {
        if self.is_plain() {
            return self.read(text).is_err();
        }
        let is_deep = matches!(
            &self.notation,
            Notation::Styled { style, .. } if *style == ParameterStyle::DeepObject
        );
        if self.location == Location::Query && (is_deep || !self.has_name(&self.name)) {
            return false;
        }
        let raw = match self.location {
            Location::Query | Location::Cookie => {
                format!(
                    "{}={}",
                    encoded(&self.name, RESERVED),
                    encoded(text, RESERVED)
                )
            }
            Location::Path => encoded(text, RESERVED),
            Location::Header | Location::Body => text.to_owned(),
        };
        self.find(&raw).is_err()
    }

    /// Whether a query parameter of this name, decoded, belongs to this parameter.
    pub fn has_name(&self, name: &str) -> bool {
        if self.location != Location::Query {
            return false;
        }
        match &self.notation {
            Notation::Styled { .. } if self.spreads => self.owns(&Shape::of(&self.schema), name),
            Notation::Styled { style, .. } if *style == ParameterStyle::DeepObject => {
                deep::is_of(&self.name, name)
            }
            Notation::Styled { .. } | Notation::Content(_) => name == self.name,
            Notation::WholeQuery(_) => true,
        }
    }

    /// Whether it may be an object whose properties have names of their own in the query.
    ///
    /// It is found out once, because each name of each request asks for it.
    pub(crate) fn finds_out_whether_it_spreads(&self) -> bool {
        let Notation::Styled { style, explode, .. } = &self.notation else {
            return false;
        };
        if self.location != Location::Query || !*explode || !is_named(*style) {
            return false;
        }
        // Most have one type, and every parameter of a document is asked.
        let kind = self.schema.keyword("type").and_then(Value::as_str);
        let may_be_object = kind.is_none_or(|kind| kind == "object");
        may_be_object && Shape::of(&self.schema).takes("object")
    }

    /// Whether the properties of the object have any names.
    pub(crate) fn takes_any_name(&self) -> bool {
        self.spreads && Shape::of(&self.schema).is_open()
    }

    pub(super) fn owns(&self, shape: &Shape, name: &str) -> bool {
        match &self.notation {
            Notation::WholeQuery(_) => true,
            Notation::Content(_) => name == self.name,
            Notation::Styled { style, .. } if *style == ParameterStyle::DeepObject => {
                deep::is_of(&self.name, name)
            }
            Notation::Styled { style, explode, .. } => {
                let is_spread = *explode && is_named(*style) && shape.takes("object");
                if !is_spread {
                    return name == self.name;
                }
                let is_other = || self.beside.iter().any(|other| other.has_name(name));
                let is_named = shape.properties().contains(&name);
                let is_own = name == self.name && (shape.takes_scalars() || shape.takes("array"));
                is_named || is_own || shape.is_open() && !is_other()
            }
        }
    }

    /// What was sent, decoded, and the values that it may stand for; `None` if the parameter is not sent.
    ///
    /// There is no value if a text that must be JSON is none.
    fn readings(&self, raw: &str) -> Option<(String, Vec<Value>)> {
        let shape = Shape::of(&self.schema);
        match &self.notation {
            Notation::WholeQuery(_) if raw.is_empty() => None,
            Notation::WholeQuery(media_type) if is_json(media_type) => {
                let text = percent_decode_str(raw).decode_utf8_lossy().into_owned();
                let value = serde_json::from_str(&text);
                Some((text, value.into_iter().collect()))
            }
            Notation::WholeQuery(_) => {
                let value = spread(pairs(raw), &shape, |_| true)?;
                Some((raw.to_owned(), vec![value]))
            }
            Notation::Content(media_type) => {
                let text = self.decoded(self.own(raw).pop()?);
                let value = if is_json(media_type) {
                    serde_json::from_str(&text).ok()
                } else {
                    Some(shape.typed(&text))
                };
                Some((text, value.into_iter().collect()))
            }
            Notation::Styled { style, .. } if *style == ParameterStyle::DeepObject => {
                let value = deep::read(&self.name, pairs(raw), &shape)?;
                let text = match &value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                Some((text, vec![value]))
            }
            Notation::Styled { style, .. } => self.styled_readings(*style, raw, &shape),
        }
    }

    fn styled_readings(
        &self,
        style: ParameterStyle,
        raw: &str,
        shape: &Shape,
    ) -> Option<(String, Vec<Value>)> {
        let spreads = self.explodes() && is_named(style);
        if spreads && shape.takes("object") {
            let is_own = |name: &str| {
                let is_property = || shape.properties().contains(&name);
                self.owns(shape, name) && (name != self.name || is_property())
            };
            let object = match self.location {
                Location::Query => spread(pairs(raw), shape, is_own),
                _ => spread(
                    cookies(raw).map(|(name, raw)| (name.into(), self.decoded(raw).into())),
                    shape,
                    is_own,
                ),
            };
            if let Some(value) = object {
                return Some((value.to_string(), vec![value]));
            }
        }
        let own = self.own(raw);
        let last = *own.last()?;
        let (text, parts) = if spreads {
            let parts: Vec<_> = own.iter().map(|raw| self.decoded(raw)).collect();
            (self.decoded(last), parts)
        } else {
            self.split(style, last)
        };
        let mut readings = Vec::new();
        if shape.takes("array") {
            readings.push(list(parts.iter().map(String::as_str), shape));
        }
        if shape.takes("object") && style == ParameterStyle::Matrix && self.explodes() {
            // Each property stands in the place of the parameter's name.
            let parts = last.split(';').filter(|part| !part.is_empty());
            let parts: Vec<_> = parts.map(|part| self.decoded(part)).collect();
            readings.extend(object(parts.iter().map(String::as_str), shape, true));
        } else if shape.takes("object") {
            let parts = parts.iter().map(String::as_str);
            readings.extend(object(parts, shape, self.explodes()));
        }
        if shape.takes_scalars() || readings.is_empty() {
            // What can be one value is one.
            let place = if parts.len() == 1 { 0 } else { readings.len() };
            readings.insert(place, shape.typed(&text));
        }
        // Many clients encode the delimiters, too.
        if !spreads && shape.takes("array") {
            readings.push(list(text.split(','), shape));
        }
        if !spreads && shape.takes("object") {
            readings.extend(object(text.split(','), shape, self.explodes()));
        }
        if text.is_empty() && shape.takes("array") {
            readings.push(Value::Array(Vec::new()));
        }
        Some((text, readings))
    }

    /// The texts at this parameter's name, as sent.
    fn own<'r>(&self, raw: &'r str) -> Vec<&'r str> {
        match self.location {
            Location::Query => {
                let own = raw_pairs(raw)
                    .filter(|(name, _)| *name == self.name || form_decoded(name) == self.name);
                own.map(|(_, text)| text).collect()
            }
            Location::Cookie => {
                let own = cookies(raw).filter(|(name, _)| *name == self.name);
                own.map(|(_, text)| text).collect()
            }
            Location::Path | Location::Header => vec![raw],
            Location::Body => Vec::new(),
        }
    }

    /// A text without its style's prefix, decoded; and its parts, decoded.
    fn split(&self, style: ParameterStyle, raw: &str) -> (String, Vec<String>) {
        let by = |delimiter: char, raw: &str| -> Vec<String> {
            let parts = raw.split(delimiter).map(|part| self.decoded(part));
            parts.collect()
        };
        let decoded_by = |delimiter: char| -> Vec<String> {
            let decoded = self.decoded(raw);
            decoded.split(delimiter).map(str::to_owned).collect()
        };
        match style {
            ParameterStyle::SpaceDelimited => (self.decoded(raw), decoded_by(' ')),
            ParameterStyle::PipeDelimited => (self.decoded(raw), decoded_by('|')),
            ParameterStyle::TabDelimited => (self.decoded(raw), decoded_by('\t')),
            ParameterStyle::Label => {
                let raw = raw.strip_prefix('.').unwrap_or(raw);
                let delimiter = if self.explodes() { '.' } else { ',' };
                (self.decoded(raw), by(delimiter, raw))
            }
            ParameterStyle::Matrix => {
                let raw = raw.strip_prefix(';').unwrap_or(raw);
                let value = |part: &str| match part.split_once('=') {
                    Some((name, value)) if self.decoded(name) == self.name => value.to_owned(),
                    None if self.decoded(part) == self.name => String::new(),
                    _ => part.to_owned(),
                };
                if !self.explodes() {
                    let raw = value(raw);
                    return (self.decoded(&raw), by(',', &raw));
                }
                let parts: Vec<_> = raw
                    .split(';')
                    .map(|part| self.decoded(&value(part)))
                    .collect();
                (parts.last().cloned().unwrap_or_default(), parts)
            }
            _ => (self.decoded(raw), by(',', raw)),
        }
    }

    /// A text as it was before it was encoded for its location.
    fn decoded(&self, raw: &str) -> String {
        match (self.location, &self.notation) {
            (Location::Query, _) => form_decoded(raw).into_owned(),
            (Location::Header, _) => raw.trim().to_owned(),
            (
                Location::Cookie,
                Notation::Styled {
                    style: ParameterStyle::Cookie,
                    ..
                },
            ) => raw.to_owned(),
            _ => percent_decode_str(raw).decode_utf8_lossy().into_owned(),
        }
    }

    fn no_json(&self) -> Violation {
        let media_type = match &self.notation {
            Notation::Content(media_type) | Notation::WholeQuery(media_type) => media_type.as_str(),
            Notation::Styled { .. } => "",
        };
        Violation {
            keyword: "content".to_owned(),
            instance: String::new(),
            pointer: join(&self.pointer, "content"),
            expected: Value::from(media_type),
            message: format!("it is not JSON, as `{media_type}` is"),
        }
    }
}

/// A list of texts as the schema types them.
fn list<'t>(texts: impl Iterator<Item = &'t str>, shape: &Shape) -> Value {
    let items = texts.enumerate();
    items
        .map(|(index, text)| shape.item(index).typed(text))
        .collect()
}

/// An object from names and values: `a,1,b,2`, or `a=1,b=2` if exploded; `None` if it is none.
fn object<'t>(
    texts: impl Iterator<Item = &'t str>,
    shape: &Shape,
    exploded: bool,
) -> Option<Value> {
    let texts: Vec<_> = texts.collect();
    let pairs: Option<Vec<(&str, &str)>> = if exploded {
        texts.iter().map(|text| text.split_once('=')).collect()
    } else {
        let pairs = texts.chunks(2).map(|pair| match pair {
            [name, text] => Some((*name, *text)),
            _ => None,
        });
        pairs.collect()
    };
    let fields = pairs?.into_iter();
    let fields = fields.map(|(name, text)| (name.to_owned(), shape.property(name).typed(text)));
    Some(Value::Object(fields.collect()))
}

/// An object from the pairs whose names are its own; `None` if there is none.
fn spread<'q>(
    pairs: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>,
    shape: &Shape,
    is_own: impl Fn(&str) -> bool,
) -> Option<Value> {
    let mut texts: Vec<(Cow<'q, str>, Vec<String>)> = Vec::new();
    let mut places = HashMap::new();
    for (name, text) in pairs.filter(|(name, _)| is_own(name)) {
        let place = *places.entry(name.clone()).or_insert_with(|| {
            texts.push((name, Vec::new()));
            texts.len() - 1
        });
        texts[place].1.push(text.into_owned());
    }
    let fields = texts.into_iter().map(|(name, mut texts)| {
        let property = shape.property(&name);
        let is_list = property.takes("array") && (texts.len() > 1 || !property.takes_scalars());
        let value = if is_list {
            list(texts.iter().map(String::as_str), &property)
        } else {
            property.typed(&texts.pop().unwrap_or_default())
        };
        (name.into_owned(), value)
    });
    let fields: Map<_, _> = fields.collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}

/// The pairs of a query, as sent. A name without `=` has no text.
fn raw_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The pairs of a query, decoded.
fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    raw_pairs(query).map(|(name, text)| (form_decoded(name), form_decoded(text)))
}

/// The cookies of the text of a header.
fn cookies(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
}

/// A name or a text of a query, decoded as a form: `+` is a space, and bytes that are not UTF-8 become U+FFFD.
fn form_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode_str(&spaced).into();
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}
