//! Writes a value as a request carries it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::encoding::{DOTTED, IMPOSSIBLE, IN_COOKIE, NAME, NO_COOKIE, RESERVED, encoded};
use super::shape::Shape;
use super::{Notation, Parameter, ParameterStyle, deep};
use crate::{Location, is_json};

impl Parameter {
    /// A value as the request carries it; `None` if the notation has no text for the value.
    ///
    /// It is a part of the query (`a=1&a=2`), a segment of the path, the value of a header, or cookies
    /// (`a=1; b=2`). Parts of the query and the path are percent-encoded. A value without a text is null, an
    /// empty list, a list in a list, or a text that has the delimiter where that cannot be encoded.
    pub fn write(&self, value: &Value) -> Option<String> {
        match (&self.notation, self.location) {
            (_, Location::Body) => Some(value.to_string()),
            (Notation::WholeQuery(media_type), _) if !is_json(media_type) => {
                let fields = value.as_object()?;
                self.joined(fields.iter().map(|(name, value)| (name.as_str(), value)))
            }
            (Notation::WholeQuery(_), _) => Some(encoded(&value.to_string(), RESERVED)),
            (Notation::Content(media_type), _) => {
                let text = match value {
                    value if is_json(media_type) => Cow::Owned(value.to_string()),
                    Value::String(text) => Cow::Borrowed(text.as_str()),
                    _ => return None,
                };
                self.named(&self.name, &self.piece(&text)?)
            }
            (Notation::Styled { style, .. }, _) => match style {
                ParameterStyle::DeepObject => deep::write(&self.name, value),
                _ => self.styled(*style, value),
            },
        }
    }

    fn styled(&self, style: ParameterStyle, value: &Value) -> Option<String> {
        let spread = self.explodes() && is_named(style);
        let pieces: Option<Vec<String>> = match value {
            Value::Array(items) if spread => {
                let items = items.iter().map(|item| (self.name.as_str(), item));
                return self.joined(items);
            }
            Value::Object(fields) if spread => {
                let tells = self.tells(fields);
                let fields = fields.iter().map(|(name, value)| (name.as_str(), value));
                return tells.then(|| self.joined(fields)).flatten();
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| self.item(item));
                items.collect()
            }
            Value::Object(fields) if self.explodes() => {
                let pairs = fields.iter().map(|(name, value)| {
                    Some(format!("{}={}", self.key(name)?, self.item(value)?))
                });
                pairs.collect()
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                let fields = fields.flat_map(|(name, value)| [self.key(name), self.item(value)]);
                fields.collect()
            }
            one => scalar(one).and_then(|text| Some(vec![self.piece(&text)?])),
        };
        let pieces = pieces.filter(|pieces| !pieces.is_empty())?;
        let joined = pieces.join(self.separator());
        let name = encoded(&self.name, RESERVED);
        match style {
            ParameterStyle::Label => Some(format!(".{joined}")),
            ParameterStyle::Matrix if self.explodes() && value.is_object() => {
                Some(format!(";{joined}"))
            }
            ParameterStyle::Matrix if self.explodes() => {
                Some(format!(";{name}={}", pieces.join(&format!(";{name}="))))
            }
            ParameterStyle::Matrix => Some(format!(";{name}={joined}")),
            // A path has no empty segment for a parameter.
            ParameterStyle::Simple if joined.is_empty() => None,
            ParameterStyle::Simple => Some(joined),
            _ => self.named(&self.name, &joined),
        }
    }

    /// What stands between two pieces of one text.
    fn separator(&self) -> &'static str {
        let Notation::Styled { style, explode, .. } = &self.notation else {
            return ",";
        };
        match style {
            ParameterStyle::SpaceDelimited => "%20",
            ParameterStyle::PipeDelimited => "%7C",
            ParameterStyle::TabDelimited => "%09",
            ParameterStyle::Label if *explode => ".",
            ParameterStyle::Matrix if *explode => ";",
            _ => ",",
        }
    }

    /// Each name with its value, where a list repeats its name.
    fn joined<'v>(&self, fields: impl Iterator<Item = (&'v str, &'v Value)>) -> Option<String> {
        let mut pairs = Vec::new();
        for (name, value) in fields {
            let one = std::slice::from_ref(value);
            let values = value.as_array().map_or(one, Vec::as_slice);
            if values.is_empty() {
                return None;
            }
            for value in values {
                let text = self.piece(&scalar(value)?)?;
                pairs.push(self.named(name, &text)?);
            }
        }
        let between = if self.location == Location::Cookie {
            "; "
        } else {
            "&"
        };
        (!pairs.is_empty()).then(|| pairs.join(between))
    }

    /// A name with its value where names are sent, else the value.
    fn named(&self, name: &str, text: &str) -> Option<String> {
        match self.location {
            Location::Query => Some(format!("{}={text}", encoded(name, NAME))),
            // The names of cookies are tokens.
            Location::Cookie if encoded(name, NO_COOKIE) != name || name.contains('=') => None,
            Location::Cookie => Some(format!("{name}={text}")),
            Location::Path | Location::Header | Location::Body => Some(text.to_owned()),
        }
    }

    /// The name of a property among values.
    fn key(&self, name: &str) -> Option<String> {
        if self.explodes() && name.contains('=') {
            return None;
        }
        self.item(&Value::from(name))
    }

    /// A value among others. It must not hold what separates them.
    fn item(&self, value: &Value) -> Option<String> {
        let text = match value {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            value => scalar(value)?,
        };
        let Notation::Styled { style, .. } = &self.notation else {
            return None;
        };
        let delimiter = match (style, self.location) {
            (ParameterStyle::SpaceDelimited, _) => Some(' '),
            (ParameterStyle::PipeDelimited, _) => Some('|'),
            (ParameterStyle::TabDelimited, _) => Some('\t'),
            (ParameterStyle::Cookie, _) | (_, Location::Header) => Some(','),
            _ => None,
        };
        let splits = delimiter.is_some_and(|delimiter| text.contains(delimiter));
        // Spaces around the items of a header mean nothing.
        let trimmed = self.location == Location::Header && text.trim() != text;
        (!splits && !trimmed).then(|| self.piece(&text)).flatten()
    }

    /// A text, encoded as its location needs it.
    fn piece(&self, text: &str) -> Option<String> {
        let reserved = matches!(
            &self.notation,
            Notation::Styled {
                allow_reserved: true,
                ..
            }
        );
        let style = match &self.notation {
            Notation::Styled { style, .. } => Some(*style),
            _ => None,
        };
        match self.location {
            Location::Path if style == Some(ParameterStyle::Label) => Some(encoded(text, DOTTED)),
            Location::Query if reserved => Some(encoded(text, IMPOSSIBLE)),
            Location::Path | Location::Query | Location::Body => Some(encoded(text, RESERVED)),
            Location::Cookie if style == Some(ParameterStyle::Cookie) => {
                (encoded(text, NO_COOKIE) == text).then(|| text.to_owned())
            }
            Location::Cookie => Some(encoded(text, IN_COOKIE)),
            Location::Header => {
                let may_stand = |byte: u8| byte == b'\t' || (b' '..=b'~').contains(&byte);
                let fits = text.bytes().all(may_stand) && text.trim() == text;
                fits.then(|| text.to_owned())
            }
        }
    }

    /// Whether the names of the properties lead back to this parameter.
    fn tells(&self, fields: &Map<String, Value>) -> bool {
        let shape = Shape::of(&self.schema);
        fields.keys().all(|name| self.owns(&shape, name))
    }

    /// Whether each item and each property has a place of its own.
    pub(super) fn explodes(&self) -> bool {
        match &self.notation {
            Notation::Styled { explode, .. } => *explode,
            Notation::Content(_) => false,
            Notation::WholeQuery(_) => true,
        }
    }
}

/// The text of a value that is neither a list nor an object.
pub(super) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(_) | Value::Number(_) => Some(Cow::Owned(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether exploded values have names of their own in the request.
pub(super) fn is_named(style: ParameterStyle) -> bool {
    matches!(
        style,
        ParameterStyle::Form
            | ParameterStyle::Cookie
            | ParameterStyle::SpaceDelimited
            | ParameterStyle::PipeDelimited
            | ParameterStyle::TabDelimited
    )
}
