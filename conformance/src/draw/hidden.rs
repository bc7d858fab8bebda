//! Requests for resources that the caller must not see, with queries that the contract accepts.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::ids;
use openapi::Promise;

use crate::outcome::Skip;
use crate::session::{Ask, Session};
use crate::{After, Case, Credentials, Stop, outcome, unknown};

/// The status for a missing resource. Not in force if the contract declares none.
pub(crate) fn missing_status(session: &Session<'_>) -> Result<u16, Skip> {
    match session.contract().missing_status() {
        Some(status) => Ok(status),
        None => outcome::not_in_force("the contract declares no answer for an unknown resource"),
    }
}

/// The status for a foreign resource. Not in force if the contract declares none.
pub(crate) fn foreign_status(session: &Session<'_>) -> Result<u16, Skip> {
    match session.contract().foreign_status() {
        Some(status) => Ok(status),
        None => outcome::not_in_force("the contract declares no answer for a foreign resource"),
    }
}

/// Resources that their owners can read, each requested by another caller, shortest first.
///
/// Not in force if there is no such resource. Moot if no owner can read one, because then its refusal to
/// others proves nothing.
pub(crate) fn foreign_cases(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let mut cases = Vec::new();
    let mut unreadable = None;
    for (resource, stranger) in session.foreign()? {
        match session.listing(&resource.name) {
            Ok(listing) => cases.push((listing.keys.len(), Case::of(&resource.name).by(stranger))),
            Err(Stop::Moot(reason)) => unreadable = Some(reason),
            Err(stop) => return Err(stop.into()),
        }
    }
    if let (true, Some(reason)) = (cases.is_empty(), unreadable) {
        return outcome::moot(reason).map_err(Skip::from);
    }
    cases.sort_by_key(|(items, _)| *items);
    Ok(cases.into_iter().map(|(_, case)| case).collect())
}

/// A foreign resource, with a query that is valid for it.
pub(crate) fn foreign(session: &Session<'_>) -> Result<BoxedStrategy<Case>, Skip> {
    let drawn: Result<Vec<_>, Skip> = foreign_cases(session)?
        .into_iter()
        .map(|case| {
            let queries = queries(session, &case.resource)?;
            let asked = move |query: Case| Case {
                resource: case.resource.clone(),
                credentials: case.credentials.clone(),
                ..query
            };
            Ok(queries.prop_map(asked).boxed())
        })
        .collect();
    Ok(Union::new(drawn?).boxed())
}

/// Each foreign resource, from its start and behind cursors that its owner was handed out.
pub(crate) fn foreign_anywhere(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let mut cases = Vec::new();
    for case in foreign_cases(session)? {
        let cursors = cursors(session, &case.resource)?.into_iter();
        let behind = cursors.map(|text| case.clone().after(After::Cursor(text)));
        cases.extend(std::iter::once(case.clone()).chain(behind));
    }
    Ok(cases)
}

/// Each foreign resource, on conditions that its owner's page meets: 304 would say that it is there, and as it was.
pub(crate) fn foreign_on_conditions(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let mut cases = Vec::new();
    for case in foreign_cases(session)? {
        let owners = session.send_case(&Case::of(&case.resource))?.reply;
        let sent = |name: &str| Some(owners.headers.get(name)?.to_str().ok()?.to_owned());
        let conditions = [
            ("if-none-match", sent("etag")),
            ("if-none-match", Some("*".to_owned())),
            ("if-modified-since", sent("last-modified")),
        ];
        cases.extend(conditions.into_iter().filter_map(|(name, value)| {
            let headers = vec![(name.to_owned(), value?)];
            Some(Case {
                headers,
                ..case.clone()
            })
        }));
    }
    Ok(cases)
}

/// A well-formed id that names nothing, with a query that is valid for an existing resource.
pub(crate) fn unknown(
    session: &Session<'_>,
    by: &Credentials,
) -> Result<BoxedStrategy<Case>, Skip> {
    let (known, _) = super::longest(session)?;
    let by = by.clone();
    let queries = queries(session, &known)?;
    let named = session.naming_like(&known);
    let id = session.id_of(&known);
    let unknown = ids::Unknown::of(session);
    let asked = move |(query, salt): (Case, u32)| Case {
        resource: named(&unknown.id(&id, salt)),
        credentials: by.clone(),
        ..query
    };
    Ok((queries, any::<u32>()).prop_map(asked).boxed())
}

/// A query that the contract accepts, with a limit or without.
///
/// It starts at the start, after an item of this resource, or after a cursor that names nothing, near or
/// far.
fn queries(session: &Session<'_>, id: &str) -> Result<BoxedStrategy<Case>, Skip> {
    let starts = cursors(session, id)?
        .into_iter()
        .map(After::Cursor)
        .chain([After::Start])
        .rev();
    let starts = select(starts.collect::<Vec<_>>()).prop_map(|after| Case::default().after(after));
    match super::limits(session) {
        Ok(limits) => Ok((starts, prop::option::of(limits))
            .prop_map(|(case, limit)| match limit {
                Some(limit) => case.limit(limit),
                None => case,
            })
            .boxed()),
        Err(Skip::NotInForce(_)) => Ok(starts.boxed()),
        Err(stopped) => Err(stopped),
    }
}

/// Cursors that the schema accepts: some that exist in the resource, and some that do not.
fn cursors(session: &Session<'_>, id: &str) -> Result<Vec<String>, Skip> {
    let listing = session.listing(id)?;
    let real = &listing.cursors;
    let ends = [real.first(), real.get(real.len() / 2), real.last()];
    let mut cursors: Vec<String> = ends.into_iter().flatten().cloned().collect();
    if !session.promises(Promise::ItemsNamePlaces) {
        let next = session.page_or_moot(&Ask::of(id))?.next;
        let paging = session.contract().paging();
        let written = next
            .and_then(|next| paging.write(&next))
            .unwrap_or_default();
        cursors = written.into_iter().map(|(_, text)| text).collect();
    } else if session.promises(Promise::PlacesFilter) {
        // This number is far beyond the end, and still fits JSON.
        cursors.extend(["0", "9007199254740991"].map(str::to_owned));
    } else if let Some(first) = real.first() {
        cursors.push(unknown::like(first, 1));
    }
    cursors.retain(|text| session.contract().paging().place().read(text).is_ok());
    cursors.dedup();
    Ok(cursors)
}
