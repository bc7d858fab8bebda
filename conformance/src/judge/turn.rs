//! Turns decide which laws are judged at the same time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Jobs;
use crate::Law;
use crate::session::{Run, Session};

/// The time at which a law is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// At the same time as others, because it only reads, and others may read meanwhile.
    Together,
    /// Alone, because it adds events, counts reads, or measures time.
    Alone,
    /// After all others, because it watches their exchanges.
    Last,
    /// After everything else, of all contracts, because it may change what others read.
    Changes,
}

impl Turn {
    pub(super) fn of(law: &Law) -> Self {
        if law.conduct.may_change_data {
            Self::Changes
        } else if law.watch.is_some() {
            Self::Last
        } else if law.conduct.runs_alone() {
            Self::Alone
        } else {
            Self::Together
        }
    }
}

/// Judges several laws at once.
///
/// Listings are read first, once and in order. So findings do not depend on which law comes first.
pub(super) fn together(
    run: &Run<'_>,
    queue: &[usize],
    jobs: Jobs,
    find_one: &(impl Fn(usize) + Sync),
) {
    let session = Session::new(run);
    for resource in session.resources() {
        // A listing that cannot be read is reported by the laws that need it.
        let _ = session.listing(&resource.name);
    }
    let jobs = jobs.of(run.took_on_average(), run.bytes_on_average());
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
