//! How an operation pages: how a request says which page, and how an answer says how to go on.
//!
//! The two questions are independent, so a [`Paging`] joins one [`RequestCodec`] and one or several
//! [`LinkCodec`]s. The mock, the judge and its liars speak of [`Position`]s; only a codec's own file knows
//! which parameter, field or header a position stands in. What a dialect cannot promise is said in one
//! place, [`Paging::promise`], and laws ask for promises, never for a style.
//!
//! A new dialect is a file in `paging/request/` or `paging/link/`, and a line in its list.

mod both_ways;
mod end;
mod infer;
mod link;
mod link_value;
mod next_url;
mod or;
mod order;
mod promise;
mod request;
mod said;
mod site;
mod totals;
mod url;

use std::sync::Arc;

use http::HeaderMap;
use serde_json::Value;

use crate::tree::Tree;
use crate::{
    LimitBounds, Location, Operation, Pagination, Parameter, Role, Selector, Style, ZeroLimit,
};

pub use crate::range::ContentRange;
use end::Shown;
pub use infer::{Certainty, Proposal};
pub(crate) use infer::{Known, infer, is_silent, seeming_place, whole};
pub(crate) use link::LinkCodec;
use next_url::Relative;
pub use promise::Promise;
pub(crate) use request::RequestCodec;
pub use said::{Given, Said};
pub use totals::Counts;

/// A place in a list, as a request can name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Position {
    /// The beginning: a request that names no place.
    #[default]
    Start,
    /// Behind the item with this key.
    After(String),
    /// At the item with this key, which comes first.
    At(String),
    /// Behind every item that is not greater than this number.
    Above(String),
    /// At the item with this number, or behind it where there is none.
    From(String),
    /// Behind this many items.
    Skip(u64),
    /// Behind this many pages of the request's own limit.
    Page(u64),
    /// Where an earlier answer said, in words that only the server reads.
    Token(String),
    /// Behind the last item.
    End,
    /// Not where a page starts, but where it ends: it holds the nearest items before this place, in the list's
    /// order.
    Before(Box<Position>),
    /// Where a token leads, in the way of paging that a flag turns on; empty at the beginning.
    Marked(String),
    /// Where a URL of an earlier answer leads, which is followed as it stands.
    Url(String),
}

impl Position {
    /// The position of the page that ends at this place.
    #[must_use]
    pub fn before(self) -> Self {
        Self::Before(Box::new(self))
    }

    /// Whether it says where a page ends.
    pub fn is_backward(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// Whether it is the beginning.
    pub fn is_start(&self) -> bool {
        *self == Self::Start
    }
}

/// Which page a request asks for; by default the first, of the default size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Where the page starts.
    pub at: Position,
    /// How many items it holds at most; `None` where the request does not say.
    pub limit: Option<u64>,
    /// The order that it asks for: a key of `order.values`. `None` for the list's own.
    pub order: Option<String>,
}

/// How an answer says to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// From here.
    To(Position),
    /// Nothing remains, for this reason.
    End(End),
    /// It does not say.
    Unsaid,
}

/// Why nothing remains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A field of the answer says so.
    Said,
    /// The page has no items.
    EmptyPage,
    /// The page has fewer items than were asked for.
    ShortPage,
    /// The answer names no place to go on from.
    NoWay,
    /// A page holds everything behind the cursor.
    Whole,
    /// All items that the answer counts were read.
    Total,
}

/// What a page says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageInfo {
    /// How a client goes on, in the direction of its request.
    pub next: Way,
    /// How a client goes back; [`Way::Unsaid`] where pages do not say it.
    pub previous: Way,
    /// The place that the page hands out. It may do so on the last page, too, for polling.
    pub handed_out: Option<Position>,
    /// Whether the page says that more items lie behind it.
    pub more: Option<bool>,
    /// Where the first page is; [`Way::Unsaid`] where pages do not say it.
    pub first: Way,
    /// Where the last page is; [`Way::Unsaid`] where pages do not say it.
    pub last: Way,
    /// How long the list is.
    pub totals: Counts,
}

impl PageInfo {
    /// Whether a client that follows the contract stops here.
    pub fn is_last(&self) -> bool {
        !matches!(self.next, Way::To(_))
    }
}

/// An answer, as far as it can say how to go on.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a Value,
}

/// What a server knows of a page that it is about to answer with.
#[derive(Debug, Clone)]
pub struct PageFacts<'a> {
    /// Scheme, host and port that the client used: `http://127.0.0.1:4010`.
    pub base: &'a str,
    /// Path and query as they were sent.
    pub target: &'a str,
    /// Where the page starts.
    pub at: &'a Position,
    /// How many items it holds at most; `None` where the operation has no limit.
    pub limit: Option<u64>,
    /// Whether more items lie behind it.
    pub more: bool,
    /// How many items the list has.
    pub total: u64,
    /// How many items lie before it.
    pub before: u64,
    /// How many items it holds.
    pub items: u64,
    /// Where the next page starts; `None` if no more items lie behind this one, or if no request can name the place.
    pub next: Option<Position>,
    /// Where the page before it starts, or that it ends where this one starts; `None` as for `next`.
    pub previous: Option<Position>,
    /// Where the last page starts; `None` as for `next`.
    pub last: Option<Position>,
    /// Where the next page starts in the way of paging that a flag turns on; `None` as for `next`.
    pub marked: Option<Position>,
}

impl PageFacts<'_> {
    /// How many items lie behind the page.
    pub fn remaining(&self) -> u64 {
        self.total
            .saturating_sub(self.before.saturating_add(self.items))
    }
}

/// What a server writes where an answer hands out the next place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The key of the page's last item.
    LastKey,
    /// The key of the next page's first item.
    NextKey,
    /// The number of the list's newest item.
    NewestNumber,
    /// The number of the page's last item while more remain; then the number of the list's newest item.
    LastNumber,
    /// A sealed token.
    Token,
}

/// A request that names a place which no request can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The role of the wrong parameter.
    pub role: Role,
    /// What is wrong with it, as a lower-case fragment.
    pub message: String,
}

/// How one operation pages.
#[derive(Debug, Clone)]
pub struct Paging {
    pagination: Pagination,
    request: &'static RequestCodec,
    links: Vec<&'static LinkCodec>,
    /// The parameters of the request by role; those of roles that are not named are missing.
    parameters: Vec<(Role, Parameter)>,
    relative: Relative,
    /// Whether places in the body are the fields of a form.
    is_form: bool,
    /// Whether items have keys. If not, they are compared whole.
    has_keys: bool,
    /// Whether a cursor is a time that items are compared with.
    has_times: bool,
    /// Query parameters that hold credentials.
    secrets: Vec<String>,
}

impl Paging {
    /// Joins the codecs that `pagination` asks for.
    ///
    /// Fails with the key inside `x-pagination` that is wrong, what is wrong, and the cure.
    pub(crate) fn new(
        pagination: Pagination,
        tree: &Arc<Tree>,
        operation: &Operation,
    ) -> Result<Self, Wrong> {
        let mut pagination = pagination.with_plain_items();
        pagination.style = request::in_full(pagination.style);
        order::check(&pagination)?;
        let request = request::codec(&pagination)?;
        let links = link::codecs(&pagination, request)?;
        or::check(&pagination, request)?;
        let roles = pagination.request.sites();
        let parameters =
            roles.filter_map(|(role, site)| Some((role, site::parameter(tree, operation, site)?)));
        let is_unnamed = pagination.request.site(request.role).is_none();
        let unnamed = is_unnamed.then(|| (request.role, site::unnamed(tree, operation)));
        let answer = operation.page_answer().and_then(|answer| answer.json());
        let body = answer.and_then(|media| media.schema.as_ref());
        let mut parameters: Vec<_> = parameters.chain(unnamed).collect();
        if request.role == Role::Range
            && let Some(at) = parameters.iter().position(|(role, _)| *role == Role::Range)
        {
            let (_, whole) = parameters.remove(at);
            parameters.extend(request::parts(tree, operation, &pagination, &whole));
        }
        if request::asks_for_keys(&pagination)
            && let Some(at) = parameters
                .iter()
                .position(|(role, _)| *role == Role::Cursor)
        {
            let (_, whole) = parameters.remove(at);
            parameters.retain(|(role, _)| *role != Role::Limit);
            let parts = request::parts_of_keys(tree, operation, &pagination, &whole)?;
            parameters.extend(parts);
        }
        parameters.shrink_to_fit();
        Ok(Self {
            request,
            links,
            parameters,
            relative: Relative::of(&pagination, body),
            has_keys: has_keys(&pagination, body),
            has_times: request.filters && has_times(&pagination, body),
            is_form: site::is_form(tree, operation),
            secrets: next_url::secrets(operation),
            pagination,
        })
    }

    /// The vocabulary as the document or its overlay has it.
    pub(crate) fn pagination(&self) -> &Pagination {
        &self.pagination
    }

    /// The parameter with this role.
    pub fn parameter(&self, role: Role) -> Option<&Parameter> {
        let mut parameters = self.parameters.iter();
        parameters
            .find(|(known, _)| *known == role)
            .map(|(_, parameter)| parameter)
    }

    /// Whether a parameter of this name asks for a page, in any role.
    pub fn asks_by(&self, name: &str) -> bool {
        let mut parameters = self.parameters.iter();
        parameters.any(|(_, parameter)| parameter.name == name)
    }

    /// What asks for a page and is no declared parameter: places in the request's body, and the parameter that
    /// only the mock knows.
    pub(crate) fn undeclared(&self) -> impl Iterator<Item = &Parameter> {
        let parameters = self.parameters.iter();
        let is_undeclared = |(role, parameter): &&(Role, Parameter)| {
            let is_unnamed = self.pagination.request.site(*role).is_none();
            parameter.location == Location::Body || is_unnamed && !parameter.shares_its_text()
        };
        parameters
            .filter(is_undeclared)
            .map(|(_, parameter)| parameter)
    }

    /// Whether a parameter of this name asks for a page, although the operation does not declare it.
    pub fn has_undeclared(&self, name: &str) -> bool {
        self.undeclared().any(|parameter| parameter.name == name)
    }

    /// Whether a body that asks for a page is a form. Else it is JSON.
    pub fn body_is_form(&self) -> bool {
        self.is_form
    }

    /// What the schema of the limit says.
    pub fn limit_bounds(&self) -> Option<LimitBounds> {
        let mut bounds = LimitBounds::of(&self.parameter(Role::Limit)?.schema);
        match self.pagination.limit.zero {
            Some(ZeroLimit::Refuse) => bounds.minimum = bounds.minimum.max(Some(1)),
            Some(ZeroLimit::None | ZeroLimit::Default) => bounds.minimum = Some(0),
            None => {}
        }
        Some(bounds)
    }

    /// The place behind the item with this key; `None` where keys name no places.
    pub fn behind(&self, key: &str) -> Option<Position> {
        self.promise(Promise::ItemsNamePlaces).ok()?;
        (self.request.read)(self, key).ok()
    }

    /// The parameter that says where a page starts.
    pub fn place(&self) -> &Parameter {
        self.parameter(self.request.role)
            .expect("checked when the contract was read")
    }

    /// The text at [`Paging::place`] that means the start of the list.
    pub fn nothing(&self) -> String {
        (self.request.nothing)(self)
    }

    /// The parameters, and their texts, with which a request asks for a page from here.
    ///
    /// `None` for a place that requests of this operation cannot name.
    pub fn write(&self, at: &Position) -> Option<Vec<(&Parameter, String)>> {
        match at {
            Position::Start => return Some(Vec::new()),
            Position::Before(end) => return self.write_backward(end),
            Position::Marked(token) => return self.write_marked(token),
            _ => {}
        }
        let text = (self.request.write)(self, at)?;
        Some(vec![(self.place(), text)])
    }

    /// Whether the document accepts a request for a page from here: offsets may be multiples of a number, and end
    /// somewhere.
    pub fn accepts(&self, at: &Position) -> bool {
        let written = self.write(at);
        written.is_some_and(|texts| {
            let mut texts = texts.iter();
            texts.all(|(parameter, text)| parameter.read(text).is_ok())
        })
    }

    /// Where a request starts whose parameters have the texts that `text` gives for each role.
    pub fn read(&self, text: impl Fn(Role) -> Option<String>) -> Result<Position, Invalid> {
        if let Some(at) = self.read_marked(&text) {
            return Ok(at);
        }
        if let Some(at) = self.read_backward(&text)? {
            return Ok(at);
        }
        match text(self.request.role) {
            None => Ok(Position::Start),
            Some(text) => (self.request.read)(self, &text).map_err(|message| Invalid {
                role: self.request.role,
                message,
            }),
        }
    }

    /// What `reply`, the answer to `request`, says of how to go on.
    pub fn info(&self, reply: &Reply<'_>, request: &PageRequest) -> PageInfo {
        if request.at.is_backward() {
            return self.info_backward(reply, request);
        }
        if let Position::Marked(_) = request.at {
            return self.info_marked(reply, request);
        }
        let items = self.count(reply);
        let more = self.more(reply);
        let ways = self.links.iter();
        let mut ways = ways.map(|link| (link.counts, (link.read)(self, reply, request, items)));
        let (counts, way) = ways.find(|(_, way)| *way != Way::Unsaid).unzip();
        let counts = counts.unwrap_or(false);
        let handed_out = match &way {
            Some(Way::To(position)) => Some(position.clone()),
            _ => None,
        };
        let totals = self.totals(reply, request);
        let end = self.end(&Shown {
            request,
            items,
            more,
            way: way.as_ref(),
            counts,
            totals,
        });
        let next = match (end, way) {
            (Some(end), _) => Way::End(end),
            // A client can count on, but it may not ask for what lies there.
            (None, Some(Way::To(at))) if counts && !self.accepts(&at) => Way::End(End::NoWay),
            (None, Some(way)) => way,
            (None, None) => Way::End(End::NoWay),
        };
        PageInfo {
            next,
            previous: self.said_before(reply),
            handed_out,
            more,
            first: self.linked(reply, "first"),
            last: self.linked(reply, "last"),
            totals,
        }
    }

    /// How the answer says to go back.
    fn said_before(&self, reply: &Reply<'_>) -> Way {
        let links = self.links.iter();
        let mut ways = links.map(|link| (link.previous)(self, reply));
        ways.find(|way| *way != Way::Unsaid).unwrap_or(Way::Unsaid)
    }

    /// Whether a page says that more items lie behind it, by a flag for more, or by one for the end.
    fn more(&self, reply: &Reply<'_>) -> Option<bool> {
        let next = &self.pagination.next;
        let flag = |place: &Option<Selector>| place.as_ref()?.get(reply.body)?.as_bool();
        flag(&next.more).or_else(|| flag(&next.done).map(|done| !done))
    }

    /// Whether a cursor is a time that items are compared with: a page has what comes behind that time, in the list's
    /// order.
    pub fn compares_times(&self) -> bool {
        self.has_times
    }

    /// Whether one answer holds everything behind the cursor.
    fn is_whole(&self) -> bool {
        let pagination = &self.pagination;
        let beside = |place: &Selector| place.below(&pagination.items.list).is_none();
        pagination.whole.unwrap_or_else(|| {
            self.request.filters
                && pagination.request.limit.is_none()
                && pagination.next.more.is_none()
                && pagination.next.cursor.as_ref().is_some_and(beside)
        })
    }

    /// Whether answers to requests without a limit are pages, too. Where a number filters, and nothing counts items,
    /// they are everything behind it.
    pub fn has_pages_without_a_limit(&self) -> bool {
        let said = &self.pagination;
        let is_cut = said.request.limit.is_some() || said.next.more.is_some();
        !self.is_whole() && (!self.request.filters || is_cut)
    }

    /// Two places that `reply` names to go on from, if they differ.
    pub fn disagreement(
        &self,
        reply: &Reply<'_>,
        request: &PageRequest,
    ) -> Option<(Position, Position)> {
        let items = self.count(reply);
        let ways = self.links.iter();
        let mut places = ways.filter_map(|link| match (link.read)(self, reply, request, items) {
            Way::To(position) => Some(position),
            Way::End(_) | Way::Unsaid => None,
        });
        let first = places.next()?;
        let other = places.find(|other| *other != first)?;
        Some((first, other))
    }

    /// Whether an answer may name the next place more than once.
    pub fn says_it_twice(&self) -> bool {
        // Where ranges are asked for, a client counts only if a page does not say which items it has.
        self.links.len() > 1 && !self.has_ranges()
    }

    /// The place in the body that hands out the next position, and what a server writes there.
    pub fn mark(&self) -> Option<(&Selector, Mark)> {
        let place = self.pagination.next.cursor.as_ref()?;
        Some((place, (self.request.mark)(self)?))
    }

    /// What a server writes where a cursor stands beside an item.
    pub fn item_mark(&self) -> Option<Mark> {
        (self.request.mark)(self)
    }

    /// The headers with which a page says how to go on, and how long the list is. Names are in lower case.
    pub fn headers(&self, facts: &PageFacts<'_>) -> Vec<(String, String)> {
        let links = self.links.iter();
        let links = links.flat_map(|link| (link.headers)(self, facts));
        let links = links.map(|(name, text)| (name.to_owned(), text));
        let links = links.chain(self.next_header(facts));
        links.chain(self.total_header(facts)).collect()
    }

    /// Whether a page says something in headers.
    pub fn has_headers(&self) -> bool {
        let said = &self.pagination;
        let next = &said.next;
        next.link.is_some()
            || next.header.is_some()
            || said.totals.header.is_some()
            || self.has_ranges()
    }

    /// The place, outside the items, where a page says how far the whole list goes.
    ///
    /// Pages of a longer list say how far they go themselves, so they have none.
    pub fn latest(&self) -> Option<&Selector> {
        self.number().filter(|_| self.is_whole())
    }

    /// The place, outside the items, where a page hands out the number to go on from.
    pub fn number(&self) -> Option<&Selector> {
        match self.mark()? {
            (place, Mark::NewestNumber | Mark::LastNumber)
                if place.below(&self.pagination.items.list).is_none() =>
            {
                Some(place)
            }
            _ => None,
        }
    }

    /// How many items a page has.
    fn count(&self, reply: &Reply<'_>) -> usize {
        let items = self.pagination.items.list.get(reply.body);
        items.and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// The position that a value handed out by the server stands for.
    fn position(&self, value: &Value) -> Option<Position> {
        let text = key_text(value).filter(|text| !text.is_empty())?;
        (self.request.read)(self, &text).ok()
    }
}

/// Whether items have keys: a property, or themselves if they are texts or numbers.
fn has_keys(pagination: &Pagination, body: Option<&crate::Schema>) -> bool {
    let list = body.and_then(|body| body.at(&pagination.items.list));
    let item = list.and_then(|list| list.items());
    let has_parts = |one: &&str| matches!(*one, "object" | "array");
    let has_parts = item.is_some_and(|item| item.types().iter().any(has_parts));
    !pagination.key.steps().is_empty() || !has_parts
}

/// Whether items are sorted by a time.
fn has_times(pagination: &Pagination, body: Option<&crate::Schema>) -> bool {
    let by = pagination.order.by.as_ref().unwrap_or(&pagination.key);
    let list = body.and_then(|body| body.at(&pagination.items.list));
    let value = list
        .and_then(|list| list.items())
        .and_then(|item| item.at(by));
    let format = value.as_ref().and_then(|value| value.keyword("format"));
    format.is_some_and(|format| format == "date-time")
}

/// What is wrong with an `x-pagination`, by the key inside it.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) key: &'static str,
    pub(crate) message: String,
    pub(crate) cure: String,
}

/// The styles that can be served and judged, as the vocabulary spells them.
pub(crate) fn supported() -> impl Iterator<Item = Style> {
    request::ALL.iter().map(|codec| codec.style)
}

/// A key or cursor as the text that is sent.
pub fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
