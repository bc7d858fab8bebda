//! How much the verdict on a law rests on.

use std::fmt;

/// What a law has read: how much its verdict rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scope {
    /// The number of resources.
    pub resources: usize,
    /// The number of pages, those of listings included.
    pub pages: u64,
    /// The number of items on them. One that stands on several pages counts for each.
    pub items: u64,
}

impl fmt::Display for Scope {
    /// `3 resources, 41 pages, 760 items`, or nothing if no page was read.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pages == 0 {
            return Ok(());
        }
        let counts = [
            (self.resources as u64, "resource"),
            (self.pages, "page"),
            (self.items, "item"),
        ];
        for (index, (count, what)) in counts.into_iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            let plural = if count == 1 { "" } else { "s" };
            write!(out, "{before}{count} {what}{plural}")?;
        }
        Ok(())
    }
}
