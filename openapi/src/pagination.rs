//! The vocabulary of `x-pagination`: how an operation pages, which OpenAPI has no words for.
//!
//! `style`, `items`, `key`, `request` and `next` are mechanics. The rest is contract, and what it leaves
//! out is unspecified: laws about it are not in force. Bounds and defaults are not repeated here; they
//! are the parameters' schemas'.

mod answer;
mod items;
mod request;
mod rules;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::collection_role::CollectionRole;
use crate::{Selector, Step};

pub use answer::{Echo, EndRule, EndRules, ItemRules, Next, Previous, Totals, TrailingEmptyPage};
pub use items::Items;
pub use request::{Backward, Location, OtherWay, PageNumbers, RangeRules, Request, Role, Site};
pub use rules::{
    Bound, Carried, Checked, CursorRules, Direction, Expiry, Lifecycle, LimitRules, Order,
    OverLimit, Parent, Sorting, UnknownCursor, UnknownPage, ZeroLimit,
};

/// How an operation pages; the value of `x-pagination`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// The name that scenarios, subject files and reports use; `stem/operationId` if absent.
    pub name: Option<String>,
    /// How one page leads to the next.
    pub style: Style,
    /// Where the items lie in the body.
    pub items: Items,
    /// Where an item's key lies, relative to the item. Keys tell items apart. If absent, it is the whole item.
    #[serde(default)]
    pub key: Selector,
    /// Which parameters ask for a page.
    #[serde(default)]
    pub request: Request,
    /// How pages are numbered, in style `page`.
    #[serde(default)]
    pub page: PageNumbers,
    /// How a range is written, in style `range`.
    #[serde(default)]
    pub range: RangeRules,
    /// Where a page says how to go on.
    #[serde(default)]
    pub next: Next,
    /// Where a page says how to go back.
    #[serde(default)]
    pub previous: Previous,
    /// What belongs to one item.
    #[serde(default)]
    pub item: ItemRules,
    /// Where a page says how long the whole list is.
    #[serde(default)]
    pub totals: Totals,
    /// Fields that repeat the keys of a page's ends, or what was asked for.
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
    /// How a list ends.
    #[serde(default)]
    pub end: EndRules,
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
    /// Paging in this style, with nothing else said.
    pub(crate) fn of(style: Style) -> Self {
        Self {
            name: None,
            style,
            items: Items::default(),
            key: Selector::default(),
            request: Request::default(),
            page: PageNumbers::default(),
            range: RangeRules::default(),
            next: Next::default(),
            previous: Previous::default(),
            item: ItemRules::default(),
            totals: Totals::default(),
            echo: Echo::default(),
            order: Order::default(),
            cursor: CursorRules::default(),
            limit: LimitRules::default(),
            end: EndRules::default(),
            whole: None,
            volatile: Vec::new(),
            lifecycle: None,
            parent: None,
        }
    }

    /// Whether the place that a page hands out is its last item's key.
    pub(crate) fn next_is_last_key(&self) -> bool {
        let last = self.items.list.clone().then(&[Step::Last]);
        let last = last.then(self.key.steps());
        self.next.cursor.as_ref() == Some(&last)
    }

    /// The same, with the elements of the list as the items: `$.edges[*].node` is `$.edges`, with `$.node` before
    /// each place in an item.
    pub(crate) fn with_plain_items(mut self) -> Self {
        let inside = std::mem::take(&mut self.items.inside);
        let down = |place: &mut Selector| *place = inside.clone().then(place.steps());
        down(&mut self.key);
        self.order.by.iter_mut().for_each(down);
        let values = self.order.values.values_mut();
        values.filter_map(|one| one.by.as_mut()).for_each(down);
        self.volatile.iter_mut().for_each(down);
        self.lifecycle.iter_mut().for_each(|one| down(&mut one.at));
        self
    }

    /// The rule about an empty page at the end, wherever it stands.
    pub(crate) fn trailing_empty_page(&self) -> Option<TrailingEmptyPage> {
        self.end
            .trailing_empty_page
            .or(self.next.trailing_empty_page)
    }
}

/// How one page leads to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A cursor names an item (or a place between items); the next page starts behind it.
    Cursor,
    /// A cursor is a number or a date-time that items are compared with: everything behind it is served.
    Since,
    /// A cursor is opaque: clients have it from an earlier page.
    Token,
    /// A count of items to skip.
    Offset,
    /// A page's number.
    Page,
    /// The places of the first and the last item that are wanted: `items=0-24`.
    Range,
    /// An answer holds the whole URL of the next page, and clients follow it as it stands.
    Follow,
    /// As `follow`; the URL is in the body, at `next.url`.
    Url,
    /// As `follow`; the URL is in a `Link` header (RFC 8288).
    Link,
}

impl Style {
    /// The word for it in `x-pagination`.
    pub fn word(self) -> String {
        let word = serde_json::to_value(self).unwrap_or_default();
        word.as_str().unwrap_or_default().to_owned()
    }
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
    #[serde(rename = "x-collection")]
    collection: Option<CollectionRole>,
}
