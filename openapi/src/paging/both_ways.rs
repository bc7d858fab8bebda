//! The page before a place: the same cursor, in a parameter of its own.
//!
//! [`Position::Before`] says where a page ends. A cursor that names an item leaves that item out in both
//! directions, so the page before it ends where the page at it would start.

use serde_json::Value;

use super::{End, Invalid, PageInfo, PageRequest, Paging, Position, Reply, Way, key_text};
use crate::{Parameter, Role};

impl Paging {
    /// Whether a request can ask for the page before a place.
    pub fn goes_backward(&self) -> bool {
        self.parameter(Role::Before).is_some()
    }

    /// The parameter that limits the page of a request from here.
    pub fn limit_from(&self, at: &Position) -> Option<&Parameter> {
        let own = self
            .parameter(Role::LimitBefore)
            .filter(|_| at.is_backward());
        own.or_else(|| self.parameter(Role::Limit))
    }

    /// The position of the page that ends before the place of a cursor that reads as `at`.
    ///
    /// A token and a URL are places between items, so they are the same place from both sides.
    pub(super) fn ending_at(at: Position) -> Position {
        let place = match at {
            Position::After(key) => Position::At(key),
            Position::At(key) => Position::After(key),
            Position::Above(number) => Position::From(number),
            Position::From(number) => Position::Above(number),
            place => place,
        };
        place.before()
    }

    /// The page before the place that a text names in the parameter for it.
    pub fn before(&self, text: &str) -> Option<Position> {
        self.parameter(Role::Before)?;
        let at = (self.request.read)(self, text).ok()?;
        Some(Self::ending_at(at)).filter(|_| !text.is_empty())
    }

    /// The parameters and texts of a request for the page that ends here.
    pub(super) fn write_backward(&self, end: &Position) -> Option<Vec<(&Parameter, String)>> {
        if *end == Position::End {
            // A limit alone asks for the end of the list.
            return self.parameter(Role::LimitBefore).map(|_| Vec::new());
        }
        let place = self.parameter(Role::Before)?;
        let text = (self.request.write)(self, end)?;
        let said = self.before(&text);
        said.filter(|said| *said == end.clone().before())?;
        Some(vec![(place, text)])
    }

    /// Where a page ends, if its request says that and not where it starts.
    pub(super) fn read_backward(
        &self,
        text: &impl Fn(Role) -> Option<String>,
    ) -> Result<Option<Position>, Invalid> {
        if self.pagination.request.backward.is_none() {
            return Ok(None);
        }
        let said = |role: Role| text(role).filter(|text| !text.is_empty());
        let from = said(self.request.role);
        match said(Role::Before) {
            Some(_) if from.is_some() => Err(Invalid {
                role: Role::Before,
                message: "must not be sent together with the place where a page starts".to_owned(),
            }),
            Some(sent) => match (self.request.read)(self, &sent) {
                Ok(at) => Ok(Some(Self::ending_at(at))),
                Err(message) => Err(Invalid {
                    role: Role::Before,
                    message,
                }),
            },
            None if from.is_none() && said(Role::LimitBefore).is_some() => {
                Ok(Some(Position::End.before()))
            }
            None => Ok(None),
        }
    }

    /// What the answer to a request for the page before a place says. A client goes on backward.
    pub(super) fn info_backward(&self, reply: &Reply<'_>, request: &PageRequest) -> PageInfo {
        let items = self.count(reply);
        let more = self.more_before(reply);
        let way = match self.said_before(reply) {
            Way::Unsaid => self.before_the_first(reply).map_or(Way::Unsaid, Way::To),
            way => way,
        };
        let handed_out = match &way {
            Way::To(position) => Some(position.clone()),
            _ => None,
        };
        let next = match way {
            _ if more == Some(false) => Way::End(End::Said),
            _ if items == 0 => Way::End(End::EmptyPage),
            Way::Unsaid => Way::End(End::NoWay),
            way => way,
        };
        PageInfo {
            next,
            previous: Way::Unsaid,
            handed_out,
            more,
            first: Way::Unsaid,
            last: Way::Unsaid,
            totals: self.totals(reply, request),
        }
    }

    /// Whether the answer to a request for the page before a place says that more items lie before it.
    ///
    /// Where pages have one flag, it is about the direction of the request.
    fn more_before(&self, reply: &Reply<'_>) -> Option<bool> {
        match &self.pagination.previous.more {
            Some(place) => place.get(reply.body)?.as_bool(),
            None => self.more(reply),
        }
    }

    /// Whether a page's flag for more is about the direction of its request.
    pub fn more_is_onward(&self) -> bool {
        let previous = &self.pagination.previous;
        previous.more.is_none() && previous.cursor.is_none()
    }

    /// The place before the first item of a page, by the cursor beside it or by its key.
    fn before_the_first(&self, reply: &Reply<'_>) -> Option<Position> {
        let pagination = &self.pagination;
        let first = pagination.items.list.get(reply.body)?.as_array()?.first()?;
        let beside = pagination.item.cursor.as_ref();
        let is_key = || self.promises(super::Promise::ItemsNamePlaces);
        let place = beside.or_else(|| is_key().then_some(&pagination.key))?;
        let text = place.get(first).and_then(key_text)?;
        self.before(&text)
    }

    /// The place that a value stands for, where the page before it ends.
    pub(super) fn position_before(&self, value: &Value) -> Option<Position> {
        self.before(&key_text(value)?)
    }

    /// The place of the cursor `text`, in the parameter for places where a page starts.
    pub fn at_text(&self, text: &str) -> Option<Position> {
        (self.request.read)(self, text).ok()
    }
}
