//! A server checks access to a resource before it reads events.

use openapi::{Checked, Promise};

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Stop, broken, moot, not_in_force};
use crate::session::{Session, done};
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "404-comes-before-any-read",
    group: Group::MissingResource,
    title: "the server reads no event for an unknown or foreign resource, for any query; for the owner it reads some",
    why: "a server that reads before it decides reveals, by its speed or its errors, whether events exist",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/parent/checked"),
    cases: |session| {
        let parent = session.contract().pagination().parent.as_ref();
        if parent.and_then(|parent| parent.checked) != Some(Checked::BeforeRead) {
            return not_in_force("the contract does not say when the parent is checked");
        }
        if !session.hooks().can_count() {
            return not_in_force("there is no hook that counts reads");
        }
        let mut cases = Vec::new();
        for (resource, stranger) in session.foreign()? {
            let case = Case::of(&resource.name).by(stranger);
            if session.promises(Promise::ItemsNamePlaces)
                && !session.listing(&resource.name)?.keys.is_empty()
            {
                cases.push(case.clone().after(After::Item(0)));
            }
            cases.push(case);
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let ask = session.ask(case)?;
        let owner = session.ask(&Case::of(&case.resource))?;
        let start = count(session)?;
        session.send(&owner)?;
        let lag = session.wait_until(|| Ok(count(session)? != start))?;
        let Some(lag) = lag else {
            return moot(
                "the counter of reads does not change for the owner's request, so it does not work",
            );
        };
        // A counter that is late may still count the owner's reads.
        session.let_it_show(lag)?;
        let before = count(session)?;
        session.send(&ask)?;
        session.let_it_show(lag)?;
        let after = count(session)?;
        if after == before {
            return Ok(());
        }
        broken(
            "no read of events",
            format!("{} reads", after.saturating_sub(before)),
        )
    },
    watch: None,
    conduct: Conduct {
        counts_reads: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Reads something even if it refuses.
        let reply = lied.ask(request)?;
        if reply.status != 200 {
            lied.read_again()?;
        }
        Ok(reply)
    },
};

fn count(session: &Session<'_>) -> Result<u64, Stop> {
    match session.hooks().reads() {
        Some(reads) => done("reads", reads),
        None => moot("there is no hook that counts reads"),
    }
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_reads_before_it_refuses_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
