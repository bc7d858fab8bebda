//! What a dialect of paging promises, and why it does not.

use super::Paging;
use crate::{Bound, Carried, Direction, Role, TrailingEmptyPage, UnknownCursor, UnknownPage};

/// Something that a client can rely on, and that laws need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Promise {
    /// Items have keys, which tell them apart.
    ItemsHaveKeys,
    /// A page can start behind any item, because the item's key says where.
    ItemsNamePlaces,
    /// A cursor names one item, or nothing.
    CursorsNameItems,
    /// A cursor is a number that items are compared with.
    PlacesFilter,
    /// The numbers of a sequence rise along the list.
    NumbersRise,
    /// A page says how far the whole list goes.
    LatestIsSaid,
    /// A list comes in pages.
    Pages,
    /// Requests say how many items they want.
    LimitsAreAsked,
    /// The pages of one walk may have different limits.
    LimitsMix,
    /// A field says whether more items lie behind a page.
    MoreIsSaid,
    /// A last page that is full says that it is the last.
    LastPageIsSaid,
    /// A page promises more only if more items are there.
    MoreIsExact,
    /// The next place is said more than once.
    NextIsSaidTwice,
    /// A place leads to the same items while items are added.
    StableWhileGrowing,
    /// The last place stays good behind the end, for polling.
    Resumes,
    /// A page says how many items the list has.
    TotalIsSaid,
    /// A page says how many items lie behind it.
    RemainingIsSaid,
    /// A page says how many pages the list has.
    PageTotalIsSaid,
    /// A page has the URL of the next one.
    UrlsAreSaid,
    /// URLs of other pages are in `Link` headers.
    LinksAreSaid,
    /// A page says where other pages are than the next.
    OtherPagesAreSaid,
    /// Places are tokens, which only the server makes.
    TokensAreHandedOut,
    /// A token keeps the limit of the request that it was handed out to.
    LimitsAreCarried,
    /// A token keeps the order that the caller chose.
    OrderIsCarried,
    /// A token keeps the filters of the request that it was handed out to.
    FiltersAreCarried,
    /// A parameter of requests names the place.
    RequestsNamePlaces,
    /// A request says how many items to skip.
    ItemsAreSkipped,
    /// A request names a page of its limit by a number.
    PagesAreNumbered,
    /// A page can start at any item, because the item's key says where.
    ItemsAreStarts,
    /// A page can start at any value of the property that items are sorted by.
    ValuesArePlaces,
    /// A request leaves out items up to a value.
    BoundsAreAsked,
    /// The page before a place can be asked for.
    GoesBackward,
    /// The caller chooses the order.
    OrderIsChosen,
    /// A flag turns on another way to page, by tokens.
    TokensAreTurnedOn,
    /// An item can be read alone.
    ItemsAreReadAlone,
    /// A page says which items of the list it has, by their places.
    RangesAreSaid,
}

impl Promise {
    /// Every promise, in the order in which they are explained.
    pub const ALL: [Self; 36] = [
        Self::ItemsHaveKeys,
        Self::ItemsNamePlaces,
        Self::CursorsNameItems,
        Self::PlacesFilter,
        Self::NumbersRise,
        Self::LatestIsSaid,
        Self::Pages,
        Self::LimitsAreAsked,
        Self::LimitsMix,
        Self::MoreIsSaid,
        Self::LastPageIsSaid,
        Self::MoreIsExact,
        Self::NextIsSaidTwice,
        Self::StableWhileGrowing,
        Self::Resumes,
        Self::TotalIsSaid,
        Self::RemainingIsSaid,
        Self::PageTotalIsSaid,
        Self::UrlsAreSaid,
        Self::LinksAreSaid,
        Self::OtherPagesAreSaid,
        Self::TokensAreHandedOut,
        Self::LimitsAreCarried,
        Self::OrderIsCarried,
        Self::FiltersAreCarried,
        Self::RequestsNamePlaces,
        Self::ItemsAreSkipped,
        Self::PagesAreNumbered,
        Self::ItemsAreStarts,
        Self::ValuesArePlaces,
        Self::BoundsAreAsked,
        Self::GoesBackward,
        Self::OrderIsChosen,
        Self::TokensAreTurnedOn,
        Self::ItemsAreReadAlone,
        Self::RangesAreSaid,
    ];

    /// The promise as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ItemsHaveKeys => "items have keys, which tell them apart",
            Self::ItemsNamePlaces => "a page can start behind any item",
            Self::CursorsNameItems => "a cursor names one item, or nothing",
            Self::PlacesFilter => "a cursor is a number that items are compared with",
            Self::NumbersRise => "the numbers of the sequence rise along the list",
            Self::LatestIsSaid => "a page says how far the whole list goes",
            Self::Pages => "a list comes in pages",
            Self::LimitsAreAsked => "a request says how many items it wants",
            Self::LimitsMix => "the pages of one walk may have different limits",
            Self::MoreIsSaid => "a field says whether more items remain",
            Self::LastPageIsSaid => "a full page says whether it is the last",
            Self::MoreIsExact => "no empty page follows a page that promises more",
            Self::NextIsSaidTwice => "a page says more than once how to go on",
            Self::StableWhileGrowing => "a place stays the same while items are added",
            Self::Resumes => "the last cursor stays good behind the end",
            Self::TotalIsSaid => "a page says how many items the list has",
            Self::RemainingIsSaid => "a page says how many items lie behind it",
            Self::PageTotalIsSaid => "a page says how many pages the list has",
            Self::UrlsAreSaid => "a page has the URL of the next one",
            Self::LinksAreSaid => "URLs of other pages are in `Link` headers",
            Self::OtherPagesAreSaid => "a page says where other pages are than the next",
            Self::TokensAreHandedOut => "places are tokens, which only the server makes",
            Self::LimitsAreCarried => "a cursor keeps the limit of its first request",
            Self::OrderIsCarried => "a cursor keeps the order of its first request",
            Self::FiltersAreCarried => "a cursor keeps the filters of its first request",
            Self::RequestsNamePlaces => "a parameter of requests names the place",
            Self::ItemsAreSkipped => "a request says how many items to skip",
            Self::PagesAreNumbered => "a request names a page of its limit by a number",
            Self::ItemsAreStarts => "a page can start at any item",
            Self::OrderIsChosen => "the caller chooses between an order and its opposite",
            Self::TokensAreTurnedOn => "a flag turns on another way to page, by tokens",
            Self::ValuesArePlaces => {
                "a cursor is any value of the property that items are sorted by"
            }
            Self::BoundsAreAsked => "a request leaves out the items up to a value",
            Self::GoesBackward => "the page before a place can be asked for",
            Self::ItemsAreReadAlone => "an item can be read alone",
            Self::RangesAreSaid => "a page says which items of the list it has, by their places",
        }
    }
}

impl Paging {
    /// Nothing if the operation gives this promise; else the reason why it does not.
    pub fn promise(&self, promise: Promise) -> Result<(), &'static str> {
        let holds = |holds: bool, reason| if holds { Ok(()) } else { Err(reason) };
        match promise {
            Promise::ItemsHaveKeys => {
                holds(self.has_keys, "items have no keys, and are compared whole")
            }
            Promise::NumbersRise => {
                let rises = self.pagination.order.direction == Direction::Ascending;
                let reason = "a cursor is no number that rises along the timeline";
                let filters = self.promise(Promise::PlacesFilter);
                filters.and(holds(rises, reason)).map_err(|_| reason)
            }
            Promise::LatestIsSaid => {
                self.promise(Promise::NumbersRise)?;
                let reason = "a page does not say how far the timeline goes";
                holds(self.latest().is_some(), reason)
            }
            Promise::Pages => {
                let reason = "a page holds all events after the cursor";
                holds(!self.is_whole(), reason)
            }
            Promise::LimitsAreAsked => {
                let asked = self.parameter(Role::Limit).is_some();
                holds(asked, "the operation has no limit")
            }
            Promise::MoreIsSaid => {
                let next = &self.pagination.next;
                let said = next.more.is_some() || next.done.is_some();
                holds(said, "a page does not say whether more items lie behind it")
            }
            Promise::LastPageIsSaid => {
                let reason = "a full last page cannot say that it is the last";
                holds(self.last_page_is_said(), reason)
            }
            // A flag is there to say whether items remain, unless the contract says that it need not be right.
            Promise::MoreIsExact => match self.pagination.trailing_empty_page() {
                Some(TrailingEmptyPage::Never) => Ok(()),
                Some(TrailingEmptyPage::Allowed) => {
                    Err("the contract says `trailing-empty-page: allowed`")
                }
                None => self.promise(Promise::MoreIsSaid).map_err(|_| {
                    "no flag says whether items remain, and the contract does not say \
                     `trailing-empty-page: never`"
                }),
            },
            Promise::NextIsSaidTwice => {
                holds(self.says_it_twice(), "a page says only once how to go on")
            }
            Promise::Resumes => {
                let resumes = self.pagination.cursor.resume;
                holds(
                    resumes,
                    "the contract does not say that the last cursor stays good",
                )
            }
            Promise::TotalIsSaid
            | Promise::RemainingIsSaid
            | Promise::PageTotalIsSaid
            | Promise::UrlsAreSaid
            | Promise::LinksAreSaid
            | Promise::OtherPagesAreSaid => self.says(promise),
            Promise::TokensAreHandedOut => {
                let mark = (self.request.mark)(self);
                let is_key = self.promises(Promise::ItemsNamePlaces);
                // A cursor that a page hands out beside its items is a token, too.
                let is_opaque = mark == Some(super::Mark::LastKey) && !is_key;
                let is_token = mark == Some(super::Mark::Token) || is_opaque;
                holds(is_token, "places are no tokens")
            }
            Promise::LimitsMix if self.pagination.cursor.carries.contains(&Carried::Limit) => {
                Err("a cursor keeps the limit of the request that it was handed out to")
            }
            Promise::ItemsAreReadAlone => {
                let reads = self.pagination.item.operation.is_some();
                holds(reads, "the contract names no operation that reads one item")
            }
            Promise::RangesAreSaid => holds(
                self.has_ranges(),
                "requests do not ask for items by a range of places",
            ),
            Promise::LimitsAreCarried | Promise::OrderIsCarried | Promise::FiltersAreCarried => {
                self.carries(promise)
            }
            Promise::ItemsAreSkipped
            | Promise::PagesAreNumbered
            | Promise::ItemsAreStarts
            | Promise::ValuesArePlaces
            | Promise::BoundsAreAsked
            | Promise::GoesBackward
            | Promise::TokensAreTurnedOn
            | Promise::OrderIsChosen => self.asks(promise),
            Promise::ItemsNamePlaces
            | Promise::RequestsNamePlaces
            | Promise::CursorsNameItems
            | Promise::PlacesFilter
            | Promise::LimitsMix
            | Promise::StableWhileGrowing => {
                let missing = (self.request.missing)(self, promise);
                missing.map_or(Ok(()), Err)
            }
        }
    }

    /// What a cursor brings with it.
    fn carries(&self, promise: Promise) -> Result<(), &'static str> {
        let (what, reason) = match promise {
            Promise::OrderIsCarried => {
                self.promise(Promise::OrderIsChosen)?;
                (Carried::Order, "a cursor does not keep the order")
            }
            Promise::FiltersAreCarried => (Carried::Filters, "a cursor does not keep the filters"),
            _ => (Carried::Limit, "a cursor does not keep the limit"),
        };
        if self.pagination.cursor.carries.contains(&what) {
            Ok(())
        } else {
            Err(reason)
        }
    }

    /// What a request can ask for.
    fn asks(&self, promise: Promise) -> Result<(), &'static str> {
        let names = |role: Role| self.parameter(role).is_some();
        let (can, reason) = match promise {
            Promise::ItemsAreSkipped => (
                names(Role::Offset) || names(Role::Range),
                "a request does not say how many items to skip",
            ),
            Promise::PagesAreNumbered => (names(Role::Page), "a request names no page by a number"),
            Promise::ItemsAreStarts => {
                let inclusive = self.pagination.cursor.bound == Bound::Inclusive;
                let is_key = (self.request.mark)(self) == Some(super::Mark::NextKey);
                let reason = "a page does not start at the item that its cursor names";
                (inclusive && is_key, reason)
            }
            Promise::ValuesArePlaces => (
                self.compares_values(),
                "the contract does not say `unknown: by-value`",
            ),
            Promise::BoundsAreAsked => (
                names(Role::Above),
                "no parameter leaves out the items up to a value",
            ),
            Promise::TokensAreTurnedOn => {
                (self.has_other_way(), "no flag turns on another way to page")
            }
            Promise::GoesBackward => (
                self.goes_backward(),
                "no parameter asks for the page before a place",
            ),
            _ => (
                self.opposite_orders().is_some() || self.sorted_orders().next().is_some(),
                "no parameter chooses between an order and its opposite",
            ),
        };
        if can { Ok(()) } else { Err(reason) }
    }

    /// What a page says of the list and of other pages.
    fn says(&self, promise: Promise) -> Result<(), &'static str> {
        let (next, previous) = (&self.pagination.next, &self.pagination.previous);
        let totals = &self.pagination.totals;
        let (said, reason) = match promise {
            Promise::TotalIsSaid => (
                totals.items.is_some() || totals.header.is_some(),
                "a page does not say how many items the list has",
            ),
            Promise::RemainingIsSaid => (
                totals.remaining.is_some(),
                "a page does not say how many items lie behind it",
            ),
            Promise::PageTotalIsSaid => (
                totals.pages.is_some() || totals.link.is_some(),
                "a page does not say how many pages the list has",
            ),
            Promise::UrlsAreSaid => (
                next.url.is_some() || next.link.is_some(),
                "a page has no URL of the next one",
            ),
            Promise::LinksAreSaid => (next.link.is_some(), "answers have no `Link` header"),
            _ => (
                next.link.is_some() || previous.url.is_some() || previous.cursor.is_some(),
                "a page does not say where other pages are than the next",
            ),
        };
        if said { Ok(()) } else { Err(reason) }
    }

    /// Whether a page can say that it is the last, however full it is.
    ///
    /// A key or a number is handed out for polling, too, and counted pages end with a short one.
    fn last_page_is_said(&self) -> bool {
        let pagination = &self.pagination;
        let next = &pagination.next;
        let is_for_polling =
            self.request.filters || pagination.cursor.resume || self.hands_out_last_key();
        let ends = next.cursor.is_some() && !is_for_polling;
        let says = next.more.is_some() || next.done.is_some();
        let counts = matches!(self.request.role, Role::Page | Role::Offset | Role::Range);
        let counted = counts && self.says(Promise::TotalIsSaid).is_ok();
        self.is_whole()
            || says
            || counted
            || next.link.is_some()
            || next.url.is_some()
            || next.header.is_some()
            || ends
    }

    /// Whether a cursor is a value that items are compared with, in the order of their keys.
    pub fn compares_values(&self) -> bool {
        let by_value = UnknownCursor::Page(UnknownPage::ByValue);
        self.pagination.cursor.unknown == Some(by_value)
    }

    /// Whether the operation gives this promise.
    pub fn promises(&self, promise: Promise) -> bool {
        self.promise(promise).is_ok()
    }

    /// Whether the place that a page hands out is its last item's key.
    pub(super) fn hands_out_last_key(&self) -> bool {
        self.pagination.next_is_last_key()
    }
}
