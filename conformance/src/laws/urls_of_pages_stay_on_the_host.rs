//! URLs of other pages lead to the server that was asked.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::subject::origin;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "urls-of-pages-stay-on-the-host",
    group: Group::Walk,
    title: "the URLs of other pages lead to the scheme, host and port that the client called",
    why: "a client that follows the URL leaves the server, and takes its credentials along",
    level: Level::Should,
    basis: Basis::Inferred("the next page is on the server that has the first"),
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        session.needs(Promise::UrlsAreSaid)?;
        if session.run().base().is_none() {
            return not_in_force("the subject has no address");
        }
        draw::pages(session, 1, 0).map(Cases::Drawn)
    },
    holds: |session, case| {
        let Some(own) = session.run().base().and_then(origin) else {
            return moot("the subject has no address");
        };
        let page = session.page_or_moot(&session.ask(case)?)?;
        let mut others = page.urls.iter().filter_map(|url| origin(url));
        match others.find(|other| *other != own) {
            Some(other) => broken(format!("URLs that lead to {own}"), other),
            None => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Names itself as it is called behind a proxy.
        lied.with_urls(request, |link| match origin(link.url) {
            Some(own) => format!("http://backend.internal:8080{}", &link.url[own.len()..]),
            None => format!("http://backend.internal:8080{}", link.url),
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught_at_its_address;

    #[test]
    fn a_server_whose_urls_lead_elsewhere_is_caught() {
        insta::assert_snapshot!(caught_at_its_address(&LAW));
    }
}
