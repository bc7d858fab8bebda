//! Finds the operation that a request is for, by the documents' own path templates.
//!
//! A tree of segments: a literal goes before a parameter, as OpenAPI asks (3.1, 4.8.8.2), and a request
//! looks only at the branches that fit its path. Two parameters may share a segment, and two templates may
//! differ only in the names of their parameters; web routers refuse these. Each template may have a base path
//! before it. A request without the base path is found, too, if no request with one is meant.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::PathTemplate;

/// The operations of one or several documents, by path and method.
#[derive(Debug, Default)]
pub struct Router {
    /// The operations with their base paths; empty if none has one.
    based: Tree,
    /// The operations as their documents write them.
    plain: Tree,
}

/// Operations by the segments of their paths.
#[derive(Debug, Default)]
struct Tree {
    entries: Vec<Entry>,
    root: Node,
}

#[derive(Debug)]
struct Entry {
    method: String,
    path: PathTemplate,
}

#[derive(Debug, Default)]
struct Node {
    /// By the text of a segment without parameters.
    literal: HashMap<String, Node>,
    /// Below a segment with parameters.
    templated: Option<Box<Node>>,
    /// The entries whose paths end here.
    ends: Vec<usize>,
}

/// The operation that a request is for: its index among those given to [`Router::new`], and the values of
/// the path's parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed<'r> {
    /// The index of the operation.
    pub index: usize,
    /// The names and values of the path's parameters.
    pub captures: Vec<(&'r str, String)>,
}

impl Router {
    /// A router for operations, given by method and path.
    pub fn new<'o>(operations: impl IntoIterator<Item = (&'o str, &'o PathTemplate)>) -> Self {
        let mut router = Self::default();
        for (method, path) in operations {
            router.plain.add(method, path.clone());
        }
        router
    }

    /// A router for operations, given by method, base path (`/v2`, or empty) and path.
    pub fn with_bases<'o>(
        operations: impl IntoIterator<Item = (&'o str, &'o str, &'o PathTemplate)>,
    ) -> Self {
        let mut router = Self::default();
        let mut has_bases = false;
        for (method, base, path) in operations {
            has_bases |= !base.is_empty();
            router.based.add(method, path.below(base));
            router.plain.add(method, path.clone());
        }
        if !has_bases {
            router.based = Tree::default();
        }
        router
    }

    /// The operation for this method and this path, as sent and without the query.
    pub fn find(&self, method: &str, path: &str) -> Option<Routed<'_>> {
        let mut trees = [&self.based, &self.plain].into_iter();
        trees.find_map(|tree| tree.first(path, &mut |entry| entry.method == method))
    }

    /// The methods of the operations at this path, sorted; empty if there is none.
    pub fn methods(&self, path: &str) -> Vec<&str> {
        let mut methods = Vec::new();
        for tree in [&self.based, &self.plain] {
            let none = tree.first(path, &mut |entry| {
                methods.push(entry.method.as_str());
                false
            });
            debug_assert!(none.is_none(), "no entry was accepted");
        }
        methods.sort_unstable();
        methods.dedup();
        methods
    }
}

impl Tree {
    fn add(&mut self, method: &str, path: PathTemplate) {
        let mut node = &mut self.root;
        for segment in path.literals() {
            node = match segment {
                Some(text) => node.literal.entry(text.to_owned()).or_default(),
                None => node.templated.get_or_insert_default(),
            };
        }
        // Of templates with one shape, the one with the most text of its own goes first: `{id}:cancel`.
        let own = |path: &PathTemplate| path.expand_raw(|_| String::new()).len();
        let entries = &self.entries;
        let shorter = |at: &usize| own(&entries[*at].path) < own(&path);
        let place = node.ends.iter().position(shorter);
        let place = place.unwrap_or(node.ends.len());
        node.ends.insert(place, entries.len());
        self.entries.push(Entry {
            method: method.to_owned(),
            path,
        });
    }

    /// The first entry at `path` that `accept` takes, from the most literal path on.
    fn first<'r>(
        &'r self,
        path: &str,
        accept: &mut dyn FnMut(&'r Entry) -> bool,
    ) -> Option<Routed<'r>> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        self.below(&self.root, &segments, path, accept)
    }

    fn below<'r>(
        &'r self,
        node: &'r Node,
        segments: &[&str],
        path: &str,
        accept: &mut dyn FnMut(&'r Entry) -> bool,
    ) -> Option<Routed<'r>> {
        let Some((segment, others)) = segments.split_first() else {
            return node.ends.iter().find_map(|index| {
                let entry = &self.entries[*index];
                let captures = entry.path.captures(path)?;
                accept(entry).then_some(Routed {
                    index: *index,
                    captures,
                })
            });
        };
        let text = percent_decode_str(segment).decode_utf8().ok();
        let literal = text.and_then(|text| node.literal.get(text.as_ref()));
        let literal = literal.and_then(|node| self.below(node, others, path, accept));
        literal.or_else(|| self.below(node.templated.as_deref()?, others, path, accept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(paths: &[&str]) -> Router {
        let templates: Vec<_> = paths.iter().map(|path| PathTemplate::new(path)).collect();
        Router::new(templates.iter().map(|path| ("GET", path)))
    }

    fn check(paths: &[&str], path: &str, expect: Option<(usize, &[(&str, &str)])>) {
        let router = router(paths);
        let found = router.find("GET", path);
        let found = found.map(|found| {
            let captures = found.captures.into_iter();
            let captures = captures.map(|(name, value)| (name.to_owned(), value));
            (found.index, captures.collect::<Vec<_>>())
        });
        let expect = expect.map(|(index, captures)| {
            let captures = captures.iter();
            let captures = captures.map(|(name, value)| (name.to_string(), value.to_string()));
            (index, captures.collect::<Vec<_>>())
        });
        assert_eq!(found, expect, "{path}");
    }

    #[test]
    fn a_literal_goes_before_a_parameter() {
        let paths = [
            "/jobs/{id}",
            "/jobs/mine",
            "/{any}/mine/log",
            "/jobs/{id}/log",
        ];
        check(&paths, "/jobs/7", Some((0, &[("id", "7")])));
        check(&paths, "/jobs/mine", Some((1, &[])));
        check(&paths, "/jobs/m%69ne", Some((1, &[])));
        check(&paths, "/jobs/mine/log", Some((3, &[("id", "mine")])));
        check(&paths, "/runs/mine/log", Some((2, &[("any", "runs")])));
        check(&paths, "/jobs", None);
        check(&paths, "/jobs/7/", None);
    }

    #[test]
    fn parameters_may_share_a_segment() {
        let paths = ["/jobs/{id}:cancel", "/jobs/{name}.{format}", "/jobs/{id}"];
        check(&paths, "/jobs/7:cancel", Some((0, &[("id", "7")])));
        let both: &[_] = &[("name", "a"), ("format", "json")];
        check(&paths, "/jobs/a.json", Some((1, both)));
        check(&paths, "/jobs/7", Some((2, &[("id", "7")])));
        // Whatever their order is in the document.
        let paths = ["/jobs/{id}", "/jobs/{id}:cancel"];
        check(&paths, "/jobs/7:cancel", Some((1, &[("id", "7")])));
        check(&paths, "/jobs/7", Some((0, &[("id", "7")])));
    }

    #[test]
    fn a_base_path_goes_before_a_path_without_one() {
        let paths = ["/feeds/{id}", "/{any}/feeds/{id}", "/a"].map(PathTemplate::new);
        let bases = ["/v 2", "", "/v 2/x"];
        let operations = bases.into_iter().zip(&paths);
        let router = Router::with_bases(operations.map(|(base, path)| ("GET", base, path)));
        let index = |path: &str| router.find("GET", path).map(|found| found.index);
        assert_eq!(index("/v%202/feeds/7"), Some(0));
        assert_eq!(index("/feeds/7"), Some(0));
        assert_eq!(index("/v3/feeds/7"), Some(1));
        assert_eq!(index("/v%202/x/a"), Some(2));
        assert_eq!(index("/a"), Some(2));
        assert_eq!(index("/v%202/a"), None);
        assert_eq!(router.methods("/v%202/x/a"), ["GET"]);
    }

    #[test]
    fn the_methods_of_a_path_are_listed() {
        let paths = ["/a/{x}", "/a/{y}", "/a/b"].map(PathTemplate::new);
        let methods = ["GET", "POST", "DELETE"];
        let router = Router::new(methods.into_iter().zip(&paths));
        assert_eq!(router.methods("/a/c"), ["GET", "POST"]);
        assert_eq!(router.methods("/a/b"), ["DELETE", "GET", "POST"]);
        assert!(router.methods("/b").is_empty());
        assert_eq!(
            router.find("POST", "/a/c").map(|found| found.index),
            Some(1)
        );
        assert_eq!(router.find("PUT", "/a/c"), None);
    }
}
