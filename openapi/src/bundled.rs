//! The documents and overlays that travel inside the binary.

use crate::{Document, Problem, Source};

macro_rules! bundled {
    ($name:literal) => {
        (
            Source::new(
                concat!($name, ".yaml"),
                include_str!(concat!("../documents/", $name, ".yaml")),
            ),
            Source::new(
                concat!($name, ".overlay.yaml"),
                include_str!(concat!("../overlays/", $name, ".overlay.yaml")),
            ),
        )
    };
}

/// The bundled documents, each with its overlay.
pub(crate) fn sources() -> [(Source, Source); 2] {
    [bundled!("wandb-training"), bundled!("job-timeline")]
}

impl Document {
    /// The bundled documents, their overlays applied.
    pub fn bundled() -> Result<Vec<Document>, Problem> {
        sources()
            .into_iter()
            .map(|(document, overlay)| Document::read(document, &[overlay]))
            .collect()
    }
}
