//! A token goes on with the filters of the request that it was handed out to, where the contract says so.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::session::difference;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "token-keeps-its-filters",
    group: Group::Cursor,
    title: "a token that keeps its filters goes on with them if none is sent beside the token; another filter is refused, \
            or changes nothing",
    why: "a client that sends the filter once meets items that the filter leaves out",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/carries"),
    cases: |session| {
        session.needs(Promise::FiltersAreCarried)?;
        session.needs(Promise::RequestsNamePlaces)?;
        let cases = draw::each_resource(session, 2)?;
        let filters = session.filters();
        if filters.is_empty() {
            return not_in_force("no parameter of the query has a few values to filter by");
        }
        let smallest = draw::accepted(session).ok().map(|accepted| accepted.start);
        let cases = cases.iter().flat_map(|case| {
            filters.iter().flat_map(move |(name, [one, other])| {
                [(one, other), (other, one)].map(|(own, other)| {
                    let case = Case {
                        sent: vec![(name.clone(), own.clone())],
                        other: Some(other.clone()),
                        ..Case::of(&case.resource)
                    };
                    smallest.into_iter().fold(case, Case::limit)
                })
            })
        });
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let (Some((name, own)), Some(other)) = (case.sent.first(), &case.other) else {
            return moot("the case has no two filters");
        };
        let Some(all) = session.filtered(case)? else {
            return moot("the list is too long to be read whole");
        };
        if all.len() < 2 || all.len() >= session.listing_of(case)?.keys.len() {
            return never_occurs("no parameter leaves out some items and not all");
        }
        let first = session.page_or_moot(&session.ask(case)?)?;
        let Some(at) = first.next.clone().filter(|_| !first.last) else {
            return session.leads_nowhere(&first, &all);
        };
        let with = |sent: Vec<(String, String)>| Case {
            sent,
            ..case.clone()
        };
        let turned = with(vec![(name.clone(), other.clone())]);
        let before = session.page_at(case, &at)?;
        let read = session.page(&session.ask_at(&with(Vec::new()), &at))?;
        let turned = session
            .read(&session.send(&session.ask_at(&turned, &at))?)
            .ok();
        let after = session.page_at(case, &at)?;
        if before.keys != after.keys {
            return moot("the page changed meanwhile");
        }
        let expected = format!("the page that follows with {name}={own}, as the token says");
        if read.keys != before.keys {
            return broken(expected, difference(&before.keys, &read.keys));
        }
        match turned {
            Some(page) if page.keys != before.keys => broken(
                format!("{expected}, or a refusal"),
                difference(&before.keys, &page.keys),
            ),
            _ => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Begins again where only a token is sent.
        let paging = lied.contract.paging();
        let query = request.query();
        let mut others = query.iter().filter(|(name, _)| !paging.asks_by(name));
        if others.next().is_some() || lied.asked(request).at.is_start() {
            return lied.ask(request);
        }
        lied.ask(&lied.with_cursor(request, None))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::filters::caught_carrying;

    #[test]
    fn a_server_whose_tokens_forget_the_filter_is_caught() {
        insta::assert_snapshot!(caught_carrying(&LAW));
    }
}
