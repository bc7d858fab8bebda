//! Lists of events that belong to things which clients create, such as `/jobs/{id}/events` beside `POST /jobs`.
//!
//! No request adds to such a list: its events happen while the thing lives. The thing may have no list of its own;
//! then its operations are found here as those of a collection are.

use serde_json::Value;

use super::find::Search;
use super::look::{Item, folded, meant, success};
use super::shape::{of_item, shape};
use super::{Collection, Member};
use crate::{Act, Contract, Document, Operation, Schema};

/// Last segments of the paths of such lists.
const EVENTS: [&str; 9] = [
    "activities",
    "activity",
    "events",
    "history",
    "log",
    "logs",
    "progress",
    "steps",
    "timeline",
];

/// A list of events that belong to a thing which clients create.
#[derive(Debug, Clone)]
pub struct EventList {
    /// How it is read.
    pub list: Contract,
    /// Whether one answer holds the whole list.
    pub is_whole: bool,
    /// The index of its operation among the document's operations.
    pub operation: usize,
    /// The place of the collection that has the thing. `None` if no list shows it.
    pub parent: Option<usize>,
    /// The operations on the thing if no list shows it: they create, read, change and delete it.
    pub members: Vec<Member>,
    /// The property of the thing that has its key.
    pub key: String,
    /// The schema of the thing.
    pub item: Schema,
    /// The property that says how far the thing is, and its values along a life; `None` if the document names none.
    pub states: Option<States>,
}

/// The property of a thing that says how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct States {
    /// Its name.
    pub property: String,
    /// The value before the work begins.
    pub waiting: Option<Value>,
    /// The value while the work goes on.
    pub working: Option<Value>,
    /// The value when the work is done.
    pub done: Value,
    /// The value when the work failed.
    pub failed: Option<Value>,
}

impl EventList {
    /// The list, and the operations on the thing if no list shows it, as a collection.
    pub fn collection(&self) -> Collection {
        let list = Member {
            operation: self.operation,
            act: Act::List,
            item: None,
            body: None,
            sets: Vec::new(),
            reason: "it lists the events of a thing that clients create".to_owned(),
            is_elsewhere: false,
        };
        let members = std::iter::once(list).chain(self.members.iter().cloned());
        Collection {
            list: self.list.clone(),
            is_whole: self.is_whole,
            key: self.key.clone(),
            members: members.collect(),
            parent: None,
            parent_is_elsewhere: false,
        }
    }
}

impl Document {
    /// The lists of events whose things clients create. `collections` are those of the document, and `contracts` its
    /// lists that page.
    pub fn event_lists(
        &self,
        contracts: &[Contract],
        collections: &[Collection],
    ) -> Vec<EventList> {
        let search = Search::new(self, contracts);
        let operations = self.operations().iter().enumerate();
        let found = operations.filter_map(|(index, one)| search.events(index, one, collections));
        found.collect()
    }
}

impl Search<'_> {
    fn events(
        &self,
        index: usize,
        operation: &Operation,
        collections: &[Collection],
    ) -> Option<EventList> {
        let own = shape(&operation.path);
        let (before, segment) = own.rsplit_once('/')?;
        let above = before.strip_suffix("/{}")?;
        if operation.method != "GET" || self.at(&own).len() > 1 {
            return None;
        }
        let paged = self.paged(operation);
        let has_life = paged.is_some_and(|one| one.pagination().lifecycle.is_some());
        let is_named = EVENTS.contains(&folded(segment).as_str());
        if !has_life && !is_named {
            return None;
        }
        let parameter = operation.path.parameters().last()?;
        let is_of = |one: &Collection| {
            shape(&one.list.operation().path) == above && one.member(Act::Create).is_some()
        };
        let parent = collections.iter().position(is_of);
        let (key, item, members) = if let Some(parent) = parent {
            let collection = &collections[parent];
            let shown = collection.member(Act::Read).and_then(|read| {
                let answer = success(self.document().operation_of(read))?;
                answer.at(read.item.as_ref()?)
            });
            let item = shown.unwrap_or_else(|| collection.list.item());
            (collection.key.clone(), item, Vec::new())
        } else {
            self.thing(above, parameter, collections)?
        };
        let list = match paged {
            Some(paged) => paged.clone(),
            None => self.document().whole_list(operation, None)?,
        };
        Some(EventList {
            is_whole: paged.is_none(),
            list,
            operation: index,
            parent,
            members,
            states: States::of(&item),
            key,
            item,
        })
    }

    /// The key, the schema and the operations of a thing that no list shows. `above` is the shape of the path at which
    /// it is created.
    fn thing(
        &self,
        above: &str,
        parameter: &str,
        collections: &[Collection],
    ) -> Option<(String, Schema, Vec<Member>)> {
        let is_listed = |one: &Collection| shape(&one.list.operation().path) == above;
        if collections.iter().any(is_listed) {
            return None;
        }
        let below = of_item(above);
        let get = |at: &&usize| self.operation(**at).method == "GET";
        let post = |at: &&usize| self.operation(**at).method == "POST";
        let read = self.at(&below).iter().find(get);
        let create = self.at(above).iter().find(post)?;
        let shown = read.or(Some(create));
        let item = success(self.operation(*shown?))?;
        let properties = item.named();
        let names = properties.iter().map(|(name, _)| name.as_str());
        let key = meant(parameter, names.clone());
        let key = key.or_else(|| names.clone().find(|name| folded(name) == "id"))?;
        let known = Item::new(&item, key);
        let of_item: Vec<_> = self.at(&below).to_vec();
        let mut members = vec![self.created(*create, &known)?];
        members[0].item.as_ref()?;
        let single = of_item.iter();
        members.extend(single.filter_map(|index| self.of_item(*index, &of_item, &known)));
        members.extend(self.acts(&below, &known, false));
        Some((key.to_owned(), item.clone(), members))
    }
}

impl States {
    /// The states of a thing, if a property names only states whose order is known.
    fn of(item: &Schema) -> Option<Self> {
        let mut named = item.named().into_iter();
        named.find_map(|(name, schema)| {
            let plain = folded(&name);
            let is_state = ["status", "state", "phase"]
                .iter()
                .any(|word| plain.ends_with(word));
            let words = schema.keyword("enum").filter(|_| is_state)?.as_array()?;
            let mut stages = words
                .iter()
                .map(|word| Some((Stage::of(word.as_str()?)?, word)));
            let known: Vec<_> = stages.by_ref().collect::<Option<_>>()?;
            let first = |wanted: Stage| {
                let mut of_stage = known.iter().filter(|(stage, _)| *stage == wanted);
                of_stage.next().map(|(_, word)| (*word).clone())
            };
            let (waiting, working) = (first(Stage::Waiting), first(Stage::Working));
            (waiting.is_some() || working.is_some()).then_some(())?;
            Some(Self {
                property: name,
                waiting,
                working,
                done: first(Stage::Done)?,
                failed: first(Stage::Failed),
            })
        })
    }

    /// The value at the beginning of a life.
    pub fn first(&self) -> &Value {
        let first = self.waiting.as_ref().or(self.working.as_ref());
        first.unwrap_or(&self.done)
    }
}

/// How far a thing is, by a plain word for its state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Working,
    Done,
    Failed,
    /// It ended in another way.
    Ended,
}

impl Stage {
    /// The stage that a word names; `None` if it is not known.
    fn of(word: &str) -> Option<Self> {
        Some(match folded(word).as_str() {
            "accepted" | "created" | "enqueued" | "new" | "notstarted" | "pending" | "queued"
            | "received" | "scheduled" | "submitted" | "validating" | "validatingfiles"
            | "waiting" => Self::Waiting,
            "active" | "building" | "executing" | "generating" | "inprogress" | "processing"
            | "progress" | "running" | "started" | "training" | "working" => Self::Working,
            "complete" | "completed" | "done" | "ended" | "finished" | "succeeded" | "success"
            | "successful" => Self::Done,
            "crashed" | "error" | "errored" | "failed" | "failure" => Self::Failed,
            "aborted" | "canceled" | "canceling" | "cancelled" | "cancelling" | "expired"
            | "killed" | "paused" | "rejected" | "stopped" | "stopping" | "terminated"
            | "timedout" | "timeout" => Self::Ended,
            _ => return None,
        })
    }
}
