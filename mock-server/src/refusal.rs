//! Why a request gets no page.

use fixtures::Unseen;
use http::StatusCode;
use openapi::{Expiry, Problem};

use crate::wording::ValidationError;

/// Why a request gets no page.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// No operation is there for it.
    NoRoute(NoRoute),
    /// Credentials are missing or unknown.
    Unauthenticated,
    /// Parameters are wrong.
    Invalid(Vec<ValidationError>),
    /// The resource does not exist, or belongs to another owner.
    Unseen(Unseen),
    /// The contract refuses unknown cursors with this status, and this one is unknown.
    Cursor(u16, String),
    /// The cursor has expired. The contract refuses it so, and may say where a fresh one is; this is one.
    Expired(Expiry, String),
    /// The range begins behind the end of the list. A header may say how long the list is; this is its text.
    Beyond(Option<String>),
    /// Something else is wrong with the request.
    Plain(Plain),
    /// The document is wrong at this place, so no valid answer can be made.
    Unserved(Problem),
}

/// Why a request is for no operation.
#[derive(Debug)]
pub(crate) enum NoRoute {
    /// No operation has this path. The nearest one is this.
    Path(Option<String>),
    /// The operations at this path take other methods: these.
    Method(String),
    /// The client asks which methods the path takes: these.
    Options(String),
}

/// A refusal in words.
#[derive(Debug)]
pub(crate) struct Plain {
    pub(crate) status: StatusCode,
    /// What is wrong, in one sentence.
    pub(crate) detail: String,
    pub(crate) cure: Option<String>,
}

impl From<Unseen> for Refusal {
    fn from(unseen: Unseen) -> Self {
        Self::Unseen(unseen)
    }
}

impl Refusal {
    /// Sentences that say what is wrong.
    pub(crate) fn words(&self) -> Vec<String> {
        let one = match self {
            Self::NoRoute(NoRoute::Path(_)) => "no operation has this path".to_owned(),
            Self::NoRoute(NoRoute::Method(allow)) => format!("this path takes {allow}"),
            Self::NoRoute(NoRoute::Options(_)) => return Vec::new(),
            Self::Unauthenticated => "the credentials are missing or unknown".to_owned(),
            Self::Invalid(errors) => return errors.iter().map(ValidationError::words).collect(),
            Self::Unseen(Unseen::Missing) => "the resource does not exist".to_owned(),
            Self::Unseen(Unseen::Foreign) => "the resource belongs to another owner".to_owned(),
            Self::Cursor(_, cursor) => {
                format!("the cursor `{cursor}` names no event of this resource")
            }
            Self::Expired(..) => "the cursor has expired".to_owned(),
            Self::Beyond(_) => "the range begins behind the end of the list".to_owned(),
            Self::Plain(plain) => plain.detail.clone(),
            Self::Unserved(problem) => format!("no valid answer can be made: {problem}"),
        };
        vec![one]
    }
}
