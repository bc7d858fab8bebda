//! Swagger 2.0, converted to the values of an OpenAPI 3.0 document.
//!
//! The rest of the crate reads one specification. A part of the converted document is cited, and blamed, at
//! the place where the text has it. What 3.0 cannot say is a warning.

mod body;
mod parameter;
mod path;
mod response;
mod schema;
mod security;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::keys::FILES;
use crate::origin::Origins;
use crate::source::Misfit;
use crate::{Problem, Source, join, pointer, references, rewrite};

/// The version that a document is converted to.
const VERSION: &str = "3.0.4";

/// The keys of the document that 3.0 has under the same names.
const SAME: [&str; 4] = ["info", "tags", "externalDocs", "security"];

/// The media type of a body whose document names none.
const DEFAULT_MEDIA_TYPE: &str = "application/json";

/// Whether this is a document of Swagger 2.0.
pub(crate) fn is_swagger(root: &Value) -> bool {
    let is_2 = match root.get("swagger") {
        Some(Value::String(version)) => version == "2.0" || version == "2",
        Some(Value::Number(version)) => version.as_f64() == Some(2.0),
        _ => false,
    };
    is_2 && root.get("openapi").is_none()
}

/// `root`, which was read from `source`, as OpenAPI 3.0. `origins` says where its parts were written, and
/// afterwards where the parts of the converted document were.
pub(crate) fn convert(
    source: &Source,
    root: &Value,
    origins: &mut Origins,
) -> (Value, Vec<Problem>) {
    let mut conversion = Conversion {
        source,
        root,
        before: std::mem::take(origins),
        origins,
        moved: HashMap::new(),
        misfits: Vec::new(),
    };
    let mut converted = conversion.document();
    rewrite::references(&mut converted, &mut |reference| {
        let fragment = pointer::of_fragment(reference.strip_prefix('#')?);
        let moved = conversion.moved_to(&fragment)?;
        Some(pointer::to_fragment(&moved))
    });
    let warnings = conversion.before.problems(source, conversion.misfits);
    let warnings = warnings.into_iter().map(Problem::into_warning);
    (converted, warnings.collect())
}

/// One conversion. Each part that is not where it was is recorded with [`Conversion::moves`].
struct Conversion<'c> {
    source: &'c Source,
    /// The document as it is written.
    root: &'c Value,
    /// Where the parts of `root` were written.
    before: Origins,
    /// Where the parts of the converted document were written.
    origins: &'c mut Origins,
    /// By the pointer into `root`, the first pointer into the converted document.
    moved: HashMap<String, String>,
    misfits: Vec<Misfit>,
}

/// A value of the document as it is written, and its pointer there.
#[derive(Clone)]
struct Written<'c> {
    value: &'c Value,
    at: String,
}

impl<'c> Written<'c> {
    /// The value under a key.
    fn get(&self, key: &str) -> Option<Written<'c>> {
        let value = self.value.get(key)?;
        Some(Written {
            value,
            at: join(&self.at, key),
        })
    }

    /// The fields, if it is an object.
    fn fields(&self) -> impl Iterator<Item = (&'c String, Written<'c>)> + use<'c> {
        let at = self.at.clone();
        let fields = self.value.as_object().into_iter().flatten();
        fields.map(move |(key, value)| {
            let at = join(&at, key);
            (key, Written { value, at })
        })
    }

    /// The items, if it is a list.
    fn items(&self) -> impl Iterator<Item = Written<'c>> + use<'c> {
        let at = self.at.clone();
        let items = self.value.as_array().into_iter().flatten();
        items.enumerate().map(move |(index, value)| {
            let at = join(&at, &index.to_string());
            Written { value, at }
        })
    }

    fn text(&self, key: &str) -> Option<&'c str> {
        self.value.get(key)?.as_str()
    }
}

impl<'c> Conversion<'c> {
    fn document(&mut self) -> Value {
        let root = Written {
            value: self.root,
            at: "#".to_owned(),
        };
        let mut converted = Map::new();
        // Parts of other files keep their pointers.
        for (key, file) in root.get(FILES).into_iter().flat_map(|files| files.fields()) {
            let file = self.schema(&file, &file.at);
            let files = converted.entry(FILES).or_insert_with(|| json!({}));
            files[key] = file;
        }
        converted.insert("openapi".to_owned(), VERSION.into());
        self.moves("#/openapi", "#/swagger");
        let servers = Self::servers(&root, root.get("schemes"));
        if let Some(servers) = servers {
            converted.insert("servers".to_owned(), servers);
            let mut keys = ["host", "basePath", "schemes"].into_iter();
            let written = keys.find_map(|key| root.get(key));
            self.moves("#/servers", &written.map_or_else(String::new, |one| one.at));
        }
        for (key, part) in root.fields() {
            let is_kept = SAME.contains(&key.as_str()) || key.starts_with("x-");
            if is_kept && key != FILES {
                converted.insert(key.clone(), part.value.clone());
                self.moves(&part.at, &part.at);
            }
        }
        // A `$ref` into what is written once leads to the named part.
        let components = self.components(&root);
        let paths = root.get("paths").map(|paths| self.paths(&paths));
        converted.extend(paths.map(|paths| ("paths".to_owned(), paths)));
        converted.insert("components".to_owned(), components);
        Value::Object(converted)
    }

    /// Base URLs: each scheme with the host and the base path.
    fn servers(root: &Written<'c>, schemes: Option<Written<'c>>) -> Option<Value> {
        let base = root.text("basePath").unwrap_or_default();
        let base = base.trim_end_matches('/');
        let Some(host) = root.text("host") else {
            return (!base.is_empty()).then(|| json!([{ "url": base }]));
        };
        let schemes = schemes.into_iter().flat_map(|list| list.items());
        let mut schemes: Vec<_> = schemes.filter_map(|one| one.value.as_str()).collect();
        if schemes.is_empty() {
            schemes.push("https");
        }
        let urls = schemes.iter().map(|scheme| {
            let url = format!("{scheme}://{host}{base}");
            json!({ "url": url })
        });
        Some(urls.collect())
    }

    fn components(&mut self, root: &Written<'c>) -> Value {
        let schemas = self.named(root, "definitions", "schemas", |conversion, one, at| {
            Some(conversion.schema(one, at))
        });
        let stands_for_body =
            |one: &Written<'_>| matches!(one.text("in"), Some("body" | "formData"));
        let parameters = self.named(root, "parameters", "parameters", |conversion, one, at| {
            (!stands_for_body(one)).then(|| conversion.parameter(one, at))
        });
        let bodies = self.named(
            root,
            "parameters",
            "requestBodies",
            |conversion, one, at| {
                let body = stands_for_body(one).then(|| [one.clone()])?;
                conversion.body(root, None, &body, at)
            },
        );
        let responses = self.named(root, "responses", "responses", |conversion, one, at| {
            Some(conversion.response(root, None, one, at))
        });
        let security = self.named(
            root,
            "securityDefinitions",
            "securitySchemes",
            |conversion, one, at| Some(conversion.security(one, at)),
        );
        json!({
            "schemas": schemas,
            "parameters": parameters,
            "requestBodies": bodies,
            "responses": responses,
            "securitySchemes": security,
        })
    }

    /// The named parts under `key`, converted for the list `kind` of the components.
    fn named(
        &mut self,
        root: &Written<'c>,
        key: &str,
        kind: &str,
        convert: impl Fn(&mut Self, &Written<'c>, &str) -> Option<Value>,
    ) -> Map<String, Value> {
        let at = join("#/components", kind);
        let mut converted = Map::new();
        for (name, one) in root.get(key).into_iter().flat_map(|all| all.fields()) {
            let one = convert(self, &one, &join(&at, name));
            converted.extend(one.map(|one| (name.clone(), one)));
        }
        converted
    }

    /// The media types under `key` (`consumes`, `produces`): the operation's own, else the document's.
    fn media_types(root: &Written<'c>, operation: Option<&Written<'c>>, key: &str) -> Vec<&'c str> {
        let own = operation.and_then(|operation| operation.get(key));
        let list = own.or_else(|| root.get(key));
        let list = list.into_iter().flat_map(|list| list.items());
        list.filter_map(|one| one.value.as_str()).collect()
    }

    /// What a `$ref` leads to, through several; itself if there is none. A `$ref` that leads nowhere is
    /// kept as it is, and reported with the others.
    fn resolved(&self, written: &Written<'c>) -> Written<'c> {
        let at = references::follow(self.root, &written.at);
        match pointer::find(self.root, &at) {
            Some(value) => Written { value, at },
            None => written.clone(),
        }
    }

    /// Records that the part `at` of the converted document was written at `written`. Parts within a part
    /// that moved elsewhere are recorded after it.
    fn moves(&mut self, at: &str, written: &str) {
        let place = self.before.locate(written);
        let (source, place) = place.unwrap_or_else(|| (self.source, written.to_owned()));
        self.origins.wrote(at, source, &place);
        self.moved
            .entry(written.to_owned())
            .or_insert_with(|| at.to_owned());
    }

    /// Where the place `written` of the document is now.
    fn moved_to(&self, written: &str) -> Option<String> {
        let ends = written.match_indices('/').map(|(end, _)| end);
        let parts: Vec<_> = ends.chain([written.len()]).collect();
        let known = parts.into_iter().rev();
        let mut known = known.filter_map(|end| Some((self.moved.get(&written[..end])?, end)));
        let (at, end) = known.next()?;
        Some(format!("{at}{}", &written[end..]))
    }

    fn warn(&mut self, at: &str, message: impl Into<String>, cure: &str) {
        self.misfits.push(Misfit {
            pointer: at.to_owned(),
            message: message.into(),
            cure: cure.to_owned(),
        });
    }
}

/// The fields of an object whose keys begin with `x-`, or are in `keys`.
fn kept(written: &Written<'_>, keys: &[&str]) -> Map<String, Value> {
    let fields = written.fields();
    let fields = fields.filter(|(key, _)| key.starts_with("x-") || keys.contains(&key.as_str()));
    fields
        .map(|(key, one)| (key.clone(), one.value.clone()))
        .collect()
}
