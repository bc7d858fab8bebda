//! The facts are all that the judge knows about a subject for one contract.
//!
//! A judge from outside cannot know which resources exist, who owns them, or how many events they hold.
//! The subject file states these facts; `subject_file.rs` reads and checks it.

use std::collections::BTreeMap;
use std::fmt;

use openapi::Location;

use crate::token::Token;
use crate::{HookRequests, Hooks, Level, UnsafeMethods};

/// All known facts about the subject for one contract.
#[derive(Debug, Clone)]
pub struct Facts {
    pub(crate) callers: BTreeMap<String, Token>,
    pub(crate) resources: Vec<Resource>,
    /// Ids that the subject file calls missing.
    pub(crate) missing: Vec<String>,
    pub(crate) taken: Vec<Taken>,
    /// The reason why no request can be sent, if none can.
    pub(crate) lacking: Option<String>,
    pub(crate) levels: BTreeMap<String, (Level, String)>,
    pub(crate) hook_requests: HookRequests,
    pub(crate) hooks: Hooks,
    pub(crate) unsafe_methods: UnsafeMethods,
}

/// A resource with a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name: the id in its path, or all values of the path if there are several (`acme/17`).
    pub name: String,
    /// The values of the path's parameters, in the path's order.
    pub path: Vec<String>,
    /// The other parameters that every request for it carries.
    pub parameters: Vec<Sent>,
    /// The caller that owns it; empty if the API asks for no credentials and the subject file names none.
    pub owner: String,
    /// The number of events in its timeline, if that is known and does not change.
    pub events: Option<u64>,
    /// Whether events may be added while it is judged.
    pub grows: bool,
    /// Places deep in its timeline that the subject file names.
    pub places: Vec<KnownPlace>,
}

/// A place deep in a timeline, and the cursor that leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPlace {
    /// The number of events before it.
    pub behind: u64,
    /// The cursor, as it is sent.
    pub cursor: String,
}

/// A parameter, and the text that is sent for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its location.
    pub location: Location,
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A value that is not in the subject file, and the keyword of the document that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The parameter and its value.
    pub sent: Sent,
    /// The keyword with the value, such as `example`, or `schema` if it was made from the whole schema.
    pub from: &'static str,
}

impl Resource {
    /// Whether requests for both are the same.
    pub(crate) fn is_asked_like(&self, other: &Self) -> bool {
        self.path == other.path && self.parameters == other.parameters && self.owner == other.owner
    }
}

impl Facts {
    /// The working hooks: actions of the judge besides sending requests.
    pub fn hooks(&self) -> &Hooks {
        &self.hooks
    }

    /// The hooks as the subject file describes them. [`HookRequests::over`] makes them work.
    pub fn hook_requests(&self) -> &HookRequests {
        &self.hook_requests
    }

    /// The same facts with hooks that work.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Hooks) -> Self {
        self.hooks = hooks;
        self
    }

    /// Whether methods that may change data are sent.
    pub fn unsafe_methods(&self) -> UnsafeMethods {
        self.unsafe_methods
    }

    /// The same facts with another permission for methods that may change data.
    #[must_use]
    pub fn with_unsafe_methods(mut self, unsafe_methods: UnsafeMethods) -> Self {
        self.unsafe_methods = unsafe_methods;
        self
    }

    /// The resources of the timeline.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// Ids of resources that are not there, if the subject file names some.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The resource with this name.
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.iter().find(|one| one.name == name)
    }

    /// The values that are not in the subject file, and their sources.
    pub fn taken(&self) -> &[Taken] {
        &self.taken
    }

    /// The reason why no request can be sent: neither the subject file nor the document has a required value.
    pub fn lacking(&self) -> Option<&str> {
        self.lacking.as_deref()
    }

    /// A caller that does not own `resource`, if there is one.
    pub fn stranger_to(&self, resource: &Resource) -> Option<&str> {
        self.callers
            .keys()
            .map(String::as_str)
            .find(|caller| *caller != resource.owner)
    }

    /// The token of a caller at the start of the run.
    pub fn token(&self, caller: &str) -> Option<&str> {
        self.callers.get(caller).map(|token| token.text.as_str())
    }

    /// The variable that replaces a caller's token in reports.
    ///
    /// It is the variable from which the token was read, or one named after the caller.
    pub fn variable(&self, caller: &str) -> String {
        self.callers
            .get(caller)
            .map_or_else(|| variable_of(caller), |token| token.variable.clone())
    }

    /// The callers, by name, with every token that they used so far.
    pub fn callers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.callers
            .iter()
            .flat_map(|(name, token)| token.texts().map(|text| (name.as_str(), text)))
    }

    /// The level that the subject file gives a law, and its reason.
    pub fn level(&self, law: &str) -> Option<(Level, &str)> {
        self.levels
            .get(law)
            .map(|(level, reason)| (*level, reason.as_str()))
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sent {
            location,
            name,
            text,
        } = &self.sent;
        let from = match self.from {
            "schema" => "made from its schema".to_owned(),
            keyword => format!("its `{keyword}`"),
        };
        write!(
            out,
            "{} parameter `{name}` is `{text}`, {from}",
            location.word()
        )
    }
}

/// A variable named after a caller: `ANN_TOKEN` for `ann`.
pub(crate) fn variable_of(caller: &str) -> String {
    let word = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    caller.chars().map(word).chain("_TOKEN".chars()).collect()
}
