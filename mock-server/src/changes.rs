//! Manual changes to resources while the mock runs, and the count of reads: the mock's only state.
//!
//! A reader first publishes its moment, then takes the changes. A writer takes the lock first, then the
//! latest moment that any reader published. So an added event comes after everything that was read, and
//! nothing appears before a cursor that a client already has.

mod kept;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use fixtures::{Caller, Edit, ManualChanges, ResourceCard, Timeline, Unfit, Unseen, Wanted, World};
use http::StatusCode;
use jiff::Timestamp;

use crate::refusal::{Plain, Refusal};
use crate::resource_name::ResourceName;

pub(crate) use self::kept::Kept;

/// The manual changes to the resources of one world.
#[derive(Debug)]
pub(crate) struct Changes {
    kept: RwLock<Kept>,
    /// The latest moment as of which a timeline was seen, in milliseconds since 1970.
    latest: AtomicI64,
    reads: AtomicU64,
    /// How often something was changed.
    edits: AtomicU64,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            kept: RwLock::default(),
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
    /// The manual changes take all the memory that they may.
    Full(Full),
}

/// The manual changes take all the memory that they may, and nothing can be added to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// How many bytes they may take.
    pub room: usize,
}

impl Full {
    /// What helps.
    pub(crate) const CURE: &str =
        "delete what was created, or reset the mock with POST /__mock/reset";

    /// The refusal of a request that would add to them.
    pub(crate) fn refusal(self) -> Refusal {
        Refusal::Plain(Plain {
            status: StatusCode::INSUFFICIENT_STORAGE,
            detail: self.to_string(),
            cure: Some(Self::CURE.to_owned()),
        })
    }
}

impl fmt::Display for Full {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let room = self.room;
        write!(
            out,
            "what was created and changed takes all {room} bytes that the mock keeps for it"
        )
    }
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
        let timeline = world.timeline(place, caller, wanted, now);
        let kept = self.read();
        let begun = kept.begun(world, place, caller, wanted, now);
        begun.unwrap_or_else(|| with(&kept, place, timeline?))
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
        let mut kept = self.write();
        let key = kept.key(world, place, name)?;
        let latest = self.last_moment(now);
        let found = found(
            &kept,
            world,
            place,
            Caller::Anyone,
            Wanted::Key(&key),
            latest,
        );
        let found = found.map_err(|_| ChangeError::NoResource)?;
        let changes = change(&found).map_err(ChangeError::Unfit)?;
        let changes = Arc::new(changes);
        kept.insert(place, key, Arc::clone(&changes));
        self.count_edit();
        Ok(found.with_changes(changes))
    }

    /// Creates a resource, and returns its changes.
    ///
    /// `make` gets the changes that are there. No other change happens meanwhile, so a free id stays free.
    pub(crate) fn begin<E>(
        &self,
        place: usize,
        make: impl FnOnce(&Kept) -> Result<ManualChanges, E>,
    ) -> Result<Arc<ManualChanges>, E> {
        let mut kept = self.write();
        let changes = Arc::new(make(&kept)?);
        if let (Some(key), Some(how)) = (changes.begun_key(), changes.how_begun()) {
            kept.count_created(place, how.number);
            kept.insert(place, key.into(), Arc::clone(&changes));
            self.count_edit();
        }
        Ok(changes)
    }

    /// Deletes a resource. Of one that was created nothing is kept, unless its key must not come again.
    pub(crate) fn delete(
        &self,
        world: &World,
        place: usize,
        name: &ResourceName,
    ) -> Result<(), ChangeError> {
        let mut kept = self.write();
        let key = kept.key(world, place, name)?;
        let changes = kept.get(place, &key);
        if changes.is_some_and(|changes| changes.is_deleted()) {
            return Err(ChangeError::NoResource);
        }
        let begun = changes.and_then(|changes| changes.how_begun());
        let is_forgotten = begun.is_some_and(|how| !how.is_named && !world.has_every_path(place));
        kept.end(place, key, is_forgotten);
        self.count_edit();
        Ok(())
    }

    /// Changes the resource with this key if it was created. If `change` returns `None`, nothing changes.
    pub(crate) fn change_begun(
        &self,
        world: &World,
        place: usize,
        key: &[String],
        now: Timestamp,
        change: impl FnOnce(&Timeline) -> Option<ManualChanges>,
    ) -> Option<()> {
        let mut kept = self.write();
        let latest = self.last_moment(now);
        let begun = kept.begun(world, place, Caller::Anyone, Wanted::Key(key), latest);
        let changes = change(&begun?.ok()?)?;
        kept.insert(place, key.into(), Arc::new(changes));
        self.count_edit();
        Some(())
    }

    /// Deletes the resource with this key if it was created.
    pub(crate) fn delete_begun(&self, world: &World, place: usize, key: &[String]) {
        let mut kept = self.write();
        let begun = kept.get(place, key).and_then(|changes| changes.how_begun());
        if let Some(how) = begun {
            let is_forgotten = !how.is_named && !world.has_every_path(place);
            kept.end(place, key.into(), is_forgotten);
            self.count_edit();
        }
    }

    /// The key of the resource with this name; `place` is the index of the contract.
    pub(crate) fn key(
        &self,
        world: &World,
        place: usize,
        name: &ResourceName,
    ) -> Result<Box<[String]>, ChangeError> {
        self.read().key(world, place, name)
    }

    /// The resources of a contract that were created, in the order of their creation.
    pub(crate) fn cards(&self, world: &World, place: usize, now: Timestamp) -> Vec<ResourceCard> {
        self.read().cards(world, place, now)
    }

    /// How many resources of each contract were created, by its index.
    pub(crate) fn created(&self) -> HashMap<usize, u64> {
        self.read().created().clone()
    }

    /// How many bytes all changes take, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.read().bytes()
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
        let mut kept = self.write();
        let found = found(&kept, world, place, caller, wanted, self.last_moment(now))?;
        let key: Box<[String]> = found.resource_key().into();
        let Some((edits, done)) = change(found)? else {
            return Ok(None);
        };
        kept.alter(place, key, |changes| {
            edits.into_iter().for_each(|edit| changes.make(edit));
        });
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
        *self.write() = Kept::default();
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
        let kept = self.read();
        let keys = kept
            .resources()
            .get(&place)
            .into_iter()
            .flat_map(HashMap::keys);
        let mut keys: Vec<_> = keys.cloned().collect();
        keys.sort_unstable();
        keys
    }

    /// The changes of the resources of a contract, by its place: the key of each, and its changes, in order.
    pub(crate) fn of(&self, place: usize) -> Vec<(Box<[String]>, Arc<ManualChanges>)> {
        let kept = self.read();
        let all = kept.resources().get(&place).into_iter().flatten();
        let mut all: Vec<_> = all
            .map(|(key, changes)| (key.clone(), Arc::clone(changes)))
            .collect();
        all.sort_unstable_by(|(key, _), (other, _)| key.cmp(other));
        all
    }

    /// The changes of all resources: the index of their contract, their key, and the changes.
    pub(crate) fn all(&self) -> Vec<(usize, Box<[String]>, Arc<ManualChanges>)> {
        let kept = self.read();
        let all = kept.resources().iter().flat_map(|(place, resources)| {
            let resources = resources.iter();
            resources.map(|(key, changes)| (*place, key.clone(), Arc::clone(changes)))
        });
        all.collect()
    }

    /// The changes of all resources, as [`Changes::replace`] takes them.
    pub(crate) fn copied(&self) -> Kept {
        self.read().clone()
    }

    /// Puts other changes in place of all that there are.
    pub(crate) fn replace(&self, changes: Kept) {
        *self.write() = changes;
        self.count_edit();
    }

    /// Starts again from `now`, because the clock may have been set back.
    pub(crate) fn clock_was_set(&self, now: Timestamp) {
        let _resources = self.write();
        self.latest.store(now.as_millisecond(), Ordering::SeqCst);
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The timeline of a resource as `caller` sees it, with its changes.
fn found(
    kept: &Kept,
    world: &World,
    place: usize,
    caller: Caller,
    wanted: Wanted<'_>,
    now: Timestamp,
) -> Result<Timeline, Unseen> {
    let begun = kept.begun(world, place, caller, wanted, now);
    begun.unwrap_or_else(|| with(kept, place, world.timeline(place, caller, wanted, now)?))
}

fn with(kept: &Kept, place: usize, timeline: Timeline) -> Result<Timeline, Unseen> {
    match kept.get(place, timeline.resource_key()) {
        None => Ok(timeline),
        Some(changes) if changes.is_deleted() => Err(Unseen::Missing),
        Some(changes) => Ok(timeline.with_changes(Arc::clone(changes))),
    }
}
