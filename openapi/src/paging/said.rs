//! What a page says of itself at places in its body, beside the items and the next cursor.

use serde_json::Value;

use super::{PageFacts, Paging, Position};
use crate::{Role, Selector};

/// What a server writes at a place in a page's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A boolean: whether more items lie behind the page.
    More,
    /// A boolean: whether no more items lie behind the page.
    Done,
    /// A boolean: whether more items lie before the page.
    MoreBefore,
    /// What the program says of the page, if more items lie behind it.
    Next(Given),
    /// What the program says of the page, if more items lie before it.
    Previous(Given),
    /// How many items the list has.
    Total,
    /// How many items lie behind the page.
    Remaining,
    /// How many pages of the request's limit the list has.
    Pages,
    /// The limit that was applied.
    Limit,
    /// How many items lie before the page.
    Offset,
    /// The number of the page, where the first has this number.
    PageNumber(u64),
}

/// What a program says of a page, because it depends on the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// The URL of the next page.
    NextUrl,
    /// The URL of the page before.
    PreviousUrl,
    /// The cursor of the page before.
    PreviousCursor,
    /// The token of the next page, in the way of paging that a flag turns on.
    Marker,
}

impl Given {
    /// Every one, in the order of [`Paging::given`].
    pub const ALL: [Self; 4] = [
        Self::NextUrl,
        Self::PreviousUrl,
        Self::PreviousCursor,
        Self::Marker,
    ];

    /// A text that may stand for any of its kind while a schema is tried.
    pub fn sample(self) -> Value {
        Value::from(match self {
            Self::NextUrl | Self::PreviousUrl => "http://127.0.0.1/items?page=2",
            Self::PreviousCursor | Self::Marker => "01KBRK6S80ZX8Q9V7T5R3P1N0M",
        })
    }
}

impl Paging {
    /// The places in a page's body, beside the items, the keys and the next cursor, and what a server writes
    /// there.
    pub fn said(&self) -> Vec<(&Selector, Said)> {
        let said = &self.pagination;
        let (next, previous) = (&said.next, &said.previous);
        let (totals, echo) = (&said.totals, &said.echo);
        let places = [
            (&next.more, Said::More),
            (&next.done, Said::Done),
            (&next.url, Said::Next(Given::NextUrl)),
            (&next.or, Said::Next(Given::Marker)),
            (&previous.more, Said::MoreBefore),
            (&previous.url, Said::Previous(Given::PreviousUrl)),
            (&previous.cursor, Said::Previous(Given::PreviousCursor)),
            (&totals.items, Said::Total),
            (&totals.remaining, Said::Remaining),
            (&totals.pages, Said::Pages),
            (&echo.limit, Said::Limit),
            (&echo.offset, Said::Offset),
            (&echo.page, Said::PageNumber(said.page.first)),
        ];
        let places = places.into_iter();
        places
            .filter_map(|(place, said)| Some((place.as_ref()?, said)))
            .collect()
    }

    /// Whether a page says something that depends on the request, in its body or in headers.
    pub fn depends_on_request(&self) -> bool {
        let is_in_body = |given| self.place_of(given).is_some();
        Given::ALL.into_iter().any(is_in_body) || self.has_headers()
    }

    /// Whether a page says where the page before it is.
    pub fn says_previous(&self) -> bool {
        let (next, previous) = (&self.pagination.next, &self.pagination.previous);
        let is_linked = next.link.is_some() && (previous.link.is_some() || self.counts());
        previous.url.is_some() || previous.cursor.is_some() || is_linked
    }

    /// Whether a page says where the last page is.
    pub fn says_last(&self) -> bool {
        let is_said = self.pagination.totals.link.is_some() || self.counts();
        self.pagination.next.link.is_some() && is_said
    }

    /// Whether places are counted, so that every server knows the first and the last one.
    pub(super) fn counts(&self) -> bool {
        matches!(self.request.role, Role::Page | Role::Offset)
    }

    /// The place in the body where a page says this.
    fn place_of(&self, given: Given) -> Option<&Selector> {
        let (next, previous) = (&self.pagination.next, &self.pagination.previous);
        let place = match given {
            Given::NextUrl => &next.url,
            Given::Marker => &next.or,
            Given::PreviousUrl => &previous.url,
            Given::PreviousCursor => &previous.cursor,
        };
        place.as_ref()
    }

    /// What a page says that depends on the request, in the order of [`Given::ALL`], as JSON: `null` for what it does
    /// not say in its body.
    pub fn given(&self, facts: &PageFacts<'_>) -> Vec<Vec<u8>> {
        let said = Given::ALL.into_iter().map(|given| {
            let text = match given {
                // A URL and a token cost time, so the ones that no place has are not written.
                _ if self.place_of(given).is_none() => None,
                Given::NextUrl => self.url_at(facts.next.as_ref(), facts, self.relative.next),
                Given::PreviousUrl => {
                    self.url_at(facts.previous.as_ref(), facts, self.relative.previous)
                }
                Given::Marker => match &facts.marked {
                    Some(Position::Marked(token)) => Some(token.clone()),
                    _ => None,
                },
                Given::PreviousCursor => {
                    let written = facts.previous.as_ref().and_then(|at| self.write(at));
                    written.and_then(|written| Some(written.into_iter().next()?.1))
                }
            };
            text.map_or(Value::Null, Value::from).to_string()
        });
        said.map(String::into_bytes).collect()
    }

    fn url_at(
        &self,
        at: Option<&Position>,
        facts: &PageFacts<'_>,
        is_relative: bool,
    ) -> Option<String> {
        let target = self.target(at?, facts)?;
        Some(if is_relative {
            target
        } else {
            format!("{}{target}", facts.base)
        })
    }
}
