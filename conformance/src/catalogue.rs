//! The catalogue: every law, in the order of reports, and the page that lists them.

use std::fmt::Write as _;

use crate::{Law, laws};

/// Every law, in the order of reports.
pub const LAWS: &[&Law] = laws::ALL;

/// The law with this id.
pub fn law(id: &str) -> Option<&'static Law> {
    LAWS.iter().copied().find(|law| law.id == id)
}

/// The catalogue as a page of Markdown; `conformance/LAWS.md` is this text.
pub fn markdown() -> String {
    let mut page = String::from(
        "# The laws\n\n\
         Generated from the catalogue by `cargo xtask codegen`. A law is in force for an operation only if \
         its contract and the subject file declare what the law needs. `conformance explain LAW` \
         describes each law in detail.\n",
    );
    let mut group = None;
    for law in LAWS {
        if group != Some(law.group) {
            group = Some(law.group);
            let heading = law.group.heading();
            let _ = write!(
                page,
                "\n## {heading}\n\n| law | level | source | holds when |\n|---|---|---|---|\n"
            );
        }
        let (level, basis) = (law.level.word(), law.basis.to_string());
        let _ = writeln!(
            page,
            "| [{0}](src/laws/{1}.rs) | {level} | {basis} | {2} |",
            law.id,
            file(law.id),
            law.title
        );
    }
    page
}

/// The stem of a law's file.
pub fn file(id: &str) -> String {
    let name = id.replace('-', "_");
    // A module's name cannot start with a digit.
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("status_{name}")
    } else {
        name
    }
}
