//! Another spelling of a foreign id shows no event.

use crate::draw::hidden;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "foreign-spellings-show-nothing",
    group: Group::MissingResource,
    title: "a foreign id that is percent-encoded, of the other case, or has a slash before or behind it, shows no event",
    why: "the check of the owner and the look-up of the events may read the id in different ways",
    level: Level::Must,
    basis: Basis::Inferred("the events of another caller are hidden, however the path is written"),
    citation: |contract| contract.cite("/x-pagination/parent/foreign"),
    cases: |session| {
        if session.contract().parent().is_none() {
            return not_in_force("the path has no id of a resource");
        }
        let mut cases = Vec::new();
        for case in hidden::foreign_cases(session)? {
            if session.listing(&case.resource)?.keys.is_empty() {
                continue;
            }
            let id = session.id_of(&case.resource);
            let spellings = spellings(&id).into_iter();
            cases.extend(spellings.map(|spelled| case.clone().spelled(spelled)));
            // The shortest list with events is enough.
            break;
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let owners = Case {
            credentials: crate::Credentials::Owner,
            spelled: None,
            ..case.clone()
        };
        session.page_or_moot(&session.ask(&owners)?)?;
        let Some(exchange) = session.dare(&session.ask(case)?)? else {
            return moot("no answer to this spelling");
        };
        if session.shows_items(&exchange.reply, case)? {
            let status = exchange.reply.status;
            return broken("no event", format!("status {status}, with events"));
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Compares the owner only if the id is written as usual.
        let reply = lied.ask(request)?;
        let usual = lied.usual_path(request);
        if usual == request.path() || lied.is_page(&reply) {
            return Ok(reply);
        }
        let mut as_usual = request.clone();
        as_usual.target = request.target.replacen(request.path(), &usual, 1);
        match lied.as_owner(&as_usual) {
            Some(owners) => lied.ask(&owners),
            None => Ok(reply),
        }
    },
};

/// Other ways to write an id in a path.
fn spellings(id: &str) -> Vec<String> {
    let encoded: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let other_case = if id.contains(|one: char| one.is_ascii_lowercase()) {
        id.to_ascii_uppercase()
    } else {
        id.to_ascii_lowercase()
    };
    let mut spellings = vec![
        encoded,
        format!("{id}/"),
        format!("/{id}"),
        format!("./{id}"),
    ];
    spellings.extend((other_case != id).then_some(other_case));
    spellings
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_checks_only_the_usual_spelling_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
