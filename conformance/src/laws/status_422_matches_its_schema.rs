//! A refusal of wrong parameters is valid against its schema.

use openapi::{Contract, Schema};
use serde_json::{Value, json};

use crate::draw::wrong;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot, not_in_force};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "422-matches-its-schema",
    group: Group::Refusal,
    title: "a refusal of wrong parameters has the body that the document declares",
    why: "clients that show the errors fail on any other body, just when a user needs them",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite(&format!("/responses/{}", contract.invalid_status())),
    cases: |session| {
        if schema(session.contract()).is_none() {
            return not_in_force("the document declares no body for such a refusal");
        }
        wrong::cases(session).map(Cases::Each)
    },
    holds: |session, case| {
        let reply = session.send_case(case)?.reply;
        let (invalid, contract) = (session.contract().invalid_status(), session.contract());
        let Some(schema) = schema(contract).filter(|_| reply.status == invalid) else {
            return moot(format!("the answer is {}, not {invalid}", reply.status));
        };
        let expected = format!("a body as {}", contract.document().cite(schema.pointer()));
        let Some(body) = reply.json() else {
            return broken(expected, "a body that is not JSON");
        };
        match schema.violations(&body).first() {
            None => Ok(()),
            Some(violation) => broken(expected, violation.to_string()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let Some(schema) = schema(lied.contract) else {
            return lied.ask(request);
        };
        lied.edit_invalid(request, |body| {
            // Puts a sentence in the place of the list of errors, or else in the place of the body.
            let mut worded = body.clone();
            if let Some(errors) = lied.contract.validation_errors() {
                *place(&mut worded, &errors.errors) = json!("a parameter is wrong");
            }
            let broken = [
                worded,
                json!("a parameter is wrong"),
                json!({}),
                Value::Null,
            ];
            if let Some(broken) = broken.into_iter().find(|body| !schema.is_valid(body)) {
                *body = broken;
            }
        })
    },
};

fn schema(contract: &Contract) -> Option<&Schema> {
    contract.refusal(contract.invalid_status())?.schema.as_ref()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_answers_with_a_sentence_instead_of_a_list_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
