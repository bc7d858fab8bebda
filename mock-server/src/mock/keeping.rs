//! All manual changes at once: taken out, and put back.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use fixtures::{ManualChanges, PresignedUrl, World};
use openapi::Contract;

use super::Mock;
use crate::changes::Kept;
use crate::collections::Home;

/// The manual changes of one resource: the name of its list, its key among the resources there, and the changes.
pub(crate) type Changed = (String, Box<[String]>, Arc<ManualChanges>);

impl Mock {
    /// A number that is another one after each manual change.
    pub(crate) fn edits(&self) -> u64 {
        self.changes
            .edits()
            .wrapping_add(self.whole_changes.edits())
    }

    /// The manual changes of all resources, sorted by list and resource.
    pub(crate) fn all_changes(&self) -> Vec<Changed> {
        let paged = self
            .changes
            .all()
            .into_iter()
            .filter_map(|(place, key, changes)| {
                let contract = self.plan.contracts.get(place)?;
                Some((contract.name(), key, changes))
            });
        // Nothing was changed in lists that were not looked for.
        let collections = self.collections.get();
        let wholes = collections.map_or(&[][..], |one| one.wholes());
        let whole = self.whole_changes.all().into_iter();
        let whole = whole
            .filter_map(|(place, key, changes)| Some((wholes.get(place)?.name(), key, changes)));
        let mut all: Vec<_> = paged.chain(whole).collect();
        all.sort_by(|(list, key, _), (other, of, _)| (list, key).cmp(&(other, of)));
        all
    }

    /// The same mock with the same manual changes. What changes in one of the two stays there.
    pub(crate) fn copied(&self) -> Self {
        let copy = self.another();
        copy.changes.replace(self.changes.copied());
        copy.whole_changes.replace(self.whole_changes.copied());
        copy
    }

    /// The list of this name, and where it lies.
    pub(crate) fn list_named(&self, name: &str) -> Option<(Home, &Contract)> {
        let mut paged = self.plan.contracts.iter().enumerate();
        if let Some((place, contract)) = paged.find(|(_, one)| one.name() == name) {
            return Some((Home::Paged(place), contract));
        }
        let mut wholes = self.collections().wholes().iter().enumerate();
        let (place, contract) = wholes.find(|(_, one)| one.name() == name)?;
        Some((Home::Whole(place), contract))
    }

    /// How many resources of each list were created, by the list's name.
    pub(crate) fn created(&self) -> BTreeMap<String, u64> {
        let created = self.changes.created().into_iter();
        let created = created.filter_map(|(place, count)| {
            let contract = self.plan.contracts.get(place)?;
            Some((contract.name(), count))
        });
        created.collect()
    }

    /// The resource that a presigned URL belongs to: the place of its contract, and its key.
    pub(crate) fn resource_of(&self, url: PresignedUrl) -> Option<(usize, Box<[String]>)> {
        let planned = self.world.resource_of(url);
        let planned = planned.map(|(place, key)| (place, key.into()));
        planned.or_else(|| {
            let mut all = self.changes.all().into_iter();
            let found = all.find(|(_, _, changes)| World::is_of_begun(url, changes));
            found.map(|(place, key, _)| (place, key))
        })
    }

    /// Replaces all manual changes by these. `created` counts what clients created, by the place of its list.
    pub(crate) fn replace_changes(
        &self,
        all: Vec<(Home, Box<[String]>, ManualChanges)>,
        created: HashMap<usize, u64>,
    ) {
        let (mut paged, mut whole) = (HashMap::new(), HashMap::new());
        for (home, key, changes) in all {
            let (into, place) = match home {
                Home::Paged(place) => (&mut paged, place),
                Home::Whole(place) => (&mut whole, place),
            };
            let of_list: &mut HashMap<_, _> = into.entry(place).or_default();
            of_list.insert(key, Arc::new(changes));
        }
        let none = HashMap::new();
        self.changes.replace(Kept::of(paged, created));
        self.whole_changes.replace(Kept::of(whole, none));
        self.indexes.clear();
    }
}
