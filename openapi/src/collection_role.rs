//! The vocabulary of `x-collection`: what an operation does with the items of a list.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Selector;

/// What an operation does with the items of a list; the value of `x-collection`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectionRole {
    /// What it does.
    pub(crate) does: Does,
    /// The `operationId` of the list, for an operation that is not the list itself.
    pub(crate) list: Option<String>,
    /// The property that tells items apart; only beside `does: list`.
    pub(crate) key: Option<String>,
    /// Where the item lies in the answer.
    pub(crate) item: Option<Selector>,
    /// Where the item's properties lie in the request's body.
    pub(crate) body: Option<Selector>,
    /// The properties of the item that it sets, and their values; only beside `does: set`.
    pub(crate) sets: Option<BTreeMap<String, Value>>,
    /// The properties of an item that name an item of another list, each with the `operationId` of that list; only
    /// beside `does: list`.
    pub(crate) refers: Option<BTreeMap<String, String>>,
}

/// What an operation does with the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// It lists them.
    List,
    /// It reads one. The last parameter of the path has its key.
    Read,
    /// It creates one.
    Create,
    /// It replaces one.
    Replace,
    /// It changes parts of one.
    Patch,
    /// It deletes one.
    Delete,
    /// It sets properties of one to the values in `sets`.
    Set,
    /// Nothing: it belongs to no collection.
    Nothing,
}

/// What an operation of a collection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// It lists the items.
    List,
    /// It reads one item.
    Read,
    /// It creates an item.
    Create,
    /// It replaces an item.
    Replace,
    /// It changes parts of an item.
    Patch,
    /// It deletes an item.
    Delete,
    /// It sets properties of an item to values that the request does not say.
    Set,
}

impl CollectionRole {
    /// It does this, and nothing more is said.
    pub(crate) fn of(does: Does) -> Self {
        Self {
            does,
            list: None,
            key: None,
            item: None,
            body: None,
            sets: None,
            refers: None,
        }
    }
}

impl Act {
    /// The word for it in `x-collection`.
    pub fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::Set => "set",
        }
    }

    /// Whether it changes the collection.
    pub fn changes(self) -> bool {
        !matches!(self, Self::List | Self::Read)
    }

    /// Whether its path names one item.
    pub fn is_of_item(self) -> bool {
        !matches!(self, Self::List | Self::Create)
    }
}

impl Does {
    /// The act; `None` for nothing.
    pub(crate) fn act(self) -> Option<Act> {
        Some(match self {
            Self::List => Act::List,
            Self::Read => Act::Read,
            Self::Create => Act::Create,
            Self::Replace => Act::Replace,
            Self::Patch => Act::Patch,
            Self::Delete => Act::Delete,
            Self::Set => Act::Set,
            Self::Nothing => return None,
        })
    }
}
