//! A case: the values with which a law is tried.
//!
//! A case is small enough to be read, shrunk, written to a file and tried again.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The values with which a law is tried. Each law uses some of them; the others stay empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The name of the requested resource.
    pub resource: String,
    /// The caller.
    #[serde(default, skip_serializing_if = "Credentials::is_owner")]
    pub credentials: Credentials,
    /// The start of the page.
    #[serde(default, skip_serializing_if = "After::is_start")]
    pub after: After,
    /// The start of a second page.
    #[serde(default, skip_serializing_if = "After::is_start")]
    pub then: After,
    /// The limits of the pages, one after the other. Empty if none is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<u64>,
    /// Parameters that are sent unchanged, valid or not: name and text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<(String, String)>,
    /// The whole query as it is sent, valid or not, instead of parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Headers that are sent unchanged: name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The method, if it is not the operation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A second resource, or a second id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// The resource's id as it is written in the path, if the encoding is not the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spelled: Option<String>,
    /// The number of writers that add events at the same time, if there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writers: Option<usize>,
    /// The target of a request that a watch saw. The other fields do not describe such a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// The start of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// At the start. No cursor is sent.
    #[default]
    Start,
    /// After the item at this place of the resource's listing, counted from zero.
    Item(usize),
    /// After this cursor, as text.
    Cursor(String),
}

/// The caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Credentials {
    /// The owner of the resource.
    #[default]
    Owner,
    /// A caller that the subject file names.
    Caller(String),
    /// No caller. No credentials are sent.
    None,
    /// The caller of this `Authorization` header, or of this key.
    Raw(String),
    /// The owner, with this spelling of the scheme's name.
    Scheme(String),
    /// A caller whose token is the owner's, but for this change.
    Altered(Alteration),
}

/// A change of a real token, after which it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Alteration {
    /// Its last character is missing.
    Shortened,
    /// Its first character is missing.
    WithoutStart,
    /// It has one more character.
    Lengthened,
    /// Its letters are of the other case.
    OtherCase,
}

impl Alteration {
    /// The token with the change. `None` if it would stay the same, or would be no token.
    pub(crate) fn of(self, token: &str) -> Option<String> {
        let altered: String = match self {
            Self::Shortened => {
                let (end, _) = token.char_indices().next_back()?;
                token[..end].to_owned()
            }
            Self::WithoutStart => token.chars().skip(1).collect(),
            Self::Lengthened => format!("{token}x"),
            Self::OtherCase if token.contains(|one: char| one.is_ascii_lowercase()) => {
                token.to_ascii_uppercase()
            }
            Self::OtherCase => token.to_ascii_lowercase(),
        };
        (altered != token && !altered.is_empty()).then_some(altered)
    }
}

impl Case {
    /// The number of parameters that a line shows one by one.
    const SHOWN: usize = 8;

    /// The case of a plain request for one resource.
    pub fn of(resource: &str) -> Self {
        Self {
            resource: resource.to_owned(),
            ..Self::default()
        }
    }

    /// The whole case as text, nothing shortened.
    pub(crate) fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same case with another start.
    #[must_use]
    pub fn after(mut self, after: After) -> Self {
        self.after = after;
        self
    }

    /// The same case, with one more limit.
    #[must_use]
    pub fn limit(mut self, limit: u64) -> Self {
        self.limits.push(limit);
        self
    }

    /// The same case, with no limit.
    #[must_use]
    pub fn without_limits(mut self) -> Self {
        self.limits.clear();
        self
    }

    /// The same case, with one more parameter that is sent unchanged.
    #[must_use]
    pub fn send(mut self, name: &str, text: impl Into<String>) -> Self {
        self.sent.push((name.to_owned(), text.into()));
        self
    }

    /// The same case, with one more header that is sent unchanged.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same case, with another method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// The same case, with a second resource, or a second id.
    #[must_use]
    pub fn and(mut self, other: impl Into<String>) -> Self {
        self.other = Some(other.into());
        self
    }

    /// The same case, with this spelling of the id in the path.
    #[must_use]
    pub fn spelled(mut self, spelled: impl Into<String>) -> Self {
        self.spelled = Some(spelled.into());
        self
    }

    /// The same case, with this many writers at the same time.
    #[must_use]
    pub fn writers(mut self, writers: usize) -> Self {
        self.writers = Some(writers);
        self
    }

    /// The same case, with another caller.
    #[must_use]
    pub fn by(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }
}

impl Credentials {
    fn is_owner(&self) -> bool {
        *self == Self::Owner
    }
}

impl After {
    pub(crate) fn is_start(&self) -> bool {
        *self == Self::Start
    }
}

impl fmt::Display for Case {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = &self.method {
            write!(out, "{method} ")?;
        }
        let asked = self.target.as_deref().unwrap_or(&self.resource);
        write!(out, "{}", shown(asked))?;
        if let Some(other) = &self.other {
            write!(out, " and {}", shown(other))?;
        }
        if let Some(spelled) = &self.spelled {
            write!(out, ", written `{}` in the path", shown(spelled))?;
        }
        match &self.credentials {
            Credentials::Owner => {}
            Credentials::Caller(name) => write!(out, ", requested by {name}")?,
            Credentials::None => out.write_str(", without credentials")?,
            Credentials::Raw(header) => write!(out, ", with credentials `{header}`")?,
            Credentials::Scheme(name) => write!(out, ", with the scheme spelled `{name}`")?,
            Credentials::Altered(Alteration::Shortened) => {
                out.write_str(", with a token that lacks its last character")?;
            }
            Credentials::Altered(Alteration::WithoutStart) => {
                out.write_str(", with a token that lacks its first character")?;
            }
            Credentials::Altered(Alteration::Lengthened) => {
                out.write_str(", with a token that has one more character")?;
            }
            Credentials::Altered(Alteration::OtherCase) => {
                out.write_str(", with a token in the other case")?;
            }
        }
        write!(out, "{}", self.after)?;
        if !self.then.is_start() {
            write!(out, ", then{}", &self.then.to_string()[1..])?;
        }
        match self.limits.as_slice() {
            [] => {}
            [one] => write!(out, ", limit {one}")?,
            several => write!(out, ", limits {several:?}")?,
        }
        match self.sent.as_slice() {
            [first, .., last] if self.sent.len() > Self::SHOWN => {
                let (count, first, last) = (self.sent.len(), &first.0, &last.0);
                write!(out, ", {count} parameters from {first} to {last}")?;
            }
            sent => sent
                .iter()
                .try_for_each(|(name, text)| write!(out, ", {name}={}", shown(text)))?,
        }
        if let Some(query) = &self.query {
            write!(out, ", with the query `{}`", shown(query))?;
        }
        self.headers
            .iter()
            .try_for_each(|(name, value)| write!(out, ", {name}: {}", shown(value)))?;
        match self.writers {
            Some(writers) => write!(out, ", {writers} writers at the same time"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for After {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => Ok(()),
            Self::Item(index) => write!(out, ", after item {index}"),
            Self::Cursor(text) => write!(out, ", after the cursor `{}`", shown(text)),
        }
    }
}

/// A text, escaped and shortened to fit into a line.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let escaped = text.escape_debug().to_string();
    match escaped.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}… ({} bytes)", &escaped[..end], text.len()),
        None => escaped,
    }
}
