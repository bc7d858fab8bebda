//! The graph of imports between the files of a crate, read from its sources.
//!
//! A name counts for the file that defines it: re-exports in `lib.rs` and in parent modules are followed.
//! Code under `#[cfg(test)]` and inside macro calls is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, ItemMod, ItemUse, UseTree};

/// Files by their path below the crate's folder, each with the files that it imports from.
pub(crate) type Imports = BTreeMap<String, BTreeSet<String>>;

/// The imports between the files of the crate in `folder`.
pub(crate) fn of_crate(folder: &Path) -> Imports {
    let mut imports = Imports::new();
    for root in roots(&folder.join("src")) {
        let mut modules = Modules::default();
        let below = root.parent().unwrap().to_owned();
        modules.read(folder, &root, &below, Vec::new());
        for module in modules.0.values() {
            let taken = imports.entry(module.file.clone()).or_default();
            let used = module.used.iter();
            let targets = used.filter_map(|path| modules.file_of(&module.path, path, 0));
            taken.extend(targets.filter(|target| *target != module.file));
        }
    }
    imports
}

/// The circles among `imports` that are larger than a module with its children.
///
/// Each circle is one strongly connected component: every file of it leads to every other one.
pub(crate) fn circles(imports: &Imports) -> BTreeSet<BTreeSet<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = imports
        .keys()
        .map(|file| (file.as_str(), reachable(imports, file)))
        .collect();
    let leads = |from: &str, to: &str| reach.get(from).is_some_and(|found| found.contains(to));
    let circle = |file: &String| -> BTreeSet<String> {
        let others = imports.keys();
        let others = others.filter(|other| leads(file, other) && leads(other, file));
        others.cloned().collect()
    };
    imports
        .keys()
        .map(circle)
        .filter(|circle| circle.len() > 1 && !is_one_module(circle))
        .collect()
}

/// Whether the files are those of the modules: each file of one of them, and each of them with a file.
pub(crate) fn are_modules(files: &BTreeSet<String>, modules: &[&str]) -> bool {
    let is_of = |file: &str, module: &str| {
        let behind = file
            .strip_prefix("src/")
            .and_then(|file| file.strip_prefix(module));
        behind.is_some_and(|behind| behind == ".rs" || behind.starts_with('/'))
    };
    files
        .iter()
        .all(|file| modules.iter().any(|module| is_of(file, module)))
        && modules
            .iter()
            .all(|module| files.iter().any(|file| is_of(file, module)))
}

fn reachable<'a>(imports: &'a Imports, file: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = vec![file];
    while let Some(file) = open.pop() {
        for next in imports.get(file).into_iter().flatten() {
            if found.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    found
}

/// Whether one file of the circle is a module, and all the others stand in its folder.
fn is_one_module(circle: &BTreeSet<String>) -> bool {
    circle.iter().any(|parent| {
        let folder = format!("{}/", parent.trim_end_matches(".rs"));
        circle
            .iter()
            .all(|file| file == parent || file.starts_with(&folder))
    })
}

/// The root files of the library and of the programs below `source`.
fn roots(source: &Path) -> Vec<PathBuf> {
    let mut roots = vec![source.join("lib.rs"), source.join("main.rs")];
    for entry in fs::read_dir(source.join("bin")).into_iter().flatten() {
        let path = entry.unwrap().path();
        roots.push(if path.is_dir() {
            path.join("main.rs")
        } else {
            path
        });
    }
    roots.retain(|root| root.exists());
    roots
}

/// The modules of one library or program, by their path.
#[derive(Default)]
struct Modules(BTreeMap<Vec<String>, Module>);

/// A module: what it defines, what it names from elsewhere, and what it uses.
#[derive(Default)]
struct Module {
    path: Vec<String>,
    file: String,
    /// The names that `use` brings in, and the paths that they stand for.
    named: BTreeMap<String, Vec<String>>,
    /// The modules whose names `use module::*` brings in.
    globs: Vec<Vec<String>>,
    /// Every path that stands in a `use`, and every one that starts at `crate`, `self` or `super`.
    used: BTreeSet<Vec<String>>,
    defined: BTreeSet<String>,
}

impl Modules {
    /// Reads `file` as the module at `path`, whose children stand in the folder `below`.
    fn read(&mut self, crate_folder: &Path, file: &Path, below: &Path, path: Vec<String>) {
        let text = fs::read_to_string(file).unwrap();
        let File { items, .. } = syn::parse_file(&text)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
        self.add(crate_folder, file, below, path, &items);
    }

    fn add(
        &mut self,
        crate_folder: &Path,
        file: &Path,
        below: &Path,
        path: Vec<String>,
        items: &[Item],
    ) {
        let relative = file.strip_prefix(crate_folder).unwrap();
        let mut module = Module {
            path: path.clone(),
            file: relative.to_str().unwrap().replace('\\', "/"),
            ..Module::default()
        };
        for item in items {
            match item {
                Item::Mod(child) if is_test(&child.attrs) => {}
                Item::Mod(ItemMod { ident, content, .. }) => {
                    let name = ident.to_string();
                    let (path, folder) = (joined(&path, &name), below.join(&name));
                    if let Some((_, items)) = content {
                        self.add(crate_folder, file, &folder, path, items);
                    } else {
                        let child = below.join(format!("{name}.rs"));
                        self.read(crate_folder, &child, &folder, path);
                    }
                }
                item => module.visit_item(item),
            }
        }
        self.0.insert(path, module);
    }

    /// The file that defines what `path` names inside the module `at`; `None` for another crate's.
    fn file_of(&self, at: &[String], path: &[String], depth: usize) -> Option<String> {
        /// Longer chains of re-exports are circles.
        const DEEPEST: usize = 16;
        if depth > DEEPEST {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let (mut place, mut rest) = match first.as_str() {
            "crate" => (Vec::new(), rest),
            "self" => (at.to_vec(), rest),
            "super" => (at[..at.len().checked_sub(1)?].to_vec(), rest),
            name if self.0.contains_key(&joined(at, name)) => (joined(at, name), rest),
            name => {
                // A name that an earlier `use` of the same file brought in.
                let known = self.0.get(at)?.named.get(name)?;
                if known.first() == Some(first) {
                    return None;
                }
                let whole: Vec<String> = known.iter().chain(rest).cloned().collect();
                return self.file_of(at, &whole, depth + 1);
            }
        };
        while let Some((name, behind)) = rest.split_first() {
            if name == "super" {
                place.pop()?;
            } else if self.0.contains_key(&joined(&place, name)) {
                place = joined(&place, name);
            } else {
                return self.definition(&place, name, depth);
            }
            rest = behind;
        }
        self.0.get(&place).map(|module| module.file.clone())
    }

    /// The file that defines `name`, which the module `at` defines or re-exports.
    fn definition(&self, at: &[String], name: &str, depth: usize) -> Option<String> {
        let module = self.0.get(at)?;
        if module.defined.contains(name) {
            return Some(module.file.clone());
        }
        if let Some(path) = module.named.get(name) {
            return self.file_of(at, path, depth + 1);
        }
        let through = |glob: &Vec<String>| {
            self.file_of(at, &joined(glob, name), depth + 1)
                .filter(|file| *file != module.file)
        };
        let found = module.globs.iter().find_map(through);
        found.or_else(|| Some(module.file.clone()))
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Const(one) => (&one.attrs, Some(&one.ident)),
            Item::Enum(one) => (&one.attrs, Some(&one.ident)),
            Item::Fn(one) => (&one.attrs, Some(&one.sig.ident)),
            Item::Static(one) => (&one.attrs, Some(&one.ident)),
            Item::Struct(one) => (&one.attrs, Some(&one.ident)),
            Item::Trait(one) => (&one.attrs, Some(&one.ident)),
            Item::Type(one) => (&one.attrs, Some(&one.ident)),
            Item::Impl(one) => (&one.attrs, None),
            Item::Use(one) => (&one.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            self.defined.extend(name.map(ToString::to_string));
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.bring_in(&item.tree, Vec::new());
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let path_of_names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if path_of_names.len() > 1
            && matches!(path_of_names[0].as_str(), "crate" | "self" | "super")
        {
            self.used.insert(path_of_names);
        }
        visit::visit_path(self, path);
    }
}

impl Module {
    fn bring_in(&mut self, tree: &UseTree, before: Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                self.bring_in(&path.tree, joined(&before, &path.ident.to_string()));
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.bring_in(tree, before.clone());
                }
            }
            UseTree::Name(name) if name.ident == "self" => self.name(None, before),
            UseTree::Name(name) => self.name(None, joined(&before, &name.ident.to_string())),
            UseTree::Rename(rename) => {
                let path = joined(&before, &rename.ident.to_string());
                self.name(Some(rename.rename.to_string()), path);
            }
            UseTree::Glob(_) => {
                self.used.insert(before.clone());
                self.globs.push(before);
            }
        }
    }

    fn name(&mut self, name: Option<String>, path: Vec<String>) {
        let name = name.or_else(|| path.last().cloned());
        self.named.extend(name.map(|name| (name, path.clone())));
        self.used.insert(path);
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let says = |list: &syn::MetaList| list.tokens.to_string() == "test";
        attribute.path().is_ident("cfg") && attribute.meta.require_list().is_ok_and(says)
    })
}

fn joined(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}
