//! The vocabulary of what pages promise: order, cursors, limits, lifecycles and parents.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Selector;

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
    /// The orders that the caller can choose with `request.order`, by the value that is sent.
    pub values: BTreeMap<String, Sorting>,
}

/// One of the orders that the caller can choose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sorting {
    /// Where the value lies, in an item, that items are sorted by; `order.by` if absent.
    pub by: Option<Selector>,
    /// Which way they are sorted.
    #[serde(default)]
    pub direction: Direction,
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
    /// What an expired cursor leads to; unspecified when absent.
    pub expires: Option<Expiry>,
    /// What a cursor brings with it from the request that it was handed out to; a request that sends it cannot
    /// change that.
    pub carries: Vec<Carried>,
}

/// What an expired cursor leads to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// The status of the refusal.
    pub status: u16,
    /// Where the refusal's body has a cursor to go on from.
    pub resume: Option<Selector>,
}

/// What a cursor may bring with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Carried {
    /// The limit.
    Limit,
    /// The order that the caller chose.
    Order,
    /// All other parameters.
    Filters,
}

/// What a limit means.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitRules {
    /// What a limit above the schema's maximum leads to.
    pub over: OverLimit,
    /// What a limit of zero leads to; the schema says whether it is refused when absent.
    pub zero: Option<ZeroLimit>,
}

/// What a limit of zero leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ZeroLimit {
    /// A refusal.
    Refuse,
    /// A page without items.
    None,
    /// The page of a request without a limit.
    Default,
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
    /// The page of the items that come after this value in the order. Then a cursor is any value of the
    /// property at `order.by`, whether or not an item has it.
    ByValue,
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
    pub parameter: Option<String>,
    /// The path parameters that name it together, the last of them among the others' resources.
    #[serde(default)]
    pub parameters: Vec<String>,
    /// Where the body repeats its id.
    pub echo: Option<Selector>,
    /// The status for an unknown one.
    pub missing: Option<u16>,
    /// The status for somebody else's.
    pub foreign: Option<u16>,
    /// When that is decided.
    pub checked: Option<Checked>,
}

impl Parent {
    /// The path parameter that names it, the last one of several.
    pub fn parameter(&self) -> Option<&str> {
        let named = self.parameter.as_ref().or(self.parameters.last());
        named.map(String::as_str)
    }
}

/// When it is decided whether the caller may see the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// Before any event is read.
    BeforeRead,
}
