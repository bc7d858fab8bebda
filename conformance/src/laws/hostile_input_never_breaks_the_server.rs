//! No request makes the server fail.

use crate::draw::hostile;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "hostile-input-never-breaks-the-server",
    group: Group::Refusal,
    title: "ids, cursors, limits, queries and headers of any text and length get an answer below 500",
    why: "a client that can make a server fail can keep it busy, and a failure may reveal internals",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/responses"),
    cases: |session| {
        Ok(Cases::EachAndDrawn(
            hostile::known(session)?,
            hostile::cases(session)?,
        ))
    },
    holds: |session, case| {
        match session.dare(&session.ask(case)?)? {
            Some(exchange) if exchange.reply.status < 500 => Ok(()),
            Some(exchange) => broken(
                "a status below 500",
                format!("status {}", exchange.reply.status),
            ),
            // RFC 9112, 3.2: this is no valid target, so a server may close the connection.
            None if case
                .query
                .as_ref()
                .is_some_and(|query| query.contains(char::is_control)) =>
            {
                moot("no answer to a request that is no valid HTTP")
            }
            // RFC 9112, 3: what stands before a server may refuse or drop it.
            None if session.is_long(&session.ask(case)?) => {
                moot("no answer to a request line that is longer than servers have to support")
            }
            None => broken("an answer", "none, but the next plain request gets one"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Control characters are percent-encoded as %00 to %1F; a percent sign itself is %25.
        let control = ["%0", "%1"]
            .iter()
            .any(|start| request.target.contains(start));
        let reply = lied.ask(request)?;
        Ok(if control {
            lied.refuse(reply, 500)
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::Verdict;
    use crate::subject::{Lost, Request, Subject};
    use crate::testing::{caught, contracts, honest, tolerated, verdict};

    #[test]
    fn a_server_that_fails_on_control_characters_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_server_that_fails_when_its_cursor_is_sent_twice_is_caught() {
        for (contract, facts) in contracts() {
            let (honest, cursor) = (honest(), contract.paging().place().name.clone());
            let fails = |request: &Request| {
                let mut reply = honest.send(request)?;
                let query = request.query();
                if query.iter().filter(|(name, _)| *name == cursor).count() == 2 {
                    reply.status = 500;
                }
                Ok(reply)
            };
            let found = verdict(&LAW, &contract, &facts, &fails);
            assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
        }
    }

    #[test]
    fn a_server_that_fails_on_a_query_that_is_no_text_is_caught() {
        for (contract, facts) in contracts() {
            let honest = honest();
            let fails = |request: &Request| {
                let mut reply = honest.send(request)?;
                if request.target.contains("=%FF") {
                    reply.status = 500;
                }
                Ok(reply)
            };
            let Verdict::Broken(found) = verdict(&LAW, &contract, &facts, &fails) else {
                panic!("{} is not caught", contract.name());
            };
            let query = found.case.query.unwrap_or_default();
            assert!(query.contains("=%FF"), "{query}");
        }
    }

    #[test]
    fn a_server_that_drops_very_long_request_lines_is_not_blamed() {
        tolerated(&LAW, |_, honest, request| {
            if request.target.len() > 8_000 {
                return Err(Lost::new("connection closed"));
            }
            honest.send(request)
        });
    }

    #[test]
    fn a_server_that_closes_the_connection_is_caught_and_not_counted_as_lost() {
        for (contract, facts) in contracts() {
            let honest = honest();
            let hangs_up = |request: &Request| {
                if request.target.contains("%00") {
                    return Err(Lost::new("connection closed"));
                }
                honest.send(request)
            };
            let found = verdict(&LAW, &contract, &facts, &hangs_up);
            assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
        }
    }
}
