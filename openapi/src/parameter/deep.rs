//! The style `deepObject`: `filter[name]=a&filter[size][min]=1&filter[tags][]=b`.
//!
//! OpenAPI defines it for objects of scalars only. Clients and servers agree on the rest so far: objects in
//! objects, and lists as `[]`, by index, or by repeating the name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::encoding::{RESERVED, encoded};
use super::shape::Shape;

/// How many names in brackets are read; what is deeper belongs to the last name.
const DEPTH: usize = 16;

/// The part of a query that stands for a value.
pub(super) fn write(name: &str, value: &Value) -> Option<String> {
    let mut pairs = Vec::new();
    if name.contains(['[', ']']) {
        return None;
    }
    add(&encoded(name, RESERVED), value, &mut pairs, 0)?;
    Some(pairs.join("&"))
}

fn add(name: &str, value: &Value, pairs: &mut Vec<String>, depth: usize) -> Option<()> {
    if depth > DEPTH {
        return None;
    }
    match value {
        Value::Null => return None,
        Value::String(text) => pairs.push(format!("{name}={}", encoded(text, RESERVED))),
        Value::Bool(_) | Value::Number(_) => pairs.push(format!("{name}={value}")),
        Value::Array(items) => {
            let are_scalars = !items.iter().any(|item| item.is_array() || item.is_object());
            for (index, item) in items.iter().enumerate() {
                let at = if are_scalars {
                    format!("{name}[]")
                } else {
                    format!("{name}[{index}]")
                };
                add(&at, item, pairs, depth + 1)?;
            }
            return (!items.is_empty()).then_some(());
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                if key.is_empty() || key.contains(['[', ']']) {
                    return None;
                }
                let at = format!("{name}[{}]", encoded(key, RESERVED));
                add(&at, value, pairs, depth + 1)?;
            }
            return (!fields.is_empty()).then_some(());
        }
    }
    Some(())
}

/// Whether a decoded name of a query belongs to the parameter `name`.
pub(super) fn is_of(name: &str, sent: &str) -> bool {
    let rest = sent.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('[') && rest.ends_with(']')))
}

/// What was sent below a name.
#[derive(Default)]
struct Node {
    texts: Vec<String>,
    below: BTreeMap<String, Node>,
}

/// The value that the pairs of a query, decoded, stand for; `None` if none belongs to the parameter.
pub(super) fn read<'q>(
    name: &str,
    pairs: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>,
    shape: &Shape,
) -> Option<Value> {
    let mut root = Node::default();
    for (sent, text) in pairs.filter(|(sent, _)| is_of(name, sent)) {
        let mut node = &mut root;
        for key in keys(&sent[name.len()..]) {
            node = node.below.entry(key.to_owned()).or_default();
        }
        node.texts.push(text.into_owned());
    }
    let is_sent = !root.texts.is_empty() || !root.below.is_empty();
    is_sent.then(|| root.value(shape))
}

/// The names in `[a][b]`.
fn keys(brackets: &str) -> Vec<&str> {
    let inner = brackets
        .strip_prefix('[')
        .and_then(|one| one.strip_suffix(']'));
    inner.map_or_else(Vec::new, |inner| inner.splitn(DEPTH, "][").collect())
}

impl Node {
    fn value(mut self, shape: &Shape) -> Value {
        let is_place = |key: &String| key.bytes().all(|byte| byte.is_ascii_digit());
        let may_be_list = shape.takes("array") && self.below.keys().all(is_place);
        let is_list = may_be_list
            && (!self.below.is_empty() || self.texts.len() > 1 || !shape.takes_scalars());
        if is_list {
            let texts = self.texts.into_iter().map(|text| Node {
                texts: vec![text],
                below: BTreeMap::new(),
            });
            let mut items: Vec<_> = texts.collect();
            let mut below: Vec<_> = self.below.into_iter().collect();
            // Unnumbered ones first, then by number: `10` stands behind `9`.
            below.sort_by(|(one, _), (other, _)| (one.len(), one).cmp(&(other.len(), other)));
            for (key, node) in below {
                let is_single = !key.is_empty() || !node.below.is_empty();
                if is_single {
                    items.push(node);
                } else {
                    let texts = node.texts.into_iter();
                    items.extend(texts.map(|text| Node {
                        texts: vec![text],
                        below: BTreeMap::new(),
                    }));
                }
            }
            let items = items.into_iter().enumerate();
            return items
                .map(|(index, item)| item.value(&shape.item(index)))
                .collect();
        }
        if self.below.is_empty() {
            let text = self.texts.pop().unwrap_or_default();
            return shape.typed(&text);
        }
        let fields = self.below.into_iter().map(|(key, node)| {
            let value = node.value(&shape.property(&key));
            (key, value)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }
}
