//! Values as XML, by the `xml` objects of their schemas: OpenAPI 3.1, 4.8.26.

use std::io::Write as _;

use openapi::{Schema, tokens};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::Value;

use super::text;

/// How deep values are written.
const DEPTH: usize = 64;

type Out = Writer<Vec<u8>>;

/// A value as an XML document.
pub(super) fn write(schema: Option<&Schema>, value: &Value) -> Vec<u8> {
    let mut out = Writer::new(Vec::new());
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
    let name = schema.map_or_else(|| "root".to_owned(), root_name);
    let written = out
        .write_event(Event::Decl(declaration))
        .and_then(|()| match value {
            // A document has one root, so a list at the root is always wrapped.
            Value::Array(items) => list(&mut out, schema, &name, items, 0),
            value => element(&mut out, schema, &name, value, 0),
        })
        .and_then(|()| out.get_mut().write_all(b"\n"));
    debug_assert!(written.is_ok(), "writing to memory cannot fail");
    out.into_inner()
}

/// The name of the root: that of the `xml` object, else of the component.
fn root_name(schema: &Schema) -> String {
    let component = || {
        let tokens = tokens(schema.resolved().pointer());
        match tokens.as_slice() {
            [.., list, name] if list == "schemas" || list == "definitions" => legal(name),
            _ => "root".to_owned(),
        }
    };
    let name = hint(Some(schema), "name").unwrap_or_else(component);
    prefixed(schema, &name)
}

fn element(
    out: &mut Out,
    schema: Option<&Schema>,
    name: &str,
    value: &Value,
    depth: usize,
) -> std::io::Result<()> {
    let mut start = BytesStart::new(name);
    if let Some(namespace) = hint(schema, "namespace") {
        let key = match hint(schema, "prefix") {
            Some(prefix) => format!("xmlns:{}", legal(&prefix)),
            None => "xmlns".to_owned(),
        };
        start.push_attribute((key.as_str(), namespace.as_str()));
    }
    let fields = value.as_object();
    let property = |name: &str| schema.and_then(|schema| schema.property(name));
    let is_attribute = |name: &str| {
        let schema = property(name);
        schema
            .as_ref()
            .and_then(|schema| xml(schema)?.get("attribute"))
            == Some(&Value::Bool(true))
            || hint(schema.as_ref(), "nodeType").as_deref() == Some("attribute")
    };
    for (name, value) in fields.into_iter().flatten() {
        if is_attribute(name) && !value.is_object() {
            let key = own_name(property(name).as_ref(), name);
            start.push_attribute((key.as_str(), text(value).as_str()));
        }
    }
    out.write_event(Event::Start(start))?;
    match value {
        Value::Object(fields) if depth < DEPTH => {
            for (name, value) in fields {
                if !is_attribute(name) || value.is_object() {
                    child(out, property(name).as_ref(), name, value, depth + 1)?;
                }
            }
        }
        Value::Array(_) | Value::Object(_) | Value::Null => {}
        scalar => out.write_event(Event::Text(BytesText::new(&legal_text(&text(scalar)))))?,
    }
    out.write_event(Event::End(BytesEnd::new(name)))
}

/// A property. A list is wrapped if its `xml` object says so.
fn child(
    out: &mut Out,
    schema: Option<&Schema>,
    name: &str,
    value: &Value,
    depth: usize,
) -> std::io::Result<()> {
    let Value::Array(items) = value else {
        return element(out, schema, &own_name(schema, name), value, depth);
    };
    let wrapped = schema.and_then(|schema| xml(schema)?.get("wrapped")) == Some(&Value::Bool(true));
    if wrapped {
        return list(out, schema, name, items, depth);
    }
    let of = schema.and_then(Schema::items);
    let own = own_name(of.as_ref(), name);
    items
        .iter()
        .try_for_each(|item| element(out, of.as_ref(), &own, item, depth))
}

/// The items of a list inside an element with the name of the list.
fn list(
    out: &mut Out,
    schema: Option<&Schema>,
    name: &str,
    items: &[Value],
    depth: usize,
) -> std::io::Result<()> {
    let of = schema.and_then(Schema::items);
    let wrapper = own_name(schema, name);
    let own = of.as_ref().map_or_else(
        || legal(name),
        |of| match hint(Some(of), "name") {
            Some(_) => own_name(Some(of), name),
            None if depth == 0 => root_name(of),
            None => legal(name),
        },
    );
    out.write_event(Event::Start(BytesStart::new(wrapper.as_str())))?;
    items
        .iter()
        .try_for_each(|item| element(out, of.as_ref(), &own, item, depth + 1))?;
    out.write_event(Event::End(BytesEnd::new(wrapper.as_str())))
}

fn own_name(schema: Option<&Schema>, name: &str) -> String {
    let own = hint(schema, "name").unwrap_or_else(|| name.to_owned());
    schema.map_or_else(|| legal(&own), |schema| prefixed(schema, &own))
}

fn prefixed(schema: &Schema, name: &str) -> String {
    match hint(Some(schema), "prefix") {
        Some(prefix) => format!("{}:{}", legal(&prefix), legal(name)),
        None => legal(name),
    }
}

fn xml(schema: &Schema) -> Option<&Value> {
    schema.keyword("xml")
}

/// A text of the `xml` object.
fn hint(schema: Option<&Schema>, key: &str) -> Option<String> {
    let text = xml(schema?)?.get(key)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// A name that elements may have: other characters become `_`.
fn legal(name: &str) -> String {
    let may_stand = |one: char| one.is_alphanumeric() || ['_', '-', '.'].contains(&one);
    let name: String = name
        .chars()
        .map(|one| if may_stand(one) { one } else { '_' })
        .collect();
    if name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        name
    } else {
        format!("_{name}")
    }
}

/// A text without the characters that XML 1.0 does not allow.
fn legal_text(text: &str) -> String {
    let allowed = |one: &char| !one.is_control() || ['\t', '\n', '\r'].contains(one);
    text.chars().filter(allowed).collect()
}
