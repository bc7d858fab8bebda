//! HEAD is GET without the body.

use bytes::Bytes;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::with_header;
use crate::outcome::{broken, moot, not_in_force};
use crate::session::Ask;
use crate::subject::{Reply, Request};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "head-mirrors-get",
    group: Group::Refusal,
    title: "if HEAD is answered with 200, it has the Content-Type of GET, and no body",
    why: "proxies and monitors use HEAD, and rely on it for what GET would return",
    level: Level::Should,
    basis: Basis::Standard("RFC 9110 §9.3.2"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: |session| {
        if session.contract().operation().method != "GET" {
            return not_in_force("the operation is not a GET");
        }
        let (id, _) = draw::longest(session)?;
        Ok(Cases::Each(vec![Case::of(&id).method("HEAD")]))
    },
    holds: |session, case| {
        let get = session.send(&Ask::of(&case.resource))?.reply;
        let head = session.send_case(case)?.reply;
        if head.status != 200 || get.status != 200 {
            session.note(format!("HEAD is answered with {}", head.status));
            return moot(format!(
                "GET is answered with {}, HEAD with {}",
                get.status, head.status
            ));
        }
        let content_type =
            |reply: &Reply| reply.header("content-type").unwrap_or("none").to_owned();
        if content_type(&head) != content_type(&get) {
            return broken(
                format!("Content-Type {}, as for GET", content_type(&get)),
                format!("Content-Type {}", content_type(&head)),
            );
        }
        if !head.body.is_empty() {
            return broken("no body", format!("{} bytes", head.body.len()));
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_whose_head_differs_from_get_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
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
