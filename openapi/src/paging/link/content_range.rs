//! A `Content-Range` header says which items of the list a page has (RFC 9110, 14.4). The next page starts behind them.

use super::super::{ContentRange, End, PageFacts, Paging, Position, Reply, Way};
use super::LinkCodec;
use crate::Role;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |_, request| request.role == Role::Range,
    read: |_, reply, _, _| to(reply),
    counts: false,
    previous: |_, _| Way::Unsaid,
    headers: |paging, facts| {
        let accepted = paging.pagination.range.unit.clone();
        let said = written(paging, facts).map(|range| ("content-range", range));
        let accepted = (!accepted.is_empty()).then_some(("accept-ranges", accepted));
        said.into_iter().chain(accepted).collect()
    },
};

fn to(reply: &Reply<'_>) -> Way {
    let Some(Ok(said)) = ContentRange::of(reply.headers) else {
        return Way::Unsaid;
    };
    let Some((_, last)) = said.places else {
        return Way::End(End::EmptyPage);
    };
    let next = last.saturating_add(1);
    match said.total {
        Some(total) if next >= total => Way::End(End::Total),
        _ => Way::To(Position::Skip(next)),
    }
}

/// What a page says of itself. One without items says only how long the list is, if it says that.
fn written(paging: &Paging, facts: &PageFacts<'_>) -> Option<String> {
    let unit = paging.unit();
    let Some(last) = facts.items.checked_sub(1) else {
        return paging.unsatisfied_range(facts.total);
    };
    let total = paging.says_total_in_range().then_some(facts.total);
    let (first, last) = (facts.before, facts.before.saturating_add(last));
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    Some(format!("{unit}{first}-{last}/{total}"))
}

impl Paging {
    /// Whether requests ask for items by their places, in one text.
    pub fn has_ranges(&self) -> bool {
        self.request.role == Role::Range
    }

    /// Whether the header that says which items a page has also says how many the list has.
    pub(in super::super) fn says_total_in_range(&self) -> bool {
        let header = self.pagination.totals.header.as_deref();
        self.has_ranges() && header.is_some_and(|name| name.eq_ignore_ascii_case("content-range"))
    }

    /// What an answer says of the items that it has, if the list is asked for by ranges and the answer says it; the
    /// header's text if it cannot be read.
    pub fn content_range(&self, headers: &http::HeaderMap) -> Option<Result<ContentRange, String>> {
        ContentRange::of(headers).filter(|_| self.has_ranges())
    }

    /// The text of the header where there are no items: how long the list is. `None` if pages do not say that.
    pub fn unsatisfied_range(&self, total: u64) -> Option<String> {
        let is_said = self.says_total_in_range();
        is_said.then(|| format!("{}*/{total}", self.unit()))
    }

    /// The unit before the places in the header.
    fn unit(&self) -> String {
        match self.pagination.range.unit.as_str() {
            "" => String::new(),
            unit => format!("{unit} "),
        }
    }
}
