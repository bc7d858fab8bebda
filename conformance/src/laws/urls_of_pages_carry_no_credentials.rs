//! URLs of other pages do not hold the caller's credentials.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs, not_in_force};
use crate::{Cases, Credentials, Level};

/// The shortest token that cannot stand in a URL by chance.
const SHORTEST: usize = 6;

pub(crate) const LAW: Law = Law {
    id: "urls-of-pages-carry-no-credentials",
    group: Group::Authentication,
    title: "the URLs of other pages do not hold the caller's credentials",
    why: "URLs are logged, shared and shown, and a credential in one is everyone's",
    level: Level::Must,
    basis: Basis::Standard("RFC 6750, 5.3"),
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        session.needs(Promise::UrlsAreSaid)?;
        let mut schemes = session.contract().operation().security.iter().flatten();
        if schemes.next().is_none() {
            return not_in_force("the document asks for no credentials");
        }
        draw::pages(session, 1, 0).map(Cases::Drawn)
    },
    holds: |session, case| {
        let known = session.facts().resource(&case.resource);
        let owner = known.map_or("", |resource| resource.owner.as_str());
        let token = session.facts().token(match &case.credentials {
            Credentials::Caller(name) => name,
            _ => owner,
        });
        let Some(token) = token.filter(|token| token.len() >= SHORTEST) else {
            return never_occurs("the caller has no token that could be told from other text");
        };
        let page = session.page_or_moot(&session.ask(case)?)?;
        let plain = |url: &str| {
            percent_encoding::percent_decode_str(url)
                .decode_utf8_lossy()
                .into_owned()
        };
        match page.urls.iter().find(|url| plain(url).contains(token)) {
            Some(url) => {
                let shown = plain(url).replace(token, "…");
                broken("a URL without the caller's token", shown)
            }
            None => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Adds the token to the URL of the next page.
        let sent = request.header("authorization").unwrap_or_default();
        let token = sent
            .split_whitespace()
            .last()
            .unwrap_or_default()
            .to_owned();
        lied.with_urls(request, |link| format!("{}&access_token={token}", link.url))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_that_puts_the_token_into_urls_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
