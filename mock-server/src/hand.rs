//! What is done to jobs by hand while the mock runs, and how often events were read: its only state.
//!
//! A reader first tells its moment, then takes the layer; a writer takes the lock, then the latest moment
//! that any reader told. So whatever is added lies behind everything that anyone has read, and nothing
//! becomes visible behind a cursor that was handed out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use fixtures::{Caller, Ending, ManualChanges, ResourceCard, Timeline, Unfit, Unseen};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::mock::{Mock, Route};

/// The layers of jobs, by the place of their contract and their id.
type Layers = HashMap<usize, HashMap<String, Arc<ManualChanges>>>;

#[derive(Debug)]
pub(crate) struct Hand {
    layers: RwLock<Layers>,
    /// The latest moment for which a timeline was looked at, in milliseconds since 1970.
    latest: AtomicI64,
    reads: AtomicU64,
}

impl Default for Hand {
    fn default() -> Self {
        Self {
            layers: RwLock::default(),
            latest: AtomicI64::new(i64::MIN),
            reads: AtomicU64::new(0),
        }
    }
}

/// Why nothing was done to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// No document has timelines of this name.
    NoTimeline,
    /// There is no such job.
    NoJob,
    /// It cannot be done to this job, or with this event.
    Unfit(Unfit),
}

impl Mock {
    /// Adds an event, now: a computed one, with `fields` in place of its own. The timeline behind it.
    ///
    /// `timeline` is the name of the contract, as scenarios have it.
    pub fn append(
        &self,
        timeline: &str,
        id: &str,
        fields: Option<Map<String, Value>>,
        now: Timestamp,
    ) -> Result<Timeline, Undone> {
        self.change(timeline, id, now, |route, timeline| {
            timeline.append(&route.contract, fields)
        })
    }

    /// Adds an event that is never served; where there are sequence numbers it takes one.
    pub fn hide(&self, timeline: &str, id: &str, now: Timestamp) -> Result<Timeline, Undone> {
        self.change(timeline, id, now, |_, timeline| Ok(timeline.hide()))
    }

    /// Ends a job, now.
    pub fn end(
        &self,
        timeline: &str,
        id: &str,
        ending: Ending,
        now: Timestamp,
    ) -> Result<Timeline, Undone> {
        self.change(timeline, id, now, |route, timeline| {
            timeline.end_as(&route.contract, ending)
        })
    }

    /// Takes a job away: from now on it was never there.
    pub fn delete(&self, timeline: &str, id: &str, now: Timestamp) -> Result<(), Undone> {
        let gone = |_: &Route, timeline: &Timeline| Ok(timeline.delete());
        self.change(timeline, id, now, gone).map(drop)
    }

    /// How often events of a timeline were read for an answer.
    pub fn reads(&self) -> u64 {
        self.hand.reads.load(Ordering::SeqCst)
    }

    /// Undoes everything that was done by hand.
    pub fn reset(&self) {
        let mut layers = self.write_layers();
        layers.clear();
        self.hand.reads.store(0, Ordering::SeqCst);
        self.hand.latest.store(i64::MIN, Ordering::SeqCst);
    }

    /// Tells that the clock was set to `now`, which may lie before moments that were answered for.
    pub(crate) fn clock_was_set(&self, now: Timestamp) {
        let _layers = self.write_layers();
        self.hand
            .latest
            .store(now.as_millisecond(), Ordering::SeqCst);
    }

    /// Every job, as it is now.
    pub fn jobs(&self, now: Timestamp) -> Vec<ResourceCard> {
        let cards = self.world.resources(now).into_iter();
        let touched = cards.filter_map(|card| {
            let route = self.named(&card.contract)?;
            let timeline = self.see(route, Caller::Anyone, Some(&card.id), now).ok()?;
            Some(ResourceCard {
                events: timeline.len(),
                grows: timeline.total().is_none_or(|total| timeline.len() < total),
                ended: timeline.has_ended(),
                ..card
            })
        });
        touched.collect()
    }

    /// The timeline of a job as `caller` sees it now; no event is read.
    pub(crate) fn see(
        &self,
        route: &Route,
        caller: Caller,
        id: Option<&str>,
        now: Timestamp,
    ) -> Result<Timeline, Unseen> {
        self.hand
            .latest
            .fetch_max(now.as_millisecond(), Ordering::SeqCst);
        let timeline = self.world.timeline(route.place, caller, id, now)?;
        let layers = self.hand.layers.read();
        let layers = layers.unwrap_or_else(PoisonError::into_inner);
        layered(&layers, route, timeline)
    }

    /// Counts a read of events.
    pub(crate) fn count_read(&self) {
        self.hand.reads.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn named(&self, timeline: &str) -> Option<&Route> {
        let mut routes = self.routes.iter();
        routes.find(|route| route.name == timeline)
    }

    fn change(
        &self,
        timeline: &str,
        id: &str,
        now: Timestamp,
        change: impl FnOnce(&Route, &Timeline) -> Result<ManualChanges, Unfit>,
    ) -> Result<Timeline, Undone> {
        let route = self.named(timeline).ok_or(Undone::NoTimeline)?;
        let mut layers = self.write_layers();
        let latest = self.hand.latest.load(Ordering::SeqCst);
        let latest = Timestamp::from_millisecond(latest).map_or(now, |latest| latest.max(now));
        let found = self
            .world
            .timeline(route.place, Caller::Anyone, Some(id), latest);
        let found = found.and_then(|found| layered(&layers, route, found));
        let found = found.map_err(|_| Undone::NoJob)?;
        let layer = change(route, &found).map_err(Undone::Unfit)?;
        let layer = Arc::new(layer);
        let of_contract = layers.entry(route.place).or_default();
        of_contract.insert(id.to_owned(), Arc::clone(&layer));
        Ok(found.with_changes(layer))
    }

    fn write_layers(&self) -> std::sync::RwLockWriteGuard<'_, Layers> {
        let layers = self.hand.layers.write();
        layers.unwrap_or_else(PoisonError::into_inner)
    }
}

fn layered(layers: &Layers, route: &Route, timeline: Timeline) -> Result<Timeline, Unseen> {
    let layer = layers
        .get(&route.place)
        .and_then(|layers| layers.get(timeline.id()));
    match layer {
        None => Ok(timeline),
        Some(layer) if layer.is_deleted() => Err(Unseen::Missing),
        Some(layer) => Ok(timeline.with_changes(Arc::clone(layer))),
    }
}
