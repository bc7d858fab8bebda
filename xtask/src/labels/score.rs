//! How many guesses are right.

use super::reading::{Label, Pages, Reading};

/// The share of the operations said to page that must page.
const PRECISION: f64 = 0.98;
/// The share of the operations that page that must be found.
const RECALL: f64 = 0.95;
/// The share of the found ones whose style must be right.
const STYLE: f64 = 0.96;
/// The share of the found ones whose way on must be right.
const WAY: f64 = 0.93;
/// The share of the operations that page that must be walked from end to end, if a careful reader does not doubt how
/// they page. The others are only proposed, and not served as lists without a word of their author.
const WALKED: f64 = 0.95;

/// Counts of right and wrong guesses.
#[derive(Debug, Default)]
pub(super) struct Score {
    pages: usize,
    others: usize,
    found: usize,
    sure: usize,
    false_alarms: usize,
    style: usize,
    way: usize,
    items: usize,
    all: usize,
    walked: usize,
    surely: usize,
    surely_walked: usize,
    differing: Vec<String>,
}

impl Score {
    /// Counts one operation. Returns what is wrong with the guess if its pages are others than those of the label.
    pub(super) fn count(
        &mut self,
        document: &str,
        operation: &str,
        label: &Label,
        guessed: Option<&Reading>,
    ) -> Option<String> {
        let mut differs = |what: String| {
            self.differing
                .push(format!("{document}: {operation}: {what}"));
        };
        match (label.pages(), guessed) {
            (None, None) => self.others += 1,
            (None, Some(_)) => {
                self.others += 1;
                self.false_alarms += 1;
                differs("is said to page, and does not".to_owned());
            }
            (Some(pages), None) => {
                self.pages += 1;
                let doubt = if pages.sure {
                    ""
                } else {
                    " (a careful reader doubts)"
                };
                differs(format!("pages, and is not found{doubt}"));
            }
            (Some(pages), Some(guessed)) => {
                self.pages += 1;
                self.found += 1;
                self.sure += usize::from(guessed.is_sure);
                let parts = compare(pages, guessed);
                let right = |name: &str| !parts.iter().any(|(part, _)| *part == name);
                self.style += usize::from(right("style"));
                self.way += usize::from(right("next"));
                self.items += usize::from(right("items"));
                self.all += usize::from(parts.is_empty());
                for (part, wrong) in &parts {
                    differs(format!("{part} {wrong}"));
                }
                let others = ["style", "next", "items"];
                let mut parts = parts.into_iter();
                let wrong = parts.find(|(part, _)| others.contains(part));
                return wrong.map(|(part, wrong)| format!("{part} {wrong}"));
            }
        }
        None
    }

    /// Counts a walk through an operation that pages.
    pub(super) fn walk(
        &mut self,
        document: &str,
        operation: &str,
        is_sure: bool,
        walk: &Result<(), String>,
    ) {
        self.surely += usize::from(is_sure);
        match walk {
            Ok(()) => {
                self.walked += 1;
                self.surely_walked += usize::from(is_sure);
            }
            Err(reason) => {
                let doubt = if is_sure {
                    ""
                } else {
                    " (a careful reader doubts)"
                };
                let line = format!("{document}: {operation}: is not walked: {reason}{doubt}");
                self.differing.push(line);
            }
        }
    }

    /// Prints what differs, and a table.
    pub(super) fn print(&self) {
        for line in &self.differing {
            println!("{line}");
        }
        println!("\n| what | share | of | bar |\n|---|---|---|---|");
        let said = self.found + self.false_alarms;
        for (what, right, of, bar) in [
            ("pages: precision", self.found, said, Some(PRECISION)),
            ("pages: recall", self.found, self.pages, Some(RECALL)),
            ("of the found: sure", self.sure, self.found, None),
            ("of the found: style", self.style, self.found, Some(STYLE)),
            ("of the found: way on", self.way, self.found, Some(WAY)),
            ("of the found: items", self.items, self.found, None),
            ("of the found: everything", self.all, self.found, None),
            ("pages: walked", self.walked, self.pages, None),
            (
                "pages, and no reader doubts: walked",
                self.surely_walked,
                self.surely,
                Some(WALKED),
            ),
        ] {
            let bar = bar.map_or_else(String::new, |bar| format!("{bar:.2}"));
            println!(
                "| {what} | {:.3} | {right} of {of} | {bar} |",
                share(right, of)
            );
        }
        println!("\n{} operations page, {} do not", self.pages, self.others);
    }

    /// Which bars are missed.
    pub(super) fn verdict(&self) -> Result<(), String> {
        let said = self.found + self.false_alarms;
        let bars = [
            ("precision", share(self.found, said), PRECISION),
            ("recall", share(self.found, self.pages), RECALL),
            ("style", share(self.style, self.found), STYLE),
            ("way on", share(self.way, self.found), WAY),
            ("walked", share(self.surely_walked, self.surely), WALKED),
        ];
        let missed: Vec<_> = bars
            .iter()
            .filter(|(_, share, bar)| share < bar)
            .map(|(what, share, bar)| format!("{what} is {share:.3}, and the bar is {bar}"))
            .collect();
        if missed.is_empty() {
            Ok(())
        } else {
            Err(missed.join("; "))
        }
    }
}

/// The parts of a guess that differ from the label, and how.
fn compare(pages: &Pages, guessed: &Reading) -> Vec<(&'static str, String)> {
    let mut parts = Vec::new();
    if !pages.style.has(guessed.style()) {
        parts.push(("style", is_not(guessed.style(), &pages.style)));
    }
    let ways = guessed.ways();
    if !ways.iter().any(|way| pages.next.has(way)) {
        parts.push(("next", is_not(&ways.join(" and "), &pages.next)));
    }
    if !pages.items.has(guessed.items()) {
        parts.push(("items", is_not(guessed.items(), &pages.items)));
    }
    let roles = [
        ("cursor", &pages.cursor),
        ("offset", &pages.offset),
        ("page", &pages.page),
        ("limit", &pages.limit),
        ("before", &pages.before),
    ];
    for (role, words) in roles {
        if let Some(words) = words {
            let found = guessed.parameter(role).unwrap_or("missing");
            if !words.has(found) {
                parts.push((role, is_not(found, words)));
            }
        }
    }
    let places = [
        ("more", &pages.more),
        ("done", &pages.done),
        ("total", &pages.total),
    ];
    for (word, words) in places {
        if let Some(words) = words {
            let found = guessed.place(word).unwrap_or("missing");
            if !words.has(found) {
                parts.push((word, is_not(found, words)));
            }
        }
    }
    if let Some(first) = pages.first
        && guessed.first() != Some(first)
    {
        parts.push(("first", format!("is not {first}")));
    }
    parts
}

fn is_not(found: &str, right: &impl std::fmt::Display) -> String {
    format!("is {found}, not {right}")
}

#[expect(clippy::cast_precision_loss, reason = "shown with a few digits")]
fn share(part: usize, of: usize) -> f64 {
    if of == 0 {
        1.0
    } else {
        part as f64 / of as f64
    }
}
