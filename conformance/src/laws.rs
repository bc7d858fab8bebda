//! The laws, one file each, and the list of them in the order of reports.
//!
//! A law's file is named after its id. Adding a law touches its file and this list; a test compares the
//! two.

use crate::Law;

mod answers_match_their_schema;
mod cursor_is_exclusive;
mod limit_is_a_ceiling;
mod limit_outside_bounds_is_refused;
mod owner_is_served;

/// Every law, by group, in the order of reports.
pub(crate) const ALL: &[&Law] = &[
    &answers_match_their_schema::LAW,
    &limit_is_a_ceiling::LAW,
    &limit_outside_bounds_is_refused::LAW,
    &cursor_is_exclusive::LAW,
    &owner_is_served::LAW,
];
