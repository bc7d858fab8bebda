//! The laws, one file each, and the list of them in the order of reports.
//!
//! A law's file is named after its id. Adding a law touches its file and this list; a test compares the
//! two.

use crate::Law;

mod answers_match_their_schema;
mod cursor_is_exclusive;
mod cursor_survives_growth;
mod growth_during_a_walk_loses_nothing;
mod has_more_notices_growth;
mod hidden_events_stay_hidden;
mod latest_never_goes_back;
mod limit_is_a_ceiling;
mod limit_outside_bounds_is_refused;
mod old_events_keep_their_place;
mod owner_is_served;
mod polling_cursors_agree;
mod status_404_comes_before_any_read;
mod tail_reader_sees_each_new_event_once;

/// Every law, by group, in the order of reports.
pub(crate) const ALL: &[&Law] = &[
    &answers_match_their_schema::LAW,
    &limit_is_a_ceiling::LAW,
    &limit_outside_bounds_is_refused::LAW,
    &cursor_is_exclusive::LAW,
    &old_events_keep_their_place::LAW,
    &tail_reader_sees_each_new_event_once::LAW,
    &growth_during_a_walk_loses_nothing::LAW,
    &has_more_notices_growth::LAW,
    &cursor_survives_growth::LAW,
    &latest_never_goes_back::LAW,
    &polling_cursors_agree::LAW,
    &hidden_events_stay_hidden::LAW,
    &owner_is_served::LAW,
    &status_404_comes_before_any_read::LAW,
];
