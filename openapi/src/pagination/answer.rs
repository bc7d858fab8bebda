//! The vocabulary of answers: where items lie, how a page says how to go on, and what it says of the list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Selector;

/// Where a page says how to go on. Places that are named together must agree.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Next {
    /// Where the next cursor lies in the body.
    pub cursor: Option<Selector>,
    /// Where the URL of the next page lies in the body; the URL may be relative.
    pub url: Option<Selector>,
    /// The relation of the `Link` header that holds the URL of the next page, usually `next`.
    pub link: Option<String>,
    /// The header that holds the next cursor, as requests send it: `Next-Range`. It is absent at the end.
    pub header: Option<String>,
    /// A second place that holds the same cursor.
    pub same_as: Option<Selector>,
    /// A boolean: whether more items lie behind this page.
    pub more: Option<Selector>,
    /// A boolean: whether no more items lie behind this page.
    pub done: Option<Selector>,
    /// Where the next token lies in the body, for requests that page as `request.or` says.
    pub or: Option<Selector>,
    /// As in `end`.
    pub trailing_empty_page: Option<TrailingEmptyPage>,
}

/// Whether the last page may be empty although the page before it promised more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrailingEmptyPage {
    /// It may be.
    Allowed,
    /// It may not: a page promises more only if more items are there.
    Never,
}

/// Where a page says how to go back.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Previous {
    /// Where the cursor of the page before this one lies in the body.
    pub cursor: Option<Selector>,
    /// Where its URL lies in the body.
    pub url: Option<Selector>,
    /// The relation of the `Link` header that holds its URL, usually `prev`.
    pub link: Option<String>,
    /// A boolean: whether more items lie before this page.
    pub more: Option<Selector>,
}

/// What belongs to one item.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ItemRules {
    /// Where a cursor lies that names the item, relative to the element of the list.
    pub cursor: Option<Selector>,
    /// The `operationId` of the operation that reads one item.
    pub operation: Option<String>,
}

/// Where a page says how long the whole list is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Totals {
    /// How many items the list has.
    pub items: Option<Selector>,
    /// How many items lie behind the page.
    pub remaining: Option<Selector>,
    /// How many pages of the request's limit the list has.
    pub pages: Option<Selector>,
    /// The header with the number of items: `X-Total-Count`; in style `range`, `Content-Range` if it says the number.
    pub header: Option<String>,
    /// The relation of the `Link` header that holds the URL of the last page, usually `last`.
    pub link: Option<String>,
}

/// Fields that repeat the keys of a page's ends, or what was asked for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Echo {
    /// The first item's key.
    pub first: Option<Selector>,
    /// The last item's key.
    pub last: Option<Selector>,
    /// The limit that was applied.
    pub limit: Option<Selector>,
    /// The number of items that were skipped.
    pub offset: Option<Selector>,
    /// The number of the page.
    pub page: Option<Selector>,
}

/// How a list ends.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct EndRules {
    /// What says that nothing remains. If it is empty, that follows from `next`.
    pub by: Vec<EndRule>,
    /// Whether a page that promises more may be followed by an empty page at the end. If this is absent, it may not be
    /// where `next.more` or `next.done` says whether items remain; elsewhere nothing is said.
    pub trailing_empty_page: Option<TrailingEmptyPage>,
}

/// What says that nothing remains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndRule {
    /// The boolean at `next.more` or `next.done`.
    More,
    /// The next cursor, URL or link is absent, null or empty.
    NoCursor,
    /// The page has fewer items than were asked for.
    ShortPage,
    /// The page has no items.
    EmptyPage,
    /// All items that `totals` counts were read.
    Total,
}
