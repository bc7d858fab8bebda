//! Where the parts of a document were written: in an overlay, or at another place than they are read at.
//!
//! A part is cited, and blamed, at the place where a person finds it.

use std::collections::HashMap;

use crate::source::Misfit;
use crate::{Problem, Source, join, pointer, tokens};

/// The parts of a document that were written elsewhere, in the order of writing.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    origins: Vec<Origin>,
    /// By part, the place of the latest origin: documents have thousands of them.
    latest: HashMap<String, usize>,
}

#[derive(Debug)]
struct Origin {
    /// The part, as a pointer into the document: all of it came from there, though a later origin may have
    /// changed it again.
    part: String,
    source: Source,
    /// The place in the source.
    written: String,
}

impl Origins {
    /// Where the place `pointer` of the document was written, if that is elsewhere.
    pub(crate) fn locate(&self, pointer: &str) -> Option<(&Source, String)> {
        let ends = pointer.match_indices('/').map(|(end, _)| end);
        let parts = ends.chain([pointer.len()]).map(|end| &pointer[..end]);
        let latest = parts.filter_map(|part| self.latest.get(part)).max()?;
        let origin = &self.origins[*latest];
        let inner = &pointer[origin.part.len()..];
        Some((&origin.source, format!("{}{inner}", origin.written)))
    }

    /// A problem for each misfit, in their order, placed where its part was written; what no origin is known
    /// of was written in `main`.
    pub(crate) fn problems(&self, main: &Source, misfits: Vec<Misfit>) -> Vec<Problem> {
        let mut by_file: Vec<(&Source, Vec<(usize, Misfit)>)> = Vec::new();
        for (place, misfit) in misfits.into_iter().enumerate() {
            let origin = self.locate(&misfit.pointer);
            let (source, pointer) = origin.unwrap_or_else(|| (main, misfit.pointer.clone()));
            let misfit = Misfit { pointer, ..misfit };
            match by_file
                .iter_mut()
                .find(|(file, _)| file.name() == source.name())
            {
                Some((_, misfits)) => misfits.push((place, misfit)),
                None => by_file.push((source, vec![(place, misfit)])),
            }
        }
        let mut placed = Vec::new();
        for (source, misfits) in by_file {
            let of_file: Vec<_> = misfits.iter().map(|(_, misfit)| misfit).collect();
            let problems = source.problems(&of_file);
            placed.extend(misfits.iter().map(|(place, _)| *place).zip(problems));
        }
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, problem)| problem).collect()
    }

    /// Remembers that `part` came from the place `written` of `source`.
    pub(crate) fn wrote(&mut self, part: &str, source: &Source, written: &str) {
        self.latest.insert(part.to_owned(), self.origins.len());
        self.origins.push(Origin {
            part: part.to_owned(),
            source: source.clone(),
            written: written.to_owned(),
        });
    }

    /// Forgets the origins within `part`, which was taken out of its object.
    pub(crate) fn forget(&mut self, part: &str) {
        let before = self.origins.len();
        self.origins
            .retain(|origin| !pointer::is_within(&origin.part, part));
        if self.origins.len() < before {
            self.index();
        }
    }

    /// Forgets the item `index` of the list at `list`; those behind it move up by one.
    pub(crate) fn forget_item(&mut self, list: &str, index: usize) {
        let item = join(list, &index.to_string());
        self.origins
            .retain(|origin| !pointer::is_within(&origin.part, &item));
        let depth = tokens(list).len();
        for origin in &mut self.origins {
            let mut path = tokens(&origin.part);
            let behind =
                |token: &String| token.parse::<usize>().ok().filter(|other| *other > index);
            if pointer::is_within(&origin.part, list)
                && let Some(other) = path.get(depth).and_then(behind)
            {
                path[depth] = (other - 1).to_string();
                origin.part = path
                    .iter()
                    .fold("#".to_owned(), |at, token| join(&at, token));
            }
        }
        self.index();
    }

    fn index(&mut self) {
        let parts = self.origins.iter().enumerate();
        self.latest = parts
            .map(|(place, origin)| (origin.part.clone(), place))
            .collect();
    }
}
