//! The schemas of a document, and which of them are parts of which.
//!
//! Schemas share their parts, and a large document reaches most of itself from any of them. So the document has one
//! chart, which grows by what is asked, and each keyword has a mark at every schema that leads to it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

/// The schemas that were met, and all that they are made of.
#[derive(Default)]
pub(crate) struct Chart {
    /// The place of each schema in `spots`, by its pointer.
    places: HashMap<String, usize>,
    spots: Vec<Spot>,
    /// By keyword, what each schema has to do with it.
    marks: HashMap<String, Vec<Mark>>,
    /// The keywords of all schemas, each with the schemas that have it.
    having: HashMap<String, Vec<usize>>,
}

/// What a schema has to do with a keyword.
#[derive(Clone, Default)]
pub(crate) enum Mark {
    /// Nothing. Most of a page need not be looked at.
    #[default]
    Nothing,
    /// It is made of schemas that say it.
    Leads,
    /// It says it, with this value.
    Says(Arc<Value>),
}

/// One schema of a [`Chart`]; it names others by their places in the chart.
#[derive(Default)]
pub(crate) struct Spot {
    /// Where the schema stands. The document keeps the chart, so the chart does not keep the document.
    pub(crate) pointer: String,
    pub(crate) parts: Vec<usize>,
    pub(crate) choices: Vec<usize>,
    pub(crate) properties: HashMap<String, usize>,
    pub(crate) others: Option<usize>,
    pub(crate) items: Option<usize>,
    /// All of them, in the document's order.
    ways: Vec<usize>,
}

/// The pointers of the schemas that one schema is made of.
pub(crate) struct MadeOf {
    /// Its keywords, and those behind its `$ref`. A keyword may stand twice.
    pub(crate) keywords: Vec<String>,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) items: Option<String>,
    pub(crate) others: Option<String>,
    pub(crate) parts: Vec<String>,
    pub(crate) choices: Vec<String>,
}

impl Chart {
    /// The schema at `pointer`, if all that leads from it to `keyword` is known.
    pub(crate) fn known(&self, pointer: &str, keyword: &str) -> Option<usize> {
        let place = *self.places.get(pointer)?;
        let marks = self.marks.get(keyword)?;
        (place < marks.len()).then_some(place)
    }

    /// The schema at a place.
    pub(crate) fn spot(&self, place: usize) -> &Spot {
        &self.spots[place]
    }

    /// Adds the schema at `pointer` and all that it is made of, as `read` says, and marks what leads to `keyword`,
    /// which a schema `says`. Returns its place.
    pub(crate) fn add(
        &mut self,
        pointer: &str,
        keyword: &str,
        read: impl Fn(&str) -> MadeOf,
        says: impl Fn(&str) -> Option<Value>,
    ) -> usize {
        let mut next = self.spots.len();
        let place = self.place(pointer.to_owned());
        while let Some(spot) = self.spots.get(next) {
            let parts = read(&spot.pointer);
            self.join(next, parts);
            next += 1;
        }
        self.mark(keyword, says);
        place
    }

    /// What each schema has to do with `keyword`.
    pub(crate) fn marks(&self, keyword: &str) -> &[Mark] {
        self.marks.get(keyword).map_or(&[], Vec::as_slice)
    }

    /// The pointers of the schemas that say `keyword`, from `start` on, the nearest first.
    pub(crate) fn saying(&self, start: usize, keyword: &str) -> Vec<&str> {
        let marks = self.marks(keyword);
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut open = VecDeque::from([start]);
        while let Some(place) = open.pop_front() {
            if matches!(marks[place], Mark::Nothing) || !seen.insert(place) {
                continue;
            }
            if let Mark::Says(_) = marks[place] {
                found.push(self.spots[place].pointer.as_str());
            }
            open.extend(&self.spots[place].ways);
        }
        found
    }

    fn place(&mut self, pointer: String) -> usize {
        let next = self.spots.len();
        let place = *self.places.entry(pointer.clone()).or_insert(next);
        if place == next {
            self.spots.push(Spot {
                pointer,
                ..Spot::default()
            });
        }
        place
    }

    fn join(&mut self, at: usize, parts: MadeOf) {
        for keyword in parts.keywords {
            self.having.entry(keyword).or_default().push(at);
        }
        let properties = parts.properties.into_iter();
        let properties: Vec<_> = properties
            .map(|(name, pointer)| (name, self.place(pointer)))
            .collect();
        let items = parts.items.map(|items| self.place(items));
        let others = parts.others.map(|others| self.place(others));
        let mut several = |pointers: Vec<String>| -> Vec<usize> {
            let pointers = pointers.into_iter();
            pointers.map(|pointer| self.place(pointer)).collect()
        };
        let (parts, choices) = (several(parts.parts), several(parts.choices));
        let ways = properties.iter().map(|(_, place)| *place);
        let ways = ways.chain(items).chain(others);
        let ways = ways.chain(parts.iter().chain(&choices).copied()).collect();
        let spot = &mut self.spots[at];
        (spot.parts, spot.choices) = (parts, choices);
        (spot.items, spot.others) = (items, others);
        spot.properties = properties.into_iter().collect();
        spot.ways = ways;
    }

    /// Marks what leads to `keyword`. What leads from the schemas that were marked before does not change.
    fn mark(&mut self, keyword: &str, says: impl Fn(&str) -> Option<Value>) {
        let marks = self.marks.entry(keyword.to_owned()).or_default();
        let known = marks.len();
        marks.resize_with(self.spots.len(), Mark::default);
        let having = self.having.get(keyword).map_or(&[][..], Vec::as_slice);
        let first = having.partition_point(|place| *place < known);
        for place in &having[first..] {
            if let Some(value) = says(&self.spots[*place].pointer) {
                marks[*place] = Mark::Says(Arc::new(value));
            }
        }
        let leads = |mark: &Mark| !matches!(mark, Mark::Nothing);
        if !marks.iter().any(leads) {
            return;
        }
        let new = self.spots.iter().enumerate().skip(known);
        let mut back: HashMap<usize, Vec<usize>> = HashMap::new();
        for (place, spot) in new {
            for way in &spot.ways {
                back.entry(*way).or_default().push(place);
            }
        }
        let ends = back.keys().copied().filter(|end| leads(&marks[*end]));
        let mut open: Vec<usize> = ends.collect();
        while let Some(end) = open.pop() {
            for place in back.get(&end).into_iter().flatten() {
                if !leads(&marks[*place]) {
                    marks[*place] = Mark::Leads;
                    open.push(*place);
                }
            }
        }
    }
}
