//! Which laws are judged beside others, and how.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Jobs;
use crate::session::{Ground, Session};
use crate::{Group, Law};

/// When a law is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Beside others: it only reads, and what others read does not matter to it.
    Together,
    /// By itself: it adds events, counts reads, or takes time.
    Alone,
    /// When there is something to have seen: it watches every exchange.
    Last,
}

impl Turn {
    /// Laws outside the group of growth that count or take time.
    const ALONE: [&str; 2] = [
        "404-comes-before-any-read",
        "404-takes-no-longer-when-foreign",
    ];

    pub(super) fn of(law: &Law) -> Self {
        match law {
            Law { watch: Some(_), .. } => Self::Last,
            Law {
                group: Group::Growth,
                ..
            } => Self::Alone,
            Law { id, .. } if Self::ALONE.contains(id) => Self::Alone,
            _ => Self::Together,
        }
    }
}

/// Judges several laws at once. Listings are read first, once and in order, so that what a law finds, and
/// tells, does not depend on which came first.
pub(super) fn together(
    ground: &Ground<'_>,
    queue: &[usize],
    jobs: Jobs,
    find_one: &(impl Fn(usize) + Sync),
) {
    let session = Session::new(ground);
    for resource in session.resources() {
        // What cannot be read is for the laws to say.
        let _ = session.listing(&resource.id);
    }
    let jobs = jobs.of(ground.took_on_average());
    if jobs == 1 {
        return queue.iter().copied().for_each(find_one);
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..jobs.min(queue.len()) {
            scope.spawn(|| {
                while let Some(index) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                    find_one(*index);
                }
            });
        }
    });
}
