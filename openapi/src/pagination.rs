//! The vocabulary of `x-pagination`: how an operation pages, which OpenAPI has no words for.
//!
//! `style`, `items`, `key`, `request` and `next` are mechanics. The rest is contract, and what it leaves
//! out is unspecified: laws about it are not in force. Bounds and defaults are not repeated here; they
//! are the parameters' schemas'.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Selector, Step};

/// How an operation pages; the value of `x-pagination`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// The name that scenarios, subject files and reports use; `stem/operationId` if absent.
    pub name: Option<String>,
    /// How one page leads to the next.
    pub style: Style,
    /// Where the items lie in the body.
    pub items: Selector,
    /// Where an item's key lies, relative to the item. Keys tell items apart.
    pub key: Selector,
    /// Which parameters ask for a page.
    pub request: Request,
    /// How pages are numbered, in style `page`.
    #[serde(default)]
    pub page: PageNumbers,
    /// Where a page says how to go on.
    #[serde(default)]
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
    /// What a limit means.
    #[serde(default)]
    pub limit: LimitRules,
    /// Whether one answer holds everything behind the cursor. If absent, it does only in style `since` without
    /// a limit and without `next.more`, where `next.cursor` lies beside the items.
    pub whole: Option<bool>,
    /// Places in an item whose values change from answer to answer, relative to the item: `$.age`. A schema
    /// may say `x-volatile: true` instead.
    #[serde(default)]
    pub volatile: Vec<Selector>,
    /// Which events begin and end a timeline.
    pub lifecycle: Option<Lifecycle>,
    /// The resource that the timeline belongs to.
    pub parent: Option<Parent>,
}

impl Pagination {
    /// Whether the place that a page hands out is its last item's key.
    pub(crate) fn next_is_last_key(&self) -> bool {
        let last = self.items.clone().then(&[Step::Last]);
        let last = last.then(self.key.steps());
        self.next.cursor.as_ref() == Some(&last)
    }
}

/// How one page leads to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A cursor names an item (or a place between items); the next page starts behind it.
    Cursor,
    /// A cursor is a number that items are compared with: everything greater is served.
    Since,
    /// A cursor is opaque: clients have it from an earlier page.
    Token,
    /// The body holds the whole URL of the next page.
    Url,
    /// A `Link` header holds it (RFC 8288).
    Link,
    /// A count of items to skip.
    Offset,
    /// A page's number.
    Page,
}

impl Style {
    /// The word for it in `x-pagination`.
    pub fn word(self) -> String {
        let word = serde_json::to_value(self).unwrap_or_default();
        word.as_str().unwrap_or_default().to_owned()
    }
}

/// Which parameters ask for a page.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Where to go on, in the styles that go on by a cursor or a token.
    pub cursor: Option<Site>,
    /// The number of a page, in style `page`.
    pub page: Option<Site>,
    /// How many items at most.
    pub limit: Option<Site>,
}

/// What a parameter says of the page that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Where to go on.
    Cursor,
    /// The number of a page.
    Page,
    /// How many items at most.
    Limit,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Cursor, Self::Page, Self::Limit];

    /// The key under `request`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Page => "page",
            Self::Limit => "limit",
        }
    }

    /// Whether it says where a page starts.
    pub(crate) fn is_place(self) -> bool {
        self != Self::Limit
    }
}

impl Request {
    /// Where the parameter with this role is sent, if it is named.
    pub fn site(&self, role: Role) -> Option<&Site> {
        match role {
            Role::Cursor => self.cursor.as_ref(),
            Role::Page => self.page.as_ref(),
            Role::Limit => self.limit.as_ref(),
        }
    }

    /// The roles that are named, and where each is sent.
    pub(crate) fn sites(&self) -> impl Iterator<Item = (Role, &Site)> {
        let roles = Role::ALL.into_iter();
        roles.filter_map(|role| Some((role, self.site(role)?)))
    }
}

/// Where a value is sent: one of the operation's parameters, or a place in its JSON body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "in", rename_all = "lowercase", deny_unknown_fields)]
pub enum Site {
    /// In the path.
    Path {
        /// The parameter's name, as the document spells it.
        name: String,
    },
    /// In the query.
    Query {
        /// The parameter's name, as the document spells it.
        name: String,
    },
    /// In a header.
    Header {
        /// The parameter's name; its case does not matter.
        name: String,
    },
    /// In a cookie.
    Cookie {
        /// The parameter's name, as the document spells it.
        name: String,
    },
    /// In the JSON body of the request.
    Body {
        /// The place, as a JSON pointer: `/page/cursor`.
        at: String,
    },
}

impl Site {
    /// Where it is sent.
    pub fn location(&self) -> Location {
        match self {
            Self::Path { .. } => Location::Path,
            Self::Query { .. } => Location::Query,
            Self::Header { .. } => Location::Header,
            Self::Cookie { .. } => Location::Cookie,
            Self::Body { .. } => Location::Body,
        }
    }

    /// The parameter's name, or the JSON pointer into the body.
    pub fn name(&self) -> &str {
        match self {
            Self::Path { name }
            | Self::Query { name }
            | Self::Header { name }
            | Self::Cookie { name }
            | Self::Body { at: name } => name,
        }
    }
}

/// How pages are numbered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageNumbers {
    /// The number of the first page.
    pub first: u64,
}

impl Default for PageNumbers {
    fn default() -> Self {
        Self { first: 1 }
    }
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
    /// In the JSON body of the request.
    Body,
}

impl Location {
    /// The word that the document, and an error's `loc`, uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
        }
    }
}

/// Where a page says how to go on.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Next {
    /// Where the next cursor lies in the body.
    pub cursor: Option<Selector>,
    /// The relation of the `Link` header that holds the URL of the next page, usually `next`.
    pub link: Option<String>,
    /// A second place that holds the same cursor.
    pub same_as: Option<Selector>,
    /// A boolean: whether more items lie behind this page.
    pub more: Option<Selector>,
    /// Whether a page that promises more may be followed by an empty page at the end; unspecified when absent.
    pub trailing_empty_page: Option<TrailingEmptyPage>,
}

/// Whether the last page may be empty although the page before it promised more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrailingEmptyPage {
    /// It may not: a page promises more only if more items are there.
    Never,
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

/// What a limit means.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitRules {
    /// What a limit above the schema's maximum leads to.
    pub over: OverLimit,
}

/// What a limit above the schema's maximum leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OverLimit {
    /// A refusal.
    #[default]
    Refuse,
    /// The page of the maximum.
    Clamp,
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
