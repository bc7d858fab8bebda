//! An id that is declared to be a ULID is a ULID.

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;

pub(crate) const LAW: Law = Law {
    id: "ids-are-ulids",
    group: Group::Values,
    title: "an id that is declared to be a ULID has 26 characters of Crockford's base 32, and the first is 0 to 7",
    why: "clients sort by ULIDs and read times from them",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            let well_formed = openapi::ulid_is_well_formed(said.text);
            said.must(well_formed, "26 characters of Crockford's base 32")
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Ends the id with a letter that is not in the alphabet.
        MARK.edit(lied, request, |text| {
            let stem: String = text.chars().take(25).collect();
            format!("{stem}U")
        })
    },
};

const MARK: Mark = Mark {
    keyword: "format",
    word: Some("ulid"),
    bearers: "ULIDs",
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_an_id_of_another_kind_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
