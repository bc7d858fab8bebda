//! How an operation seems to page, with the reasons.

use super::{Asked, Items, Look};
use crate::{
    Backward, Direction, Items as Place, OtherWay, Pagination, Parent, Role, Selector, Site, Step,
    Style, TrailingEmptyPage, UnknownCursor, UnknownPage,
};

/// How an operation without `x-pagination` seems to page.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What `x-pagination` would say.
    pub pagination: Pagination,
    /// The reasons: a key of `x-pagination`, and a sentence.
    pub reasons: Vec<(&'static str, String)>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Whether sister operations can make it sure: nothing speaks against it.
    pub(crate) is_raised: bool,
}

/// How sure a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It is one of several readings, or a field that it needs is not declared. It is only proposed.
    Likely,
    /// Parameters, fields and descriptions leave no doubt.
    Sure,
    /// The document says so in a vendor's words, or by a link to the same operation.
    Declared,
}

impl Certainty {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Sure => "sure",
            Self::Declared => "declared",
        }
    }
}

impl Proposal {
    /// A proposal to page through `items`, which it names in its reasons.
    pub(crate) fn new(look: &Look<'_>, style: Style, items: &Items<'_>) -> Self {
        let mut proposal = Self {
            pagination: Pagination::of(style),
            reasons: Vec::new(),
            certainty: Certainty::Sure,
            is_raised: false,
        };
        let list = Place {
            list: items.list.at.clone(),
            inside: items.inside.clone(),
        };
        proposal.because("items", format!("`{list}` is the list in the 200 answer"));
        proposal.pagination.items = list;
        if let Some(cursor) = items.cursor() {
            let why = format!("`{cursor}` lies beside each item");
            proposal.pagination.item.cursor = Some(cursor);
            proposal.because("item/cursor", why);
        }
        if let Some((key, _)) = &items.key {
            proposal.pagination.key = key.clone();
            proposal.because("key", format!("`{key}` tells the items apart"));
        } else {
            proposal.because(
                "key",
                "no property surely tells items apart, so whole items do".to_owned(),
            );
        }
        if let Some(limit) = look.limit() {
            proposal.pagination.request.limit = Some(limit.site.clone());
            proposal.because("request/limit", format!("`{}` counts items", limit.name));
        }
        if let Some(parameter) = look.operation.path.parameters().last() {
            let path = &look.operation.path;
            proposal.because(
                "parent",
                format!("`{parameter}` is the last parameter of {path}"),
            );
            proposal.pagination.parent = Some(Parent {
                parameter: Some(parameter.to_owned()),
                parameters: Vec::new(),
                echo: None,
                missing: None,
                foreign: None,
                checked: None,
            });
        }
        proposal.read_ends(look);
        if items.is_doubtful || !items.list.has_objects || items.list.item.is_empty() {
            proposal.certainty = Certainty::Likely;
        }
        proposal
    }

    /// Adds the fields that say when to stop, and how long the list is.
    fn read_ends(&mut self, look: &Look<'_>) {
        if let Some(more) = look.more() {
            self.pagination.next.more = Some(more.at.clone());
            self.because(
                "next/more",
                format!("`{}` is true or false beside the list", more.at),
            );
        } else if let Some(done) = look.done() {
            self.pagination.next.done = Some(done.at.clone());
            self.because(
                "next/done",
                format!("`{}` is true on the last page", done.at),
            );
        }
        if look.more().or(look.done()).is_some() {
            self.pagination.next.trailing_empty_page = Some(TrailingEmptyPage::Allowed);
            self.because(
                "next/trailing-empty-page",
                "not known; say `never` if no empty page may follow a page that promises more"
                    .to_owned(),
            );
        }
        let totals = [
            ("totals/items", look.total()),
            ("totals/pages", look.pages()),
            ("totals/remaining", look.remaining()),
        ];
        for (key, field) in totals {
            let Some(field) = field else { continue };
            let at = Some(field.at.clone());
            let totals = &mut self.pagination.totals;
            match key {
                "totals/items" => totals.items = at,
                "totals/pages" => totals.pages = at,
                _ => totals.remaining = at,
            }
            self.because(
                key,
                format!("`{}` is a whole number with such a name", field.at),
            );
        }
        if let Some(header) = &look.answer.total_header {
            self.pagination.totals.header = Some(header.clone());
            self.because(
                "totals/header",
                format!("the 200 answer declares the header `{header}`"),
            );
        }
    }

    /// The same proposal; `asked` has this role.
    pub(crate) fn asking(mut self, role: Role, asked: &Asked) -> Self {
        let meaning = match role {
            Role::Cursor => "says where to go on",
            Role::Offset => "is a number of items to skip",
            Role::Page => "is the number of a page",
            Role::Before => "says where a page ends",
            Role::Above => "leaves out the items up to its value",
            _ => "asks for a page",
        };
        let site = Some(asked.site.clone());
        let request = &mut self.pagination.request;
        match role {
            Role::Cursor => request.cursor = site,
            Role::Offset => request.offset = site,
            Role::Page => request.page = site,
            Role::Above => request.above = site,
            Role::Before => {
                request.backward = Some(Backward {
                    cursor: site,
                    limit: None,
                });
            }
            _ => {}
        }
        let key = match role {
            Role::Before => "request/backward",
            Role::Above => "request/above",
            _ => "style",
        };
        self.because(key, format!("`{}` {meaning}", asked.name));
        self
    }

    /// The same proposal; the next cursor lies at `place`, for this reason.
    pub(crate) fn going_on_by(mut self, place: Selector, why: &str) -> Self {
        self.because("next/cursor", format!("`{place}` {why}"));
        self.pagination.next.cursor = Some(place);
        self
    }

    /// The same proposal; the next cursor is the last item's value at `place`, for this reason.
    pub(crate) fn going_on_by_last(self, place: &Selector, why: &str) -> Self {
        let items = &self.pagination.items;
        let last = items.list.clone().then(&[Step::Last]);
        let last = last.then(items.inside.steps()).then(place.steps());
        self.going_on_by(last, why)
    }

    /// The same proposal; a cursor is any value of the key, by which items are sorted in this direction.
    pub(crate) fn comparing(mut self, key: &Selector, direction: Direction) -> Self {
        let order = &mut self.pagination.order;
        order.by = Some(key.clone());
        order.direction = direction;
        order.strict = true;
        let by_value = UnknownCursor::Page(UnknownPage::ByValue);
        self.pagination.cursor.unknown = Some(by_value);
        self.because(
            "cursor",
            format!("`{key}` is compared with the value that is sent"),
        );
        self
    }

    /// The same proposal; the next URL stands in a `Link` header, for this reason.
    pub(crate) fn going_on_by_link(mut self, why: &str) -> Self {
        self.because("next/link", why.to_owned());
        self.pagination.next.link = Some("next".to_owned());
        self
    }

    /// The same proposal; the next URL lies at `place`, and the URL of the page before beside it.
    pub(crate) fn going_on_by_url(mut self, look: &Look<'_>, place: Selector) -> Self {
        if let Some(back) = look.counterpart(&place).filter(|back| back.is_text()) {
            self.because(
                "previous/url",
                format!("`{}` is named as the opposite of `{place}`", back.at),
            );
            self.pagination.previous.url = Some(back.at.clone());
        }
        self.because("next/url", format!("`{place}` is the URL of the next page"));
        self.pagination.next.url = Some(place);
        self
    }

    /// The same proposal, with the tokens that a flag turns on; only pages that are counted have a second way.
    pub(crate) fn or_by_tokens(mut self, look: &Look<'_>) -> Self {
        let next = &self.pagination.next;
        let found = look.asked.iter().find_map(|token| {
            let flag = look.switch(token)?;
            let (field, _) = look.next_token(token).filter(|(_, is_named)| *is_named)?;
            Some((flag, token, field))
        });
        let Some((flag, token, field)) =
            found.filter(|_| next.url.is_none() && next.link.is_none())
        else {
            return self;
        };
        self.because(
            "request/or",
            format!(
                "`{}` turns on `{}`, and `{}` is named after it",
                flag.name, token.name, field.at
            ),
        );
        self.pagination.next.or = Some(field.at.clone());
        self.pagination.request.or = Some(OtherWay {
            when: flag.site.clone(),
            cursor: token.site.clone(),
        });
        self
    }

    /// Adds a reason.
    pub(crate) fn because(&mut self, key: &'static str, why: String) {
        self.reasons.push((key, why));
    }

    /// Where a request says which page it wants.
    pub(crate) fn place(&self) -> Option<&Site> {
        let request = &self.pagination.request;
        let places = [
            &request.cursor,
            &request.offset,
            &request.page,
            &request.range,
        ];
        places.into_iter().flatten().next()
    }

    /// The same proposal, no surer than this.
    pub(crate) fn at_most(mut self, certainty: Certainty) -> Self {
        self.certainty = self.certainty.min(certainty);
        self
    }

    /// The same proposal without a limit, which pages may do without.
    pub(crate) fn without_limit(mut self) -> Self {
        self.pagination.request.limit = None;
        self.reasons.retain(|(key, _)| *key != "request/limit");
        self
    }

    /// The same proposal without what no client needs to page: flags, totals, repeated values and the way back.
    pub(crate) fn without_extras(mut self) -> Self {
        let extras = [
            "next/done",
            "item/",
            "order",
            "cursor/expires",
            "totals/",
            "echo",
            "request/above",
            "request/backward",
            "request/or",
            "previous",
        ];
        let pagination = &mut self.pagination;
        pagination.next.done = None;
        if pagination.next.more.is_none() {
            pagination.next.trailing_empty_page = None;
        }
        pagination.totals = crate::Totals::default();
        pagination.echo = crate::Echo::default();
        pagination.request.above = None;
        pagination.request.backward = None;
        pagination.request.or = None;
        pagination.next.or = None;
        pagination.item.cursor = None;
        pagination.item.operation = None;
        pagination.cursor.expires = None;
        if pagination.request.order.take().is_some() {
            pagination.order = crate::Order::default();
        }
        pagination.previous = crate::Previous::default();
        let says_more = pagination.next.more.is_some();
        self.reasons.retain(|(key, _)| {
            let is_kept = says_more || *key != "next/trailing-empty-page";
            is_kept && !extras.iter().any(|extra| key.starts_with(extra))
        });
        self
    }
}
