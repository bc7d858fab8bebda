//! The vocabulary of `x-pagination`: how an operation pages, which OpenAPI has no words for.
//!
//! `style`, `items`, `key`, `request` and `next` are mechanics. The rest is contract, and what it leaves
//! out is unspecified: laws about it are not in force. Bounds and defaults are not repeated here; they
//! are the parameters' schemas'.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Selector;

/// How an operation pages; the value of `x-pagination`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// How one page leads to the next.
    pub style: Style,
    /// Where the items lie in the body.
    pub items: Selector,
    /// Where an item's key lies, relative to the item. Keys tell items apart.
    pub key: Selector,
    /// Which parameters ask for a page.
    pub request: Request,
    /// Where a page says how to go on.
    pub next: Next,
    /// Fields that repeat the keys of a page's ends.
    #[serde(default)]
    pub echo: Echo,
    /// In which order items come.
    #[serde(default)]
    pub order: Order,
    /// What a cursor means.
    #[serde(default)]
    pub cursor: CursorRules,
    /// Which events begin and end a timeline.
    pub lifecycle: Option<Lifecycle>,
    /// The resource that the timeline belongs to.
    pub parent: Option<Parent>,
}

/// How one page leads to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A cursor names an item (or a place between items); the next page starts behind it.
    Cursor,
    /// A cursor is a number that items are compared with: everything greater is served.
    Since,
    /// The body holds the whole URL of the next page.
    Url,
    /// A `Link` header holds it (RFC 8288).
    Link,
    /// A count of items to skip.
    Offset,
    /// A page's number.
    Page,
}

/// Which parameters ask for a page.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Where to go on.
    pub cursor: ParameterName,
    /// How many items at most; without it a page holds everything behind the cursor.
    pub limit: Option<ParameterName>,
}

/// One of the operation's parameters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterName {
    /// Where the parameter is sent.
    pub r#in: Location,
    /// Its name, as the document spells it.
    pub name: String,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Location {
    /// The word that the document, and an error's `loc`, uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// Where a page says how to go on.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Next {
    /// Where the next cursor lies in the body.
    pub cursor: Selector,
    /// A second place that holds the same cursor.
    pub same_as: Option<Selector>,
    /// A boolean: whether more items lie behind this page.
    pub more: Option<Selector>,
}

/// Fields that repeat the keys of a page's ends.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Echo {
    /// The first item's key.
    pub first: Option<Selector>,
    /// The last item's key.
    pub last: Option<Selector>,
}

/// In which order items come.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Order {
    /// New items appear only at the open end.
    pub append_only: bool,
    /// Where the value lies, in an item, that items are sorted by.
    pub by: Option<Selector>,
    /// Which way they are sorted.
    pub direction: Direction,
    /// No two items have the same sort value.
    pub strict: bool,
}

/// Which way items are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Smallest, or oldest, first.
    #[default]
    Ascending,
    /// Greatest, or newest, first.
    Descending,
}

/// What a cursor means.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CursorRules {
    /// Whether the item that a cursor names is on the page behind it.
    pub bound: Bound,
    /// The last cursor stays good after the end, for polling.
    pub resume: bool,
    /// What a well-formed cursor that names nothing leads to; unspecified when absent.
    pub unknown: Option<UnknownCursor>,
}

/// Whether the item that a cursor names is on the page behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Bound {
    /// It is not.
    #[default]
    Exclusive,
    /// It is the first one.
    Inclusive,
}

/// What a well-formed cursor that names nothing leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum UnknownCursor {
    /// A refusal with this status.
    Status(u16),
    /// A page, by name.
    Page(UnknownPage),
}

/// The page that an unknown cursor leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownPage {
    /// 200 without items behind the end; a number between two items reads what follows it.
    EmptyPage,
}

/// Which events begin and end a timeline.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// Where an item's type lies, relative to the item.
    pub at: Selector,
    /// Types of the first event; they occur once.
    pub first: Vec<String>,
    /// Types behind which nothing comes.
    pub terminal: Vec<String>,
}

/// The resource that the timeline belongs to.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// The path parameter that names it.
    pub parameter: String,
    /// Where the body repeats its id.
    pub echo: Option<Selector>,
    /// The status for an unknown one.
    pub missing: Option<u16>,
    /// The status for somebody else's.
    pub foreign: Option<u16>,
    /// When that is decided.
    pub checked: Option<Checked>,
}

/// When it is decided whether the caller may see the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// Before any event is read.
    BeforeRead,
}

/// Where a refusal of wrong parameters says which ones were wrong; the value of `x-validation-errors`,
/// which stands beside `x-pagination`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidationErrors {
    /// The status of such a refusal.
    pub status: u16,
    /// The list of errors, in the body.
    pub errors: Selector,
    /// In an error: the path of the wrong value, as `["query", "name"]`.
    pub location: Selector,
    /// In an error: a sentence.
    pub message: Selector,
    /// In an error: a word for the kind of error.
    pub kind: Selector,
}

/// What may be said of an operation beside the specification's own words.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "each is read where it stands; together they are only described"
)]
pub(crate) struct Extensions {
    #[serde(rename = "x-pagination")]
    pagination: Option<Pagination>,
    #[serde(rename = "x-validation-errors")]
    validation_errors: Option<ValidationErrors>,
}
