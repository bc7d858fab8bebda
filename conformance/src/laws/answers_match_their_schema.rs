//! Every body is what the document says for its status, formats included.

use crate::Breach;
use crate::draw;
use crate::law::{Basis, Cases, Group, Law, Level, Stop};
use crate::session::Watch;

pub(crate) const LAW: Law = Law {
    id: "answers-match-their-schema",
    group: Group::Shape,
    title: "every body, of every status met, is valid against the schema declared for that status, formats asserted",
    why: "generated clients fail to read anything else",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.document().cite(contract.body().pointer()),
    cases: |session| draw::pages(session, 0, 0).map(Cases::Drawn),
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        WATCH(session.contract(), &exchange).map_or(Ok(()), |breach| Err(Stop::Breach(breach)))
    },
    watch: Some(WATCH),
    lie: |lied, request| {
        // A number where the key is, on each page's last item.
        lied.edit_items(request, |items| {
            if let Some(item) = items.last_mut() {
                *crate::lie::place(item, &lied.contract.pagination().key) = serde_json::json!(1.5);
            }
        })
    },
};

const WATCH: Watch = |contract, exchange| {
    let reply = &exchange.reply;
    let media = contract
        .operation()
        .response(reply.status)?
        .media(reply.header("content-type")?)?;
    let schema = media.schema.as_ref()?;
    if exchange.request.method == "HEAD" {
        return None;
    }
    let Some(body) = reply.json() else {
        return Some(Breach {
            expected: format!("a body as {}", contract.document().cite(schema.pointer())),
            actual: "a body that is not JSON".into(),
        });
    };
    if schema.is_valid(&body) {
        return None;
    }
    let violation = schema.violations(&body).into_iter().next()?;
    Some(Breach {
        expected: format!("a body as {}", contract.document().cite(schema.pointer())),
        actual: format!("status {}, {violation}", reply.status),
    })
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_a_key_of_another_type_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
