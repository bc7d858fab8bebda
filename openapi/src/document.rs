//! A document, loaded: its text, what overlays made of it, its structure, and its schemas.
//!
//! Structure and schemas are kept apart: the structure is [`crate::skeleton`]'s, and schemas stay raw JSON
//! in the whole document, where `jsonschema` resolves every reference as written.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jsonschema::{Draft, Registry, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::markings::Chart;
use crate::origin::Origins;
use crate::{
    Contract, Operation, Problem, Source, join, markings, overlay, pointer, references, skeleton,
};

/// The URI under which the whole document is known to the validators.
const BASE: &str = "eventline:///document";

/// An OpenAPI document with its overlays applied. Cheap to clone.
#[derive(Clone)]
pub struct Document(Arc<Inner>);

struct Inner {
    source: Source,
    version: Version,
    root: Value,
    cut: Value,
    skeleton: openapiv3::OpenAPI,
    origins: Origins,
    registry: OnceLock<Result<Registry<'static>, String>>,
    validators: Mutex<HashMap<String, Compiled>>,
    /// By keyword, then by the schema's pointer.
    charts: Mutex<HashMap<String, HashMap<String, Arc<Chart>>>>,
    /// By the schema's pointer.
    types: Mutex<HashMap<String, Arc<[&'static str]>>>,
}

type Compiled = Arc<Result<Validator, String>>;

/// The version of the specification that a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// OpenAPI 3.0: schemas are a dialect of their own, near to JSON Schema draft 4.
    V3_0,
    /// OpenAPI 3.1 and later: schemas are JSON Schema 2020-12.
    V3_1,
}

impl Document {
    /// Reads a document and applies `overlays` in turn.
    ///
    /// Fails with the place and the cure when a text is malformed, the version is not supported, a `$ref`
    /// leads nowhere or only to itself, or an overlay's target matches nothing.
    pub fn read(source: Source, overlays: &[Source]) -> Result<Self, Problem> {
        let mut root = source.parse()?;
        let version = version(&source, &root)?;
        let mut origins = Origins::default();
        for overlay in overlays {
            overlay::apply(overlay, &mut root, &mut origins)?;
        }
        let located = |pointer: &str, message: String| problem(&source, &origins, pointer, message);
        references::check(&root).map_err(|(pointer, message)| {
            located(&pointer, message)
                .cure("point it at a place of this document, such as `#/components/schemas/Name`; bundle other files into one document first")
        })?;
        let cut = skeleton::without_schemas(&root);
        let skeleton = skeleton::read(&cut)
            .map_err(|misfit| located(&misfit.pointer, misfit.message).cure(misfit.cure))?;
        Ok(Self(Arc::new(Inner {
            source,
            version,
            root,
            cut,
            skeleton,
            origins,
            registry: OnceLock::new(),
            validators: Mutex::default(),
            charts: Mutex::default(),
            types: Mutex::default(),
        })))
    }

    /// The file's stem, by which the document is spoken of: `wandb-training`.
    pub fn name(&self) -> &str {
        self.0.source.stem()
    }

    /// The text that the document was read from.
    pub fn source(&self) -> &Source {
        &self.0.source
    }

    /// The version of the specification.
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// The value at a JSON pointer, overlays applied, `$ref`s not followed.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        pointer::find(&self.0.root, pointer)
    }

    /// Every operation, in the document's order.
    pub fn operations(&self) -> Vec<Operation> {
        let skeleton = self.skeleton();
        let mut operations = Vec::new();
        for path in skeleton.paths.paths.keys() {
            let pointer = self.follow(&join("#/paths", path));
            let Some(item) = self.typed::<openapiv3::PathItem>(&pointer) else {
                continue;
            };
            operations.extend(item.iter().map(|(method, operation)| {
                Operation::read(
                    self,
                    (path, method),
                    &join(&pointer, method),
                    &item,
                    operation,
                )
            }));
        }
        operations
    }

    /// The operations that page, each read as a [`Contract`].
    pub fn contracts(&self) -> Result<Vec<Contract>, Problem> {
        let operations = self.operations().into_iter();
        operations
            .filter_map(|operation| Contract::read(self, operation).transpose())
            .collect()
    }

    /// `pointer` as a citation: the file that says it, and where in that file.
    pub fn cite(&self, pointer: &str) -> String {
        let (source, inner) = origin(&self.0.source, &self.0.origins, pointer);
        format!("{}{inner}", source.name())
    }

    /// A problem at `pointer`, placed in the document or in the overlay that put it there.
    pub fn problem(&self, pointer: &str, message: impl Into<String>) -> Problem {
        problem(&self.0.source, &self.0.origins, pointer, message.into())
    }

    pub(crate) fn skeleton(&self) -> &openapiv3::OpenAPI {
        &self.0.skeleton
    }

    /// The part of the skeleton at `pointer`, as `openapiv3` models it.
    pub(crate) fn typed<T: DeserializeOwned>(&self, pointer: &str) -> Option<T> {
        let value = pointer::find(&self.0.cut, pointer)?;
        T::deserialize(value).ok()
    }

    /// The keys of the object at `pointer`, extensions left out.
    pub(crate) fn keys(&self, pointer: &str) -> Vec<String> {
        let fields = self.at(pointer).and_then(Value::as_object);
        let keys = fields.into_iter().flatten().map(|(key, _)| key.clone());
        keys.filter(|key| !key.starts_with("x-")).collect()
    }

    /// The pointer that a chain of `$ref`s from `pointer` ends at.
    pub(crate) fn follow(&self, pointer: &str) -> String {
        references::follow(&self.0.root, pointer)
    }

    pub(crate) fn validator(&self, pointer: &str) -> Compiled {
        let mut validators = locked(&self.0.validators);
        if let Some(known) = validators.get(pointer) {
            return Arc::clone(known);
        }
        let compiled = Arc::new(self.compile(pointer));
        validators.insert(pointer.to_owned(), Arc::clone(&compiled));
        compiled
    }

    /// The chart of the schema at `pointer` for `keyword`, drawn when first asked for.
    pub(crate) fn chart(
        &self,
        pointer: &str,
        keyword: &str,
        draw: impl FnOnce() -> Arc<Chart>,
    ) -> Arc<Chart> {
        let known = locked(&self.0.charts)
            .get(keyword)
            .and_then(|of| of.get(pointer).cloned());
        known.unwrap_or_else(|| {
            let chart = draw();
            let mut charts = locked(&self.0.charts);
            let of = charts.entry(keyword.to_owned()).or_default();
            of.insert(pointer.to_owned(), Arc::clone(&chart));
            chart
        })
    }

    /// The types that the schema at `pointer` accepts, collected when first asked for.
    pub(crate) fn types(
        &self,
        pointer: &str,
        collect: impl FnOnce() -> Arc<[&'static str]>,
    ) -> Arc<[&'static str]> {
        let known = locked(&self.0.types).get(pointer).cloned();
        known.unwrap_or_else(|| {
            let types = collect();
            locked(&self.0.types).insert(pointer.to_owned(), Arc::clone(&types));
            types
        })
    }

    fn compile(&self, pointer: &str) -> Result<Validator, String> {
        let draft = self.0.version.draft();
        let registry = self.0.registry.get_or_init(|| {
            let resource = draft.create_resource(self.schemas());
            let builder = Registry::new().add(BASE, resource);
            builder
                .and_then(jsonschema::RegistryBuilder::prepare)
                .map_err(|error| error.to_string())
        });
        let registry = registry.as_ref().map_err(Clone::clone)?;
        let fragment = pointer::to_fragment(pointer);
        jsonschema::options()
            .with_draft(draft)
            .with_registry(registry)
            .offline()
            .should_validate_formats(true)
            .with_format("ulid", markings::ulid_is_well_formed)
            .build(&json!({ "$ref": format!("{BASE}{fragment}") }))
            .map_err(|error| error.to_string())
    }

    /// The root as the validators see it: 3.0 says `nullable` where JSON Schema says `type: [.., null]`.
    fn schemas(&self) -> Value {
        let mut root = references::without_anchors(&self.0.root);
        if self.0.version == Version::V3_0 {
            nullable_to_types(&mut root);
        }
        root
    }
}

/// What is kept is only ever added to, so that a panic leaves nothing half-written.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Version {
    fn draft(self) -> Draft {
        match self {
            Self::V3_0 => Draft::Draft4,
            Self::V3_1 => Draft::Draft202012,
        }
    }
}

fn version(source: &Source, root: &Value) -> Result<Version, Problem> {
    let cure = "Eventline reads OpenAPI 3.0 and later: start the document with `openapi: 3.1.0`";
    let unsupported = |key: &str, version: &Value| {
        let message = match version {
            Value::String(version) => format!("{key} version `{version}` is not supported"),
            other => format!("`{other}` is no version of {key}: it must be text"),
        };
        source.problem(&join("#", &key.to_ascii_lowercase()), message)
    };
    let problem = match (root.get("openapi"), root.get("swagger")) {
        (Some(Value::String(version)), _) if is_version(version, "3.0") => {
            return Ok(Version::V3_0);
        }
        (Some(Value::String(version)), _) if is_version(version, "3") => return Ok(Version::V3_1),
        (Some(other), _) => unsupported("OpenAPI", other),
        (None, Some(version)) => unsupported("Swagger", version),
        (None, None) => source.problem("#", "not an OpenAPI document: no `openapi` version"),
    };
    Err(problem.cure(cure))
}

/// Whether `version` is `family`, or a release of it: `3.0.3` is of `3.0`.
fn is_version(version: &str, family: &str) -> bool {
    let behind = version.strip_prefix(family);
    behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn origin<'a>(source: &'a Source, origins: &'a Origins, pointer: &str) -> (&'a Source, String) {
    origins
        .locate(pointer)
        .unwrap_or_else(|| (source, pointer.to_owned()))
}

fn problem(source: &Source, origins: &Origins, pointer: &str, message: String) -> Problem {
    let (source, inner) = origin(source, origins, pointer);
    source.problem(&inner, message)
}

fn nullable_to_types(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("nullable") == Some(&Value::Bool(true))
                && let Some(Value::String(one)) = fields.get("type")
            {
                let types = json!([one, "null"]);
                fields.insert("type".to_owned(), types);
            }
            fields.values_mut().for_each(nullable_to_types);
        }
        Value::Array(items) => items.iter_mut().for_each(nullable_to_types),
        _ => {}
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Document({})", self.0.source.name())
    }
}
