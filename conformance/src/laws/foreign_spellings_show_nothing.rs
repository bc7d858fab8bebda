//! Another spelling of a foreign id shows no event.

use serde_json::Value;

use crate::draw::hidden;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{Exchange, Page, Session};
use crate::{Case, Cases, Level};

/// Two resources may have items with the same shorter key.
const TELLING: usize = 8;

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
        let shown = session.page_or_moot(&session.ask(&owners)?)?;
        let Some(exchange) = session.dare(&session.ask(case)?)? else {
            return moot("no answer to this spelling");
        };
        // Where every id has a resource, another spelling may name one of the caller's own.
        if !shows(session, &exchange, &shown) {
            return Ok(());
        }
        let usual = Case {
            spelled: None,
            ..case.clone()
        };
        if shows(session, &session.send_case(&usual)?, &shown) {
            return session.not_refused(&usual, "the usual spelling shows these events, too");
        }
        let status = exchange.reply.status;
        broken("no event", format!("status {status}, with events"))
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

/// Whether an answer has an item of this page.
fn shows(session: &Session<'_>, exchange: &Exchange, page: &Page) -> bool {
    let contract = session.contract();
    let hidden = contract.items(&page.body).unwrap_or_default();
    let body = exchange.json();
    let items = body.as_ref().and_then(|body| contract.items(body));
    let is_hidden = |item: &Value| {
        let key = contract.key(item).filter(|key| key.len() >= TELLING);
        key.is_some_and(|key| page.cursors.contains(&key)) || hidden.contains(item)
    };
    items.unwrap_or_default().iter().any(is_hidden)
}

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
