//! A time that is declared to be UTC has a UTC offset.

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;

pub(crate) const LAW: Law = Law {
    id: "times-are-utc",
    group: Group::Values,
    title: "a time that is declared to be UTC ends in `Z` or an offset of zero",
    why: "clients drop the offset, or sort times as text, and then events are off by hours",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            let offset = said.text.get(said.text.len().saturating_sub(6)..);
            let zero = said.text.ends_with(['Z', 'z'])
                || offset.is_some_and(|offset| matches!(offset, "+00:00" | "-00:00"));
            said.must(zero, "a time that ends in `Z` or `+00:00`")
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Keeps the hour and the minute, and changes the offset.
        MARK.edit(lied, request, |text| {
            let face = text.trim_end_matches(['Z', 'z']);
            let face = face.strip_suffix("+00:00").unwrap_or(face);
            format!("{face}+02:00")
        })
    },
};

const MARK: Mark = Mark {
    keyword: "x-utc",
    word: None,
    bearers: "times in UTC",
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_sends_local_times_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
