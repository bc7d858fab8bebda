//! A parameter that the document does not know changes nothing, or is refused.

use crate::Case;
use crate::draw;
use crate::law::{Basis, Cases, Group, Law, Level, broken, moot};
use crate::session::{Ask, difference};

pub(crate) const LAW: Law = Law {
    id: "unknown-parameters-are-harmless",
    group: Group::Refusal,
    title: "a parameter that the document does not know changes nothing, or is refused as invalid",
    why: "links gather parameters on their way; a page that silently changes by them is wrong without a trace",
    level: Level::Info,
    basis: Basis::Inferred("the document declares every parameter that means something"),
    citation: |contract| contract.cite("/parameters"),
    cases: |session| {
        let (id, _) = draw::shortest(session, 1)?;
        let operation = session.contract().operation();
        let mut name = "x".to_owned();
        while operation
            .parameters
            .iter()
            .any(|parameter| parameter.name == name)
        {
            name.push('x');
        }
        Ok(Cases::Each(vec![Case::of(&id).send(&name, "1")]))
    },
    holds: |session, case| {
        let plain = Ask::of(&case.resource);
        let before = session.page_or_moot(&plain)?;
        let exchange = session.send_case(case)?;
        let after = session.page_or_moot(&plain)?;
        let status = exchange.reply.status;
        if [400, session.contract().invalid_status()].contains(&status) {
            session.note(format!("an unknown parameter is refused by {status}"));
            return Ok(());
        }
        if before.keys != after.keys {
            return moot("the timeline grew meanwhile");
        }
        match session.read(&exchange) {
            Ok(page) if page.keys == before.keys => Ok(()),
            Ok(page) => broken("the same page", difference(&before.keys, &page.keys)),
            Err(breach) => broken("the same page", breach.actual),
        }
    },
    watch: None,
    lie: |lied, request| {
        // Takes it for a filter that nothing passes.
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
    use crate::testing::caught;

    #[test]
    fn a_server_that_filters_by_an_unknown_parameter_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
