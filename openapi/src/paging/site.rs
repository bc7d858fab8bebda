//! Where a value of a request stands: a declared parameter, or a place in the body.

use std::sync::Arc;

use crate::parameter::Part;
use crate::tree::Tree;
use crate::{Location, Notation, Operation, Parameter, Schema, Site, join, pointer};

/// The parameter at `site`; a place in the body counts as one, because it has a name and a schema, too.
pub(super) fn parameter(tree: &Arc<Tree>, operation: &Operation, site: &Site) -> Option<Parameter> {
    match site {
        Site::Body { at } => in_body(tree, operation, at),
        site => operation.parameter(site.location(), site.name()).cloned(),
    }
}

/// The parameter in which a server may put a place that no declared one names. It takes any text.
pub(super) fn unnamed(tree: &Arc<Tree>, operation: &Operation) -> Parameter {
    let is_free = |name: &&&str| !operation.has_query_name(name);
    let name = super::request::NAMES.iter().find(is_free);
    // No schema stands there, and what has no schema may be anything.
    let nowhere = join(&operation.pointer, "x-pagination/request/cursor");
    Parameter {
        name: (*name.unwrap_or(&"_place")).to_owned(),
        location: Location::Query,
        required: false,
        pointer: operation.pointer.clone(),
        notation: Notation::usual(Location::Query),
        spreads: false,
        beside: Arc::default(),
        part: Part::default(),
        schema: Schema::new(tree, nowhere),
    }
}

/// Whether the body that asks for a page is a form, because the operation takes no JSON.
pub(super) fn is_form(tree: &Arc<Tree>, operation: &Operation) -> bool {
    body(tree, operation).is_some_and(|(_, is_form)| is_form)
}

/// The schema of the request's body, as JSON or as a form, and whether it is a form.
fn body(tree: &Arc<Tree>, operation: &Operation) -> Option<(Schema, bool)> {
    let body = tree.follow(&join(&operation.pointer, "requestBody"));
    let media = join(&body, "content");
    let types = tree.at(&media)?.as_object()?;
    let essence = |one: &str| one.split(';').next().unwrap_or_default().trim().to_owned();
    let is_json = |one: &&String| {
        let essence = essence(one);
        essence == "application/json" || essence.ends_with("+json")
    };
    let json = types.keys().find(is_json);
    let form = || types.keys().find(|one| essence(one) == FORM);
    let kind = json.or_else(form)?;
    let whole = Schema::new(tree, join(&join(&media, kind), "schema"));
    Some((whole, json.is_none()))
}

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

fn in_body(tree: &Arc<Tree>, operation: &Operation, at: &str) -> Option<Parameter> {
    let (whole, is_form) = body(tree, operation)?;
    let names = pointer::tokens(at);
    if is_form && names.len() != 1 {
        return None;
    }
    let schema = names
        .iter()
        .try_fold(whole, |schema, name| schema.property(name))?;
    Some(Parameter {
        name: at.to_owned(),
        location: Location::Body,
        required: false,
        pointer: schema.pointer().to_owned(),
        notation: Notation::usual(Location::Body),
        spreads: false,
        beside: Arc::default(),
        part: Part::default(),
        schema,
    })
}
