//! The laws, one file each, and the list of them in the order of reports.
//!
//! A law's file is named after its id. Adding a law touches its file and this list; a test compares the
//! two.

use crate::Law;

mod answers_match_their_schema;
mod authentication_comes_first;
mod bad_credentials_are_refused;
mod bad_query_on_a_missing_resource;
mod credentials_are_required;
mod cursor_is_exclusive;
mod cursor_survives_growth;
mod foreign_and_unknown_look_alike;
mod foreign_resource_is_404;
mod growth_during_a_walk_loses_nothing;
mod has_more_notices_growth;
mod head_mirrors_get;
mod hidden_events_stay_hidden;
mod hostile_input_never_breaks_the_server;
mod latest_never_goes_back;
mod limit_is_a_ceiling;
mod limit_outside_bounds_is_refused;
mod old_events_keep_their_place;
mod other_methods_are_405;
mod other_methods_change_nothing;
mod owner_is_served;
mod percent_encoding_changes_nothing;
mod polling_cursors_agree;
mod scheme_is_case_insensitive;
mod status_401_carries_a_challenge;
mod status_404_comes_before_any_read;
mod status_404_ignores_the_query;
mod status_404_takes_no_longer_when_foreign;
mod status_422_matches_its_schema;
mod status_422_names_the_parameter;
mod status_422_says_what_is_wrong;
mod tail_reader_sees_each_new_event_once;
mod unknown_parameters_are_harmless;
mod unknown_resource_is_404;

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
    &unknown_resource_is_404::LAW,
    &foreign_resource_is_404::LAW,
    &foreign_and_unknown_look_alike::LAW,
    &status_404_ignores_the_query::LAW,
    &bad_query_on_a_missing_resource::LAW,
    &status_404_comes_before_any_read::LAW,
    &status_404_takes_no_longer_when_foreign::LAW,
    &credentials_are_required::LAW,
    &bad_credentials_are_refused::LAW,
    &authentication_comes_first::LAW,
    &status_401_carries_a_challenge::LAW,
    &scheme_is_case_insensitive::LAW,
    &status_422_matches_its_schema::LAW,
    &status_422_says_what_is_wrong::LAW,
    &status_422_names_the_parameter::LAW,
    &other_methods_are_405::LAW,
    &other_methods_change_nothing::LAW,
    &head_mirrors_get::LAW,
    &hostile_input_never_breaks_the_server::LAW,
    &percent_encoding_changes_nothing::LAW,
    &unknown_parameters_are_harmless::LAW,
];
