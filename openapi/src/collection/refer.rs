//! Properties of an item that name an item of another list, such as `customer_id` beside the list `/customers`.
//!
//! Names alone would find too many. A property refers to a list if its name without `id` is the last segment of the
//! list's path, or the name of the schema of its items, and if both have the same type. A property without such an
//! ending must be a UUID as the keys are. The same holds for an array of them, such as `tag_ids`. Links of answers and
//! `x-collection` say it without a name.

use serde_json::Value;

use super::find::Search;
use super::look::{folded, listed, success};
use super::shape::{is_of_item, of_item, shape};
use crate::{Contract, Document, Operation, Schema, Selector, Step, join, tokens};

/// A property of a list's items that names something else.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Where the property lies in an item.
    pub place: Selector,
    /// Whether an array lies there, whose elements name something each.
    pub is_array: bool,
    /// What it names.
    pub to: Referred,
}

/// What a property of an item names.
#[derive(Debug, Clone)]
pub enum Referred {
    /// What the list itself belongs to: the value of this parameter of its path.
    Parent(String),
    /// An item of another list, by its key, which has this property there.
    Item(Box<Contract>, String),
}

impl Contract {
    /// The properties of its items that name an item of another list, or the item that the list belongs to.
    ///
    /// `contracts` are the lists of the document that page. Nothing is kept between calls.
    pub fn references(&self, contracts: &[Self]) -> Vec<Reference> {
        self.references_in(&self.item(), contracts)
    }

    /// The same of a schema that describes its items elsewhere, such as the body that creates one.
    pub fn references_in(&self, item: &Schema, contracts: &[Self]) -> Vec<Reference> {
        let key = match self.pagination().key.steps() {
            [Step::Name(name)] => name.as_str(),
            _ => "",
        };
        let fields: Vec<_> = item
            .named()
            .into_iter()
            .filter(|(name, _)| name != key)
            .filter_map(|(name, schema)| Field::new(name, schema))
            .collect();
        let refers = self.document().refers(self.operation());
        if fields.is_empty() && refers.is_empty() {
            return Vec::new();
        }
        let mut lists = Lists::of(self, contracts);
        let found = fields
            .into_iter()
            .filter(|field| !refers.iter().any(|(name, _)| *name == field.name));
        let found = found.filter_map(|field| {
            let to = lists.parent(&field).or_else(|| lists.named(&field))?;
            Some(Reference {
                place: field.place,
                is_array: field.is_array,
                to,
            })
        });
        let mut found: Vec<_> = found.collect();
        for (name, id) in refers {
            let place = Selector::default().then(&[Step::Name(name)]);
            let Some(is_array) = item.at(&place).map(|schema| schema.items().is_some()) else {
                continue;
            };
            let to = lists.said(&id);
            found.extend(to.map(|to| Reference {
                place,
                is_array,
                to,
            }));
        }
        found
    }
}

impl Document {
    /// What `x-collection` and the links of answers say of the properties of a list's items: the name of each, and the
    /// `operationId` of the list, or of an operation on one item of it.
    fn refers(&self, list: &Operation) -> Vec<(String, String)> {
        let role = self.collection_role(list);
        let said = role.and_then(|role| role.refers).unwrap_or_default();
        let mut said: Vec<_> = said.into_iter().collect();
        let own = shape(&list.path);
        let below = of_item(&own);
        for operation in self.operations() {
            let path = shape(&operation.path);
            if path == own || path == below {
                for (name, id) in self.linked(operation) {
                    if !said.iter().any(|(known, _)| *known == name) {
                        said.push((name, id));
                    }
                }
            }
        }
        said
    }

    /// The properties of an operation's answer that its links send as the last path parameter of another operation.
    fn linked(&self, operation: &Operation) -> Vec<(String, String)> {
        let statuses = operation.statuses().filter(|one| one.starts_with('2'));
        let links = statuses.filter_map(|status| {
            let at = join(&join(&operation.pointer, "responses"), status);
            self.at(&join(&at, "links"))?.as_object()
        });
        let linked = links.flat_map(|links| links.values()).filter_map(|link| {
            let id = link.get("operationId")?.as_str()?;
            let wanted = self.operations().iter().find(|one| one.id == id)?;
            let last = wanted.path.parameters().last()?;
            if !is_of_item(&shape(&wanted.path)) {
                return None;
            }
            let sent = link.get("parameters")?.as_object()?;
            let sent = sent.get(last).or_else(|| sent.get(&format!("path.{last}")));
            let pointer = sent?.as_str()?.strip_prefix("$response.body#")?;
            Some((tokens(pointer).pop()?, id.to_owned()))
        });
        linked.collect()
    }
}

/// A property that may name something.
struct Field {
    name: String,
    place: Selector,
    /// What describes an id there.
    schema: Schema,
    /// Whether it is an array of ids.
    is_array: bool,
    /// Its name without marks and without `id`.
    stem: String,
    /// Whether the name says that it is an id.
    is_id: bool,
}

impl Field {
    /// The property with this name, or the `id` in it if it is an object; `None` if it names nothing.
    fn new(name: String, schema: Schema) -> Option<Self> {
        let plain = folded(&name);
        let place = Selector::default().then(&[Step::Name(name.clone())]);
        if schema.types().contains(&"object") {
            let inner = schema.named().into_iter();
            let (id, inner) = inner.into_iter().find(|(name, _)| folded(name) == "id")?;
            return is_free(&inner).then(|| Self {
                place: place.then(&[Step::Name(id)]),
                schema: inner,
                is_array: false,
                stem: plain,
                is_id: true,
                name,
            });
        }
        let element = schema.items().filter(|_| schema.types().contains(&"array"));
        let is_array = element.is_some();
        let schema = element.unwrap_or(schema);
        let plural = plain.strip_suffix('s').filter(|_| is_array);
        let ends = ["uuid", "guid", "id"];
        let singular = plural.unwrap_or(&plain);
        let stem = ends.iter().find_map(|end| singular.strip_suffix(end));
        let stem = stem.filter(|stem| !stem.is_empty());
        let is_uuid = schema.keyword("format").and_then(Value::as_str) == Some("uuid");
        let suits = is_free(&schema) && (stem.is_some() || is_uuid);
        suits.then(|| Self {
            is_id: stem.is_some(),
            stem: stem.unwrap_or(&plain).to_owned(),
            name,
            place,
            schema,
            is_array,
        })
    }
}

/// Whether a schema takes texts or numbers that it does not list.
fn is_free(schema: &Schema) -> bool {
    let listed = ["enum", "const"];
    let is_listed = listed.iter().any(|word| schema.keyword(word).is_some());
    let types = schema.types();
    !is_listed && (types.contains(&"string") || types.contains(&"integer"))
}

/// The lists of a document, as a list sees them that refers to them.
struct Lists<'d> {
    own: &'d Contract,
    contracts: &'d [Contract],
    /// The shape of its path.
    shape: String,
    search: Option<Search<'d>>,
}

impl<'d> Lists<'d> {
    fn of(own: &'d Contract, contracts: &'d [Contract]) -> Self {
        Self {
            shape: shape(&own.operation().path),
            own,
            contracts,
            search: None,
        }
    }

    /// The parameter of the list's own path that a property repeats.
    fn parent(&self, field: &Field) -> Option<Referred> {
        if field.is_array {
            return None;
        }
        let path = &self.own.operation().path;
        let written = path.to_string();
        let segments: Vec<_> = written.split('/').collect();
        let mut names = path.parameters();
        let name = names.find(|name| {
            let plain = folded(name);
            let marked = format!("{{{name}}}");
            let at = segments.iter().position(|one| **one == marked);
            let before = at.and_then(|at| segments.get(at.checked_sub(1)?));
            let is_below = before.is_some_and(|before| is_plural(&folded(before), &field.stem));
            field.is_id && is_below && (plain == "id" || plain == field.stem)
                || folded(&field.name) == plain && (field.is_id || is_below)
        })?;
        Some(Referred::Parent(name.to_owned()))
    }

    /// The nearest list that a property is named after.
    fn named(&mut self, field: &Field) -> Option<Referred> {
        let operations = self.own.document().operations().iter().enumerate();
        let lists = operations.filter(|(_, operation)| {
            let is_own = operation.pointer == self.own.operation().pointer;
            operation.method == "GET" && !is_own
        });
        let near = lists.filter_map(|(index, operation)| {
            let own = shape(&operation.path);
            let (above, last) = own.rsplit_once('/')?;
            let depth = self.shares(above)?;
            Some((index, operation, folded(last), depth))
        });
        let near: Vec<_> = near.collect();
        let by_path = near
            .iter()
            .filter(|(_, _, last, _)| is_plural(last, &field.stem));
        let mut found: Vec<_> = by_path
            .map(|(index, _, _, depth)| (*depth, *index))
            .collect();
        if found.is_empty() {
            let by_schema = near.iter().filter(|(_, operation, last, _)| {
                !last.is_empty() && item_name(operation).is_some_and(|name| name == field.stem)
            });
            found = by_schema
                .map(|(index, _, _, depth)| (*depth, *index))
                .collect();
        }
        // The nearest one first.
        found.sort_by_key(|(depth, index)| (std::cmp::Reverse(*depth), *index));
        found.into_iter().find_map(|(_, index)| {
            let referred = self.at(index)?;
            suits(field, &referred).then_some(referred)
        })
    }

    /// The list that an operation reads, or that it has an item of.
    fn said(&mut self, id: &str) -> Option<Referred> {
        let operations = self.own.document().operations();
        let wanted = operations.iter().position(|one| one.id == id)?;
        if let Some(referred) = self.at(wanted) {
            return Some(referred);
        }
        let below = shape(&operations[wanted].path);
        let list = operations
            .iter()
            .position(|one| one.method == "GET" && of_item(&shape(&one.path)) == below)?;
        self.at(list)
    }

    /// How many segments of a path of this shape the list's own path shares; `None` if it leads to items that the own
    /// path does not name.
    fn shares(&self, above: &str) -> Option<usize> {
        let pairs = above.split('/').zip(self.shape.split('/'));
        let shared = pairs.take_while(|(one, own)| one == own).count();
        let length = above.split('/').count();
        (shared == length || !above.contains('{')).then_some(shared)
    }

    fn at(&mut self, index: usize) -> Option<Referred> {
        let (document, contracts) = (self.own.document(), self.contracts);
        let search = self
            .search
            .get_or_insert_with(|| Search::new(document, contracts));
        let collection = search.of_list(&document.operations()[index])?;
        let above = shape(&collection.list.operation().path);
        let (above, _) = above.rsplit_once('/')?;
        // An item of a list that never changes is the document's example.
        let is_kept = collection.is_changeable() || !collection.is_whole;
        let is_own = collection.list.operation().pointer == self.own.operation().pointer;
        self.shares(above).filter(|_| is_kept && !is_own)?;
        Some(Referred::Item(Box::new(collection.list), collection.key))
    }
}

/// Whether a property can have the keys of a list.
fn suits(field: &Field, referred: &Referred) -> bool {
    let Referred::Item(list, key) = referred else {
        return true;
    };
    let place = Selector::default().then(&[Step::Name(key.clone())]);
    let Some(own) = list.item().at(&place) else {
        return false;
    };
    let format = |schema: &Schema| schema.keyword("format").cloned();
    let is_number = |schema: &Schema| schema.types().contains(&"integer");
    is_number(&own) == is_number(&field.schema)
        && (field.is_id || format(&own) == format(&field.schema))
}

/// The name of the schema of a list's items, without marks; `None` if it has none.
fn item_name(list: &Operation) -> Option<String> {
    let items = listed(&success(list)?)?.resolved();
    let (above, name) = items.pointer().rsplit_once('/')?;
    above.ends_with("/schemas").then(|| folded(name))
}

/// Whether a word is the plural of another one, or the same.
fn is_plural(word: &str, stem: &str) -> bool {
    if stem.is_empty() {
        return false;
    }
    if let Some(ending) = word.strip_prefix(stem) {
        return matches!(ending, "" | "s" | "es");
    }
    let of_y = stem
        .strip_suffix('y')
        .and_then(|stem| word.strip_prefix(stem));
    of_y == Some("ies") || (stem, word) == ("person", "people")
}
