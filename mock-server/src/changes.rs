//! Manual changes to resources while the mock runs, and the count of reads: the mock's only state.
//!
//! A reader first publishes its moment, then takes the changes. A writer takes the lock first, then the
//! latest moment that any reader published. So an added event comes after everything that was read, and
//! nothing appears before a cursor that a client already has.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use fixtures::{Caller, Edit, ManualChanges, Timeline, Unfit, Unseen, Wanted, World};
use jiff::Timestamp;

use crate::resource_name::ResourceName;

/// The manual changes of resources, by the index of their contract and their key.
pub(crate) type ByResource = HashMap<usize, HashMap<Box<[String]>, Arc<ManualChanges>>>;

/// The manual changes to the resources of one world.
#[derive(Debug)]
pub(crate) struct Changes {
    resources: RwLock<ByResource>,
    /// The latest moment as of which a timeline was seen, in milliseconds since 1970.
    latest: AtomicI64,
    reads: AtomicU64,
    /// How often something was changed.
    edits: AtomicU64,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            resources: RwLock::default(),
            latest: AtomicI64::new(i64::MIN),
            reads: AtomicU64::new(0),
            edits: AtomicU64::new(0),
        }
    }
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeError {
    /// No document has timelines of this name.
    NoTimeline,
    /// The resource does not exist.
    NoResource,
    /// Several resources have the id.
    SeveralResources,
    /// The resource does not allow the change, or the event is not valid.
    Unfit(Unfit),
}

impl Changes {
    /// The timeline of a resource as `caller` sees it now; no event is computed.
    ///
    /// `place` is the index of the contract.
    pub(crate) fn see(
        &self,
        world: &World,
        place: usize,
        caller: Caller,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Result<Timeline, Unseen> {
        self.latest
            .fetch_max(now.as_millisecond(), Ordering::SeqCst);
        let timeline = world.timeline(place, caller, wanted, now)?;
        let resources = self.resources.read();
        let resources = resources.unwrap_or_else(PoisonError::into_inner);
        with(&resources, place, timeline)
    }

    /// Changes a resource, and returns its timeline with the change.
    pub(crate) fn change(
        &self,
        world: &World,
        place: usize,
        name: &ResourceName,
        now: Timestamp,
        change: impl FnOnce(&Timeline) -> Result<ManualChanges, Unfit>,
    ) -> Result<Timeline, ChangeError> {
        let key = key(world, place, name)?;
        let mut resources = self.write();
        let latest = self.last_moment(now);
        let found = world.timeline(place, Caller::Anyone, Wanted::Key(&key), latest);
        let found = found.and_then(|found| with(&resources, place, found));
        let found = found.map_err(|_| ChangeError::NoResource)?;
        let changes = change(&found).map_err(ChangeError::Unfit)?;
        let changes = Arc::new(changes);
        let of_contract = resources.entry(place).or_default();
        of_contract.insert(key, Arc::clone(&changes));
        self.count_edit();
        Ok(found.with_changes(changes))
    }

    /// Changes items of the resource that `caller` sees there. `change` returns the changes, and what to return; if it
    /// returns `None`, nothing changes.
    pub(crate) fn edit<T, I: IntoIterator<Item = Edit>, E: From<Unseen>>(
        &self,
        world: &World,
        place: usize,
        caller: Caller,
        wanted: Wanted<'_>,
        now: Timestamp,
        change: impl FnOnce(Timeline) -> Result<Option<(I, T)>, E>,
    ) -> Result<Option<T>, E> {
        let mut resources = self.write();
        let found = world.timeline(place, caller, wanted, self.last_moment(now))?;
        let found = with(&resources, place, found)?;
        let key: Box<[String]> = found.resource_key().into();
        let Some((edits, done)) = change(found)? else {
            return Ok(None);
        };
        let of_contract = resources.entry(place).or_default();
        // A reader that still reads has the changes, too. They are copied for it only then.
        let changes = Arc::make_mut(of_contract.entry(key).or_default());
        edits.into_iter().for_each(|edit| changes.make(edit));
        self.count_edit();
        Ok(Some(done))
    }

    /// The latest moment that any reader published, or `now`.
    fn last_moment(&self, now: Timestamp) -> Timestamp {
        let latest = self.latest.load(Ordering::SeqCst);
        Timestamp::from_millisecond(latest).map_or(now, |latest| latest.max(now))
    }

    /// How many answers read events of a timeline.
    pub(crate) fn reads(&self) -> u64 {
        self.reads.load(Ordering::SeqCst)
    }

    /// Counts an answer that reads events.
    pub(crate) fn count_read(&self) {
        self.reads.fetch_add(1, Ordering::SeqCst);
    }

    /// Undoes every change and sets the count to zero.
    pub(crate) fn reset(&self) {
        let mut resources = self.write();
        resources.clear();
        self.count_edit();
        self.reads.store(0, Ordering::SeqCst);
        self.latest.store(i64::MIN, Ordering::SeqCst);
    }

    /// How often something was changed.
    pub(crate) fn edits(&self) -> u64 {
        self.edits.load(Ordering::SeqCst)
    }

    fn count_edit(&self) {
        self.edits.fetch_add(1, Ordering::SeqCst);
    }

    /// The keys of the resources of a contract that were changed, by its place, in order.
    pub(crate) fn keys_of(&self, place: usize) -> Vec<Box<[String]>> {
        let resources = self.resources.read();
        let resources = resources.unwrap_or_else(PoisonError::into_inner);
        let keys = resources.get(&place).into_iter().flat_map(HashMap::keys);
        let mut keys: Vec<_> = keys.cloned().collect();
        keys.sort_unstable();
        keys
    }

    /// The changes of the resources of a contract, by its place: the key of each, and its changes, in order.
    pub(crate) fn of(&self, place: usize) -> Vec<(Box<[String]>, Arc<ManualChanges>)> {
        let resources = self.resources.read();
        let resources = resources.unwrap_or_else(PoisonError::into_inner);
        let all = resources.get(&place).into_iter().flatten();
        let mut all: Vec<_> = all
            .map(|(key, changes)| (key.clone(), Arc::clone(changes)))
            .collect();
        all.sort_unstable_by(|(key, _), (other, _)| key.cmp(other));
        all
    }

    /// The changes of all resources: the index of their contract, their key, and the changes.
    pub(crate) fn all(&self) -> Vec<(usize, Box<[String]>, Arc<ManualChanges>)> {
        let resources = self.resources.read();
        let resources = resources.unwrap_or_else(PoisonError::into_inner);
        let all = resources.iter().flat_map(|(place, resources)| {
            let resources = resources.iter();
            resources.map(|(key, changes)| (*place, key.clone(), Arc::clone(changes)))
        });
        all.collect()
    }

    /// The changes of all resources, as [`Changes::replace`] takes them.
    pub(crate) fn copied(&self) -> ByResource {
        let resources = self.resources.read();
        let resources = resources.unwrap_or_else(PoisonError::into_inner);
        resources.clone()
    }

    /// Puts other changes in place of all that there are.
    pub(crate) fn replace(&self, changes: ByResource) {
        *self.write() = changes;
        self.count_edit();
    }

    /// Starts again from `now`, because the clock may have been set back.
    pub(crate) fn clock_was_set(&self, now: Timestamp) {
        let _resources = self.write();
        self.latest.store(now.as_millisecond(), Ordering::SeqCst);
    }

    fn write(&self) -> RwLockWriteGuard<'_, ByResource> {
        let resources = self.resources.write();
        resources.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key of the resource with this name; `place` is the index of the contract.
pub(crate) fn key(
    world: &World,
    place: usize,
    name: &ResourceName,
) -> Result<Box<[String]>, ChangeError> {
    let mut keys = world.keys(place, &name.id, &name.path);
    match (keys.next(), keys.next()) {
        (None, _) => Err(ChangeError::NoResource),
        (Some(key), None) => Ok(key.into()),
        (Some(_), Some(_)) => Err(ChangeError::SeveralResources),
    }
}

fn with(resources: &ByResource, place: usize, timeline: Timeline) -> Result<Timeline, Unseen> {
    let changes = resources
        .get(&place)
        .and_then(|resources| resources.get(timeline.resource_key()));
    match changes {
        None => Ok(timeline),
        Some(changes) if changes.is_deleted() => Err(Unseen::Missing),
        Some(changes) => Ok(timeline.with_changes(Arc::clone(changes))),
    }
}
