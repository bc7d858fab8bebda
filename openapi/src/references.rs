//! Local references: following them, and finding those that lead nowhere.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::OnceLock;

use serde_json::Value;

use crate::keys::Inside;
use crate::{join, pointer};

/// The value of a whole document, in which references are followed.
pub(crate) struct Root {
    value: Value,
    /// The pointer of each `$anchor`; most documents have none, so the first reference to one collects them.
    anchors: OnceLock<HashMap<String, String>>,
}

/// A `$ref` that cannot be followed.
pub(crate) struct Broken {
    /// Where it stands.
    pub(crate) pointer: String,
    pub(crate) message: String,
}

impl Deref for Root {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

impl Root {
    pub(crate) fn new(value: Value) -> Self {
        let anchors = OnceLock::new();
        Self { value, anchors }
    }

    /// The pointer that a chain of `$ref`s from `start` ends at; `start` if it comes back to itself.
    pub(crate) fn follow(&self, start: &str) -> String {
        end(&self.value, start, |reference| self.resolve(reference))
    }

    /// The value that a chain of `$ref`s from `value` ends at; `value` if it comes back to itself.
    pub(crate) fn followed<'v>(&'v self, value: &'v Value) -> &'v Value {
        chain_end(value, |reference| self.resolve(reference)).map_or(value, |(_, end)| end)
    }

    /// The pointer that a reference names: itself one, or an `$anchor`.
    pub(crate) fn target(&self, reference: &str) -> Option<String> {
        self.resolve(reference).map(|(pointer, _)| pointer)
    }

    /// Every `$ref` that leads nowhere, out of the document, or only back to itself, in the document's order. Of a
    /// circle, the first is blamed.
    pub(crate) fn broken(&self) -> Vec<Broken> {
        let mut walk = Walk {
            root: self,
            path: Vec::new(),
            followed: HashSet::new(),
            circles: HashMap::new(),
            blamed: HashSet::new(),
            broken: Vec::new(),
        };
        walk.visit(&self.value, Inside::Object);
        walk.broken
    }

    fn resolve(&self, reference: &str) -> Option<(String, &Value)> {
        let fragment = pointer::of_fragment(reference.strip_prefix('#')?);
        let place = match pointer::plain(&fragment) {
            name if name.is_empty() || name.starts_with('/') => fragment,
            name => self.anchors().get(name)?.clone(),
        };
        let value = pointer::find(&self.value, &place)?;
        Some((place, value))
    }

    fn anchors(&self) -> &HashMap<String, String> {
        self.anchors.get_or_init(|| {
            let mut anchors = HashMap::new();
            collect(&self.value, Inside::Object, &mut Vec::new(), &mut anchors);
            anchors
        })
    }
}

/// As [`Root::follow`], in a value without anchors.
pub(crate) fn follow(root: &Value, start: &str) -> String {
    end(root, start, |reference| {
        let place = pointer::of_fragment(reference.strip_prefix('#')?);
        let value = pointer::find(root, &place)?;
        Some((place, value))
    })
}

/// The pointer that the chain from `start` ends at; `start` if it comes back to itself.
fn end<'v>(
    root: &'v Value,
    start: &str,
    resolve: impl Fn(&str) -> Option<(String, &'v Value)>,
) -> String {
    let found = pointer::find(root, start).and_then(|value| chain_end(value, resolve));
    found.map_or_else(|| start.to_owned(), |(place, _)| place)
}

/// Where the chain of `$ref`s from `value` ends; nothing if there is no chain, or if it comes back to itself.
fn chain_end<'v>(
    value: &'v Value,
    resolve: impl Fn(&str) -> Option<(String, &'v Value)>,
) -> Option<(String, &'v Value)> {
    let mut end: Option<(String, &Value)> = None;
    let mut seen = HashSet::new();
    loop {
        let at = end.as_ref().map_or(value, |(_, at)| at);
        let Some(next) = reference(at).and_then(&resolve) else {
            return end;
        };
        if !seen.insert(std::ptr::from_ref(at)) {
            return None;
        }
        end = Some(next);
    }
}

/// The `$ref` of a value.
fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// A step from a value to a part of it. Pointers are built of these only where one is needed.
#[derive(Clone, Copy)]
enum Step<'v> {
    Key(&'v str),
    Index(usize),
}

fn pointer_of(path: &[Step<'_>]) -> String {
    path.iter().fold("#".to_owned(), |at, step| match step {
        Step::Key(key) => join(&at, key),
        Step::Index(index) => join(&at, &index.to_string()),
    })
}

/// The parts of `value` that hold parts themselves, and what their keys are.
fn parts(value: &Value, inside: Inside) -> impl Iterator<Item = (Step<'_>, &Value, Inside)> {
    let fields = value.as_object().into_iter().flatten();
    let fields = fields.map(move |(key, part)| (Step::Key(key), part, Some(key)));
    let items = value.as_array().into_iter().flatten().enumerate();
    let items = items.map(|(index, part)| (Step::Index(index), part, None));
    let holding = fields
        .chain(items)
        .filter(|(_, part, _)| part.is_object() || part.is_array());
    holding.filter_map(move |(step, part, key)| {
        let inside = key.map_or(Inside::Object, |key| inside.of(key, part));
        (inside != Inside::Data).then_some((step, part, inside))
    })
}

/// Adds the anchors of `value`, which stands at the end of `path`; of two with one name the first counts.
fn collect<'v>(
    value: &'v Value,
    inside: Inside,
    path: &mut Vec<Step<'v>>,
    anchors: &mut HashMap<String, String>,
) {
    if inside == Inside::Object {
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = value.get(keyword).and_then(Value::as_str) {
                let place = || pointer_of(path);
                anchors.entry(name.to_owned()).or_insert_with(place);
            }
        }
    }
    for (step, part, inside) in parts(value, inside) {
        path.push(step);
        collect(part, inside, path, anchors);
        path.pop();
    }
}

/// One walk over a document.
struct Walk<'r> {
    root: &'r Root,
    path: Vec<Step<'r>>,
    /// The references, by their addresses, whose chains were followed.
    followed: HashSet<*const Value>,
    /// Those on a circle, and the one by which the circle is known.
    circles: HashMap<*const Value, *const Value>,
    blamed: HashSet<*const Value>,
    broken: Vec<Broken>,
}

impl<'r> Walk<'r> {
    fn visit(&mut self, value: &'r Value, inside: Inside) {
        if inside == Inside::Object
            && let Some(reference) = reference(value)
        {
            self.check(value, reference);
        }
        for (step, part, inside) in parts(value, inside) {
            self.path.push(step);
            self.visit(part, inside);
            self.path.pop();
        }
    }

    fn check(&mut self, value: &'r Value, reference: &str) {
        let message = if !reference.starts_with('#') {
            format!("`$ref: {reference}` leads out of this document")
        } else if self.root.resolve(reference).is_none() {
            format!("`$ref: {reference}` leads nowhere")
        } else if self.begins_a_circle(value) {
            format!("`$ref: {reference}` leads only back to itself")
        } else {
            return;
        };
        self.broken.push(Broken {
            pointer: join(&pointer_of(&self.path), "$ref"),
            message,
        });
    }

    /// Whether `value` is on a circle of references of which no other was met before.
    fn begins_a_circle(&mut self, value: &'r Value) -> bool {
        self.follow(value);
        let circle = self.circles.get(&std::ptr::from_ref(value));
        circle.is_some_and(|circle| self.blamed.insert(*circle))
    }

    /// Follows the chain of references from `value`; each link is followed once.
    fn follow(&mut self, value: &'r Value) {
        let mut chain = Vec::new();
        let mut at = value;
        while let Some(reference) = reference(at)
            && self.followed.insert(std::ptr::from_ref(at))
            // A chain that breaks is blamed where it breaks.
            && let Some((_, next)) = self.root.resolve(reference)
        {
            chain.push(std::ptr::from_ref(at));
            at = next;
        }
        let end = std::ptr::from_ref(at);
        if let Some(first) = chain.iter().position(|one| *one == end) {
            let circle = chain.drain(first..).map(|one| (one, end));
            self.circles.extend(circle);
        }
    }
}
