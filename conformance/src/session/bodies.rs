//! Bodies as JSON, each parsed once.
//!
//! Several laws read one answer, and many answers of a run have the same bytes.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use openapi::Schema;
use serde_json::Value;

use crate::lock::lock;

/// A body as JSON, and the result of its last validation.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) value: Arc<Value>,
    fits: Mutex<Option<(String, bool)>>,
}

impl Parsed {
    /// A body as JSON, if it is.
    pub(super) fn read(body: &[u8]) -> Option<Arc<Self>> {
        let value = Arc::new(serde_json::from_slice(body).ok()?);
        let fits = Mutex::default();
        Some(Arc::new(Self { value, fits }))
    }

    /// Whether the body is valid against `schema`.
    pub(super) fn fits(&self, schema: &Schema) -> bool {
        let mut fits = lock(&self.fits);
        match &*fits {
            Some((pointer, known)) if pointer == schema.pointer() => *known,
            _ => {
                let found = schema.is_valid(&self.value);
                *fits = Some((schema.pointer().to_owned(), found));
                found
            }
        }
    }
}

/// The latest bodies of a run, as JSON.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    kept: Mutex<Kept>,
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct Kept {
    /// By the hash of the bytes, which is computed once for each answer.
    read: HashMap<u64, (Bytes, Arc<Parsed>)>,
    /// The oldest comes first.
    order: VecDeque<u64>,
    bytes: usize,
}

impl Bodies {
    /// The longest body that is kept as JSON, in bytes. Parsed, it takes several times as much.
    const LONGEST: usize = 256 << 10;
    /// The number of bytes of bodies to keep.
    const ALL: usize = 2 << 20;

    /// The body as JSON, `None` if it is no JSON. The cell is empty if the body is too long to be kept.
    pub(super) fn read(&self, body: &Bytes) -> OnceLock<Option<Arc<Parsed>>> {
        if body.len() > Self::LONGEST {
            return OnceLock::new();
        }
        let hash = self.hasher.hash_one(body);
        if let Some(known) = lock(&self.kept).known(hash, body) {
            return Some(known).into();
        }
        let read = Parsed::read(body);
        if let Some(read) = &read {
            lock(&self.kept).keep(hash, body, read);
        }
        read.into()
    }

    /// Keeps none of the bodies so far.
    pub(super) fn clear(&self) {
        *lock(&self.kept) = Kept::default();
    }
}

impl Kept {
    fn known(&self, hash: u64, body: &Bytes) -> Option<Arc<Parsed>> {
        let (bytes, read) = self.read.get(&hash)?;
        (bytes == body).then(|| Arc::clone(read))
    }

    /// Keeps a body, unless one with its hash is kept already.
    fn keep(&mut self, hash: u64, body: &Bytes, read: &Arc<Parsed>) {
        let Entry::Vacant(entry) = self.read.entry(hash) else {
            return;
        };
        entry.insert((body.clone(), Arc::clone(read)));
        self.order.push_back(hash);
        self.bytes += body.len();
        while self.bytes > Bodies::ALL
            && let Some(oldest) = self.order.pop_front()
            && let Some((oldest, _)) = self.read.remove(&oldest)
        {
            self.bytes -= oldest.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_parsed_once() {
        let bodies = Bodies::default();
        let read = |text: &'static str| {
            let cell = bodies.read(&Bytes::from_static(text.as_bytes()));
            cell.into_inner().unwrap()
        };
        let (first, again) = (read("[1]").unwrap(), read("[1]").unwrap());
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(read("[2]").unwrap().value[0], 2);
        assert!(read("[").is_none());
    }

    #[test]
    fn the_size_of_kept_bodies_is_bounded() {
        let bodies = Bodies::default();
        for number in 0..64 {
            let text = format!("\"{number}{}\"", "x".repeat(Bodies::LONGEST / 2));
            bodies.read(&text.into());
        }
        let kept = lock(&bodies.kept);
        assert!(kept.bytes <= Bodies::ALL, "{}", kept.bytes);
        assert_eq!(kept.order.len(), kept.read.len());
        let all: usize = kept.read.values().map(|(bytes, _)| bytes.len()).sum();
        assert_eq!(all, kept.bytes);
    }

    #[test]
    fn a_long_body_is_not_kept() {
        let body = Bytes::from(format!("\"{}\"", "x".repeat(Bodies::LONGEST)));
        assert!(Bodies::default().read(&body).get().is_none());
    }
}
