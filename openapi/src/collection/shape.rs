//! The shape of a path, in which parameters have no names: `/tasks/{id}` and `/tasks/{task_id}/` are one.

use crate::PathTemplate;

/// What stands for a parameter.
const PARAMETER: &str = "{}";
/// An ending that says only how answers are written.
const ENDING: &str = ".json";

/// The shape of a path.
pub(super) fn shape(path: &PathTemplate) -> String {
    let written = path.to_string();
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let mut rest = path.strip_suffix(ENDING).unwrap_or(path);
    let mut shape = String::new();
    while let Some((before, (_, behind))) = rest
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        shape.push_str(before);
        shape.push_str(PARAMETER);
        rest = behind;
    }
    shape + rest
}

/// The shape of the path of one item, below the shape of its list.
pub(super) fn of_item(list: &str) -> String {
    format!("{list}/{PARAMETER}")
}

/// Whether a path of this shape names one item: its last segment is a parameter.
pub(super) fn is_of_item(shape: &str) -> bool {
    shape.ends_with("/{}")
}

/// Whether lists of this shape belong to single items of a list of the shape `above`.
pub(super) fn is_below(list: &str, above: &str) -> bool {
    let rest = list.strip_prefix(&of_item(above));
    rest.is_some_and(|rest| rest.starts_with('/') && !rest.contains(PARAMETER))
}

/// The shape of a list of this shape without the item that it belongs to: `/tasks` of `/projects/{}/tasks`.
pub(super) fn without_parent(list: &str) -> Option<String> {
    let (before, own) = list.rsplit_once('/')?;
    let above = before.strip_suffix(PARAMETER)?.strip_suffix('/')?;
    let (prefix, parent) = above.rsplit_once('/')?;
    let is_plain = |segment: &str| !segment.is_empty() && !segment.contains(PARAMETER);
    (is_plain(own) && is_plain(parent)).then(|| format!("{prefix}/{own}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_no_names_and_endings_do_not_count() {
        for (path, expect) in [
            ("/tasks", "/tasks"),
            ("/tasks/", "/tasks"),
            ("/tasks/{task_id}", "/tasks/{}"),
            ("/v1/{a}/tasks/{b}.json", "/v1/{}/tasks/{}"),
            ("/tasks/{id}:close", "/tasks/{}:close"),
        ] {
            assert_eq!(shape(&PathTemplate::new(path)), expect);
        }
        assert!(is_of_item(&of_item("/tasks")));
        assert!(!is_of_item("/tasks/{}:close"));
        assert!(is_below("/tasks/{}/comments", "/tasks"));
        assert!(!is_below("/tasks/{}", "/tasks"));
        assert!(!is_below("/tasks/{}/comments/{}/votes", "/tasks"));
        for (list, expect) in [
            ("/projects/{}/tasks", Some("/tasks")),
            ("/v1/{}/projects/{}/tasks", Some("/v1/{}/tasks")),
            ("/{}/tasks", None),
            ("/projects/{}/{}", None),
            ("/tasks", None),
        ] {
            assert_eq!(without_parent(list).as_deref(), expect, "{list}");
        }
    }
}
