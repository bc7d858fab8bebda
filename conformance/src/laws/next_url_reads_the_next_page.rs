//! The URL of the next page, followed as it stands, reads the next page.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::{Session, difference};
use crate::{Case, Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "next-url-reads-the-next-page",
    group: Group::Walk,
    title: "the URL of the next page, followed as it stands, reads the page that the client's own parameters would read: it keeps the limit, the order and all filters",
    why: "clients follow the URL and send nothing else, so that a parameter that it drops is lost from the second page on",
    level: Level::Must,
    basis: Basis::Inferred("the next page is the next one of the list that was asked for"),
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        session.needs(Promise::UrlsAreSaid)?;
        draw::pages(session, 2, 2).map(Cases::swept)
    },
    holds: |session, case| {
        let (own, followed) = both(session, case)?;
        if own == followed {
            return Ok(());
        }
        match both(session, case)? {
            (again, followed) if again == own && followed != own => broken(
                format!("the {} items of the next page", own.len()),
                difference(&own, &followed),
            ),
            _ => moot("the page changed meanwhile"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // The URL keeps nothing but the place.
        lied.with_urls(request, |link| {
            let path = link.url.split('?').next().unwrap_or_default();
            format!("{path}?{}", link.place)
        })
    },
};

/// The keys of one page, read in two ways.
type Read = (Vec<String>, Vec<String>);

/// The keys of the next page as the client's own parameters read it, and as its URL does.
fn both(session: &Session<'_>, case: &Case) -> Result<Read, Stop> {
    let page = session.page_or_moot(&session.ask(case)?)?;
    let next = page.next.clone().filter(|_| !page.last);
    let (Some(at), Some(url)) = (next, page.next_url.as_deref()) else {
        return session.list_leads_nowhere(&page, case);
    };
    let followed = session.page_or_moot(&session.ask_url(case, url))?;
    if session.promises(Promise::RequestsNamePlaces) {
        let own = session.page_at(case, &at)?;
        return Ok((own.keys, followed.keys));
    }
    // Only the URL names the place, so the listing is the measure.
    let limit = case.limits.first();
    let limit = limit.and_then(|limit| usize::try_from(*limit).ok());
    let listing = session.listing_of(case)?;
    let mut keys = listing.keys.iter();
    let start = keys.position(|key| page.keys.last() == Some(key));
    let is_full = limit.is_none_or(|limit| page.keys.len() == limit);
    let Some(start) = start.filter(|_| listing.complete && is_full) else {
        return moot("the listing does not show where the page ends");
    };
    // Without a limit, the server chooses the size of each page.
    let size = limit.unwrap_or(followed.keys.len().max(1));
    let own = listing.keys.iter().skip(start + 1).take(size);
    Ok((own.cloned().collect(), followed.keys))
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_whose_next_url_drops_the_limit_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
