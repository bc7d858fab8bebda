//! A list holds as many events as the subject file declares.

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::Counted;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "declared-events-are-served",
    group: Group::Walk,
    title: "a list holds as many events as the subject file declares, from the first to the last, however deep",
    why: "a list that ends early, or that lacks its beginning, looks complete to each client",
    level: Level::Must,
    basis: Basis::Inferred("the subject file says how many events there are"),
    citation: |contract| contract.cite("/x-pagination/items"),
    cases: |session| {
        let declares = |one: &&crate::Resource| one.events.is_some() && !one.grows;
        let mut declared: Vec<_> = session.resources().iter().filter(declares).collect();
        declared.sort_by_key(|one| one.events);
        // Of lists that are too long to be counted, only the longest is looked at.
        let counts = |one: &&crate::Resource| one.events <= Some(session.countable());
        let countable = declared.iter().take_while(|one| counts(one)).count();
        declared.drain(countable..declared.len().max(countable + 1) - 1);
        let cases: Vec<_> = declared.iter().map(|one| Case::of(&one.name)).collect();
        if cases.is_empty() {
            return not_in_force("the subject file declares no number of events (`events`)");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let facts = session.facts().resource(&case.resource);
        let Some(declared) = facts.and_then(|facts| facts.events) else {
            return moot("the subject file declares no number of events");
        };
        let listing = session.listing_of(case)?;
        if listing.complete && listing.keys.len() as u64 == declared {
            return Ok(());
        }
        let deep = if listing.complete {
            None
        } else {
            session.look_deep(case, declared)?
        };
        if let Some(deep) = deep {
            session.note(format!(
                "{}: looked at event {deep} of {declared}",
                case.resource
            ));
        }
        if deep == Some(declared) {
            return Ok(());
        }
        match session.count(&case.resource, declared)? {
            Counted::All(counted) if counted == declared => Ok(()),
            Counted::All(counted) => broken(events(declared), events(counted)),
            Counted::Until(counted) if counted > declared => {
                broken(events(declared), format!("{counted} or more"))
            }
            Counted::Until(counted) => {
                session.note(format!(
                    "{}: walked {counted} events deep of {declared}",
                    case.resource
                ));
                Ok(())
            }
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves nothing of a list that has more than one item.
        let reply = lied.ask(request)?;
        if !lied.is_page(&reply) || lied.whole(request)?.is_some_and(|items| items.len() < 2) {
            return Ok(reply);
        }
        Ok(lied.empty_page(request, reply))
    },
};

fn events(count: u64) -> String {
    match count {
        1 => "1 event".to_owned(),
        count => format!("{count} events"),
    }
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::Lie;
    use crate::testing::{caught, contracts, honest, verdict};
    use crate::{Liar, Verdict};

    #[test]
    fn a_server_that_serves_nothing_of_a_list_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    /// A server whose lists are changed in this way is caught, whatever the seed draws.
    fn check(lie: Lie) {
        for (contract, facts) in contracts() {
            let liar = Liar::new(contract.clone(), lie, honest());
            let found = verdict(&LAW, &contract, &facts, &liar);
            assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
        }
    }

    #[test]
    fn a_server_that_loses_the_first_event_is_caught() {
        check(|lied, request| {
            lied.rearranged(request, |items| {
                items.drain(..items.len().min(1));
            })
        });
    }

    #[test]
    fn a_server_that_serves_only_the_newest_events_is_caught() {
        check(|lied, request| {
            lied.rearranged(request, |items| {
                items.drain(..items.len().saturating_sub(50));
            })
        });
    }
}
