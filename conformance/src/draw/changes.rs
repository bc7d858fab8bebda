//! Cases of laws that create, change and delete items of a list.

use openapi::Act;

use crate::outcome::{Skip, not_in_force};
use crate::session::Session;
use crate::{Case, Cases, UnsafeMethods, draw};

/// The shortest list, if the document has operations that create an item, read it, delete it, and do all of these.
///
/// Without a way to delete it, an item would be left on the server.
pub(crate) fn own_items(session: &Session<'_>, acts: &[Act]) -> Result<Cases, Skip> {
    let case = own_items_of(session, acts)?;
    Ok(Cases::Each(vec![case]))
}

/// As [`own_items`], as one case.
fn own_items_of(session: &Session<'_>, acts: &[Act]) -> Result<Case, Skip> {
    if session.collection().is_none() {
        return not_in_force("no other operation of the document shares the items of this list");
    }
    for act in [Act::Create, Act::Read, Act::Delete].iter().chain(acts) {
        session.member(*act)?;
    }
    if !session.names_what_it_creates() {
        return not_in_force(
            "the answer to a creation shows neither the item nor a `Location`, so it could not be deleted again",
        );
    }
    if session.facts().unsafe_methods() == UnsafeMethods::Refuse {
        return not_in_force(UnsafeMethods::REFUSED);
    }
    let (name, _) = draw::shortest(session, 0)?;
    Ok(Case::of(&name))
}

/// A caller who must not reach the items of a list that is another's.
///
/// Not in force unless the contract declares the answer for a foreign resource.
pub(crate) fn strangers(session: &Session<'_>, acts: &[Act]) -> Result<Cases, Skip> {
    own_items_of(session, acts)?;
    draw::hidden::foreign_status(session)?;
    let mut cases = draw::hidden::foreign_cases(session)?;
    cases.truncate(1);
    Ok(Cases::Each(cases))
}
