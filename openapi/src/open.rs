//! Documents and overlays from files, matched up.

use std::path::Path;

use crate::{Document, Problem, Source};

impl Document {
    /// Reads documents and overlays from files and applies each overlay to its document: the only one, or
    /// the one whose file's stem it shares (`jobs.overlay.yaml` goes with `jobs.yaml`).
    ///
    /// Without documents, the bundled ones are read; overlays then go on top of their own.
    pub fn open<P: AsRef<Path>>(documents: &[P], overlays: &[P]) -> Result<Vec<Document>, Problem> {
        let documents = sources(documents)?;
        let overlays = sources(overlays)?;
        let mut paired: Vec<(Source, Vec<Source>)> = if documents.is_empty() {
            crate::bundled::sources()
                .map(|(document, overlay)| (document, vec![overlay]))
                .into()
        } else {
            documents
                .into_iter()
                .map(|document| (document, Vec::new()))
                .collect()
        };
        let single = paired.len() == 1;
        let first = paired
            .first()
            .map_or_else(String::new, |(document, _)| document.stem().to_owned());
        for overlay in overlays {
            let stem = overlay.stem().to_owned();
            let pair = paired
                .iter_mut()
                .find(|(document, _)| single || document.stem() == stem);
            let Some((_, own)) = pair else {
                let message = format!("the overlay {} fits none of the documents", overlay.name());
                return Err(Problem::new(message).cure(format!(
                    "name it after its document, as in `{first}.overlay.yaml`"
                )));
            };
            own.push(overlay);
        }
        paired
            .into_iter()
            .map(|(document, overlays)| Document::read(document, &overlays))
            .collect()
    }
}

fn sources<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<Source>, Problem> {
    paths
        .iter()
        .map(|path| Source::open(path.as_ref()))
        .collect()
}
