//! Operations that no request reaches, because an earlier document has one with the same method and path.

use std::collections::HashMap;

use crate::{Document, Problem, ServerChoice};

/// The number of operations that a warning names.
const SHOWN: usize = 3;

impl ServerChoice {
    /// A warning for each document that has operations of an earlier one: the same method, base path and path.
    /// Requests reach the earlier one.
    pub fn shadowed(&self, documents: &[Document]) -> Vec<Problem> {
        let mut known: HashMap<(&str, String), &str> = HashMap::new();
        let mut warnings = Vec::new();
        if documents.len() < 2 {
            return warnings;
        }
        for document in documents {
            let mut own = Vec::new();
            let mut twice = Vec::new();
            for operation in document.operations() {
                let base = self.base_path(document, operation);
                // The names of parameters make no difference.
                let path = operation.path.expand_raw(|_| "{}".to_owned());
                let request = (operation.method.as_str(), format!("{base}{path}"));
                match known.get(&request) {
                    Some(other) => twice.push((operation, *other)),
                    None => own.push((request, document.source().name())),
                }
            }
            known.extend(own);
            let Some((first, other)) = twice.first() else {
                continue;
            };
            let shown = twice.iter().take(SHOWN);
            let shown: Vec<_> = shown
                .map(|(one, _)| format!("{} {}", one.method, one.path))
                .collect();
            let more = match twice.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let shown = shown.join(", ");
            let message =
                format!("no request reaches {shown}{more}: {other} has the same operations");
            let problem = document.problem(&first.pointer, message).into_warning();
            warnings.push(problem.cure("use each document by itself, on a port of its own"));
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn document(name: &str, rest: &str) -> Document {
        let text = format!("openapi: 3.1.0\n{rest}\n");
        Document::read(Source::new(name, text), &[]).unwrap()
    }

    #[test]
    fn an_operation_that_an_earlier_document_has_is_warned_of() {
        let one = document(
            "one.yaml",
            "paths: { '/a/{b}': { get: {}, put: {} }, /c: { get: {} } }",
        );
        let same = document(
            "same.yaml",
            "paths: { /c: { post: {} }, '/a/{x}': { get: {} } }",
        );
        let based = document(
            "based.yaml",
            "servers: [{ url: /v2 }]\npaths: { /c: { get: {} } }",
        );
        let first = ServerChoice::default();
        let warnings = first.shadowed(&[one.clone(), same, based.clone()]);
        let [warning] = warnings.as_slice() else {
            panic!("{warnings:?}");
        };
        assert_eq!(
            warning.to_string(),
            "same.yaml:2:40: no request reaches GET /a/{x}: one.yaml has the same operations"
        );
        let none = ServerChoice {
            base_path: Some("/".to_owned()),
            ..first
        };
        assert_eq!(none.shadowed(&[one.clone(), based]).len(), 1);
        assert!(none.shadowed(&[one]).is_empty());
    }
}
