//! What an operation looks like to which nobody gave `x-pagination`.
//!
//! Each way of paging makes its proposal from it. A name is only a hint: types and places must fit, too.

use serde_json::Value;

use super::Known;
use super::answer::{Answer, Field, List};
use super::asked::Asked;
use super::words::{is_plural_of, plain, words};
use crate::{Operation, Schema, Selector, Step};

/// Names of the property that tells items apart, the surest first.
const KEYS: [&str; 8] = [
    "id", "uuid", "uid", "sid", "gid", "key", "token", "objectid",
];
/// Usual names of the list.
const LISTS: [&str; 12] = [
    "data", "items", "results", "entries", "records", "values", "elements", "edges", "list",
    "rows", "value", "content",
];
/// Names of lists that are no items.
const OTHERS: [&str; 22] = [
    "warnings",
    "errors",
    "links",
    "included",
    "sort",
    "clauses",
    "facets",
    "aggregations",
    "filters",
    "params",
    "order",
    "orderby",
    "breadcrumbs",
    "notices",
    "headers",
    "metadata",
    "seeds",
    "columns",
    "permissions",
    "related",
    "messages",
    "messagelist",
];

/// Words of a path that say what is done, and not with what.
const VERBS: [&str; 13] = [
    "search", "list", "all", "find", "query", "filter", "get", "json", "xml", "sync", "read",
    "execute", "lookup",
];
/// Words of a path, or of an `operationId`, that say that something is read.
const READING: [&str; 14] = [
    "list", "search", "query", "queries", "find", "get", "filter", "lookup", "read", "history",
    "sync", "scan", "fetch", "retrieve",
];
/// Words that say that something is changed.
const WRITING: [&str; 18] = [
    "create", "delete", "close", "update", "save", "copy", "batch", "add", "remove", "set",
    "revoke", "import", "upload", "post", "put", "insert", "execute", "upsert",
];

/// An operation that answers with lists.
pub(crate) struct Look<'o> {
    pub(crate) document: &'o Known<'o>,
    pub(crate) operation: &'o Operation,
    pub(crate) asked: Vec<Asked>,
    pub(crate) answer: Answer,
}

/// The list of items.
pub(crate) struct Items<'l> {
    pub(crate) list: &'l List,
    /// Where an item lies in an element of the list; usually it is the element.
    pub(crate) inside: Selector,
    /// Where an item's key lies, and its schema; `None` if nothing surely tells items apart.
    pub(crate) key: Option<(Selector, Schema)>,
    /// Whether another list is as likely.
    pub(crate) is_doubtful: bool,
}

impl Items<'_> {
    /// Where an element of the list has a cursor beside its item.
    pub(crate) fn cursor(&self) -> Option<Selector> {
        if self.inside.steps().is_empty() {
            return None;
        }
        let mut named = self.list.item.iter().flat_map(Schema::named);
        let (name, _) = named.find(|(name, _)| plain(name) == "cursor")?;
        Some(Selector::default().then(&[Step::Name(name)]))
    }
}

impl<'o> Look<'o> {
    /// A look at `operation`; `None` if it answers with no list. `is_said`: whether the document says in other words
    /// that it pages.
    pub(crate) fn at(
        document: &'o Known<'o>,
        operation: &'o Operation,
        is_said: bool,
    ) -> Option<Self> {
        if !matches!(operation.method.as_str(), "GET" | "QUERY" | "POST") {
            return None;
        }
        let is_post = operation.method == "POST";
        if is_post && !is_said && !is_read(operation) {
            return None;
        }
        let asked = Asked::all(document, operation);
        let may_follow = !is_post && !is_of_one(operation);
        if !is_said && !may_follow && !asked.iter().any(Asked::is_place) {
            return None;
        }
        let answer = Answer::of(operation)?;
        if answer.lists.is_empty() {
            return None;
        }
        // A request that holds the list writes it.
        let is_written = |list: &List| {
            asked
                .iter()
                .any(|one| one.plain == list.name && !one.is_text())
        };
        if is_post && !is_said && answer.lists.iter().any(is_written) {
            return None;
        }
        Some(Self {
            document,
            operation,
            asked,
            answer,
        })
    }

    /// The parameter that counts items, the one with the surest name.
    pub(crate) fn limit(&self) -> Option<&Asked> {
        let limits = self
            .asked
            .iter()
            .filter_map(|one| Some((one.limit()?, one)));
        limits.min_by_key(|(place, _)| *place).map(|(_, one)| one)
    }

    /// The flag that turns on what `asked` asks for: `usemarker` of `marker`.
    pub(crate) fn switch(&self, asked: &Asked) -> Option<&Asked> {
        let switch = format!("use{}", asked.plain);
        self.asked.iter().find(|other| other.plain == switch)
    }

    /// The items: the list that lies nearest to `way`, a field that says how to go on, and has the likeliest name.
    pub(crate) fn items(&self, way: Option<&Field>) -> Option<Items<'_>> {
        let mut best: Option<(&List, i32)> = None;
        let mut is_doubtful = false;
        for list in &self.answer.lists {
            let score = self.score(list, way);
            match best {
                Some((_, known)) if score == known => is_doubtful = true,
                Some((_, known)) if score < known => {}
                _ => {
                    is_doubtful = false;
                    best = Some((list, score));
                }
            }
        }
        let (list, _) = best?;
        Some(Items {
            is_doubtful,
            ..self.items_of(list)
        })
    }

    /// The items of a list.
    pub(crate) fn items_of<'l>(&'l self, list: &'l List) -> Items<'l> {
        let inside = list
            .item
            .iter()
            .map(inside)
            .find(|inside| !inside.steps().is_empty());
        let inside = inside.unwrap_or_default();
        let items: Vec<_> = list
            .item
            .iter()
            .flat_map(|item| item.all_at(inside.steps()))
            .collect();
        Items {
            list,
            key: items.iter().find_map(|item| self.key(item, list)),
            inside,
            is_doubtful: false,
        }
    }

    fn score(&self, list: &List, way: Option<&Field>) -> i32 {
        let named = self.last_name();
        let depth = i32::try_from(list.at.steps().len()).unwrap_or(i32::MAX);
        let mut score = -depth;
        let is_meant =
            is_plural_of(&list.name, &named) || named.len() > 3 && list.name.ends_with(&named);
        if is_meant {
            score += 4;
        }
        if LISTS.contains(&list.name.as_str()) {
            score += 3;
        }
        if OTHERS.contains(&list.name.as_str()) && !is_meant {
            score -= 4;
        }
        if list.has_objects || list.has_groups {
            score += 6;
        }
        // A description names what is paged through.
        if list.name.len() > 3
            && self
                .asked
                .iter()
                .any(|one| one.is_skip() && one.says(&[&list.name]))
        {
            score += 2;
        }
        let parent = &list.at.steps()[..list.at.steps().len().saturating_sub(1)];
        if way.is_some_and(|way| way.parent().starts_with(parent)) {
            score += 2;
        }
        score
    }

    /// The last name in the path that is no verb: `pins` in `/boards/{board}/pins/search`.
    pub(crate) fn last_name(&self) -> String {
        let path = self.operation.path.to_string();
        let path = path.split('?').next().unwrap_or_default();
        let parts = path.split('/').filter(|part| !part.starts_with('{'));
        let names = parts.rev().map(|part| {
            let words = words(part).into_iter();
            words
                .filter(|word| !VERBS.contains(&word.as_str()))
                .collect::<String>()
        });
        names
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default()
    }

    /// Whether the path ends in a parameter, as paths of one resource do.
    pub(crate) fn is_of_one(&self) -> bool {
        is_of_one(self.operation)
    }

    /// The property that tells items apart, if one surely does.
    fn key(&self, item: &Schema, list: &List) -> Option<(Selector, Schema)> {
        let named = item.named();
        let is_key = |schema: &Schema| {
            let types = schema.types();
            ["string", "integer", "number"]
                .iter()
                .any(|one| types.contains(one))
        };
        let place = |name: &str| Selector::default().then(&[Step::Name(name.to_owned())]);
        let usual = KEYS.iter().find_map(|key| {
            named
                .iter()
                .find(|(name, schema)| plain(name) == *key && is_key(schema))
        });
        let own = || {
            let mut named = named.iter();
            named.find(|(name, schema)| is_key(schema) && self.is_own_key(&plain(name), list))
        };
        let first = || {
            named.first().filter(|(name, schema)| {
                let format = schema.keyword("format").and_then(Value::as_str);
                plain(name).ends_with("id") && format == Some("uuid")
            })
        };
        if let Some((name, schema)) = usual.or_else(own).or_else(first) {
            return Some((place(name), schema.clone()));
        }
        // A member of a group is told apart by who it is, and an object of Kubernetes by its metadata.
        named.iter().find_map(|(name, schema)| {
            let known = match plain(name).as_str() {
                "user" | "member" => "id",
                "metadata" => "uid",
                _ => return None,
            };
            let inner = schema.named();
            let (key, inner) = inner
                .into_iter()
                .find(|(key, inner)| plain(key) == known && is_key(inner))?;
            Some((place(name).then(&[Step::Name(key)]), inner))
        })
    }

    /// Whether a property is named after the list: `pin_id` of `pins`.
    fn is_own_key(&self, name: &str, list: &List) -> bool {
        let endings = ["id", "uuid", "uid", "sid", "key"];
        let stems = endings
            .iter()
            .filter_map(|ending| name.strip_suffix(ending));
        let names = [list.name.clone(), self.last_name()];
        stems
            .into_iter()
            .any(|stem| names.iter().any(|many| is_plural_of(many, stem)))
    }
}

/// Where the item lies in an element of the list: in `node` if the element has a `cursor` beside it.
fn inside(element: &Schema) -> Selector {
    let named = element.named();
    let has = |name: &str| named.iter().any(|(known, _)| plain(known) == name);
    let node = named.iter().find(|(name, _)| plain(name) == "node");
    match node {
        Some((name, _)) if has("cursor") || named.len() == 1 => {
            Selector::default().then(&[Step::Name(name.clone())])
        }
        _ => Selector::default(),
    }
}

/// Whether the path of an operation ends in a parameter.
fn is_of_one(operation: &Operation) -> bool {
    operation
        .path
        .to_string()
        .trim_end_matches('/')
        .ends_with('}')
}

/// Whether an operation with POST reads, by its path and its `operationId`.
fn is_read(operation: &Operation) -> bool {
    let path = operation.path.to_string();
    let last = path
        .rsplit('/')
        .find(|part| !part.starts_with('{'))
        .unwrap_or_default();
    let (last, id) = (words(last), words(&operation.id));
    let has = |of: &[String], known: &[&str]| of.iter().any(|word| known.contains(&word.as_str()));
    if has(&last, &READING) {
        return !has(&last, &["batch", "delete"]);
    }
    // Without an `operationId`, the operation is called by its method and path.
    let is_named = !operation.id.starts_with("POST");
    is_named && has(&id, &READING) && !has(&id, &WRITING)
}
