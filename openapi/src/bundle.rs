//! Documents of several files, as one.
//!
//! A file that a `$ref` leads to is put into the document under [`FILES`], and the `$ref` leads there. So the
//! rest of the crate knows local references only. Files lie below the folder of the document; other servers
//! are asked only if that is allowed. An `$id`, which gives its schema a URI of its own, is resolved here and
//! taken out; `$dynamicRef` leads where its anchor stands, as it does in schemas that nothing extends.

mod place;
mod walk;

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

pub(crate) use self::place::Access;
use self::place::Place;
use self::walk::{Base, Site, anchor};
use crate::keys::FILES;
use crate::origin::Origins;
use crate::source::Misfit;
use crate::{Problem, Source, join, pointer, references};

/// The number of files that a document may have.
const MOST: usize = 1000;

/// The number of files on other servers that may fail. Each may be waited for until the loader gives up.
const FAILURES: usize = 5;

/// Whether `text` may hold a reference that leads out of it, or that only a walk can resolve.
///
/// Nearly all documents hold none, and need no walk.
pub(crate) fn is_needed(text: &str) -> bool {
    // One pass: documents are megabytes long.
    text.match_indices('$').any(|(at, _)| {
        let behind = &text[at + 1..];
        if behind.starts_with("id") || behind.starts_with("dynamicRef") {
            return true;
        }
        let Some(behind) = behind.strip_prefix("ref") else {
            return false;
        };
        let colon = behind.trim_start_matches(['"', '\'', ' ', '\t']);
        let value = colon.strip_prefix(':');
        let value = value.map(|value| value.trim_start_matches(['"', '\'', ' ', '\t', '\r', '\n']));
        value.is_some_and(|value| !value.starts_with('#'))
    })
}

/// Puts the files that `root` refers to into it, and records in `origins` where they were written. Returns
/// the references that lead nowhere, with their pointers in the whole, and warnings about the files.
pub(crate) fn bundle(
    source: &Source,
    root: &mut Value,
    origins: &mut Origins,
    access: Access<'_>,
) -> (Vec<Misfit>, Vec<Problem>) {
    let place = Place::of(source);
    let mut bundle = Bundle {
        access,
        main: source,
        known: HashMap::from([(place.clone(), 0)]),
        lost: HashMap::new(),
        waited: Duration::ZERO,
        unasked: BTreeSet::new(),
        files: Vec::new(),
        ids: HashMap::new(),
        misfits: Vec::new(),
        warnings: Vec::new(),
    };
    bundle.add(source.clone(), place, std::mem::take(root));
    let mut index = 0;
    while index < bundle.files.len() {
        bundle.resolve(index);
        index += 1;
    }
    bundle.count_unasked();
    let mut files = bundle.files.into_iter();
    *root = files.next().map_or(Value::Null, |main| main.value);
    let others: Vec<_> = files.collect();
    if !others.is_empty()
        && let Some(fields) = root.as_object_mut()
    {
        let mut values = Map::new();
        for (index, file) in others.into_iter().enumerate() {
            let name = (index + 1).to_string();
            origins.wrote(&join(&join("#", FILES), &name), &file.source, "#");
            values.insert(name, file.value);
        }
        fields.insert(FILES.to_owned(), values.into());
        put_path_items_in_place(root, origins, source);
    }
    (bundle.misfits, bundle.warnings)
}

/// A path item of another file stands where the document names it, so that overlays find its operations.
fn put_path_items_in_place(root: &mut Value, origins: &mut Origins, main: &Source) {
    let files = join("#", FILES);
    let paths = root.get("paths").and_then(Value::as_object);
    let names: Vec<_> = paths.into_iter().flat_map(Map::keys).cloned().collect();
    for name in names {
        let at = join("#/paths", &name);
        let item = pointer::find(root, &at).and_then(Value::as_object);
        if item.is_none_or(|item| item.len() != 1 || !item.contains_key("$ref")) {
            continue;
        }
        let target = references::follow(root, &at);
        if !pointer::is_within(&target, &files) {
            continue;
        }
        let value = pointer::find(root, &target).cloned();
        let Some((value, place)) = value.zip(root.pointer_mut(pointer::plain(&at))) else {
            continue;
        };
        *place = value;
        let written = origins.locate(&target);
        let (source, written) = written
            .map_or((main.clone(), target.clone()), |(source, written)| {
                (source.clone(), written)
            });
        origins.wrote(&at, &source, &written);
    }
}

struct Bundle<'b> {
    access: Access<'b>,
    main: &'b Source,
    /// The place of each file in `files`.
    known: HashMap<Place, usize>,
    /// Why files on other servers cannot be read. They are asked for once.
    lost: HashMap<Place, Lost>,
    /// How long other servers were waited for.
    waited: Duration,
    /// The URLs that are not asked for because the time is over.
    unasked: BTreeSet<String>,
    /// The document itself, and then the others as they are found.
    files: Vec<File>,
    /// By the URI of an `$id` or `$self`, its file and the pointer within.
    ids: HashMap<String, (usize, String)>,
    misfits: Vec<Misfit>,
    warnings: Vec<Problem>,
}

struct File {
    source: Source,
    place: Place,
    value: Value,
}

/// Why a reference leads nowhere, and the cure.
type Lost = (String, String);

impl Bundle<'_> {
    fn add(&mut self, source: Source, place: Place, value: Value) {
        let index = self.files.len();
        let own = value.get("$self").and_then(Value::as_str);
        if let Some(own) = own {
            let base = place.uri();
            let uri = place::resolved(&base, own).unwrap_or_else(|| own.to_owned());
            self.ids.insert(uri, (index, "#".to_owned()));
        }
        for (id, at) in walk::ids(&value, &place.uri()) {
            self.ids.entry(id).or_insert((index, at));
        }
        self.files.push(File {
            source,
            place,
            value,
        });
    }

    /// Resolves the references of a file.
    fn resolve(&mut self, index: usize) {
        let mut value = std::mem::take(&mut self.files[index].value);
        let uri = self.files[index].place.uri();
        let whole = value.clone();
        walk::each(&mut value, &uri, &mut |site: Site<'_>| {
            let found = self.target(index, &whole, site.reference, &site.base);
            match found {
                Ok(target) => target.map(|target| pointer::to_fragment(&target)),
                Err((message, cure)) => {
                    self.misfits.push(Misfit {
                        pointer: inside(index, site.at),
                        message,
                        cure,
                    });
                    None
                }
            }
        });
        self.files[index].value = value;
    }

    /// The pointer into the whole that `reference` names, which stands in the file `index` with the content
    /// `own`; none if it is to be left as it is.
    fn target(
        &mut self,
        index: usize,
        own: &Value,
        reference: &str,
        base: &Base,
    ) -> Result<Option<String>, Lost> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (file, root) = if document.is_empty() {
            let root = base.at.clone().unwrap_or_else(|| "#".to_owned());
            if index == 0 && base.at.is_none() && !fragment.is_empty() {
                return Ok(None);
            }
            (index, root)
        } else if let Some(known) = self.identified(document, base) {
            known
        } else {
            (self.file(index, document)?, "#".to_owned())
        };
        let value = if file == index {
            own
        } else {
            &self.files[file].value
        };
        let fragment = pointer::of_fragment(fragment);
        let name = pointer::plain(&fragment);
        let target = if name.is_empty() || name.starts_with('/') {
            let target = format!("{root}{name}");
            pointer::find(value, &target).map(|_| target)
        } else {
            pointer::find(value, &root).and_then(|resource| anchor(resource, name, &root))
        };
        let target = target.ok_or_else(|| {
            let source = &self.files[file].source;
            (
                format!("`$ref: {reference}` leads nowhere"),
                format!("declare what it names in {}, or correct it", source.name()),
            )
        })?;
        Ok(Some(inside(file, &target)))
    }

    /// The part that has the URI `document` as its `$id` or `$self`.
    fn identified(&self, document: &str, base: &Base) -> Option<(usize, String)> {
        let uri = place::resolved(&base.uri, document).unwrap_or_else(|| document.to_owned());
        self.ids.get(&uri).cloned()
    }

    /// The file that `document` names in the file `index`; reads it if it is new.
    fn file(&mut self, index: usize, document: &str) -> Result<usize, Lost> {
        let from = &self.files[index].place;
        let main = &self.files[0].place;
        let place = place::named(main, from, document)?;
        if let Some(known) = self.known.get(&place) {
            return Ok(*known);
        }
        if let Some(lost) = self.lost.get(&place) {
            return Err(lost.clone());
        }
        if self.files.len() >= MOST {
            return Err((
                format!("`$ref: {document}` leads to one file more than the {MOST} that are read"),
                "bundle the document into one file".to_owned(),
            ));
        }
        let is_asked_for = self.access.remote && matches!(place, Place::Url(_));
        if let (true, Place::Url(url)) = (is_asked_for && self.waited >= self.access.time, &place) {
            self.unasked.insert(url.clone());
            return Err((
                format!(
                    "`$ref: {document}` leads to another server, which is not asked, because {}",
                    self.late()
                ),
                MORE_TIME.to_owned(),
            ));
        }
        if is_asked_for && self.lost.len() >= FAILURES {
            return Err((
                format!(
                    "`$ref: {document}` leads to another server, which is not asked, because {FAILURES} files on other servers cannot be read"
                ),
                "correct the references above first".to_owned(),
            ));
        }
        let begun = Instant::now();
        let read = self.read(&place, document);
        if is_asked_for {
            self.waited += begun.elapsed();
        }
        if let (true, Err(lost)) = (is_asked_for, &read) {
            self.lost.insert(place.clone(), lost.clone());
        }
        let (source, value) = read?;
        let next = self.files.len();
        self.known.insert(place.clone(), next);
        self.add(source, place, value);
        Ok(next)
    }

    /// The text at `place`, which a reference names as `document`, and its value.
    fn read(&mut self, place: &Place, document: &str) -> Result<(Source, Value), Lost> {
        let access = Access {
            time: self.access.time.saturating_sub(self.waited),
            ..self.access
        };
        let source = access.source(self.main, place, document)?;
        let (value, warnings) = source.parse_leniently().map_err(|problem| {
            (
                format!("`$ref: {document}` leads to a file that cannot be read: {problem}"),
                "correct that file".to_owned(),
            )
        })?;
        self.warnings.extend(warnings);
        Ok((source, value))
    }

    /// Why no more servers are asked.
    fn late(&self) -> String {
        let time = self.access.time;
        format!("the parts on other servers took all of their time, which is {time:?}")
    }

    /// Warns of the parts for which there was no time.
    fn count_unasked(&mut self) {
        let Some(first) = self.unasked.first() else {
            return;
        };
        let parts = match self.unasked.len() {
            1 => "1 part".to_owned(),
            several => format!("{several} parts"),
        };
        let message = format!(
            "{}: {parts} on other servers, such as {first}, were not asked for: {}",
            self.main.name(),
            self.late()
        );
        let problem = Problem::new(message).cure(MORE_TIME);
        self.warnings.push(problem.into_warning());
    }
}

/// The cure of parts on other servers for which there was no time.
const MORE_TIME: &str = "give more time with `--remote-time`, or bundle the document into one file";

/// The place `at` of the file `index`, as a pointer into the whole.
fn inside(index: usize, at: &str) -> String {
    if index == 0 {
        return at.to_owned();
    }
    let file = join(&join("#", FILES), &index.to_string());
    format!("{file}{}", pointer::plain(at))
}
