//! The refusal of an expired cursor has one to go on from.

use openapi::key_text;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::{edit_json, place};
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::session::Watch;
use crate::{Breach, Cases, Level};

/// The greatest number of pages to read until a cursor expires.
const PAGES: usize = 40;

pub(crate) const LAW: Law = Law {
    id: "expired-cursor-can-be-resumed",
    group: Group::Cursor,
    title: "the refusal of an expired cursor has a cursor to go on from, and that one leads to a page",
    why: "a client whose cursor expired must read the whole list again",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/expires"),
    cases: |session| {
        let expires = session.contract().pagination().cursor.expires.as_ref();
        if expires.is_none_or(|expires| expires.resume.is_none()) {
            return not_in_force("the contract does not say that an expired cursor can be resumed");
        }
        session.eases_if_assumed(
            "cursor",
            "the document does not say what the cursor there is",
        );
        draw::each_resource(session, 2).map(Cases::Each)
    },
    holds: |session, case| {
        let case = draw::of_shortest_page(session, case.clone());
        let mut at = None;
        for _ in 0..PAGES {
            let ask = match &at {
                None => session.ask(&case)?,
                Some(at) => session.ask_at(&case, at),
            };
            let exchange = session.send(&ask)?;
            if session.has_expired(&exchange) {
                if let Some(breach) = WATCH(session.contract(), &exchange) {
                    return Err(crate::Stop::Breach(breach));
                }
                let Some(resumed) = session.resumed(&exchange) else {
                    return moot("the cursor to go on from is no place");
                };
                let exchange = session.send(&session.ask_at(&case, &resumed))?;
                if session.has_expired(&exchange) {
                    return moot("the cursor to go on from expired, too");
                }
                return match session.read(&exchange) {
                    Ok(_) => Ok(()),
                    Err(breach) => broken("a page behind the cursor to go on from", breach.actual),
                };
            }
            let page = session.read_or_moot(&exchange)?;
            match page.next.filter(|_| !page.last) {
                Some(next) => at = Some(next),
                None => break,
            }
        }
        never_occurs("no cursor expired")
    },
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Every cursor has expired, and none is there to go on from.
        let mut reply = lied.ask(request)?;
        let expires = lied.contract.pagination().cursor.expires.as_ref();
        let sent = lied.asked(request).cursor.is_some();
        if let Some(expires) = expires.filter(|_| sent && lied.is_page(&reply)) {
            reply.status = expires.status;
            reply = edit_json(reply, |body| {
                if let Some(resume) = &expires.resume {
                    *place(body, resume) = "".into();
                }
            });
        }
        Ok(reply)
    },
};

const WATCH: Watch = |contract, exchange| {
    let expires = contract.pagination().cursor.expires.as_ref()?;
    let resume = expires.resume.as_ref()?;
    let sent = !exchange.request.page(contract).at.is_start();
    if expires.status != exchange.reply.status || !sent || !exchange.is_ordinary(contract) {
        return None;
    }
    let body = exchange.json();
    let text = body.and_then(|body| resume.get(&body).and_then(key_text));
    if text.is_some_and(|text| !text.is_empty()) {
        return None;
    }
    let expected = format!("a cursor at `{resume}` of the refusal");
    Some(Breach::of(expected, "none"))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::{caught_though_unseen, resumed};

    #[test]
    fn a_server_whose_expired_cursors_lead_nowhere_is_caught() {
        insta::assert_snapshot!(caught_though_unseen(&LAW));
    }

    #[test]
    fn a_server_that_hands_out_a_fresh_cursor_is_spared() {
        resumed(&LAW);
    }
}
