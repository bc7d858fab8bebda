//! The manual changes of all resources of a world, and the resources that were created there.
//!
//! A resource that was created is its changes: they say how it begins. It is found by its key, or by its id where keys
//! have more values. So creation, deletion and every look cost the same however many there are.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use fixtures::{Caller, ManualChanges, ResourceCard, Timeline, Unseen, Wanted, World};
use jiff::Timestamp;

use super::ChangeError;
use crate::resource_name::ResourceName;

/// The manual changes of resources, by the index of their contract and their key.
pub(crate) type ByResource = HashMap<usize, HashMap<Box<[String]>, Arc<ManualChanges>>>;

/// The keys of the resources that have an id.
type KeysById = HashMap<Box<str>, Vec<Box<[String]>>>;

/// The changes of any resource that was created and deleted, and whose key must not come again.
static GONE: LazyLock<Arc<ManualChanges>> = LazyLock::new(|| Arc::new(ManualChanges::of_deleted()));

/// The manual changes of all resources of a world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    resources: ByResource,
    /// How many resources were created, by the index of their contract.
    created: HashMap<usize, u64>,
    /// The keys of created resources by their id, where keys have more values.
    by_id: HashMap<usize, KeysById>,
    /// How many bytes all of it takes, roughly.
    bytes: usize,
}

impl Kept {
    /// These changes. `created` says how many resources clients created, by the index of the contract.
    pub(crate) fn of(resources: ByResource, created: HashMap<usize, u64>) -> Self {
        let mut kept = Self {
            created,
            ..Self::default()
        };
        for (place, resources) in resources {
            for (key, changes) in resources {
                kept.insert(place, key, changes);
            }
        }
        kept
    }

    /// The changes, by the index of their contract and their key.
    pub(super) fn resources(&self) -> &ByResource {
        &self.resources
    }

    /// How many resources of each contract were created, by its index.
    pub(crate) fn created(&self) -> &HashMap<usize, u64> {
        &self.created
    }

    /// How many resources of a contract were created.
    pub(crate) fn created_of(&self, place: usize) -> u64 {
        self.created.get(&place).copied().unwrap_or_default()
    }

    /// Counts the creations of a contract's resources up to this number.
    pub(super) fn count_created(&mut self, place: usize, number: u64) {
        let created = self.created.entry(place).or_default();
        *created = number.saturating_add(1).max(*created);
    }

    /// How many bytes all of it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Puts changes in place of those of the resource with this key.
    pub(super) fn insert(&mut self, place: usize, key: Box<[String]>, changes: Arc<ManualChanges>) {
        self.forget(place, &key);
        self.bytes += bytes(&key, &changes);
        if let Some(id) = changes.begun_id().filter(|_| key.len() > 1) {
            let by_id = self.by_id.entry(place).or_default();
            by_id.entry(id.into()).or_default().push(key.clone());
        }
        self.resources
            .entry(place)
            .or_default()
            .insert(key, changes);
    }

    /// Changes the changes of the resource with this key where they are. A reader that still reads them keeps its own.
    pub(super) fn alter(
        &mut self,
        place: usize,
        key: Box<[String]>,
        alter: impl FnOnce(&mut ManualChanges),
    ) {
        let is_new = !self.has(place, &key);
        let own = if is_new { bytes(&key, &GONE) } else { 0 };
        let changes = self.resources.entry(place).or_default();
        let changes = Arc::make_mut(changes.entry(key).or_default());
        let before = if is_new { 0 } else { changes.bytes() };
        alter(changes);
        self.bytes = (self.bytes + own + changes.bytes()).saturating_sub(before);
    }

    /// Forgets a resource. If its key must not come again, the key alone is kept.
    pub(super) fn end(&mut self, place: usize, key: Box<[String]>, is_forgotten: bool) {
        if is_forgotten {
            self.forget(place, &key);
        } else {
            self.insert(place, key, Arc::clone(&GONE));
        }
    }

    fn forget(&mut self, place: usize, key: &[String]) {
        let Some(resources) = self.resources.get_mut(&place) else {
            return;
        };
        let Some(changes) = resources.remove(key) else {
            return;
        };
        self.bytes = self.bytes.saturating_sub(bytes(key, &changes));
        if let (Some(id), Some(by_id)) = (changes.begun_id(), self.by_id.get_mut(&place)) {
            let of_id = by_id.get_mut(id);
            let is_last = of_id.is_some_and(|keys| {
                keys.retain(|one| **one != *key);
                keys.is_empty()
            });
            if is_last {
                by_id.remove(id);
            }
        }
    }

    fn has(&self, place: usize, key: &[String]) -> bool {
        self.get(place, key).is_some()
    }

    /// The changes of the resource with this key.
    pub(super) fn get(&self, place: usize, key: &[String]) -> Option<&Arc<ManualChanges>> {
        self.resources.get(&place)?.get(key)
    }

    /// The timeline of a resource that was created, as `caller` sees it. `None` if it was not created.
    pub(super) fn begun(
        &self,
        world: &World,
        place: usize,
        caller: Caller,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Option<Result<Timeline, Unseen>> {
        // Most lists have no changes, so that no key is needed.
        let resources = self.resources.get(&place)?;
        let changes = match wanted {
            Wanted::Path(path) => {
                let key: Vec<_> = path.iter().map(|(_, value)| value.clone()).collect();
                resources.get(key.as_slice())
            }
            Wanted::Key(key) => resources.get(key),
            Wanted::Id(id) => {
                let key = self.keys_with_id(place, id).next()?;
                resources.get(key)
            }
        };
        world.begun(place, changes?, caller, now)
    }

    /// The keys of the created resources with this id.
    fn keys_with_id(&self, place: usize, id: &str) -> impl Iterator<Item = &[String]> {
        let alone = [id.to_owned()];
        let alone = self.resources.get(&place).and_then(|resources| {
            let (key, changes) = resources.get_key_value(alone.as_slice())?;
            changes.begun_id().map(|_| &**key)
        });
        let others = self.by_id.get(&place).and_then(|by_id| by_id.get(id));
        let others = others.into_iter().flatten().map(|key| &**key);
        alone.into_iter().chain(others)
    }

    /// The key of the resource with this name.
    pub(crate) fn key(
        &self,
        world: &World,
        place: usize,
        name: &ResourceName,
    ) -> Result<Box<[String]>, ChangeError> {
        let created = self.keys_with_id(place, &name.id);
        let created = created.filter(|key| {
            let changes = self.get(place, key);
            changes.is_some_and(|changes| changes.has_begun_at(&name.path))
        });
        let mut keys = world.keys(place, &name.id, &name.path).chain(created);
        match (keys.next(), keys.next()) {
            (None, _) => Err(ChangeError::NoResource),
            (Some(key), None) => Ok(key.into()),
            (Some(_), Some(_)) => Err(ChangeError::SeveralResources),
        }
    }

    /// Whether a resource has this id, or had it before it was deleted.
    pub(crate) fn is_taken(&self, world: &World, place: usize, id: &str) -> bool {
        world.keys(place, id, &[]).next().is_some()
            || self.keys_with_id(place, id).next().is_some()
            || self.has(place, &[id.to_owned()])
    }

    /// Whether a resource has this key, or had it before it was deleted.
    pub(crate) fn is_taken_by_key(&self, world: &World, place: usize, key: &[String]) -> bool {
        let now = Timestamp::UNIX_EPOCH;
        self.has(place, key)
            || world
                .timeline(place, Caller::Anyone, Wanted::Key(key), now)
                .is_ok()
    }

    /// The resources of a contract that were created, in the order of their creation.
    pub(super) fn cards(&self, world: &World, place: usize, now: Timestamp) -> Vec<ResourceCard> {
        let resources = self.resources.get(&place).into_iter().flatten();
        let mut begun: Vec<_> = resources
            .filter_map(|(key, changes)| {
                let number = changes.how_begun()?.number;
                Some((number, key, world.begun_card(place, changes, now)?))
            })
            .collect();
        begun.sort_unstable_by(|(one, key, _), (other, than, _)| (one, key).cmp(&(other, than)));
        begun.into_iter().map(|(_, _, card)| card).collect()
    }
}

/// How many bytes the changes of a resource take, its key included.
fn bytes(key: &[String], changes: &Arc<ManualChanges>) -> usize {
    /// An entry of a map, and the allocations of a key with one value.
    const FIXED: usize = 96;
    let texts: usize = key.iter().map(|text| text.len() + 32).sum();
    // All that are gone share their changes.
    let own = if Arc::ptr_eq(changes, &GONE) {
        0
    } else {
        changes.bytes()
    };
    FIXED + texts + own
}
