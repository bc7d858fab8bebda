//! Methods that the document does not declare remove no event.

use crate::draw::{self, methods};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{Ask, difference, is_grown_from};
use crate::{Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "other-methods-change-nothing",
    group: Group::Refusal,
    title: "after a request with a method that the document does not declare, every event is where it was",
    why: "a log is useless if every caller can delete from it",
    level: Level::Must,
    basis: Basis::Inferred(
        "new events appear at the open end only, and no method that changes them is declared",
    ),
    citation: |contract| contract.cite("/x-pagination/order/append-only"),
    cases: |session| {
        if !session.contract().pagination().order.append_only {
            return not_in_force("the contract does not say that the list is append-only");
        }
        let (id, _) = draw::shortest(session, 1)?;
        methods::undeclared(session, &id).map(Cases::Each)
    },
    holds: |session, case| {
        let before = session.read_listing(&case.resource)?;
        if !before.complete {
            return moot("the timeline is too long to be read twice");
        }
        session.send_case(case)?;
        let method = case.method.as_deref().unwrap_or_default();
        let expected = format!("every event that was there before {method}");
        let after = match session.read_listing(&case.resource) {
            Err(Stop::Moot(reason)) => {
                // A page was here before. So a refusal means that the resource is gone.
                let plain = session.send(&Ask::of(&case.resource))?;
                return match plain.reply.status {
                    status @ 400..429 => {
                        broken(expected, format!("status {status}: the resource is gone"))
                    }
                    _ => moot(reason),
                };
            }
            read => read?,
        };
        if is_grown_from(&after.keys, &before.keys) {
            return Ok(());
        }
        broken(expected, difference(&before.keys, &after.keys))
    },
    watch: None,
    conduct: Conduct {
        may_change_data: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Returns no events right after a DELETE request for the resource.
        let name = lied.asked(request).resource;
        let deleted = lied
            .previous
            .as_ref()
            .filter(|previous| previous.method == "DELETE")
            .is_some_and(|previous| lied.asked(previous).resource == name);
        let reply = lied.ask(request)?;
        let forgets = deleted && lied.is_page(&reply);
        Ok(if forgets {
            lied.empty_page(request, reply)
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::LAW;
    use crate::testing::{caught, contracts, honest, verdict};
    use crate::{Reply, Request, Subject, UnsafeMethods, Verdict};

    /// Judges a server whose DELETE takes the whole resource away, and counts its DELETE requests.
    fn with_delete(permission: UnsafeMethods, status: u16) -> Vec<(Verdict, bool)> {
        let judged = contracts().into_iter().map(|(contract, facts)| {
            let (honest, deleted) = (honest(), AtomicBool::new(false));
            let subject = |request: &Request| {
                let reply = honest.send(request)?;
                if request.method == "DELETE" {
                    deleted.store(true, Ordering::Relaxed);
                }
                let gone = deleted.load(Ordering::Relaxed);
                let status = if gone { status } else { reply.status };
                Ok(Reply { status, ..reply })
            };
            let facts = facts.with_unsafe_methods(permission);
            let found = verdict(&LAW, &contract, &facts, &subject);
            (found, deleted.load(Ordering::Relaxed))
        });
        judged.collect()
    }

    #[test]
    fn a_resource_that_is_gone_afterwards_is_a_breach() {
        for status in [404, 410] {
            for (found, _) in with_delete(UnsafeMethods::Allow, status) {
                let Verdict::Broken(found) = found else {
                    panic!("{found:#?}");
                };
                let expected = format!("status {status}: the resource is gone");
                assert_eq!(found.breach.actual, expected);
            }
        }
    }

    #[test]
    fn a_server_that_is_busy_afterwards_is_not_blamed() {
        for (found, _) in with_delete(UnsafeMethods::Allow, 503) {
            assert!(!matches!(found, Verdict::Broken(_)), "{found:#?}");
        }
    }

    #[test]
    fn without_permission_nothing_is_deleted_and_the_reason_says_how_to_allow_it() {
        for (found, deleted) in with_delete(UnsafeMethods::Refuse, 404) {
            let Verdict::NotInForce { reason } = found else {
                panic!("{found:#?}");
            };
            assert!(reason.contains("unsafe-methods: allow"), "{reason}");
            assert!(!deleted);
        }
    }

    #[test]
    fn a_server_that_deletes_events_by_an_undeclared_method_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
