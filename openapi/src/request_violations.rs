//! What is wrong with a value of a request.
//!
//! Schemas are read as those of answers. A request differs in one thing: it leaves out what is `readOnly`, even
//! if it is required (OpenAPI 3.1, 4.8.24.3; JSON Schema, 9.4).

use serde_json::Value;

use crate::{Schema, Violation, join, tokens};

impl Schema {
    /// Every way in which `value` breaks the schema of a request.
    ///
    /// A violation of `required` stands for one missing property; its `instance` is where that property would
    /// be.
    pub fn request_violations(&self, value: &Value) -> Vec<Violation> {
        let mut found: Vec<Violation> = Vec::new();
        for violation in self.violations(value) {
            if violation.keyword != "required" {
                found.push(violation);
                continue;
            }
            for missing in self.missing(value, &violation) {
                if !found.contains(&missing) {
                    found.push(missing);
                }
            }
        }
        found
    }

    /// The required properties that are missing, each as a violation of its own.
    fn missing(&self, value: &Value, violation: &Violation) -> Vec<Violation> {
        let object = value.pointer(&violation.instance);
        let names = violation.expected.as_array().into_iter().flatten();
        let names = names.filter_map(Value::as_str);
        let absent = names.filter(|name| object.is_some_and(|object| object.get(name).is_none()));
        let asked = absent.filter(|name| !self.is_read_only(violation, name));
        asked
            .map(|name| Violation {
                instance: join(&violation.instance, name),
                message: format!("`{name}` is required"),
                ..violation.clone()
            })
            .collect()
    }

    /// Whether the property is `readOnly`, by the schema with the keyword or by the one of the whole object.
    fn is_read_only(&self, violation: &Violation, name: &str) -> bool {
        let says = |schema: &Schema| {
            let property = schema.property(name);
            property.is_some_and(|one| one.keyword("readOnly") == Some(&Value::Bool(true)))
        };
        let beside = violation.pointer.rsplit_once('/');
        let beside = beside.map(|(schema, _)| self.elsewhere(schema.to_owned()));
        let mut steps = tokens(&violation.instance).into_iter();
        let whole = steps.try_fold(self.clone(), |schema, step| {
            schema.property(&step).or_else(|| schema.items())
        });
        beside.as_ref().is_some_and(says) || whole.as_ref().is_some_and(says)
    }
}
