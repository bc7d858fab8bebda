//! Worlds beside the usual one, so that tests which run at the same time do not disturb each other.
//!
//! A request names its world, by a header or by its path. A world begins as the mock begins, when it is first named;
//! from then on it has its own changes, clock, scenario, faults and request log. What is computed is shared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::uri::PathAndQuery;
use axum::http::{Request, StatusCode, Uri};

use super::Rim;
use crate::answer::Answer;
use crate::world_path::WorldPath;

/// The header that names a world.
const HEADER: &str = "x-mock-world";
/// The path before a world's name.
pub(crate) const FOLDER: &str = "/__worlds/";
/// How long a name may be, in bytes.
const LONGEST: usize = 64;

/// The worlds beside the usual one.
#[derive(Debug)]
pub(crate) struct Worlds {
    /// How many there may be.
    most: usize,
    known: Mutex<HashMap<String, Arc<Rim>>>,
}

impl Worlds {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            known: Mutex::default(),
        }
    }

    /// The world that a request names, and its name; `None` if it names none. A path that names one is taken off.
    pub(crate) fn find<B>(
        &self,
        usual: &Rim,
        request: &mut Request<B>,
    ) -> Result<Option<(String, Arc<Rim>)>, Box<Answer>> {
        let by_header = |request: &Request<B>| {
            let name = request.headers().get(HEADER)?;
            Some(name.to_str().unwrap_or_default().to_owned())
        };
        let named = by_path(request).or_else(|| by_header(request));
        let Some(name) = named else {
            return Ok(None);
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(is_plain) {
            let detail = format!("`{HEADER}` or the path behind `{FOLDER}` is no name of a world");
            let cure = format!("write 1 to {LONGEST} letters, digits, `-`, `_` and `.`");
            let refused = Answer::problem(StatusCode::BAD_REQUEST, Some(&detail), Some(&cure));
            return Err(Box::new(refused));
        }
        let mut known = self.known();
        if let Some(world) = known.get(&name) {
            return Ok(Some((name, Arc::clone(world))));
        }
        if known.len() >= self.most {
            let most = self.most;
            let detail = format!(
                "`{name}` would be world {}, and `--worlds` allows {most}",
                most + 1
            );
            let cure =
                "free one with `POST /__mock/reset` in it, or start with a greater `--worlds`";
            let refused =
                Answer::problem(StatusCode::SERVICE_UNAVAILABLE, Some(&detail), Some(cure));
            return Err(Box::new(refused));
        }
        let world = Arc::new(usual.another());
        known.insert(name.clone(), Arc::clone(&world));
        Ok(Some((name, world)))
    }

    /// How many there may be.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// The names of those that there are, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.known().keys().cloned().collect();
        names.sort_unstable();
        names
    }

    /// Forgets a world. When it is named again, it begins anew.
    pub(crate) fn free(&self, name: &str) {
        self.known().remove(name);
    }

    /// Forgets all worlds.
    pub(crate) fn clear(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Arc<Rim>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of the world in the path of a request, which is taken off.
fn by_path<B>(request: &mut Request<B>) -> Option<String> {
    let uri = request.uri();
    let behind = uri.path().strip_prefix(FOLDER)?;
    let (name, rest) = behind.split_once('/').unwrap_or((behind, ""));
    let name = name.to_owned();
    let target = match uri.query() {
        Some(query) => format!("/{rest}?{query}"),
        None => format!("/{rest}"),
    };
    let target = PathAndQuery::try_from(target).ok()?;
    *request.uri_mut() = Uri::from(target);
    let path = WorldPath(format!("{FOLDER}{name}"));
    request.extensions_mut().insert(path);
    Some(name)
}
