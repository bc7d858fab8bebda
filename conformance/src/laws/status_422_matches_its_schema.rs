//! A refusal of wrong parameters is valid against its schema.

use openapi::{Contract, Schema, is_json};
use serde_json::{Value, json};

use crate::draw::wrong;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{moot, not_in_force};
use crate::{Breach, Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "422-matches-its-schema",
    group: Group::Refusal,
    title: "a refusal of wrong parameters has the body that the document declares",
    why: "clients that show the errors fail on any other body, just when a user needs them",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        let status = contract.invalid_status();
        let declared = contract.operation().response(status);
        declared.map_or_else(String::new, |declared| {
            contract.document().cite(&declared.pointer)
        })
    },
    cases: |session| {
        if schema(session.contract()).is_none() {
            return not_in_force("the document declares no JSON body for such a refusal");
        }
        wrong::cases(session).map(Cases::Each)
    },
    holds: |session, case| {
        let reply = session.send_case(case)?.reply;
        let (status, contract) = (reply.status, session.contract());
        if !contract.invalid().allows(status) {
            let invalid = contract.invalid();
            return moot(format!("the answer is {status}, not {invalid}"));
        }
        let sent = reply.header("content-type").unwrap_or_default();
        let declared = contract.operation().response(status);
        let media = declared.and_then(|declared| match declared.media(sent) {
            // The document may declare other bodies beside JSON.
            Some(media) => Some(media).filter(|_| is_json(sent)),
            None => declared.json(),
        });
        let Some(schema) = media.and_then(|media| media.schema.as_ref()) else {
            return moot(format!(
                "the document declares no JSON body for {status} as `{sent}`"
            ));
        };
        let cited = contract.document().cite(schema.pointer());
        let expected = format!("a body as {cited}");
        let violation = match reply.json() {
            None => "a body that is not JSON".to_owned(),
            Some(body) => match schema.violations(&body).first() {
                None => return Ok(()),
                Some(violation) => violation.to_string(),
            },
        };
        Err(Stop::Breach(Breach::of(expected, violation).citing(cited)))
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
