//! Draws cases from resources, places in their listings, and limits.
//!
//! Everything shrinks towards the shortest timeline, its start, and the smallest limit.

pub(crate) mod changes;
pub(crate) mod credentials;
pub(crate) mod hidden;
pub(crate) mod hostile;
pub(crate) mod ids;
pub(crate) mod marked;
pub(crate) mod methods;
pub(crate) mod wrong;

use std::ops::Range;
use std::sync::Arc;

use openapi::{Contract, Promise};
use proptest::prelude::*;
use proptest::sample::select;

use crate::facts::Resource;
use crate::outcome::Skip;
use crate::session::{Listing, Session};
use crate::{After, Case, Cases, Stop, outcome, unknown};

/// Names of resources with at least `least` listed items, and these numbers. The shortest comes first.
///
/// Moot if there is none.
pub(crate) fn resources(session: &Session<'_>, least: usize) -> Result<Vec<(String, usize)>, Skip> {
    let mut found = Vec::new();
    let mut reason = None;
    for resource in session.resources() {
        match session.listing(&resource.name) {
            Ok(listing) => found.push((resource.name.clone(), listing.keys.len())),
            Err(Stop::Moot(why)) => reason = Some(why),
            Err(stop) => return Err(stop.into()),
        }
    }
    found.retain(|(_, items)| *items >= least);
    found.sort_by_key(|(_, items)| *items);
    if found.is_empty() {
        let reason = reason.unwrap_or_else(|| format!("no resource has {least} events or more"));
        return outcome::moot(reason).map_err(Skip::from);
    }
    Ok(found)
}

/// The resource with the shortest listing of at least `least` items.
pub(crate) fn shortest(session: &Session<'_>, least: usize) -> Result<(String, usize), Skip> {
    Ok(resources(session, least)?.swap_remove(0))
}

/// The resource with the longest listing.
pub(crate) fn longest(session: &Session<'_>) -> Result<(String, usize), Skip> {
    let mut resources = resources(session, 0)?;
    Ok(resources.swap_remove(resources.len() - 1))
}

/// A plain request for the first resource, for laws that work with any.
pub(crate) fn plain(session: &Session<'_>) -> Result<Case, Skip> {
    match session.resources().first() {
        Some(resource) => Ok(Case::of(&resource.name)),
        None => outcome::moot("the subject file names no resource").map_err(Skip::from),
    }
}

/// A case for each resource with at least `least` items, shortest first.
pub(crate) fn each_resource(session: &Session<'_>, least: usize) -> Result<Vec<Case>, Skip> {
    Ok(resources(session, least)?
        .iter()
        .map(|(id, _)| Case::of(id))
        .collect())
}

/// A request for a resource that starts in the middle of its list. `None` if no request can start there.
pub(crate) fn behind_a_cursor(session: &Session<'_>, id: &str) -> Option<Case> {
    let items = session.listing(id).ok()?.keys.len();
    let reach = session.reach();
    // The nearest start is behind the first item, or behind the first page.
    let starts = [Some(0), items.checked_sub(2)].into_iter().flatten();
    let mut starts = starts.filter(|index| index + 1 < items).map(|index| {
        let case = Case::of(id).after(After::Item(index));
        reach.fit(case)
    });
    starts.find(|case| !case.after.is_start())
}

/// A resource with at least `least` items, and a start.
///
/// The start is none, or after an item of its listing that at least `behind` items follow.
pub(crate) fn starts(
    session: &Session<'_>,
    least: usize,
    behind: usize,
) -> Result<BoxedStrategy<Case>, Skip> {
    let reach = session.reach();
    let starts = any_starts(session, least, behind)?;
    Ok(starts.prop_map(move |case| reach.fit(case)).boxed())
}

/// The least number of items behind a start. Only behind a key it is sure that there is a page, though an empty one.
fn least_behind(session: &Session<'_>) -> usize {
    usize::from(!session.promises(Promise::ItemsNamePlaces))
}

/// As [`starts`], whether a page can start there or not.
fn any_starts(
    session: &Session<'_>,
    least: usize,
    behind: usize,
) -> Result<BoxedStrategy<Case>, Skip> {
    let resources = resources(session, least.max(behind))?;
    let behind = behind.max(least_behind(session));
    let start = move |(id, items): (String, usize)| {
        let start = (0..=items.saturating_sub(behind)).prop_map(move |place| {
            let after = match place.checked_sub(1) {
                Some(index) => After::Item(index),
                None => After::Start,
            };
            Case::of(&id).after(after)
        });
        start.boxed()
    };
    Ok(select(resources).prop_flat_map(start).boxed())
}

/// A resource with at least one item, and an item of its listing to start after.
///
/// Not in force if items' keys are no cursors.
pub(crate) fn items(session: &Session<'_>) -> Result<BoxedStrategy<Case>, Skip> {
    session.needs(Promise::ItemsNamePlaces)?;
    let resources = resources(session, 1)?;
    let item = |(id, items): (String, usize)| {
        (0..items).prop_map(move |index| Case::of(&id).after(After::Item(index)))
    };
    Ok(select(resources).prop_flat_map(item).boxed())
}

/// A resource with at least one item, one of its items, and a limit, or none if the contract has none.
pub(crate) fn places(session: &Session<'_>) -> Result<BoxedStrategy<Case>, Skip> {
    let place = |(id, items): (String, usize)| {
        (0..items).prop_map(move |index| Case::of(&id).after(After::Item(index)))
    };
    let places = select(resources(session, 1)?).prop_flat_map(place);
    match limits(session) {
        Ok(limits) => Ok((limits, places)
            .prop_map(|(limit, case)| case.limit(limit))
            .boxed()),
        Err(Skip::NotInForce(_)) => Ok(places.boxed()),
        Err(stopped) => Err(stopped),
    }
}

/// A resource with at least one item, and a cursor that looks like a key but names nothing.
///
/// Not in force if cursors are numbers, or no keys.
pub(crate) fn unknown(session: &Session<'_>) -> Result<BoxedStrategy<Case>, Skip> {
    /// This is enough to make cursors distinct.
    const NUMBERS: Range<u64> = 0..1_000_000;
    session.needs(Promise::CursorsNameItems)?;
    let mut real = Vec::new();
    for (id, _) in resources(session, 1)? {
        let cursor = session.listing(&id)?.cursors[0].clone();
        let made_up = unknown::like(&cursor, 1);
        // The schema may accept keys of its own making only.
        if session.contract().paging().place().read(&made_up).is_ok() {
            real.push((id, cursor));
        }
    }
    if real.is_empty() {
        return outcome::not_in_force("the cursor's schema accepts no key that is made up");
    }
    let drawn = (select(real), NUMBERS).prop_map(|((id, real), number)| {
        Case::of(&id).after(After::Cursor(unknown::like(&real, number)))
    });
    Ok(drawn.boxed())
}

/// A resource, another one that satisfies `and` with it, and the key of an item of the other as a cursor.
///
/// Not in force if cursors are numbers, or no keys, or there are no such two.
pub(crate) fn strange(
    session: &Session<'_>,
    and: impl Fn(&Resource, &Resource) -> bool,
) -> Result<BoxedStrategy<Case>, Skip> {
    session.needs(Promise::CursorsNameItems)?;
    let mut pairs = Vec::new();
    for (id, _) in resources(session, 1)? {
        let facts = |id: &str| session.facts().resource(id);
        for (other, _) in resources(session, 1)? {
            let fit = facts(&id)
                .zip(facts(&other))
                .is_some_and(|(one, other)| one != other && and(one, other));
            if fit {
                let listing = session.listing(&other)?;
                pairs.push((id.clone(), other, listing));
            }
        }
    }
    if pairs.is_empty() {
        return outcome::not_in_force("the subject file has fewer than two such resources");
    }
    let strange = |(id, other, listing): (String, String, Arc<Listing>)| {
        (0..listing.cursors.len()).prop_map(move |index| Case {
            other: Some(other.clone()),
            after: After::Cursor(listing.cursors[index].clone()),
            ..Case::of(&id)
        })
    };
    Ok(select(pairs).prop_flat_map(strange).boxed())
}

/// Resources with at least `least` items, shortest first, and their numbers.
///
/// Not in force if a cursor is no number.
pub(crate) fn sequences(
    session: &Session<'_>,
    least: usize,
) -> Result<Vec<(String, Vec<i128>)>, Skip> {
    session.needs(Promise::NumbersRise)?;
    let mut sequences = Vec::new();
    for (id, _) in resources(session, least)? {
        let numbers = session.numbers(&session.listing(&id)?.items)?;
        sequences.push((id, numbers));
    }
    Ok(sequences)
}

/// A resource with at least `least` items, and a number to start after.
///
/// `choose` selects numbers from its items' numbers. The cursor's schema must accept them.
pub(crate) fn numbers(
    session: &Session<'_>,
    least: usize,
    choose: impl Fn(&[i128]) -> Vec<i128>,
) -> Result<BoxedStrategy<Case>, Skip> {
    let accepted = |number: &i128| {
        session
            .contract()
            .paging()
            .place()
            .read(&number.to_string())
            .is_ok()
    };
    let mut found = Vec::new();
    for (id, numbers) in sequences(session, least)? {
        let mut chosen = choose(&numbers);
        chosen.retain(accepted);
        chosen.sort_unstable();
        chosen.dedup();
        found.extend((!chosen.is_empty()).then_some((id, chosen)));
    }
    if found.is_empty() {
        return outcome::moot("no resource has such a number").map_err(Skip::from);
    }
    let start = |(id, numbers): (String, Vec<i128>)| {
        select(numbers)
            .prop_map(move |number| Case::of(&id).after(After::Cursor(number.to_string())))
    };
    Ok(select(found).prop_flat_map(start).boxed())
}

/// A start and one limit, such that the items after the start fit `pages` pages, and often fill them.
///
/// Without a limit, it is any start.
///
/// This includes pages of the greatest limit. The shortest rest comes first. If no timeline was read to
/// its end, the last listed item counts as the end.
pub(crate) fn endings(session: &Session<'_>, pages: usize) -> Result<BoxedStrategy<Case>, Skip> {
    if !session.promises(Promise::LimitsAreAsked) {
        session.needs(Promise::Pages)?;
        return starts(session, 1, 0);
    }
    let limits = limits(session)?;
    let greatest = accepted(session)?.end - 1;
    let reach = session.reach();
    let least = least_behind(session);
    let listed = resources(session, 1)?;
    let mut whole = Vec::new();
    for (id, items) in &listed {
        let complete = session.listing(id)?.complete;
        whole.extend(complete.then(|| (id.clone(), *items)));
    }
    if whole.is_empty() {
        whole = listed;
    }
    let long: Vec<_> = whole
        .iter()
        .filter(|(_, items)| *items as u64 >= greatest)
        .cloned()
        .collect();
    // The parts are drawn separately, so that each can shrink on its own.
    let any = (select(whole), limits, 0..=pages, 0..=Session::DEPTH);
    let ending = move |((id, items), limit, full, rest): ((String, usize), u64, usize, usize)| {
        let page = usize::try_from(limit).unwrap_or(items);
        let filled = |pages: usize| items.min(page.saturating_mul(pages));
        let rest = if full > 0 {
            filled(full)
        } else {
            rest % (filled(pages) + 1)
        };
        let after = match (items - rest.max(least).min(items)).checked_sub(1) {
            Some(index) => After::Item(index),
            None => After::Start,
        };
        reach.fit(Case::of(&id).after(after).limit(limit))
    };
    if long.is_empty() {
        return Ok(any.prop_map(ending).boxed());
    }
    let full = (select(long), Just(greatest), 1..=pages, Just(0));
    Ok(prop_oneof![5 => any, 1 => full].prop_map(ending).boxed())
}

/// A start, and up to three limits for the pages of a walk in turn, or none if the contract has no limit.
///
/// Not in force if a page holds everything.
pub(crate) fn walks(session: &Session<'_>) -> Result<BoxedStrategy<Case>, Skip> {
    if !session.promises(Promise::LimitsAreAsked) {
        session.needs(Promise::Pages)?;
        return starts(session, 1, 0);
    }
    let most = if session.promises(Promise::LimitsMix) {
        3
    } else {
        1
    };
    let limits = proptest::collection::vec(limits(session)?, 1..=most);
    // The first part shrinks first. The timeline is last, so that it only needs the length for the
    // smallest limits.
    let reach = session.reach();
    let drawn = (limits, any_starts(session, 1, 0)?);
    let walk = move |(limits, case)| reach.fit(Case { limits, ..case });
    Ok(drawn.prop_map(walk).boxed())
}

/// A case for the end of each resource's listing, shortest first.
///
/// The page after the last item is empty, unless events were added meanwhile.
pub(crate) fn ends(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let mut ends = Vec::new();
    for (id, items) in resources(session, 0)? {
        let complete = session.listing(&id)?.complete;
        match items.checked_sub(1) {
            None => ends.push(Case::of(&id)),
            Some(last) if complete && session.promises(Promise::ItemsNamePlaces) => {
                ends.push(Case::of(&id).after(After::Item(last)));
            }
            Some(_) => {}
        }
    }
    if ends.is_empty() && !session.promises(Promise::ItemsNamePlaces) {
        return outcome::not_in_force("no resource is empty, and a cursor is not an item's key");
    }
    if ends.is_empty() {
        return outcome::moot("no timeline could be read to its end").map_err(Skip::from);
    }
    Ok(ends)
}

/// The place where the contract declares the limit.
pub(crate) fn cite_limit(contract: &Contract) -> String {
    contract.limit().map_or_else(String::new, |limit| {
        contract.document().cite(limit.schema.pointer())
    })
}

/// A case for each resource to which events are added while it is judged.
pub(crate) fn growing(session: &Session<'_>) -> Result<Cases, Skip> {
    let growing = session.growing()?;
    Ok(Cases::Each(
        growing.iter().map(|one| Case::of(&one.name)).collect(),
    ))
}

/// The limits that the contract accepts. Not in force if it has no limit.
pub(crate) fn accepted(session: &Session<'_>) -> Result<Range<u64>, Skip> {
    /// The greatest limit to send if a document has no maximum.
    const UNSAID: u64 = 100;
    let Some(bounds) = session.contract().limit_bounds() else {
        return outcome::not_in_force("the operation has no limit");
    };
    let least = bounds.minimum.unwrap_or(1).max(1);
    let most = bounds.maximum.unwrap_or(UNSAID.max(least));
    Ok(least..most + 1)
}

/// The case with the smallest limit that the contract accepts, if it has a limit.
pub(crate) fn of_shortest_page(session: &Session<'_>, case: Case) -> Case {
    let smallest = accepted(session).ok().map(|accepted| accepted.start);
    smallest.into_iter().fold(case, Case::limit)
}

/// A limit: a small one, one around the default, the greatest, or any other.
pub(crate) fn limits(session: &Session<'_>) -> Result<BoxedStrategy<u64>, Skip> {
    let accepted = accepted(session)?;
    let default = session
        .contract()
        .limit_bounds()
        .and_then(|bounds| bounds.default);
    let default = default.unwrap_or(accepted.start);
    let mut special: Vec<u64> = [
        1,
        2,
        3,
        7,
        default.saturating_sub(1),
        default,
        default + 1,
        accepted.end - 1,
    ]
    .into_iter()
    .filter(|limit| accepted.contains(limit))
    .collect();
    special.sort_unstable();
    special.dedup();
    Ok(prop_oneof![3 => select(special), 1 => accepted].boxed())
}

/// As [`pages`], with `least` items or more, for a law about content that an item may leave out.
///
/// Not in force if no resource has so many items: then nothing can have the content.
pub(crate) fn optional(session: &Session<'_>, least: usize) -> Result<BoxedStrategy<Case>, Skip> {
    let (_, items) = longest(session)?;
    if items < least {
        return outcome::not_in_force(format!("no resource has {least} events or more"));
    }
    pages(session, least, least)
}

/// A start and one limit, or none if the contract has no limit.
pub(crate) fn pages(
    session: &Session<'_>,
    least: usize,
    behind: usize,
) -> Result<BoxedStrategy<Case>, Skip> {
    let reach = session.reach();
    match limits(session) {
        // The timeline shrinks last, so that it only needs the length for the smallest limit.
        Ok(limits) => Ok((limits, any_starts(session, least, behind)?)
            .prop_map(move |(limit, case)| reach.fit(case.limit(limit)))
            .boxed()),
        Err(Skip::NotInForce(_)) => starts(session, least, behind),
        Err(stopped) => Err(stopped),
    }
}
