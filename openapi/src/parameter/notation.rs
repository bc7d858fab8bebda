//! How a parameter's value is written as text: OpenAPI 3.1, 4.8.12, and RFC 6570.

use serde_json::{Map, Value};

use crate::Location;
use crate::media_type::essence;

/// How a parameter's value is written as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notation {
    /// By a style, such as `form`.
    Styled {
        /// The style.
        style: ParameterStyle,
        /// Whether each item of a list and each property of an object has a place of its own.
        explode: bool,
        /// Whether reserved characters stay as they are in a query.
        allow_reserved: bool,
        /// Whether a query may have the name without a value.
        allow_empty: bool,
    },
    /// As a body of this media type, which is in lower case and without parameters.
    Content(String),
    /// As [`Notation::Content`]; the whole query is the value (OpenAPI 3.2, `in: querystring`).
    WholeQuery(String),
}

/// A style of OpenAPI 3.1, 4.8.12.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterStyle {
    /// `;name=1,2`, in a path.
    Matrix,
    /// `.1,2`, in a path.
    Label,
    /// `1,2`, in a path or a header.
    Simple,
    /// `name=1,2`, or `name=1&name=2` exploded, in a query or a cookie.
    Form,
    /// `name=1%202`, in a query.
    SpaceDelimited,
    /// `name=1%7C2`, in a query.
    PipeDelimited,
    /// `name=1%092`, in a query: the `tsv` of Swagger 2.0, which OpenAPI 3 does not have.
    TabDelimited,
    /// `name[a]=1&name[b]=2`, in a query.
    DeepObject,
    /// As `form`, without percent-encoding, in a cookie (OpenAPI 3.2).
    Cookie,
}

impl ParameterStyle {
    const ALL: [Self; 9] = [
        Self::Matrix,
        Self::Label,
        Self::Simple,
        Self::Form,
        Self::SpaceDelimited,
        Self::PipeDelimited,
        Self::TabDelimited,
        Self::DeepObject,
        Self::Cookie,
    ];

    /// The word in a document.
    pub fn word(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Label => "label",
            Self::Simple => "simple",
            Self::Form => "form",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::TabDelimited => "tabDelimited",
            Self::DeepObject => "deepObject",
            Self::Cookie => "cookie",
        }
    }

    /// Whether a parameter at this location can have it.
    fn is_of(self, location: Location) -> bool {
        match self {
            Self::Matrix | Self::Label => location == Location::Path,
            Self::Simple => matches!(location, Location::Path | Location::Header),
            Self::Form => matches!(location, Location::Query | Location::Cookie),
            Self::Cookie => location == Location::Cookie,
            Self::SpaceDelimited | Self::PipeDelimited | Self::TabDelimited | Self::DeepObject => {
                location == Location::Query
            }
        }
    }
}

/// A key of a parameter that is written wrongly: the key, what is wrong, and the cure.
pub(crate) type WrongKey = (&'static str, String, String);

impl Notation {
    /// The notation of a parameter that says nothing about it.
    pub(crate) fn usual(location: Location) -> Self {
        let style = usual(location);
        Self::Styled {
            style,
            explode: explodes(style),
            allow_reserved: false,
            allow_empty: false,
        }
    }

    /// Reads the notation of a parameter; a key that is written wrongly counts as left out.
    pub(crate) fn read(
        fields: &Map<String, Value>,
        name: &str,
        location: Location,
    ) -> (Self, Vec<WrongKey>) {
        let content = fields.get("content").and_then(Value::as_object);
        if let Some(media_type) = content.and_then(|content| content.keys().next())
            && !fields.contains_key("schema")
        {
            return (Self::Content(essence(media_type)), Vec::new());
        }
        let mut wrong = Vec::new();
        let style = fields.get("style").map(|written| {
            let mut styles = ParameterStyle::ALL.into_iter();
            let style = styles.find(|style| written == style.word() && style.is_of(location));
            style.ok_or_else(|| wrong_style(written, name, location))
        });
        let style = style.transpose().unwrap_or_else(|found| {
            wrong.push(found);
            None
        });
        let style = style.unwrap_or_else(|| usual(location));
        let mut flag = |key: &'static str| match fields.get(key) {
            None => None,
            Some(Value::Bool(flag)) => Some(*flag),
            Some(_) => {
                let message = format!("`{key}` of `{name}` must be true or false");
                let cure = "correct the value; it counts as left out".to_owned();
                wrong.push((key, message, cure));
                None
            }
        };
        let notation = Self::Styled {
            explode: flag("explode").unwrap_or_else(|| explodes(style)),
            allow_reserved: flag("allowReserved").unwrap_or_default(),
            allow_empty: flag("allowEmptyValue").unwrap_or_default() && location == Location::Query,
            style,
        };
        (notation, wrong)
    }
}

fn wrong_style(written: &Value, name: &str, location: Location) -> WrongKey {
    let word = written.as_str().map(ToOwned::to_owned);
    let word = word.unwrap_or_else(|| written.to_string());
    let message = format!(
        "`style: {word}` of `{name}` is none of a {} parameter",
        location.word()
    );
    let known = ParameterStyle::ALL.into_iter();
    let known = known.filter(|style| style.is_of(location));
    // It is no word of the specification.
    let known = known.filter(|style| *style != ParameterStyle::TabDelimited);
    let known: Vec<_> = known.map(|style| format!("`{}`", style.word())).collect();
    let cure = format!(
        "write {}; it counts as `{}`",
        known.join(", "),
        usual(location).word()
    );
    ("style", message, cure)
}

fn usual(location: Location) -> ParameterStyle {
    match location {
        Location::Query | Location::Cookie => ParameterStyle::Form,
        Location::Path | Location::Header | Location::Body => ParameterStyle::Simple,
    }
}

fn explodes(style: ParameterStyle) -> bool {
    matches!(style, ParameterStyle::Form | ParameterStyle::Cookie)
}
