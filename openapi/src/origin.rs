//! Which overlay wrote which part of a merged document.
//!
//! Whatever an overlay said is cited, and complained about, at its place in the overlay.

use crate::{Source, join, pointer, tokens};

/// The parts of a document that overlays wrote, in the order of writing.
#[derive(Debug, Default)]
pub(crate) struct Origins(Vec<Origin>);

#[derive(Debug)]
struct Origin {
    /// The part, as a pointer into the merged document: all of it came from the overlay, though a later
    /// one may have changed it again.
    part: String,
    source: Source,
    /// Where the overlay says it.
    written: String,
}

impl Origins {
    /// Where the place `pointer` of the document was written, if an overlay wrote it.
    pub(crate) fn locate(&self, pointer: &str) -> Option<(&Source, String)> {
        let wrote = |origin: &&Origin| pointer::is_within(pointer, &origin.part);
        let origin = self.0.iter().rev().find(wrote)?;
        let inner = &pointer[origin.part.len()..];
        Some((&origin.source, format!("{}{inner}", origin.written)))
    }

    /// Remembers that `part` came from the place `written` of `source`.
    pub(crate) fn wrote(&mut self, part: &str, source: &Source, written: &str) {
        self.0.push(Origin {
            part: part.to_owned(),
            source: source.clone(),
            written: written.to_owned(),
        });
    }

    /// Forgets what lies at `part`, for it was taken out of its object.
    pub(crate) fn forget(&mut self, part: &str) {
        self.0
            .retain(|origin| !pointer::is_within(&origin.part, part));
    }

    /// Forgets the item `index` of the list at `list`; those behind it move up by one.
    pub(crate) fn forget_item(&mut self, list: &str, index: usize) {
        self.forget(&join(list, &index.to_string()));
        let depth = tokens(list).len();
        for origin in &mut self.0 {
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
    }
}
