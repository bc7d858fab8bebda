//! Manual changes, through the names that people use.

use fixtures::{Ending, ManualChanges, ResourceCard, Timeline, Unfit};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Mock;
use crate::changes::{ChangeError, Kept};
use crate::kind::TimelineRoute;
use crate::resource_name::ResourceName;

impl Mock {
    /// Adds an event now: a computed one, in which `fields` replace computed fields. Returns the timeline
    /// with it.
    ///
    /// `timeline` is the contract's name, as in scenarios.
    pub fn append(
        &self,
        timeline: &str,
        resource: impl Into<ResourceName>,
        fields: Option<Map<String, Value>>,
        now: Timestamp,
    ) -> Result<Timeline, ChangeError> {
        self.change(timeline, resource, now, |route, timeline| {
            timeline.append(&route.contract, fields)
        })
    }

    /// Adds an event that is never served. It takes a sequence number if events have them.
    pub fn hide(
        &self,
        timeline: &str,
        resource: impl Into<ResourceName>,
        now: Timestamp,
    ) -> Result<Timeline, ChangeError> {
        self.change(timeline, resource, now, |_, timeline| Ok(timeline.hide()))
    }

    /// Ends a resource now.
    pub fn end(
        &self,
        timeline: &str,
        resource: impl Into<ResourceName>,
        ending: Ending,
        now: Timestamp,
    ) -> Result<Timeline, ChangeError> {
        self.change(timeline, resource, now, |route, timeline| {
            timeline.end_as(&route.contract, ending)
        })
    }

    /// Deletes a resource. From now on it is as if it never existed.
    pub fn delete(
        &self,
        timeline: &str,
        resource: impl Into<ResourceName>,
    ) -> Result<(), ChangeError> {
        let route = self.named(timeline).ok_or(ChangeError::NoTimeline)?;
        self.changes
            .delete(&self.world, route.place, &resource.into())
    }

    /// Creates a resource, and returns it as it is now.
    ///
    /// `make` gets the changes that are there, and returns how the resource begins. No other change happens meanwhile.
    pub(crate) fn begin<E>(
        &self,
        route: &TimelineRoute,
        now: Timestamp,
        make: impl FnOnce(&Kept) -> Result<ManualChanges, E>,
    ) -> Result<Option<ResourceCard>, E> {
        let changes = self.changes.begin(route.place, make)?;
        let card = self.world.begun_card(route.place, &changes, now);
        Ok(card.and_then(|card| self.changed(vec![card], now).pop()))
    }

    /// The key of the resource with this name.
    pub(crate) fn key(
        &self,
        route: &TimelineRoute,
        name: &ResourceName,
    ) -> Result<Box<[String]>, ChangeError> {
        self.changes.key(&self.world, route.place, name)
    }

    fn change(
        &self,
        timeline: &str,
        resource: impl Into<ResourceName>,
        now: Timestamp,
        change: impl FnOnce(&TimelineRoute, &Timeline) -> Result<ManualChanges, Unfit>,
    ) -> Result<Timeline, ChangeError> {
        let route = self.named(timeline).ok_or(ChangeError::NoTimeline)?;
        self.check_room().map_err(ChangeError::Full)?;
        let change = |timeline: &Timeline| change(route, timeline);
        let name = resource.into();
        let timeline = self
            .changes
            .change(&self.world, route.place, &name, now, change)?;
        if timeline.is_begun() && timeline.has_ended() {
            self.settle_item(route.place, &timeline, now);
        }
        Ok(timeline)
    }

    /// How many answers read events of a timeline.
    pub fn reads(&self) -> u64 {
        self.changes.reads()
    }

    /// Counts an answer that reads events.
    pub(crate) fn count_read(&self) {
        self.changes.count_read();
    }

    /// Undoes every manual change and sets the count of reads to zero. What the scenario tells is there again.
    pub fn reset(&self) {
        self.changes.reset();
        self.whole_changes.reset();
        self.repeats.reset();
        self.indexes.clear();
        self.tell_again();
    }

    /// Starts again from `now`, because the clock may have been set back.
    pub(crate) fn clock_was_set(&self, now: Timestamp) {
        self.changes.clock_was_set(now);
        self.whole_changes.clock_was_set(now);
    }
}
