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
        let Some((own, followed)) = both(session, case)? else {
            return moot("the page leads to no other");
        };
        if own == followed {
            return Ok(());
        }
        match both(session, case)? {
            Some((again, followed)) if again == own && followed != own => broken(
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
fn both(session: &Session<'_>, case: &Case) -> Result<Option<Read>, Stop> {
    let page = session.page_or_moot(&session.ask(case)?)?;
    let next = page.next.clone().filter(|_| !page.last);
    let (Some(at), Some(url)) = (next, page.next_url.as_deref()) else {
        return Ok(None);
    };
    let followed = session.page_or_moot(&session.ask_url(case, url))?;
    if session.promises(Promise::RequestsNamePlaces) {
        let own = session.page_at(case, &at)?;
        return Ok(Some((own.keys, followed.keys)));
    }
    // Only the URL names the place, so the listing is the measure.
    let Some(limit) = case
        .limits
        .first()
        .and_then(|limit| usize::try_from(*limit).ok())
    else {
        return Ok(None);
    };
    let listing = session.listing_of(case)?;
    let start = listing
        .keys
        .iter()
        .position(|key| page.keys.last() == Some(key));
    let Some(start) = start.filter(|_| listing.complete && page.keys.len() == limit) else {
        return Ok(None);
    };
    let own = listing.keys.iter().skip(start + 1).take(limit);
    Ok(Some((own.cloned().collect(), followed.keys)))
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
