//! The table of walks.

use std::path::Path;

use super::{Sdk, Walk};

/// How much of a reason is shown, in characters.
const SHOWN: usize = 160;

/// A walk by an SDK.
pub(super) struct Row {
    /// Package, version, document, list and kind of walk.
    cells: [String; 5],
    walk: Walk,
}

impl Row {
    /// `is_overlaid`: whether an overlay of ours says something that the document does not.
    pub(super) fn new(
        sdk: &Sdk,
        version: &str,
        (document, is_overlaid): (&Path, bool),
        walk: Walk,
    ) -> Self {
        let document = document.file_name().unwrap_or_default().to_string_lossy();
        let more = if is_overlaid { " + overlay" } else { "" };
        let cells = [
            format!("{} ({:?})", sdk.package, sdk.language),
            version.to_owned(),
            format!("{document}{more}"),
            walk.list.clone(),
            walk.how.clone(),
        ];
        Self { cells, walk }
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.walk.wrong.is_some()
    }
}

/// Prints a line for each walk, and below it why it was wrong.
pub(super) fn print(rows: &[Row]) {
    let titles = ["SDK", "version", "document", "list", "walk"];
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row.cells[column].chars().count());
        cells.chain([titles[column].len()]).max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3, 4].map(width);
    let line = |cells: [&str; 5]| {
        let cells = cells.iter().zip(widths);
        let padded = cells.map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ")
    };
    println!("{}  {:>5}  each once", line(titles), "items");
    for row in rows {
        let cells = row.cells.each_ref().map(String::as_str);
        let once = if row.is_wrong() { "NO" } else { "yes" };
        println!("{}  {:>5}  {once}", line(cells), row.walk.items);
        if let Some(reason) = &row.walk.wrong {
            let reason: String = reason.chars().take(SHOWN).collect();
            println!("    {}", reason.replace('\n', " "));
        }
    }
}
