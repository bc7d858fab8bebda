//! The vocabulary of requests: which parameters, or places in a body, ask for a page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which parameters ask for a page.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// Where to go on, in the styles that go on by a cursor or a token.
    pub cursor: Option<Site>,
    /// How many items to skip, in style `offset`.
    pub offset: Option<Site>,
    /// The number of a page, in style `page`.
    pub page: Option<Site>,
    /// Which items, by their places, in style `range`: `items=0-24`.
    pub range: Option<Site>,
    /// Only items that come after this value in ascending order, where a cursor is compared with items: `since_id`
    /// beside `max_id`.
    pub above: Option<Site>,
    /// How many items at most.
    pub limit: Option<Site>,
    /// In which order items come, where the caller chooses: one of `order.values`.
    pub order: Option<Site>,
    /// The parameters that ask for the page before a place, where others ask for the page behind one.
    pub backward: Option<Backward>,
    /// Another way to page through the same list, by tokens, which a flag turns on.
    pub or: Option<OtherWay>,
}

/// The parameters that ask for the page before a place. Its items come in the list's order.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Backward {
    /// Where the page ends.
    pub cursor: Option<Site>,
    /// How many items at most; the `limit` of the request if absent.
    pub limit: Option<Site>,
}

/// Another way to page through the same list: by tokens, in requests with a flag. `next.or` hands them out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherWay {
    /// The flag, which is `true` in requests that page in this way.
    pub when: Site,
    /// Where to go on.
    pub cursor: Site,
}

/// What a parameter says of the page that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Where to go on.
    Cursor,
    /// How many items to skip.
    Offset,
    /// The number of a page.
    Page,
    /// Which items, by their places.
    Range,
    /// Where a page ends.
    Before,
    /// Which value all items are greater than.
    Above,
    /// How many items at most.
    Limit,
    /// How many items at most, of a page that ends at a place.
    LimitBefore,
    /// In which order items come.
    Order,
    /// Whether the request pages by tokens, although the list counts.
    When,
    /// Where to go on, if it does.
    Marker,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 11] = [
        Self::Cursor,
        Self::Offset,
        Self::Page,
        Self::Range,
        Self::Before,
        Self::Above,
        Self::Limit,
        Self::LimitBefore,
        Self::Order,
        Self::When,
        Self::Marker,
    ];

    /// The key under `request`, or the path to it: `backward/cursor`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Offset => "offset",
            Self::Page => "page",
            Self::Range => "range",
            Self::Before => "backward/cursor",
            Self::Above => "above",
            Self::Limit => "limit",
            Self::LimitBefore => "backward/limit",
            Self::Order => "order",
            Self::When => "or/when",
            Self::Marker => "or/cursor",
        }
    }

    /// Whether it says where a page starts, in a style of its own.
    pub(crate) fn is_place(self) -> bool {
        matches!(self, Self::Cursor | Self::Offset | Self::Page | Self::Range)
    }

    /// Whether it says how many items are wanted.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::Limit | Self::LimitBefore)
    }
}

impl Request {
    /// Where the parameter with this role is sent, if it is named.
    pub fn site(&self, role: Role) -> Option<&Site> {
        let backward = self.backward.as_ref();
        match role {
            Role::Cursor => self.cursor.as_ref(),
            Role::Offset => self.offset.as_ref(),
            Role::Page => self.page.as_ref(),
            Role::Range => self.range.as_ref(),
            Role::Before => backward?.cursor.as_ref(),
            Role::Above => self.above.as_ref(),
            Role::Limit => self.limit.as_ref(),
            Role::LimitBefore => backward?.limit.as_ref(),
            Role::Order => self.order.as_ref(),
            Role::When => self.or.as_ref().map(|or| &or.when),
            Role::Marker => self.or.as_ref().map(|or| &or.cursor),
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
    /// In the body of the request: JSON, or a form where the operation takes no JSON.
    Body {
        /// The place, as a JSON pointer: `/page/cursor`. A form has fields only: `/cursor`.
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

/// How a range of items is written: `items=0-24`. Places count from zero, and the last one is included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RangeRules {
    /// The unit before the places; empty if ranges have none: `0-24`.
    pub unit: String,
}

impl Default for RangeRules {
    fn default() -> Self {
        Self {
            unit: "items".to_owned(),
        }
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
