//! A page says truly which items of the list it has.

use openapi::{ContentRange, Contract, Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::with_header;
use crate::session::{Exchange, Watch};
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "content-range-names-the-items",
    group: Group::Envelope,
    title: "`Content-Range` names the places of the page's first and last item, and a list that is long enough for them; \
            a part of a list (206) has it",
    why: "a client goes on behind the last place that the header names, and loses items or reads some twice",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110, 14.4"),
    citation: |contract| contract.cite("/x-pagination/request/range"),
    cases: |session| {
        session.needs(Promise::RangesAreSaid)?;
        draw::pages(session, 1, 0).map(Cases::swept)
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Counts places from one.
        let reply = lied.ask(request)?;
        let text = reply.header("content-range").unwrap_or_default();
        let unit = text.rfind(' ').map_or(0, |end| end + 1);
        let (unit, places) = text.split_at(unit);
        let shifted = places.split_once('/').and_then(|(places, total)| {
            let (first, last) = places.split_once('-')?;
            let next = |place: &str| Some(place.parse::<u64>().ok()? + 1);
            Some(format!("{unit}{}-{}/{total}", next(first)?, next(last)?))
        });
        match shifted {
            Some(shifted) => Ok(with_header(reply, "content-range", &shifted)),
            None => Ok(reply),
        }
    },
};

const WATCH: Watch = |contract, exchange| {
    // A range of keys leads to a part, too, and says nothing of places.
    contract.paging().promise(Promise::RangesAreSaid).ok()?;
    let status = exchange.reply.status;
    if !exchange.is_ordinary(contract) || !contract.serves(status) && status != 416 {
        return None;
    }
    let said = contract.paging().content_range(&exchange.reply.headers);
    let wrong = match said {
        // A whole list needs no places, and a refusal need not say how long the list is.
        None => (status == 206).then(|| "none, with status 206".to_owned())?,
        Some(Err(text)) => format!("`{text}`"),
        Some(Ok(said)) => wrong(contract, exchange, said)?,
    };
    Some(Breach::of(expected(contract, exchange), wrong))
};

/// The header that the answer should have, in words.
fn expected(contract: &Contract, exchange: &Exchange) -> String {
    match served(contract, exchange) {
        None => "`Content-Range` without places, because there are no items".to_owned(),
        Some((first, items)) => {
            let last = first + items.saturating_sub(1);
            format!("`Content-Range` with the places {first}-{last}, of {items} items")
        }
    }
}

/// What is wrong with the places or the total. `None` if nothing is.
fn wrong(contract: &Contract, exchange: &Exchange, said: ContentRange) -> Option<String> {
    let served = served(contract, exchange);
    let beyond = |last: u64| said.total.is_some_and(|total| last >= total);
    match (said.places, served) {
        (None, None) => None,
        (None, Some(_)) => Some("no places".to_owned()),
        (Some((first, last)), None) => Some(format!("the places {first}-{last}")),
        (Some((first, last)), Some((start, items))) => {
            // A server may ignore a range. Then it answers with 200, from the start.
            let is_ignored = first == 0 && exchange.reply.status == 200;
            let fits = (first == start || is_ignored) && last.checked_sub(first) == Some(items - 1);
            if !fits {
                return Some(format!("the places {first}-{last}"));
            }
            beyond(last).then(|| {
                let total = said.total.unwrap_or_default();
                format!("the places {first}-{last} of a list with {total} items")
            })
        }
    }
}

/// The place of the first item of the answer, and the number of items. `None` if it has none.
fn served(contract: &Contract, exchange: &Exchange) -> Option<(u64, u64)> {
    if exchange.reply.status == 416 {
        return None;
    }
    let body = exchange.json()?;
    let items = contract.items(&body)?.len() as u64;
    let start = match exchange.request.page(contract).at {
        Position::Skip(items) => items,
        _ => 0,
    };
    (items > 0).then_some((start, items))
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_counts_places_from_one_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
