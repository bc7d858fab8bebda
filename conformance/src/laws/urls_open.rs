//! A presigned URL opens without credentials.

use std::cell::Cell;

use serde_json::Value;

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;
use crate::outcome::{moot, not_in_force};

pub(crate) const LAW: Law = Law {
    id: "urls-open",
    group: Group::Values,
    title: "a presigned URL opens without credentials, and returns the media type that the contract declares",
    why: "a client shows a broken image",
    level: Level::Info,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| {
        let cases = MARK.cases(session)?;
        if !session.facts().hooks().can_open() {
            return not_in_force("the subject file does not allow that presigned URLs are opened");
        }
        Ok(cases)
    },
    holds: |session, case| {
        let opened = Cell::new(false);
        MARK.hold(session, case, |said| {
            if opened.replace(true) {
                return moot("only one URL of a page is opened");
            }
            let reply = match session.facts().hooks().open(said.text) {
                None => return moot("presigned URLs cannot be opened"),
                Some(Ok(reply)) => reply,
                // Whether its server answers just now says nothing about the URL.
                Some(Err(lost)) => return moot(format!("`{}` got no answer: {lost}", said.text)),
            };
            if matches!(reply.status, 429 | 502..=504) {
                return moot(format!(
                    "`{}` was answered with {}",
                    said.text, reply.status
                ));
            }
            said.must(
                reply.status == 200,
                "a URL that is answered with status 200",
            )?;
            let declared = said.says.get("media-type").and_then(Value::as_str);
            let fits = declared.is_none_or(|declared| {
                let kind = reply.header("content-type").unwrap_or_default();
                kind.starts_with(declared.trim_end_matches('*'))
            });
            let expected = format!("a URL of {}", declared.unwrap_or_default());
            said.must(fits, &expected)
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Changes the path to an object that does not exist.
        MARK.edit(lied, request, |text| match text.split_once('?') {
            Some((stem, query)) => format!("{stem}.gone?{query}"),
            None => format!("{text}.gone"),
        })
    },
};

const MARK: Mark = Mark {
    keyword: "x-presigned",
    word: None,
    bearers: "presigned URLs",
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_urls_lead_nowhere_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
