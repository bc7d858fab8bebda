//! HEAD is GET without the body.

use bytes::Bytes;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::with_header;
use crate::outcome::{broken, moot, not_in_force};
use crate::session::Session;
use crate::subject::{Reply, Request};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "head-mirrors-get",
    group: Group::Refusal,
    title: "if HEAD is answered with 200, GET is, too, and HEAD has its headers (type, length, links, total and validators), and no body",
    why: "proxies and monitors use HEAD, and rely on it for what GET would return",
    level: Level::Should,
    basis: Basis::Standard("RFC 9110 §9.3.2"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: |session| {
        if session.contract().operation().method != "GET" {
            return not_in_force("the operation is not a GET");
        }
        let (id, _) = draw::longest(session)?;
        let plain = Case::of(&id);
        let mut cases = vec![plain.clone()];
        let least = draw::accepted(session).ok().map(|accepted| accepted.start);
        cases.extend(least.map(|least| plain.limit(least)));
        cases.extend(draw::behind_a_cursor(session, &id));
        // A handler of its own may skip the checks of GET.
        cases.extend(draw::wrong::cases(session).into_iter().flatten().next());
        let heads = cases.into_iter().map(|case| case.method("HEAD"));
        Ok(Cases::Each(heads.collect()))
    },
    holds: |session, case| {
        let plain = Case {
            method: None,
            ..case.clone()
        };
        let get = session.send_case(&plain)?.reply;
        let head = session.send_case(case)?.reply;
        let refuses = (400..500).contains(&get.status);
        if refuses && head.status == get.status {
            return Ok(());
        }
        if refuses && head.status == 200 {
            let again = session.send_case(&plain)?.reply.status;
            if again == get.status {
                return broken(format!("status {again}, as for GET"), "status 200");
            }
        }
        if head.status != 200 || get.status != 200 {
            session.note(format!("HEAD is answered with {}", head.status));
            return moot(format!(
                "GET is answered with {}, HEAD with {}",
                get.status, head.status
            ));
        }
        if !head.body.is_empty() {
            return broken("no body", format!("{} bytes", head.body.len()));
        }
        let Some(different) = different(session, &get, &head) else {
            return Ok(());
        };
        // A header may change from one page to the next.
        let again = session.send_case(&plain)?.reply;
        if again.header(different) != get.header(different) {
            return moot(format!("`{different}` changes from answer to answer"));
        }
        let text = |reply: &Reply| reply.header(different).unwrap_or("none").to_owned();
        let named = if different == "content-type" {
            "Content-Type"
        } else {
            different
        };
        broken(
            format!("{named} {}, as for GET", text(&get)),
            format!("{named} {}", text(&head)),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        if request.method != "HEAD" {
            return lied.ask(request);
        }
        let get = Request {
            method: "GET".to_owned(),
            ..request.clone()
        };
        let reply = with_header(lied.ask(&get)?, "content-type", "text/html");
        Ok(Reply {
            body: Bytes::new(),
            ..reply
        })
    },
};

/// The first header of a page that HEAD has with another value. One that HEAD lacks is no breach, but the type.
fn different<'n>(session: &'n Session<'_>, get: &Reply, head: &Reply) -> Option<&'n str> {
    let total = session.contract().pagination().totals.header.as_deref();
    let mut names = [
        "content-type",
        "content-length",
        "link",
        "etag",
        "last-modified",
    ]
    .into_iter()
    .chain(total);
    names.find(|name| {
        let (get, head) = (get.header(name), head.header(name));
        let lacks = head.is_none() || get.is_none();
        get != head && (*name == "content-type" || !lacks)
    })
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::Verdict;
    use crate::lie::with_header;
    use crate::subject::{Request, Subject};
    use crate::testing::{caught, contracts, honest, tolerated, verdict};

    #[test]
    fn a_server_whose_head_differs_from_get_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_server_whose_head_has_another_length_is_caught() {
        for (contract, facts) in contracts() {
            let honest = honest();
            let shorter = |request: &Request| {
                let mut reply = honest.send(request)?;
                let get = Request {
                    method: "GET".to_owned(),
                    ..request.clone()
                };
                if request.method == "HEAD" {
                    let length = honest.send(&get)?.body.len() + 7;
                    reply = with_header(reply, "content-length", &length.to_string());
                } else {
                    let length = reply.body.len().to_string();
                    reply = with_header(reply, "content-length", &length);
                }
                Ok(reply)
            };
            let found = verdict(&LAW, &contract, &facts, &shorter);
            assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
        }
    }

    #[test]
    fn a_server_whose_head_skips_the_checks_of_get_is_caught() {
        for (contract, facts) in contracts() {
            let honest = honest();
            let unchecked = |request: &Request| {
                let reply = honest.send(request)?;
                if request.method != "HEAD" || reply.status != 422 {
                    return Ok(reply);
                }
                let plain = request.path().to_owned();
                honest.send(&Request {
                    target: plain,
                    ..request.clone()
                })
            };
            let found = verdict(&LAW, &contract, &facts, &unchecked);
            assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
        }
    }

    #[test]
    fn a_server_need_not_support_head() {
        tolerated(&LAW, |_, honest, request| {
            let mut reply = honest.send(request)?;
            if request.method == "HEAD" {
                reply.status = 405;
            }
            Ok(reply)
        });
    }
}
