//! A refusal of wrong parameters names each wrong parameter.

use openapi::{Location, ValidationErrors};
use serde_json::{Value, json};

use crate::draw::wrong;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "422-names-the-parameter",
    group: Group::Refusal,
    title: "a refusal of wrong parameters has an error for each of them, with its place and name",
    why: "forms need the name to show the message beside the field",
    level: Level::Should,
    basis: Basis::Inferred("an error's location is declared, and it is the path to the value"),
    citation: |contract| contract.cite("/x-validation-errors/location"),
    cases: |session| wrong::listed_cases(session).map(Cases::Each),
    holds: |session, case| {
        let reply = session.send_case(case)?.reply;
        let Some(errors) = session.contract().validation_errors() else {
            return Ok(());
        };
        let named = named(errors, &reply.json().unwrap_or_default());
        if reply.status != errors.status || named.is_empty() {
            return moot(format!(
                "the answer is {}, and lists no errors",
                reply.status
            ));
        }
        for (name, _) in &case.sent {
            let operation = session.contract().operation();
            let in_header = operation.parameter(Location::Header, name).is_some();
            let place = if in_header {
                Location::Header
            } else {
                Location::Query
            }
            .word();
            let wanted = [place, name.as_str()];
            if !named.iter().any(|path| starts_with(path, wanted)) {
                return broken(
                    format!("an error at {}", json!(wanted)),
                    format!("errors at {}", json!(named)),
                );
            }
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let Some(errors) = lied.contract.validation_errors() else {
            return lied.ask(request);
        };
        lied.edit_invalid(request, |body| {
            let list = place(body, &errors.errors).as_array_mut();
            for error in list.into_iter().flatten() {
                *place(error, &errors.location) = json!(["body"]);
            }
        })
    },
};

/// The locations of the errors that a body lists.
fn named(errors: &ValidationErrors, body: &Value) -> Vec<Value> {
    let list = errors.errors.get(body).and_then(Value::as_array);
    let list = list.map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|error| errors.location.get(error).cloned())
        .collect()
}

/// Whether a location starts with this place and name. The case of header names does not count.
fn starts_with(path: &Value, wanted: [&str; 2]) -> bool {
    let words = path.as_array().map(Vec::as_slice).unwrap_or_default();
    let same = |(word, wanted): (&Value, &str)| {
        word.as_str()
            .is_some_and(|word| word.eq_ignore_ascii_case(wanted))
    };
    words.len() >= wanted.len() && words.iter().zip(wanted).all(same)
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_blames_the_body_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
