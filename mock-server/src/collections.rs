//! The collections of a mock: lists whose items stay as clients leave them.
//!
//! They are found when an operation that may belong to one is first asked. The items of a list that pages are those of
//! its pages. A list that comes whole has no place in the world of the mock; it lies in a world of its own, which is
//! made here.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use fixtures::World;
use openapi::{Collection, Contract, Document, EventList, Member, Referred, Selector};

use crate::plan::Plan;
use crate::route::Route;

/// The collections of a mock.
#[derive(Debug)]
pub(crate) struct Collections {
    stores: Vec<Store>,
    /// The place of a collection, and of the operation in it, by the operation's address and index.
    members: HashMap<(usize, usize), (usize, usize)>,
    /// The lists that come whole, by their place in their world.
    wholes: Vec<Contract>,
    /// The world of the lists that come whole.
    whole: Option<World>,
    /// The lists that page.
    paged: Arc<[Contract]>,
}

/// A collection, and where its items are.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) collection: Collection,
    pub(crate) home: Home,
    /// The place of the collection to whose items its lists belong.
    parent: Option<usize>,
    /// If it is a list of events that happen while something lives: what is known of that.
    pub(crate) events: Option<EventList>,
    /// The properties of its items that name items of other collections, and the places of those. They are found when
    /// they are first needed.
    references: OnceLock<Vec<(Selector, usize)>>,
}

/// The world in which the items of a collection are, and the place of its list there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Home {
    /// The world of the mock.
    Paged(usize),
    /// The world of lists that come whole.
    Whole(usize),
}

/// Where the items of a list are that no world has.
const NOWHERE: Home = Home::Paged(usize::MAX);

impl Collections {
    /// The collections in the documents of a plan; `world` is the plan's world.
    pub(crate) fn of(plan: &Plan, world: &World) -> Self {
        let (mut stores, mut wholes) = (Vec::new(), Vec::new());
        let mut members = HashMap::new();
        for document in plan.documents.iter() {
            let first = stores.len();
            for collection in document.collections(&plan.contracts) {
                let home = if collection.is_whole {
                    wholes.push(collection.list.clone());
                    Some(Home::Whole(wholes.len() - 1))
                } else {
                    place(&plan.contracts, &collection.list).map(Home::Paged)
                };
                stores.push(Store {
                    home: home.unwrap_or(NOWHERE),
                    parent: collection.parent.map(|parent| first + parent),
                    events: None,
                    references: OnceLock::new(),
                    collection,
                });
            }
            let known = stores[first..]
                .iter()
                .map(|store: &Store| store.collection.clone());
            let known: Vec<_> = known.collect();
            for events in document.event_lists(&plan.contracts, &known) {
                let home = if events.is_whole {
                    wholes.push(events.list.clone());
                    Some(Home::Whole(wholes.len() - 1))
                } else {
                    place(&plan.contracts, &events.list).map(Home::Paged)
                };
                stores.push(Store {
                    home: home.unwrap_or(NOWHERE),
                    parent: events.parent.map(|parent| first + parent),
                    references: OnceLock::new(),
                    collection: events.collection(),
                    events: Some(events),
                });
            }
            for (index, store) in stores.iter().enumerate().skip(first) {
                let served = store
                    .collection
                    .members
                    .iter()
                    .filter(|_| store.is_served());
                for (place, member) in served.enumerate() {
                    let key = (address(document), member.operation);
                    members.entry(key).or_insert((index, place));
                }
            }
        }
        let whole = (!wholes.is_empty()).then(|| plan.world_of(&wholes, world).ok());
        let whole = whole.flatten().map(|whole| whole.with_urls_of(world));
        Self {
            stores,
            members,
            wholes,
            whole,
            paged: Arc::clone(&plan.contracts),
        }
    }

    /// The properties of a collection's items, and of the bodies that make or change one, that name items of other
    /// collections.
    pub(crate) fn references<'c>(
        &'c self,
        store: &'c Store,
    ) -> impl Iterator<Item = (&'c Selector, &'c Store)> {
        let known = store.references.get_or_init(|| self.find_references(store));
        known
            .iter()
            .map(|(place, other)| (place, &self.stores[*other]))
    }

    fn find_references(&self, store: &Store) -> Vec<(Selector, usize)> {
        let collection = &store.collection;
        let document = collection.list.document();
        let bodies = collection.members.iter().filter_map(|member| {
            let body = document.request_body(document.operation_of(member))?;
            let media = body.media.into_iter().find(openapi::Media::is_json)?;
            media.schema?.at(member.body.as_ref()?)
        });
        let schemas = std::iter::once(collection.list.item()).chain(bodies);
        let mut found: Vec<(Selector, usize)> = Vec::new();
        for reference in schemas.flat_map(|one| collection.list.references_in(&one, &self.paged)) {
            let Referred::Item(list, _) = reference.to else {
                continue;
            };
            let is_it = |other: &Store| {
                let own = &other.collection.list;
                std::ptr::eq(own.document().source(), list.document().source())
                    && own.operation().pointer == list.operation().pointer
            };
            let other = self
                .stores
                .iter()
                .position(|one| one.is_served() && is_it(one));
            let is_known = found.iter().any(|(place, _)| *place == reference.place);
            if let (Some(other), false) = (other, is_known) {
                found.push((reference.place, other));
            }
        }
        found
    }

    /// The collection that an operation belongs to, and its part in it.
    pub(crate) fn member(&self, route: &Route) -> Option<(&Store, &Member)> {
        let key = (address(&route.document), route.index());
        let (store, member) = self.members.get(&key)?;
        let store = &self.stores[*store];
        Some((store, &store.collection.members[*member]))
    }

    /// The collections that are served, each with a name of its own: the id of its list's operation, or the name of the
    /// list where another one has the id.
    pub(crate) fn served(&self) -> Vec<(String, &Store)> {
        let mut taken = HashSet::new();
        let served = self
            .stores
            .iter()
            .filter(|store| store.is_served() && store.events.is_none());
        let named = served.map(|store| {
            let list = &store.collection.list;
            let id = &list.operation().id;
            let name = if taken.insert(id) {
                id.clone()
            } else {
                list.name()
            };
            (name, store)
        });
        named.collect()
    }

    /// All of them.
    pub(crate) fn stores(&self) -> impl Iterator<Item = &Store> {
        self.stores.iter()
    }

    /// The lists of events of the items of a collection.
    pub(crate) fn events_of<'c>(&'c self, store: &'c Store) -> impl Iterator<Item = &'c Store> {
        self.stores.iter().filter(move |one| {
            let parent = one.events.as_ref().and(one.parent);
            parent.is_some_and(|parent| std::ptr::eq(&raw const self.stores[parent], store))
        })
    }

    /// The collection to whose items the lists of another one belong.
    pub(crate) fn parent(&self, store: &Store) -> Option<&Store> {
        self.stores.get(store.parent?)
    }

    /// The lists that come whole, by their place in their world.
    pub(crate) fn wholes(&self) -> &[Contract] {
        &self.wholes
    }

    /// The world of the lists that come whole.
    pub(crate) fn whole(&self) -> Option<&World> {
        self.whole.as_ref()
    }
}

impl Store {
    /// Whether its operations are served from its items.
    fn is_served(&self) -> bool {
        let is_somewhere = !matches!(self.home, Home::Paged(usize::MAX));
        // A list that comes whole and never changes is best shown by the document's own example.
        let is_kept = self.collection.is_changeable() || self.events.is_some();
        is_somewhere && (is_kept || !self.collection.is_whole)
    }

    /// How many parameters the path of its list has.
    pub(crate) fn width(&self) -> usize {
        self.collection.list.operation().path.parameters().count()
    }

    /// The path values of the list that items of another list at `path` refer to. `None` if `path` has too few.
    pub(crate) fn path_below(&self, path: &[(&str, String)]) -> Option<Vec<(&str, String)>> {
        let names = self.collection.list.operation().path.parameters();
        let values = path.iter().map(|(_, value)| value.clone());
        let values: Vec<_> = names.zip(values).collect();
        (values.len() == self.width()).then_some(values)
    }
}

/// What tells a document from others while the mock runs.
fn address(document: &Document) -> usize {
    std::ptr::from_ref(document.source()).addr()
}

/// The place of a list among the contracts.
fn place(contracts: &[Contract], list: &Contract) -> Option<usize> {
    contracts.iter().position(|one| {
        std::ptr::eq(one.document().source(), list.document().source())
            && one.operation().pointer == list.operation().pointer
    })
}
