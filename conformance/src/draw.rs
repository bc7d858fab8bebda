//! What cases are drawn from: resources, places in their listings, limits.
//!
//! Everything shrinks towards the shortest timeline, its start, and the smallest limit.

pub(crate) mod credentials;
pub(crate) mod hidden;
pub(crate) mod hostile;
pub(crate) mod ids;
pub(crate) mod methods;
pub(crate) mod wrong;

use std::ops::Range;

use openapi::Contract;
use proptest::prelude::*;
use proptest::sample::select;

use crate::law::Skip;
use crate::session::Session;
use crate::{After, Case, Stop, law};

/// Resources with at least `least` listed items, shortest listing first: id and number of items listed.
///
/// Nothing to try it on where there is none.
pub(crate) fn resources(session: &Session<'_>, least: usize) -> Result<Vec<(String, usize)>, Skip> {
    let mut found = Vec::new();
    let mut reason = None;
    for resource in session.resources() {
        match session.listing(&resource.id) {
            Ok(listing) => found.push((resource.id.clone(), listing.keys.len())),
            Err(Stop::Moot(why)) => reason = Some(why),
            Err(stop) => return Err(stop.into()),
        }
    }
    found.retain(|(_, items)| *items >= least);
    found.sort_by_key(|(_, items)| *items);
    if found.is_empty() {
        let reason = reason.unwrap_or_else(|| format!("no resource has {least} events or more"));
        return law::moot(reason).map_err(Skip::from);
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

/// The first resource, asked for plainly, for laws to which it is all one which.
pub(crate) fn plain(session: &Session<'_>) -> Result<Case, Skip> {
    match session.resources().first() {
        Some(resource) => Ok(Case::of(&resource.id)),
        None => law::moot("the subject file names no resource").map_err(Skip::from),
    }
}

/// A case for each resource with at least `least` items, shortest first.
pub(crate) fn each_resource(session: &Session<'_>, least: usize) -> Result<Vec<Case>, Skip> {
    Ok(resources(session, least)?
        .iter()
        .map(|(id, _)| Case::of(id))
        .collect())
}

/// A resource with at least `least` items, and a start: none, or behind an item of its listing that has
/// `behind` items or more behind it.
pub(crate) fn starts(
    session: &Session<'_>,
    least: usize,
    behind: usize,
) -> Result<BoxedStrategy<Case>, Skip> {
    let resources = resources(session, least.max(behind))?;
    let keys_are_cursors = session.keys_are_cursors();
    let start = move |(id, items): (String, usize)| {
        let start = (0..=items.saturating_sub(behind)).prop_map(move |place| {
            let after = match place.checked_sub(1) {
                Some(index) if keys_are_cursors => After::Item(index),
                _ => After::Start,
            };
            Case::of(&id).after(after)
        });
        start.boxed()
    };
    Ok(select(resources).prop_flat_map(start).boxed())
}

/// A resource with at least one item, and an item of its listing to start behind; not in force where
/// items' keys are no cursors.
pub(crate) fn items(session: &Session<'_>) -> Result<BoxedStrategy<Case>, Skip> {
    if !session.keys_are_cursors() {
        return law::not_in_force("a cursor is not an item's key");
    }
    let resources = resources(session, 1)?;
    let item = |(id, items): (String, usize)| {
        (0..items).prop_map(move |index| Case::of(&id).after(After::Item(index)))
    };
    Ok(select(resources).prop_flat_map(item).boxed())
}

/// A case for the end of each resource's listing, shortest first: behind its last item, where there is
/// none unless some were added meanwhile.
pub(crate) fn ends(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let mut ends = Vec::new();
    for (id, items) in resources(session, 0)? {
        let complete = session.listing(&id)?.complete;
        match items.checked_sub(1) {
            None => ends.push(Case::of(&id)),
            Some(last) if complete && session.keys_are_cursors() => {
                ends.push(Case::of(&id).after(After::Item(last)));
            }
            Some(_) => {}
        }
    }
    if ends.is_empty() {
        return law::moot("no timeline could be read to its end").map_err(Skip::from);
    }
    Ok(ends)
}

/// Where the contract says what a limit must be.
pub(crate) fn cite_limit(contract: &Contract) -> String {
    contract.limit().map_or_else(String::new, |limit| {
        contract.document().cite(limit.schema.pointer())
    })
}

/// The limits that the contract accepts; not in force where it has none.
pub(crate) fn accepted(session: &Session<'_>) -> Result<Range<u64>, Skip> {
    /// Where a document names no maximum, limits that no server should mind.
    const UNSAID: u64 = 100;
    let Some(bounds) = session.contract().limit_bounds() else {
        return law::not_in_force("the operation has no limit");
    };
    let least = bounds.minimum.unwrap_or(1).max(1);
    let most = bounds.maximum.unwrap_or(UNSAID.max(least));
    Ok(least..most + 1)
}

/// A limit: the small ones, those around the default, the greatest, and any other.
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

/// A start and one limit; where the contract has no limit, none.
pub(crate) fn pages(
    session: &Session<'_>,
    least: usize,
    behind: usize,
) -> Result<BoxedStrategy<Case>, Skip> {
    let starts = starts(session, least, behind)?;
    match limits(session) {
        Ok(limits) => Ok((starts, limits)
            .prop_map(|(case, limit)| case.limit(limit))
            .boxed()),
        Err(Skip::NotInForce(_)) => Ok(starts),
        Err(stopped) => Err(stopped),
    }
}
