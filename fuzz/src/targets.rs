//! Everything that reads bytes from outside, one function each.

mod answers;
mod control;
mod cursor;
mod documents;
mod query;
mod world;

use crate::target::Target;

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "document",
        read: documents::document,
    },
    Target {
        name: "overlay",
        read: documents::overlay,
    },
    Target {
        name: "scenario",
        read: documents::scenario,
    },
    Target {
        name: "query",
        read: query::query,
    },
    Target {
        name: "cursor",
        read: cursor::cursor,
    },
    Target {
        name: "control",
        read: control::control,
    },
    Target {
        name: "answer",
        read: answers::answer,
    },
    Target {
        name: "judge",
        read: answers::judge,
    },
];
