//! An undeclared parameter changes nothing, or is refused.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::session::Ask;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "unknown-parameters-are-harmless",
    group: Group::Refusal,
    title: "an undeclared parameter changes nothing, or is refused as invalid",
    why: "links collect extra parameters; a page that changes because of them is wrong, and nothing shows it",
    level: Level::Info,
    basis: Basis::Inferred("the document declares every parameter that has an effect"),
    citation: |contract| contract.cite("/parameters"),
    cases: |session| {
        let (id, _) = draw::shortest(session, 1)?;
        let operation = session.contract().operation();
        let mut name = "x".to_owned();
        // An object may take any name.
        while operation.has_query_name(&name) && name.len() < 9 {
            name.push('x');
        }
        Ok(Cases::Each(vec![Case::of(&id).send(&name, "1")]))
    },
    holds: |session, case| {
        let asked = session.ask(case)?;
        let status = session.send_again(&asked)?.reply.status;
        if status == 400 || session.contract().invalid().allows(status) {
            session.note(format!("an undeclared parameter is refused with {status}"));
            return Ok(());
        }
        session.same_page(&Ask::of(&case.resource), &asked)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Treats the parameter as a filter that no item passes.
        let reply = lied.ask(request)?;
        let filtered = !lied.undeclared(request).is_empty() && lied.is_page(&reply);
        Ok(if filtered {
            lied.empty_page(request, reply)
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_that_filters_by_an_undeclared_parameter_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn an_undeclared_parameter_may_be_refused() {
        tolerated(&LAW, |contract, honest, request| {
            let mut reply = honest.send(request)?;
            if request.target.contains("?x=") {
                reply.status = contract.invalid_status();
            }
            Ok(reply)
        });
    }
}
