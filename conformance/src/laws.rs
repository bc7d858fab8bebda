//! The laws, one file each, and the list of them in the order of reports.
//!
//! A law's file is named after its id. Adding a law touches its file and this list; a test compares the
//! two.

use crate::Law;

mod answers_match_their_schema;
mod concurrent_walks_do_not_interfere;
mod cursor_beyond_the_end_is_empty;
mod cursor_is_exclusive;
mod cursor_survives_growth;
mod events_ascend;
mod events_never_change;
mod every_key_is_a_cursor;
mod foreign_cursor_leads_nowhere;
mod foreign_cursor_looks_unknown;
mod growth_during_a_walk_loses_nothing;
mod has_more_notices_growth;
mod has_more_only_when_more_remain;
mod has_more_until_nothing_remains;
mod hidden_events_stay_hidden;
mod last_key_leads_to_an_empty_page;
mod later_cursor_reads_a_suffix;
mod latest_covers_every_event;
mod latest_ignores_the_cursor;
mod latest_leads_to_an_empty_page;
mod latest_never_goes_back;
mod latest_of_nothing_is_a_number;
mod limit_is_a_ceiling;
mod limit_outside_bounds_is_refused;
mod malformed_cursor_is_refused;
mod negative_sequence_is_handled;
mod no_cursor_reads_from_the_start;
mod old_events_keep_their_place;
mod order_is_stable;
mod owner_is_served;
mod page_count_is_minimal;
mod polling_cursors_agree;
mod reading_twice_reads_the_same;
mod resources_share_no_events;
mod sequence_cursor_filters;
mod sequence_cursor_needs_no_event;
mod status_404_comes_before_any_read;
mod tail_reader_sees_each_new_event_once;
mod unknown_cursor_never_restarts;
mod walks_end;
mod walks_join_without_gap_or_repeat;

/// Every law, by group, in the order of reports.
pub(crate) const ALL: &[&Law] = &[
    &answers_match_their_schema::LAW,
    &limit_is_a_ceiling::LAW,
    &limit_outside_bounds_is_refused::LAW,
    &cursor_is_exclusive::LAW,
    &every_key_is_a_cursor::LAW,
    &last_key_leads_to_an_empty_page::LAW,
    &reading_twice_reads_the_same::LAW,
    &unknown_cursor_never_restarts::LAW,
    &malformed_cursor_is_refused::LAW,
    &foreign_cursor_leads_nowhere::LAW,
    &foreign_cursor_looks_unknown::LAW,
    &sequence_cursor_filters::LAW,
    &sequence_cursor_needs_no_event::LAW,
    &later_cursor_reads_a_suffix::LAW,
    &no_cursor_reads_from_the_start::LAW,
    &cursor_beyond_the_end_is_empty::LAW,
    &negative_sequence_is_handled::LAW,
    &walks_join_without_gap_or_repeat::LAW,
    &walks_end::LAW,
    &has_more_only_when_more_remain::LAW,
    &has_more_until_nothing_remains::LAW,
    &page_count_is_minimal::LAW,
    &order_is_stable::LAW,
    &events_ascend::LAW,
    &events_never_change::LAW,
    &resources_share_no_events::LAW,
    &concurrent_walks_do_not_interfere::LAW,
    &latest_covers_every_event::LAW,
    &latest_ignores_the_cursor::LAW,
    &latest_leads_to_an_empty_page::LAW,
    &latest_of_nothing_is_a_number::LAW,
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
