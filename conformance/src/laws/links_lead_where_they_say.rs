//! The links to the first page, the last one and the one before lead there.

use openapi::{Promise, Way};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs};
use crate::session::{Listing, Session, difference};
use crate::{Case, Cases, Level, Stop};

/// The number of pages to follow before links are compared.
const PAGES: usize = 4;

pub(crate) const LAW: Law = Law {
    id: "links-lead-where-they-say",
    group: Group::Walk,
    title: "a page that says where the first page, the last one or the one before it is leads there",
    why: "a client that goes back, or to the end, reads other items than it asked for",
    level: Level::Must,
    basis: Basis::Inferred("a link's relation says what it leads to (RFC 8288, 3.3)"),
    citation: |contract| contract.cite("/x-pagination/previous"),
    cases: |session| {
        session.needs(Promise::OtherPagesAreSaid)?;
        draw::walks(session).map(Cases::swept)
    },
    holds: |session, case| {
        let case = Case {
            limits: case.limits.iter().copied().take(1).collect(),
            ..Case::of(&case.resource)
        };
        let mut compared = 0;
        let Some((expected, actual)) = departure(session, &case, None, &mut compared)? else {
            return if compared == 0 {
                never_occurs("no page says where another is, except the next one")
            } else {
                Ok(())
            };
        };
        let before = session.read_listing(&case.resource)?;
        // The shared listing may be of long ago.
        let again = departure(session, &case, Some(&before), &mut compared)?;
        let after = session.read_listing(&case.resource)?;
        if again.is_none() || before.keys != after.keys {
            return moot("the list changed meanwhile");
        }
        broken(expected, actual)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // The way back leads to the page that it stands on.
        let here = lied.asked(request).cursor;
        let here = here.unwrap_or_else(|| lied.contract.paging().nothing());
        lied.with_places(request, "prev", |_| here.clone())
    },
};

/// The first link that leads elsewhere: what it should lead to, and what it leads to. The shared listing says where the
/// list ends, unless another is given.
fn departure(
    session: &Session<'_>,
    case: &Case,
    listing: Option<&Listing>,
    compared: &mut usize,
) -> Result<Option<(String, String)>, Stop> {
    let walk = session.walk(case, PAGES)?;
    let first = &walk.pages[0];
    let mut before: Option<&[String]> = None;
    for page in &walk.pages {
        if let (Some(before), Way::To(at)) = (before, &page.info.previous) {
            *compared += 1;
            let read = session.page_at(case, at)?;
            if read.keys != before {
                let expected = "the page before, as it was read".to_owned();
                return Ok(Some((expected, difference(before, &read.keys))));
            }
        }
        if let Way::To(at) = &page.info.first {
            *compared += 1;
            let read = session.page_at(case, at)?;
            if read.keys != first.keys {
                let expected = "the first page, as it was read".to_owned();
                return Ok(Some((expected, difference(&first.keys, &read.keys))));
            }
        }
        if let Way::To(at) = &page.info.last {
            *compared += 1;
            let read = session.page_at(case, at)?;
            let shared;
            let listing = if let Some(listing) = listing {
                listing
            } else {
                shared = session.listing_of(case)?;
                &*shared
            };
            let is_end = !listing.complete || listing.keys.ends_with(&read.keys);
            if !read.last || !is_end || read.keys.is_empty() && !listing.keys.is_empty() {
                let expected = "the last page of the list".to_owned();
                let actual = match read.keys.last() {
                    Some(last) if !read.last => format!("a page up to {last} that leads on"),
                    Some(last) => format!("a page up to {last}"),
                    None => "a page without items".to_owned(),
                };
                return Ok(Some((expected, actual)));
            }
        }
        before = Some(&page.keys);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_whose_way_back_stays_where_it_is_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
