//! Where a value of a request stands: a declared parameter, or a place in the body.

use std::sync::Arc;

use crate::tree::Tree;
use crate::{Location, Notation, Operation, Parameter, Schema, Site, join, pointer};

/// The parameter at `site`; a place in the body counts as one, because it has a name and a schema, too.
pub(super) fn parameter(tree: &Arc<Tree>, operation: &Operation, site: &Site) -> Option<Parameter> {
    match site {
        Site::Body { at } => in_body(tree, operation, at),
        site => operation.parameter(site.location(), site.name()).cloned(),
    }
}

fn in_body(tree: &Arc<Tree>, operation: &Operation, at: &str) -> Option<Parameter> {
    let body = tree.follow(&join(&operation.pointer, "requestBody"));
    let media = join(&body, "content");
    let types = tree.at(&media)?.as_object()?.keys();
    let json = types.into_iter().find(|one| {
        let essence = one.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence.ends_with("+json")
    })?;
    let whole = Schema::new(tree, join(&join(&media, json), "schema"));
    let names = pointer::tokens(at);
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
        schema,
    })
}
