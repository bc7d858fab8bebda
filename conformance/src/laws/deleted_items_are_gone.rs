//! An item that was deleted is neither read nor listed.

use openapi::Act;
use serde_json::{Map, Value};

use crate::Level;
use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs};
use crate::session::item_in;

pub(crate) const LAW: Law = Law {
    id: "deleted-items-are-gone",
    group: Group::Changes,
    title: "an item that was deleted is answered with 404 or 410, and has left its list",
    why: "a person deletes something private, and others still see it",
    level: Level::Must,
    basis: Basis::Inferred("the answer to the deletion says that it was done"),
    citation: |contract| contract.cite(""),
    cases: |session| changes::own_items(session, &[]),
    holds: |session, case| {
        session.undoing(case, || {
            let made = session.create(case)?;
            let before = session.shown_alone(case, &made.key)?;
            let status = session
                .act(case, Act::Delete, &made.key, None)?
                .reply
                .status;
            if !(200..300).contains(&status) {
                return never_occurs(format!("the deletion is refused with status {status}"));
            }
            let mut shown = None;
            let gone = session.eventually(|| {
                let exchange = session.read_alone(case, &made.key)?;
                let read = session.member(Act::Read)?;
                let item = item_in(read, &exchange).unwrap_or_default();
                let status = exchange.reply.status;
                shown = Some(status);
                Ok((status != 200 || says_deleted(&before, &item)).then_some(status))
            })?;
            match gone.or(shown) {
                Some(404 | 410) | None => {}
                // The item itself says that it is deleted.
                Some(200) if gone.is_some() => {
                    session.note(
                        "an item that was deleted is still read, and says that it is deleted",
                    );
                }
                Some(status) => {
                    return broken("status 404 or 410", format!("status {status}"));
                }
            }
            let left = session.eventually(|| {
                let listing = session.read_listing(&case.resource)?;
                Ok(listing.place_of(&made.key).is_none().then_some(()))
            })?;
            match left {
                Some(()) => Ok(()),
                None => broken(
                    format!("a list without `{}`", made.key),
                    "it is still listed",
                ),
            }
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Deletes nothing.
        if lied.is_for_created(request, Act::Delete) {
            return lied.pretend(request, 204);
        }
        lied.ask(request)
    },
};

/// Whether an item says that it was deleted: by a flag, or by a word, that it did not have before.
fn says_deleted(before: &Map<String, Value>, now: &Map<String, Value>) -> bool {
    const WORDS: [&str; 6] = [
        "deleted", "archived", "removed", "closed", "cancel", "trash",
    ];
    let is_word = |text: &str| {
        let text = text.to_ascii_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    };
    now.iter().any(|(name, value)| {
        let is_new = before.get(name) != Some(value) && !value.is_null();
        let says = match value {
            Value::Bool(is) => *is && is_word(name),
            Value::String(text) => is_word(text) || is_word(name),
            Value::Number(_) => is_word(name),
            _ => false,
        };
        is_new && says
    })
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_deletes_nothing_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
