//! The state of a mock: all manual changes, as a file or a request holds them.
//!
//! A file is written whole or not at all: under another name first, which is then renamed. So a process that ends
//! meanwhile leaves the file as it was.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use fixtures::{ManualChanges, SavedChanges};
use openapi::{Contract, Problem, Source, output};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::collections::Home;
use crate::mock::Mock;

/// The version of the form. Forms of earlier versions are read, too.
const VERSION: u32 = 2;

/// All manual changes of a mock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    version: u32,
    /// The seed of the mock, from which keys are computed.
    seed: u64,
    /// How many resources were created, by the list that they belong to. Ids that were used do not come again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    created: BTreeMap<String, u64>,
    #[serde(default)]
    lists: Vec<ListState>,
}

/// The manual changes of one list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListState {
    /// The list's name, as in scenarios.
    list: String,
    /// The key of its resource: the values of its path, or the owner's name.
    resource: Vec<String>,
    changes: SavedChanges,
}

/// Why a state cannot be taken: a JSON pointer, what is wrong, and the cure.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) pointer: String,
    pub(crate) message: String,
    pub(crate) cure: String,
}

impl State {
    /// The state of a mock.
    pub(crate) fn of(mock: &Mock) -> Self {
        let lists = mock.all_changes().into_iter();
        let lists = lists.map(|(list, resource, changes)| ListState {
            list,
            resource: resource.into_vec(),
            changes: changes.saved(),
        });
        let lists: Vec<ListState> = lists.collect();
        let created = mock.created();
        let begun = lists.iter().any(|list| list.changes.begun.is_some());
        Self {
            version: if created.is_empty() && !begun {
                1
            } else {
                VERSION
            },
            seed: mock.plan.seed,
            created,
            lists,
        }
    }

    /// What of this state suits another mock, whose documents may differ, and how many changes do not.
    pub(crate) fn fitting(mut self, mock: &Mock) -> (Self, usize) {
        let mut lost = 0;
        let is_known = |name: &String| mock.list_named(name).is_some();
        self.created.retain(|name, _| is_known(name));
        self.lists.retain_mut(|one| {
            let known = mock.list_named(&one.list);
            let known = known.filter(|_| self.seed == mock.plan.seed);
            let begins = |(home, _): &(Home, &Contract)| one.begun(mock, *home).transpose().is_ok();
            if known.as_ref().is_some_and(|known| !begins(known)) {
                lost += 1;
                return false;
            }
            let Some((_, contract)) = known else {
                lost += one.changes.added.len() + one.changes.kept.len();
                lost += one.changes.removed.len();
                return false;
            };
            lost += keep_what_suits(&mut one.changes, contract);
            true
        });
        (self, lost)
    }

    /// Gives a mock this state, in place of the one that it has. If something is wrong, nothing changes.
    pub(crate) fn restore(&self, mock: &Mock) -> Result<(), Wrong> {
        let wrong = |pointer: &str, message: String, cure: &str| Wrong {
            pointer: pointer.to_owned(),
            message,
            cure: cure.to_owned(),
        };
        if !(1..=VERSION).contains(&self.version) {
            let message = format!("`version` is {}, and 1 to {VERSION} are read", self.version);
            return Err(wrong(
                "/version",
                message,
                "take the mock that wrote it, or begin anew",
            ));
        }
        if self.seed != mock.plan.seed {
            let (own, other) = (mock.plan.seed, self.seed);
            let message = format!("`seed` is {other}, and the mock's is {own}");
            let cure = format!("start the mock with `--seed {other}`, or begin anew");
            return Err(wrong("/seed", message, &cure));
        }
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        for (index, one) in self.lists.iter().enumerate() {
            let at = format!("/lists/{index}");
            let Some((home, contract)) = mock.list_named(&one.list) else {
                let message = format!("`list` is `{}`, and no document has it", one.list);
                return Err(wrong(
                    &format!("{at}/list"),
                    message,
                    "take it out, or serve its document",
                ));
            };
            if !seen.insert((&one.list, &one.resource)) {
                let message = "`resource` was named before for this list".to_owned();
                return Err(wrong(
                    &format!("{at}/resource"),
                    message,
                    "keep one of the two",
                ));
            }
            let mut changes = one.changes.restored().map_err(|unusable| {
                let pointer = format!("{at}/changes{}", unusable.pointer);
                wrong(&pointer, unusable.message, "correct it, or take it out")
            })?;
            if let Some(begun) = one.begun(mock, home) {
                let pointer = format!("{at}/changes/begun/job");
                let cure = "correct it, or take it out";
                let begun =
                    begun.map_err(|problem| wrong(&pointer, problem.message().to_owned(), cure))?;
                if begun.begun_key() != Some(&one.resource) {
                    let message = "`resource` has other values than the job".to_owned();
                    return Err(wrong(&format!("{at}/resource"), message, cure));
                }
                changes = changes.begun_as(&begun);
            }
            let schema = contract.item();
            let removed: HashSet<_> = one.changes.removed.iter().collect();
            for (number, kept) in one.changes.kept.iter().enumerate() {
                // Of an item that was created and deleted, only its key is kept.
                if removed.contains(&kept.place) {
                    continue;
                }
                let later = kept.later.iter().enumerate();
                let later = later.map(|(index, one)| (format!("/later/{index}"), &one.item));
                let all = std::iter::once((String::new(), &kept.item)).chain(later);
                let wrong_one = all.into_iter().find_map(|(below, item)| {
                    let item = Value::Object(item.clone());
                    let violation = schema.violations(&item).into_iter().next()?;
                    Some((below, violation))
                });
                if let Some((below, violation)) = wrong_one {
                    let pointer = format!(
                        "{at}/changes/kept/{number}{below}/item{}",
                        violation.instance
                    );
                    let message = format!("the item does not suit the document: {violation}");
                    return Err(wrong(&pointer, message, "correct it, or take it out"));
                }
            }
            all.push((home, one.resource.clone().into_boxed_slice(), changes));
        }
        let created = self.created.iter().filter_map(|(name, count)| {
            let place = match mock.list_named(name)?.0 {
                Home::Paged(place) => place,
                Home::Whole(_) => return None,
            };
            Some((place, *count))
        });
        mock.replace_changes(all, created.collect());
        Ok(())
    }
}

impl ListState {
    /// The changes that begin the resource, if it was created.
    fn begun(&self, mock: &Mock, home: Home) -> Option<Result<ManualChanges, Problem>> {
        let beginning = self.changes.begun.clone()?;
        let (world, place) = match home {
            Home::Paged(place) => (Some(&mock.world), place),
            Home::Whole(place) => (mock.collections().whole(), place),
        };
        Some(world?.begin(place, beginning))
    }
}

/// Takes out the changes that do not suit a list, and returns how many those are. A changed item is then as it is
/// computed, and a created one is removed, so that the places of others stay.
fn keep_what_suits(changes: &mut SavedChanges, contract: &Contract) -> usize {
    let schema = contract.item();
    let mut lost = 0;
    let added: HashSet<u64> = changes.added.iter().map(|one| one.place).collect();
    let removed = &mut changes.removed;
    let gone: HashSet<u64> = removed.iter().copied().collect();
    changes.kept.retain(|kept| {
        let later = kept.later.iter().map(|one| &one.item);
        let mut items = std::iter::once(&kept.item).chain(later);
        let suits = gone.contains(&kept.place)
            || items.all(|item| schema.is_valid(&Value::Object(item.clone())));
        if !suits {
            lost += 1;
            removed.extend(added.get(&kept.place));
        }
        suits
    });
    removed.sort_unstable();
    removed.dedup();
    for event in &mut changes.added {
        let suits = |(name, value): (&String, &Value)| {
            let property = schema.property(name);
            property.is_some_and(|property| property.is_valid(value))
        };
        if event
            .fields
            .as_ref()
            .is_some_and(|fields| !fields.iter().all(suits))
        {
            event.fields = None;
            lost += 1;
        }
    }
    lost
}

/// A file that holds the state of the mock.
#[derive(Debug, Clone)]
pub(crate) struct StateFile(PathBuf);

impl StateFile {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Gives a mock the state that the file holds, if there is one.
    pub(crate) fn load(&self, mock: &Mock) -> Result<(), Problem> {
        if !self.0.exists() {
            return Ok(());
        }
        let source = Source::open(&self.0)?;
        let state: State = source.read()?;
        state.restore(mock).map_err(|wrong| {
            let problem = source.problem(&format!("#{}", wrong.pointer), wrong.message);
            problem.cure(wrong.cure)
        })
    }

    /// Writes the state of a mock, whole or not at all.
    pub(crate) fn save(&self, mock: &Mock) -> Result<(), Problem> {
        let failed = |error: &dyn std::fmt::Display| {
            let message = format!("cannot write {}: {error}", self.0.display());
            Problem::new(message).cure("name a file in a folder that exists and may be written")
        };
        let text = serde_yaml::to_string(&State::of(mock)).map_err(|error| failed(&error))?;
        output::write(&self.0, &text)
    }
}
