//! Lists below other lists: the ids in their paths are keys of the items of the lists that contain them.

use openapi::Contract;
use serde_json::Value;

use super::{Found, RESOURCES, Search};

/// How deep lists lie below one another at most.
const DEPTH: usize = 4;

impl Search<'_> {
    /// Opens the lists below those that were found, level by level.
    pub(super) fn go_below<'c>(&mut self, contracts: &'c [Contract], found: &mut Vec<Found<'c>>) {
        let mut waiting: Vec<_> = contracts
            .iter()
            .filter(|one| one.operation().path.parameters().next().is_some())
            .collect();
        for _ in 0..DEPTH {
            let (ready, later): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|one| !paths(one, found).is_empty());
            waiting = later;
            if ready.is_empty() {
                break;
            }
            let opened: Vec<_> = ready
                .into_iter()
                .filter_map(|one| {
                    let paths = paths(one, found);
                    self.open_at(one, &paths)
                })
                .collect();
            found.extend(opened);
        }
        for contract in waiting {
            let parameter = contract
                .operation()
                .path
                .parameters()
                .last()
                .unwrap_or_default()
                .to_owned();
            let why = format!("no list that was read hands out values of `{parameter}`");
            self.leave_out(contract, &why, "a resource of it in a subject file");
        }
    }
}

/// The values of the path of `contract`, for up to a few resources, from a list that contains it.
fn paths(contract: &Contract, found: &[Found<'_>]) -> Vec<Vec<Value>> {
    let path = contract.operation().path.to_string();
    let names: Vec<_> = contract.operation().path.parameters().collect();
    let Some(last) = names.last() else {
        return Vec::new();
    };
    let outer = path
        .rsplit_once(&format!("{{{last}}}"))
        .map_or("", |(outer, _)| outer);
    let outer = outer.trim_end_matches('/');
    let is_outer = |one: &&Found<'_>| {
        let known = one.contract.operation().path.to_string();
        known.trim_end_matches('/') == outer && !outer.is_empty()
    };
    // Else the list at the top whose items are called as the parameter is: `/boards` for `{board_id}`.
    let is_namesake = |one: &&Found<'_>| {
        let known = one.contract.operation().path.to_string();
        let known = known
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        one.resource.path.is_empty() && names.len() == 1 && is_called(&known, last)
    };
    let Some(above) = found
        .iter()
        .find(is_outer)
        .or_else(|| found.iter().find(is_namesake))
    else {
        return Vec::new();
    };
    let items = above.contract.items(&above.page.body).unwrap_or_default();
    let values = items
        .iter()
        .zip(&above.page.cursors)
        .filter_map(|(item, key)| {
            let own = item.as_object().and_then(|item| {
                let mut members = item.iter();
                members.find(|(name, value)| {
                    plain(name) == plain(last) && (value.is_string() || value.is_u64())
                })
            });
            let value = own.map_or_else(|| Value::from(key.as_str()), |(_, value)| value.clone());
            // A whole item is no id.
            (!matches!(&value, Value::String(text) if text.starts_with('{') || text.is_empty()))
                .then_some(value)
        });
    let outer = above.resource.path.iter();
    let outer: Vec<_> = outer.map(|value| Value::from(value.as_str())).collect();
    values
        .take(RESOURCES)
        .map(|value| outer.iter().cloned().chain([value]).collect::<Vec<_>>())
        .filter(|path| path.len() == names.len())
        .collect()
}

/// Whether a list is called as a parameter is: `boards` and `board_id`.
fn is_called(list: &str, parameter: &str) -> bool {
    let (list, parameter) = (plain(list), plain(parameter));
    let stem = ["id", "uid", "sid", "gid"]
        .iter()
        .find_map(|ending| parameter.strip_suffix(ending));
    let stem = stem.unwrap_or(&parameter);
    !stem.is_empty() && (list == format!("{stem}s") || list == stem)
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
