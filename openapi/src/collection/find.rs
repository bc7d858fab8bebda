//! Finds the collections of a document.

use std::collections::HashMap;

use super::look::{Item, listed, meant, success};
use super::shape::{self, is_below, is_of_item, of_item, shape, without_parent};
use super::{Collection, Member, vendor};
use crate::collection_role::{CollectionRole, Does};
use crate::{Act, Contract, Document, Location, Operation, Promise, Selector, Step};

/// A look for the collections of a document.
pub(super) struct Search<'d> {
    document: &'d Document,
    /// The lists that page, by their operation's place.
    paged: HashMap<&'d str, &'d Contract>,
    /// The operations, by the shape of their paths.
    shapes: HashMap<String, Vec<usize>>,
    /// What `x-collection` says, by the index of the operation.
    said: HashMap<usize, CollectionRole>,
    /// The extension that says the same in a vendor's words.
    vendors: HashMap<usize, &'static str>,
}

impl<'d> Search<'d> {
    pub(super) fn new(document: &'d Document, contracts: &'d [Contract]) -> Self {
        let mut shapes: HashMap<String, Vec<usize>> = HashMap::new();
        let (mut said, mut vendors) = (HashMap::new(), HashMap::new());
        for (index, role, by) in vendor::roles(document) {
            said.insert(index, role);
            vendors.insert(index, by);
        }
        for (index, operation) in document.operations().iter().enumerate() {
            match document.collection_role(operation) {
                Some(role) => {
                    vendors.remove(&index);
                    said.insert(index, role);
                }
                None if said.contains_key(&index) => {}
                None => shapes
                    .entry(shape(&operation.path))
                    .or_default()
                    .push(index),
            }
        }
        let own = contracts
            .iter()
            .filter(|one| std::ptr::eq(one.document().source(), document.source()));
        Self {
            document,
            paged: own
                .map(|one| (one.operation().pointer.as_str(), one))
                .collect(),
            shapes,
            said,
            vendors,
        }
    }

    pub(super) fn collections(&self) -> Vec<Collection> {
        let operations = self.document.operations().iter().enumerate();
        let lists = operations.filter(|(index, operation)| {
            let said = self.said.get(index).map(|role| role.does);
            said.map_or(operation.method == "GET", |does| does == Does::List)
        });
        let found = lists.filter_map(|(index, operation)| self.collection(index, operation));
        let mut found: Vec<_> = found.collect();
        let shapes = found.iter().map(|one| shape(&one.list.operation().path));
        let shapes: Vec<_> = shapes.collect();
        // Where items are named without the item that their list belongs to, lists may belong to such names.
        let short = found.iter().zip(&shapes).map(|(one, shape)| {
            let mut members = one.members.iter();
            let is_elsewhere = members.any(|member| member.is_elsewhere);
            is_elsewhere.then(|| without_parent(shape)).flatten()
        });
        let short: Vec<_> = short.collect();
        for (one, own) in found.iter_mut().zip(&shapes) {
            one.parent = shapes.iter().position(|above| is_below(own, above));
            if one.parent.is_none() {
                let is_above = |short: &Option<String>| {
                    short.as_ref().is_some_and(|short| is_below(own, short))
                };
                one.parent = short.iter().position(is_above);
                one.parent_is_elsewhere = one.parent.is_some();
            }
        }
        found
    }

    /// The collection of one list, without its parent.
    pub(super) fn of_list(&self, list: &'d Operation) -> Option<Collection> {
        let mut operations = self.document.operations().iter();
        let index = operations.position(|one| one.pointer == list.pointer)?;
        self.collection(index, list)
    }

    fn collection(&self, index: usize, operation: &'d Operation) -> Option<Collection> {
        let said = self.said.get(&index);
        let shape = shape(&operation.path);
        let paged = self.paged.get(operation.pointer.as_str()).copied();
        if said.is_none() && paged.is_none() && is_of_item(&shape) {
            return None;
        }
        let (beside, below) = (self.at(&shape), self.at(&of_item(&shape)));
        let elsewhere = below.is_empty().then(|| self.elsewhere(&shape)).flatten();
        let is_elsewhere = elsewhere.is_some();
        let below = elsewhere.unwrap_or(below);
        let told = || {
            let mut said = self.said.values();
            said.any(|role| role.list.as_ref() == Some(&operation.id))
        };
        let creates = |index: &usize| self.operation(*index).method == "POST";
        if below.is_empty() && !beside.iter().any(creates) && !told() {
            return None;
        }
        let wanted = said.and_then(|role| role.key.clone());
        let wanted = wanted.or_else(|| self.named_key(below, operation));
        let list = match paged {
            Some(paged) => paged.clone(),
            None => self.document.whole_list(operation, wanted.as_deref())?,
        };
        let key = key(&list)?;
        if wanted.is_some_and(|wanted| wanted != key) {
            return None;
        }
        let item = Item::new(&list.item(), &key);
        let because = if paged.is_some() {
            "it pages"
        } else {
            "its answer is the whole list"
        };
        let mut members = vec![Member {
            operation: index,
            act: Act::List,
            item: None,
            body: None,
            reason: because.to_owned(),
            is_elsewhere: false,
            sets: Vec::new(),
        }];
        members.extend(
            beside
                .iter()
                .filter_map(|index| self.created(*index, &item)),
        );
        let of_item = below.iter().filter(|index| self.names_item(**index, &item));
        let of_item: Vec<_> = of_item.copied().collect();
        members.extend(
            of_item
                .iter()
                .filter_map(|index| self.of_item(*index, &of_item, &item))
                .map(|member| {
                    if is_elsewhere {
                        member.elsewhere()
                    } else {
                        member
                    }
                }),
        );
        if let Some(first) = of_item.first() {
            members.extend(self.acts(
                &shape::shape(&self.operation(*first).path),
                &item,
                is_elsewhere,
            ));
        }
        members.extend(self.told(operation, &item));
        let is_one = members.len() > 1;
        is_one.then(|| Collection {
            is_whole: paged.is_none(),
            list,
            key,
            members,
            parent: None,
            parent_is_elsewhere: false,
        })
    }

    /// The operations on one item whose path lacks the item that the list belongs to, as `/tasks/{id}` of
    /// `/projects/{id}/tasks`. There are none if another list may have these items.
    fn elsewhere(&self, list: &str) -> Option<&[usize]> {
        let short = without_parent(list)?;
        let found = self.shapes.get(&of_item(&short))?;
        let gets = |operations: &[usize]| {
            let mut operations = operations.iter();
            operations.any(|index| self.operation(*index).method == "GET")
        };
        if self.shapes.get(&short).is_some_and(|beside| gets(beside)) {
            return None;
        }
        let lists = self.shapes.iter().filter(|(shape, operations)| {
            without_parent(shape).as_ref() == Some(&short) && gets(operations)
        });
        (lists.count() == 1).then_some(found)
    }

    pub(super) fn document(&self) -> &'d Document {
        self.document
    }

    /// The list that an operation pages through.
    pub(super) fn paged(&self, operation: &Operation) -> Option<&'d Contract> {
        self.paged.get(operation.pointer.as_str()).copied()
    }

    /// The operations at paths of this shape.
    pub(super) fn at(&self, shape: &str) -> &[usize] {
        self.shapes.get(shape).map_or(&[][..], Vec::as_slice)
    }

    pub(super) fn operation(&self, index: usize) -> &'d Operation {
        &self.document.operations()[index]
    }

    /// The property of an item that the last path parameter of operations on one item is named after.
    fn named_key(&self, below: &[usize], list: &Operation) -> Option<String> {
        let parameter = self.operation(*below.first()?).path.parameters().last()?;
        let properties = listed(&success(list)?)?.named();
        let names = properties.iter().map(|(name, _)| name.as_str());
        meant(parameter, names).map(ToOwned::to_owned)
    }

    /// Whether the last path parameter of an operation can be the key of an item.
    fn names_item(&self, index: usize, item: &Item) -> bool {
        let operation = self.operation(index);
        let last = operation.path.parameters().last();
        let declared = last.and_then(|name| operation.parameter(Location::Path, name));
        declared.is_none_or(|parameter| item.takes(&parameter.name, &parameter.schema))
    }

    pub(super) fn created(&self, index: usize, item: &Item) -> Option<Member> {
        let operation = self.operation(index);
        if operation.method != "POST" || self.paged.contains_key(operation.pointer.as_str()) {
            return None;
        }
        let body = self.body(operation, item);
        let answer = success(operation);
        let shown = answer.as_ref().and_then(|answer| item.place(answer));
        let reason = if let Some(place) = &shown {
            format!("its path is the list's, and `{place}` of its answer is an item")
        } else if answer.is_none() && body.is_some() && creates(operation) {
            "its path is the list's, and its body has properties of an item".to_owned()
        } else {
            return None;
        };
        Some(Member {
            operation: index,
            act: Act::Create,
            item: shown,
            body,
            reason,
            is_elsewhere: false,
            sets: Vec::new(),
        })
    }

    /// What an operation does whose path names one item; `others` are all of them.
    pub(super) fn of_item(&self, index: usize, others: &[usize], item: &Item) -> Option<Member> {
        let operation = self.operation(index);
        let shown = success(operation).and_then(|answer| item.place(&answer));
        let body = self.body(operation, item);
        let has = |method: &str| {
            others
                .iter()
                .any(|one| self.operation(*one).method == method)
        };
        let act = match operation.method.as_str() {
            "GET" => shown.is_some().then_some(Act::Read)?,
            "PUT" => body.is_some().then_some(Act::Replace)?,
            "PATCH" => Act::Patch,
            "DELETE" => Act::Delete,
            "POST" if !has("PATCH") && body.is_some() => shown.is_some().then_some(Act::Patch)?,
            _ => return None,
        };
        let mut reason = "its path is the list's with a key behind it".to_owned();
        if let Some(place) = &shown {
            reason += &format!(", and `{place}` of its answer is an item");
        }
        Some(Member {
            operation: index,
            act,
            item: shown,
            body,
            reason,
            is_elsewhere: false,
            sets: Vec::new(),
        })
    }

    /// The operations whose path is that of one item with a verb behind it, which says what they set.
    pub(super) fn acts(&self, of_item: &str, item: &Item, is_elsewhere: bool) -> Vec<Member> {
        let below = self.shapes.iter().filter_map(|(shape, operations)| {
            let verb = shape.strip_prefix(of_item)?.strip_prefix(['/', ':'])?;
            Some((verb, operations))
        });
        let plain = below.filter(|(verb, operations)| {
            let gets = |index: &usize| self.operation(*index).method == "GET";
            !verb.contains(['/', '{']) && !operations.iter().any(gets)
        });
        let mut acts: Vec<_> = plain
            .flat_map(|(verb, operations)| operations.iter().map(move |index| (*index, verb)))
            .collect();
        acts.sort_unstable();
        let members = acts.into_iter().filter_map(|(index, verb)| {
            let operation = self.operation(index);
            let (name, value) = item.set_by(verb).filter(|_| {
                matches!(operation.method.as_str(), "POST" | "PUT") && self.names_item(index, item)
            })?;
            Some(Member {
                operation: index,
                act: Act::Set,
                item: success(operation).and_then(|answer| item.place(&answer)),
                body: None,
                reason: format!(
                    "its path is that of one item and `{verb}`, which sets `{name}` to {value}"
                ),
                is_elsewhere,
                sets: vec![(name, value)],
            })
        });
        members.collect()
    }

    /// The operations of which `x-collection` says that they belong to this list.
    fn told(&self, list: &Operation, item: &Item) -> Vec<Member> {
        let mut told: Vec<_> = self.said.iter().collect();
        told.sort_unstable_by_key(|(index, _)| **index);
        let of_list = told
            .into_iter()
            .filter(|(_, role)| role.list.as_ref() == Some(&list.id));
        let members = of_list.filter_map(|(index, role)| {
            let operation = self.operation(*index);
            let place = || success(operation).and_then(|answer| item.place(&answer));
            let by = self.vendors.get(index);
            Some(Member {
                operation: *index,
                act: role.does.act()?,
                item: role.item.clone().or_else(place),
                body: role.body.clone().or_else(|| self.body(operation, item)),
                reason: format!("`{}` says so", by.unwrap_or(&"x-collection")),
                sets: role.sets.clone().into_iter().flatten().collect(),
                is_elsewhere: operation.path.parameters().count() == list.path.parameters().count()
                    && role.does.act().is_some_and(Act::is_of_item),
            })
        });
        members.collect()
    }

    fn body(&self, operation: &Operation, item: &Item) -> Option<Selector> {
        item.asked(&self.document.request_body(operation)?)
    }
}

/// The property that holds the key of a list's items, if one does.
fn key(list: &Contract) -> Option<String> {
    let has_keys = list.paging().promises(Promise::ItemsHaveKeys);
    match list.pagination().key.steps() {
        [Step::Name(name)] if has_keys => Some(name.clone()),
        _ => None,
    }
}

/// Whether an operation says by its status that it creates something.
fn creates(operation: &Operation) -> bool {
    operation
        .statuses()
        .any(|status| status == "201" || status == "204")
}
