//! A refusal of wrong parameters lists at least one error.

use serde_json::json;

use crate::draw::wrong;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "422-says-what-is-wrong",
    group: Group::Refusal,
    title: "a refusal of wrong parameters lists at least one error",
    why: "without an error the caller has to guess which parameter is wrong",
    level: Level::Should,
    basis: Basis::Inferred("the document declares a list of errors, but does not require it"),
    citation: |contract| contract.cite("/x-validation-errors/errors"),
    cases: |session| wrong::listed_cases(session).map(Cases::Each),
    holds: |session, case| {
        let reply = session.send_case(case)?.reply;
        let Some(errors) = session.contract().validation_errors() else {
            return Ok(());
        };
        if reply.status != errors.status {
            return moot(format!(
                "the answer is {}, not {}",
                reply.status, errors.status
            ));
        }
        let body = reply.json().unwrap_or_default();
        let listed = errors.errors.get(&body).and_then(|list| list.as_array());
        match listed.map(Vec::len) {
            Some(1..) => Ok(()),
            Some(0) => broken(format!("errors at `{}`", errors.errors), "an empty list"),
            None => broken(format!("errors at `{}`", errors.errors), "no list"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let Some(errors) = lied.contract.validation_errors() else {
            return lied.ask(request);
        };
        lied.edit_invalid(request, |body| *place(body, &errors.errors) = json!([]))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_lists_no_errors_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
