//! A schema where it stands in its document.
//!
//! Schemas are never copied out: a [`Schema`] is a pointer into the whole document, so that every local
//! `$ref`, recursive ones too, resolves as written, and so that each violation can be cited. A schema
//! is compiled when a value first reaches it: large documents hold thousands of which a run needs a few.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::tree::{Built, Compiled, Tree};
use crate::version::Version;
use crate::{Problem, Selector, Step, Violation, discriminator, join, violations};

/// How many schemas are looked at for one place.
const PARTS: usize = 256;

/// How deep `allOf` and its like are followed: recursion through them is legal, and ends nowhere.
const DEPTH: usize = 16;

/// A schema at a JSON pointer of a document, validated in the document's own dialect with formats
/// asserted.
#[derive(Clone)]
pub struct Schema {
    tree: Arc<Tree>,
    pointer: String,
}

impl Schema {
    pub(crate) fn new(tree: &Arc<Tree>, pointer: impl Into<String>) -> Self {
        Self {
            tree: Arc::clone(tree),
            pointer: pointer.into(),
        }
    }

    /// The schema at another place of the same document.
    pub(crate) fn elsewhere(&self, pointer: String) -> Self {
        Self::new(&self.tree, pointer)
    }

    /// Where the schema stands, `$ref`s not followed.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The schema as written, `$ref`s not followed.
    pub fn value(&self) -> &Value {
        self.tree.at(&self.pointer).unwrap_or(&Value::Null)
    }

    /// The whole document, with overlays applied, which local `$ref`s lead into.
    pub fn root(&self) -> &Value {
        &self.tree.root
    }

    /// The version of the document.
    pub fn version(&self) -> Version {
        self.tree.version
    }

    /// The schema that a chain of `$ref`s ends at; itself where there is none.
    #[must_use]
    pub fn resolved(&self) -> Schema {
        let pointer = self.tree.follow(&self.pointer);
        Schema::new(&self.tree, pointer)
    }

    /// A keyword's value, beside a `$ref` or behind it.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        let own = self.value();
        own.get(name)
            .or_else(|| self.tree.root.followed(own).get(name))
    }

    /// Whether `value` is valid.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.tree
            .compiled(&self.pointer)
            .is_valid(&self.tree, value)
    }

    /// Every way in which `value` breaks the schema, leaves of `anyOf` and `oneOf` left together.
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        violations::of(&self.tree, &self.pointer, value)
    }

    /// Why the schema, or one that it refers to, cannot be used, if it cannot. Such a schema accepts everything.
    ///
    /// The first call looks at all schemas that a value may reach, and later calls return what it found.
    pub fn defect(&self) -> Option<Problem> {
        let own = self.tree.compiled(&self.pointer);
        let found = own.defect.get_or_init(|| {
            let mut defect = None;
            self.each_compiled(&mut |compiled| match compiled.built(&self.tree) {
                Ok(_) => true,
                Err(found) => {
                    defect = Some(self.tree.problem(&found.pointer, found.message.clone()));
                    false
                }
            });
            defect
        });
        found.clone()
    }

    /// Warnings about keywords of the schema, and of those that it refers to, that are written wrongly. They are
    /// passed over.
    pub fn flaws(&self) -> Vec<Problem> {
        let mut flaws = Vec::new();
        self.each_compiled(&mut |compiled| {
            let built = compiled.built(&self.tree);
            let found = built.map_or(&[][..], Built::flaws).iter();
            flaws.extend(found.map(|flaw| {
                let problem = self.tree.problem(&flaw.pointer, flaw.message.clone());
                problem
                    .cure("correct the keyword; it is passed over")
                    .into_warning()
            }));
            true
        });
        flaws
    }

    /// Calls `look` with each compiled schema that a value of this one may reach, until it returns false.
    fn each_compiled(&self, look: &mut dyn FnMut(&Compiled) -> bool) {
        let mut places = vec![self.pointer.clone()];
        let mut seen: HashSet<_> = places.iter().cloned().collect();
        while let Some(place) = places.pop() {
            let compiled = self.tree.compiled(&place);
            if let Ok(built) = compiled.built(&self.tree) {
                let targets = built.targets().iter();
                places.extend(targets.filter(|one| seen.insert((*one).clone())).cloned());
            }
            if !look(&compiled) {
                return;
            }
        }
    }

    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The schema of a property, through `$ref` and `allOf`.
    pub fn property(&self, name: &str) -> Option<Schema> {
        self.within(&mut |schema| {
            let pointer = join(&join(&schema.pointer, "properties"), name);
            schema.tree.at(&pointer)?;
            Some(Schema::new(&schema.tree, pointer))
        })
    }

    /// The names of the properties, in the document's order, through `$ref` and `allOf`.
    pub fn properties(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.within(&mut |schema| -> Option<()> {
            let properties = schema.value().get("properties").and_then(Value::as_object);
            names.extend(
                properties
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.clone()),
            );
            None
        });
        names
    }

    /// The properties and where they stand, as [`Schema::properties`]. Of several with one name, the first counts.
    pub(crate) fn own_properties(&self) -> Vec<(String, String)> {
        let mut named = Vec::new();
        let mut seen = HashSet::new();
        self.within(&mut |schema| -> Option<()> {
            let properties = schema.value().get("properties").and_then(Value::as_object);
            let list = join(&schema.pointer, "properties");
            for (name, _) in properties.into_iter().flatten() {
                if seen.insert(name.clone()) {
                    named.push((name.clone(), join(&list, name)));
                }
            }
            None
        });
        named
    }

    /// Whether answers leave the value out: OpenAPI 3.0, 4.7.24.2.
    pub fn is_write_only(&self) -> bool {
        self.keyword("writeOnly") == Some(&Value::Bool(true))
    }

    /// Whether an object of an answer must have this property.
    pub fn requires(&self, name: &str) -> bool {
        self.within(&mut |schema| {
            let required = schema.value().get("required")?.as_array()?;
            required.iter().any(|one| one == name).then_some(())
        })
        .is_some()
            && !self.property(name).is_some_and(|one| one.is_write_only())
    }

    /// The properties that an object must have, through `$ref` and `allOf`, also those that nothing describes.
    pub fn required(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        self.within(&mut |schema| -> Option<()> {
            let required = schema.value().get("required").and_then(Value::as_array);
            for name in required.into_iter().flatten().filter_map(Value::as_str) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            None
        });
        names
    }

    /// The schema of an array's items.
    pub fn items(&self) -> Option<Schema> {
        self.within(&mut |schema| {
            let pointer = join(&schema.pointer, "items");
            schema.tree.at(&pointer)?;
            Some(Schema::new(&schema.tree, pointer))
        })
    }

    /// The schemas that stand under `keyword`: `allOf`, `anyOf`, `oneOf`, `prefixItems`.
    pub fn branches(&self, keyword: &str) -> Vec<Schema> {
        let behind = self.tree.root.followed(self.value()).get(keyword);
        let count = behind.and_then(Value::as_array).map_or(0, Vec::len);
        if count == 0 {
            return Vec::new();
        }
        let list = join(&self.tree.follow(&self.pointer), keyword);
        (0..count)
            .map(|index| Schema::new(&self.tree, join(&list, &index.to_string())))
            .collect()
    }

    /// The property, and its word, that `branch` of this schema needs; `None` if no discriminator says so.
    pub fn tag(&self, branch: &Schema) -> Option<(String, String)> {
        let discriminator = discriminator::at(&self.tree.root, &self.pointer)?;
        let words = discriminator.words(branch.value());
        let word = (*words.first()?).to_owned();
        Some((discriminator.property, word))
    }

    /// The schema under a keyword that holds one: `additionalProperties`, `not`.
    pub fn subschema(&self, keyword: &str) -> Option<Schema> {
        let pointer = join(&self.resolved().pointer, keyword);
        let value = self.tree.at(&pointer)?;
        value.is_object().then(|| Schema::new(&self.tree, pointer))
    }

    /// The schema of the place that `selector` names, if the schema speaks of it: through `$ref` and `allOf`, else
    /// through a branch of `anyOf` or `oneOf`.
    pub fn at(&self, selector: &Selector) -> Option<Schema> {
        self.all_at(selector.steps()).into_iter().next()
    }

    /// Every schema that speaks of the place to which `steps` lead, those that always hold first.
    pub(crate) fn all_at(&self, steps: &[Step]) -> Vec<Schema> {
        let Some((step, others)) = steps.split_first() else {
            return vec![self.clone()];
        };
        let tail = match step {
            Step::Name(name) => join("/properties", name),
            Step::Last => "/items".to_owned(),
        };
        let parts = self.parts().into_iter();
        let found = parts.filter_map(|part| {
            let pointer = format!("{}{tail}", part.pointer);
            self.tree.at(&pointer)?;
            Some(Schema::new(&self.tree, pointer))
        });
        found.flat_map(|schema| schema.all_at(others)).collect()
    }

    /// The properties that a value may have, through `$ref`, `allOf` and every branch of `anyOf` and `oneOf`. Of
    /// several with one name, the first counts.
    pub fn named(&self) -> Vec<(String, Schema)> {
        let mut named: Vec<(String, Schema)> = Vec::new();
        let mut seen = HashSet::new();
        for part in self.parts() {
            let properties = part.value().get("properties").and_then(Value::as_object);
            for name in properties.into_iter().flatten().map(|(name, _)| name) {
                if seen.insert(name.clone()) {
                    let pointer = join(&join(&part.pointer, "properties"), name);
                    named.push((name.clone(), part.elsewhere(pointer)));
                }
            }
        }
        named
    }

    /// The schemas that hold for a value of this one, and then those that may hold.
    pub(crate) fn parts(&self) -> Vec<Schema> {
        let mut parts: Vec<Schema> = Vec::new();
        let mut choices = vec![self.clone()];
        let mut place = 0;
        while let Some(next) = choices.get(place).cloned() {
            place += 1;
            let mut open = vec![next];
            while let Some(part) = open.pop() {
                if parts.len() > PARTS || parts.iter().any(|one| one.pointer == part.pointer) {
                    continue;
                }
                let resolved = part.resolved();
                let mut inner = resolved.branches("allOf");
                inner.reverse();
                open.extend(inner);
                if resolved.pointer != part.pointer {
                    open.push(resolved.clone());
                }
                choices.extend(resolved.branches("anyOf"));
                choices.extend(resolved.branches("oneOf"));
                parts.push(part);
            }
        }
        parts
    }

    /// The types that values may have: of `type`, and of every branch of `anyOf`, `oneOf` and `allOf`.
    pub fn types(&self) -> Vec<&'static str> {
        let collected = || {
            let mut types = Vec::new();
            self.collect_types(&mut types, 0);
            types.into()
        };
        self.tree.types(&self.pointer, collected).to_vec()
    }

    fn collect_types(&self, types: &mut Vec<&'static str>, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match self.keyword("type") {
            Some(Value::String(one)) => types.extend(known_type(one)),
            Some(Value::Array(several)) => {
                types.extend(
                    several
                        .iter()
                        .filter_map(Value::as_str)
                        .filter_map(known_type),
                );
            }
            _ => {}
        }
        if self.keyword("nullable") == Some(&Value::Bool(true)) {
            types.push("null");
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            for branch in self.branches(keyword) {
                branch.collect_types(types, depth + 1);
            }
        }
    }

    /// Calls `look` on this schema, behind its `$ref`, and on what `allOf` adds, until it finds something.
    fn within<T>(&self, look: &mut impl FnMut(&Schema) -> Option<T>) -> Option<T> {
        self.within_depth(look, 0)
    }

    fn within_depth<T>(
        &self,
        look: &mut impl FnMut(&Schema) -> Option<T>,
        depth: usize,
    ) -> Option<T> {
        if depth > DEPTH {
            return None;
        }
        if let Some(found) = look(self) {
            return Some(found);
        }
        let resolved = self.resolved();
        if resolved.pointer != self.pointer {
            return resolved.within_depth(look, depth + 1);
        }
        self.branches("allOf")
            .iter()
            .find_map(|branch| branch.within_depth(look, depth + 1))
    }
}

fn known_type(word: &str) -> Option<&'static str> {
    [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ]
    .into_iter()
    .find(|one| *one == word)
}

impl fmt::Debug for Schema {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Schema({})", self.pointer)
    }
}
