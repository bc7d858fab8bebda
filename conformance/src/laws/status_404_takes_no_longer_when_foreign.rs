//! A foreign resource is refused as fast as a missing one.

use std::time::{Duration, Instant};

use crate::draw::{hidden, ids};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::Ask;
use crate::{Cases, Level};

/// The number of requests for each of the two, in turn.
const ROUNDS: usize = 10;
/// The time that the fastest foreign answer may take beyond 1.5 times the fastest unknown one.
///
/// A smaller difference is noise.
const SLACK: Duration = Duration::from_millis(5);

pub(crate) const LAW: Law = Law {
    id: "404-takes-no-longer-when-foreign",
    group: Group::MissingResource,
    title: "a foreign resource with many events is refused as fast as a missing one, within \
            1.5 times its time and 5 ms",
    why: "the time of an answer can reveal that events were read before access was checked",
    level: Level::Info,
    basis: Basis::Inferred(
        "whether the caller may see the resource is decided before any event is read",
    ),
    citation: |contract| contract.cite("/x-pagination/parent/checked"),
    cases: |session| {
        hidden::missing_status(session)?;
        hidden::foreign_status(session)?;
        let Some(foreign) = hidden::foreign_cases(session)?.pop() else {
            return not_in_force("there is no foreign resource");
        };
        let unknown = ids::unknown(session, &foreign.resource, 1);
        Ok(Cases::Each(vec![foreign.and(unknown)]))
    },
    holds: |session, case| {
        let foreign = session.ask(case)?;
        let unknown =
            Ask::of(case.other.as_deref().unwrap_or_default()).by(case.credentials.clone());
        let (mut least_unknown, mut least_foreign) = (Duration::MAX, Duration::MAX);
        session.send(&unknown)?;
        session.send(&foreign)?;
        for _ in 0..ROUNDS {
            least_unknown = least_unknown.min(session.send_again(&unknown)?.took);
            least_foreign = least_foreign.min(session.send_again(&foreign)?.took);
        }
        session.note(format!(
            "fastest of {ROUNDS} refusals: unknown {:.2} ms, foreign {:.2} ms",
            least_unknown.as_secs_f64() * 1e3,
            least_foreign.as_secs_f64() * 1e3
        ));
        if least_foreign <= least_unknown + least_unknown / 2 + SLACK {
            return Ok(());
        }
        broken(
            "a foreign resource refused as fast as an unknown one",
            "a slower refusal: the notes say by how much",
        )
    },
    watch: None,
    conduct: Conduct {
        measures_time: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Reads the events several times before it refuses.
        let began = Instant::now();
        let reply = lied.ask(request)?;
        let until = began.elapsed() * 2 + SLACK * 4;
        if let Some(owners) = lied
            .as_owner(request)
            .filter(|_| lied.is_foreign(request, &reply))
        {
            while began.elapsed() < until {
                lied.ask(&owners)?;
            }
        }
        Ok(reply)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_reads_events_before_it_refuses_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
