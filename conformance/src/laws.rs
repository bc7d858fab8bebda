//! The laws, one file each, and the list of them in the order of reports.
//!
//! A law's file is named after its id. Adding a law touches its file and this list; a test compares the
//! two.

use crate::Law;

mod added_events_are_dated_now;
mod added_events_lead_on;
mod answers_are_not_shared_cacheable;
mod answers_are_whole;
mod answers_match_their_schema;
mod authentication_comes_first;
mod backward_mirrors_forward;
mod bad_credentials_are_refused;
mod bad_query_on_a_missing_resource;
mod beyond_the_end_is_empty;
mod both_ways_meet;
mod bound_leaves_out_what_is_not_above;
mod cached_answers_stay_with_their_caller;
mod changes_during_a_walk_lose_nothing;
mod compressed_answers_are_whole;
mod concurrent_walks_do_not_interfere;
mod conditions_are_compared;
mod constants_keep_their_value;
mod content_range_names_the_items;
mod created_items_are_listed;
mod created_items_are_read;
mod created_items_keep_their_values;
mod credentials_are_required;
mod cursor_beyond_the_end_is_empty;
mod cursor_is_exclusive;
mod cursor_is_inclusive;
mod cursor_survives_growth;
mod declared_events_are_served;
mod deleted_items_are_gone;
mod deletions_lose_no_other_item;
mod documented_defaults_change_nothing;
mod empty_or_repeated_limit_is_handled;
mod empty_page_names_no_items;
mod empty_page_promises_no_more;
mod events_added_at_once_are_all_met;
mod events_ascend;
mod events_never_change;
mod every_key_is_a_cursor;
mod expired_cursor_can_be_resumed;
mod filter_holds_behind_a_cursor;
mod filter_values_part_the_list;
mod filtered_token_shows_own_items;
mod first_id_names_the_first_item;
mod foreign_and_unknown_look_alike;
mod foreign_cursor_leads_nowhere;
mod foreign_cursor_looks_unknown;
mod foreign_resource_is_404;
mod foreign_spellings_show_nothing;
mod foreign_token_shows_own_items;
mod forged_token_never_restarts;
mod growth_during_a_walk_loses_nothing;
mod has_more_notices_growth;
mod has_more_only_when_more_remain;
mod has_more_until_nothing_remains;
mod head_is_refused_like_get;
mod head_mirrors_get;
mod hidden_events_stay_hidden;
mod hostile_input_never_breaks_the_server;
mod ids_are_ulids;
mod item_reads_the_same_alone;
mod keys_are_unique_on_a_page;
mod last_id_names_the_last_item;
mod last_key_leads_to_an_empty_page;
mod later_cursor_reads_a_suffix;
mod latest_covers_every_event;
mod latest_ignores_the_cursor;
mod latest_leads_to_an_empty_page;
mod latest_never_goes_back;
mod latest_of_nothing_is_a_number;
mod lifecycle_is_kept;
mod limit_bounds_are_inclusive;
mod limit_defaults_as_documented;
mod limit_is_a_ceiling;
mod limit_must_be_an_integer;
mod limit_of_zero_is_as_declared;
mod limit_outside_bounds_is_refused;
mod link_headers_are_well_formed;
mod links_lead_where_they_say;
mod malformed_cursor_is_refused;
mod media_type_is_declared;
mod names_are_unique_in_an_object;
mod negative_sequence_is_handled;
mod next_url_reads_the_next_page;
mod no_cursor_reads_from_the_start;
mod no_request_always_fails;
mod object_keys_never_cross;
mod offset_skips_exactly;
mod old_events_keep_their_place;
mod order_holds_behind_a_cursor;
mod order_is_stable;
mod orders_are_reverses;
mod other_methods_are_405;
mod other_methods_change_nothing;
mod other_way_reads_the_same_items;
mod owner_is_served;
mod page_count_is_minimal;
mod page_total_fits_the_items;
mod pages_are_full_while_more_remain;
mod pages_tile_the_list;
mod patches_change_only_what_they_name;
mod percent_encoding_changes_nothing;
mod polling_cursors_agree;
mod read_only_values_are_the_servers;
mod reading_twice_reads_the_same;
mod remaining_counts_what_follows;
mod removed_events_keep_their_place;
mod repeated_creations_create_once;
mod replaced_items_have_the_new_values;
mod required_headers_are_sent;
mod resource_is_echoed;
mod resources_share_no_events;
mod scheme_is_case_insensitive;
mod sequence_cursor_filters;
mod sequence_cursor_needs_no_event;
mod smaller_page_is_a_prefix;
mod spellings_of_a_cursor_agree;
mod status_401_carries_a_challenge;
mod status_404_comes_before_any_read;
mod status_404_ignores_the_query;
mod status_404_takes_no_longer_when_foreign;
mod status_422_matches_its_schema;
mod status_422_names_the_parameter;
mod status_422_says_what_is_wrong;
mod status_is_declared;
mod strangers_cannot_tell_items;
mod strangers_do_not_reach_items;
mod tail_reader_sees_each_new_event_once;
mod times_are_not_in_the_future;
mod times_are_utc;
mod times_follow_the_order;
mod token_keeps_its_filters;
mod token_keeps_its_limit;
mod token_keeps_its_order;
mod token_of_another_list_shows_own_items;
mod total_counts_every_item;
mod unknown_cursor_never_restarts;
mod unknown_parameters_are_harmless;
mod unknown_resource_is_404;
mod urls_are_absolute;
mod urls_are_fresh;
mod urls_are_presigned;
mod urls_are_short_lived;
mod urls_of_pages_carry_no_credentials;
mod urls_of_pages_stay_on_the_host;
mod urls_open;
mod validators_change_with_the_page;
mod values_between_items_are_places;
mod values_stay_in_their_sets;
mod walks_end;
mod walks_join_without_gap_or_repeat;
mod ways_on_agree;
mod write_only_values_are_not_served;

/// Every law, by group, in the order of reports.
pub(crate) const ALL: &[&Law] = &[
    &answers_are_whole::LAW,
    &compressed_answers_are_whole::LAW,
    &answers_match_their_schema::LAW,
    &media_type_is_declared::LAW,
    &required_headers_are_sent::LAW,
    &status_is_declared::LAW,
    &constants_keep_their_value::LAW,
    &resource_is_echoed::LAW,
    &keys_are_unique_on_a_page::LAW,
    &write_only_values_are_not_served::LAW,
    &values_stay_in_their_sets::LAW,
    &names_are_unique_in_an_object::LAW,
    &first_id_names_the_first_item::LAW,
    &last_id_names_the_last_item::LAW,
    &empty_page_names_no_items::LAW,
    &empty_page_promises_no_more::LAW,
    &total_counts_every_item::LAW,
    &remaining_counts_what_follows::LAW,
    &page_total_fits_the_items::LAW,
    &link_headers_are_well_formed::LAW,
    &content_range_names_the_items::LAW,
    &limit_is_a_ceiling::LAW,
    &limit_defaults_as_documented::LAW,
    &limit_bounds_are_inclusive::LAW,
    &limit_outside_bounds_is_refused::LAW,
    &limit_must_be_an_integer::LAW,
    &limit_of_zero_is_as_declared::LAW,
    &pages_are_full_while_more_remain::LAW,
    &smaller_page_is_a_prefix::LAW,
    &empty_or_repeated_limit_is_handled::LAW,
    &cursor_is_exclusive::LAW,
    &every_key_is_a_cursor::LAW,
    &last_key_leads_to_an_empty_page::LAW,
    &reading_twice_reads_the_same::LAW,
    &unknown_cursor_never_restarts::LAW,
    &malformed_cursor_is_refused::LAW,
    &foreign_cursor_leads_nowhere::LAW,
    &foreign_cursor_looks_unknown::LAW,
    &forged_token_never_restarts::LAW,
    &foreign_token_shows_own_items::LAW,
    &filtered_token_shows_own_items::LAW,
    &token_of_another_list_shows_own_items::LAW,
    &token_keeps_its_limit::LAW,
    &token_keeps_its_order::LAW,
    &token_keeps_its_filters::LAW,
    &expired_cursor_can_be_resumed::LAW,
    &cursor_is_inclusive::LAW,
    &values_between_items_are_places::LAW,
    &bound_leaves_out_what_is_not_above::LAW,
    &offset_skips_exactly::LAW,
    &pages_tile_the_list::LAW,
    &beyond_the_end_is_empty::LAW,
    &backward_mirrors_forward::LAW,
    &sequence_cursor_filters::LAW,
    &sequence_cursor_needs_no_event::LAW,
    &later_cursor_reads_a_suffix::LAW,
    &no_cursor_reads_from_the_start::LAW,
    &cursor_beyond_the_end_is_empty::LAW,
    &negative_sequence_is_handled::LAW,
    &spellings_of_a_cursor_agree::LAW,
    &declared_events_are_served::LAW,
    &walks_join_without_gap_or_repeat::LAW,
    &walks_end::LAW,
    &both_ways_meet::LAW,
    &other_way_reads_the_same_items::LAW,
    &orders_are_reverses::LAW,
    &order_holds_behind_a_cursor::LAW,
    &filter_holds_behind_a_cursor::LAW,
    &filter_values_part_the_list::LAW,
    &ways_on_agree::LAW,
    &next_url_reads_the_next_page::LAW,
    &urls_of_pages_stay_on_the_host::LAW,
    &links_lead_where_they_say::LAW,
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
    &added_events_lead_on::LAW,
    &events_added_at_once_are_all_met::LAW,
    &removed_events_keep_their_place::LAW,
    &changes_during_a_walk_lose_nothing::LAW,
    &growth_during_a_walk_loses_nothing::LAW,
    &has_more_notices_growth::LAW,
    &cursor_survives_growth::LAW,
    &latest_never_goes_back::LAW,
    &polling_cursors_agree::LAW,
    &validators_change_with_the_page::LAW,
    &hidden_events_stay_hidden::LAW,
    &added_events_are_dated_now::LAW,
    &owner_is_served::LAW,
    &unknown_resource_is_404::LAW,
    &foreign_resource_is_404::LAW,
    &foreign_spellings_show_nothing::LAW,
    &foreign_and_unknown_look_alike::LAW,
    &status_404_ignores_the_query::LAW,
    &bad_query_on_a_missing_resource::LAW,
    &status_404_comes_before_any_read::LAW,
    &status_404_takes_no_longer_when_foreign::LAW,
    &credentials_are_required::LAW,
    &bad_credentials_are_refused::LAW,
    &head_is_refused_like_get::LAW,
    &authentication_comes_first::LAW,
    &status_401_carries_a_challenge::LAW,
    &scheme_is_case_insensitive::LAW,
    &urls_of_pages_carry_no_credentials::LAW,
    &status_422_matches_its_schema::LAW,
    &status_422_says_what_is_wrong::LAW,
    &status_422_names_the_parameter::LAW,
    &other_methods_are_405::LAW,
    &other_methods_change_nothing::LAW,
    &head_mirrors_get::LAW,
    &no_request_always_fails::LAW,
    &conditions_are_compared::LAW,
    &hostile_input_never_breaks_the_server::LAW,
    &percent_encoding_changes_nothing::LAW,
    &unknown_parameters_are_harmless::LAW,
    &documented_defaults_change_nothing::LAW,
    &item_reads_the_same_alone::LAW,
    &times_are_utc::LAW,
    &times_are_not_in_the_future::LAW,
    &times_follow_the_order::LAW,
    &lifecycle_is_kept::LAW,
    &ids_are_ulids::LAW,
    &urls_are_absolute::LAW,
    &urls_are_presigned::LAW,
    &urls_are_fresh::LAW,
    &urls_are_short_lived::LAW,
    &urls_open::LAW,
    &object_keys_never_cross::LAW,
    &answers_are_not_shared_cacheable::LAW,
    &cached_answers_stay_with_their_caller::LAW,
    &created_items_are_read::LAW,
    &created_items_are_listed::LAW,
    &created_items_keep_their_values::LAW,
    &replaced_items_have_the_new_values::LAW,
    &patches_change_only_what_they_name::LAW,
    &deleted_items_are_gone::LAW,
    &deletions_lose_no_other_item::LAW,
    &repeated_creations_create_once::LAW,
    &read_only_values_are_the_servers::LAW,
    &strangers_do_not_reach_items::LAW,
    &strangers_cannot_tell_items::LAW,
];
