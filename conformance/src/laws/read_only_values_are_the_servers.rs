//! A client that sends a read-only value does not set it.

use openapi::Act;

use crate::Level;
use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs};

pub(crate) const LAW: Law = Law {
    id: "read-only-values-are-the-servers",
    group: Group::Changes,
    title: "a creation that also sends a property that is `readOnly` is refused, or does not set it",
    why: "a client makes itself an administrator, or writes into the past",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite(""),
    cases: |session| changes::own_items(session, &[]),
    holds: |session, case| {
        session.undoing(case, || {
            let body = session.accepted_body(case)?;
            let first = session.create_with(case, &body, None)?;
            let Some(key) = session
                .created_key(&first)
                .filter(|_| first.reply.status < 300)
            else {
                return never_occurs("the second item is refused");
            };
            let shown = session.shown_alone(case, &key)?;
            let mut intrusions = session.intrusions(&shown, &body).into_iter().peekable();
            if intrusions.peek().is_none() {
                return never_occurs("no property of an item that is `readOnly` can be sent");
            }
            for (name, intrusion) in intrusions.take(TRIED) {
                let exchange = session.create_with(case, &intrusion, None)?;
                let created = session.created_key(&exchange);
                let Some(key) = created.filter(|_| exchange.reply.status < 300) else {
                    continue;
                };
                let shown = session.shown_alone(case, &key)?;
                let sent = &intrusion.fields[&name];
                if shown.get(&name) == Some(sent) {
                    return broken(
                        format!("a value of `{name}` that the server made, or a refusal"),
                        format!("{sent}, as it was sent"),
                    );
                }
            }
            Ok(())
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Shows every value that was sent, whosever it is.
        let reply = lied.ask(request)?;
        let created = lied.act(request).and_then(|(act, key)| {
            let created = lied.changed(Act::Create, &key?)?;
            (act == Act::Read).then(|| lied.sent_fields(&created))
        });
        let Some(sent) = created else {
            return Ok(reply);
        };
        Ok(lied.edit_item(reply, Act::Read, |item| {
            for (name, value) in item {
                if let Some(own) = sent.get(name) {
                    *value = own.clone();
                }
            }
        }))
    },
};

/// The number of properties that are sent, each with an item of its own.
const TRIED: usize = 4;

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_takes_read_only_values_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
