//! The declared path that a client probably meant.

use openapi::PathTemplate;

/// The longest path that is compared, in bytes.
const LONGEST: usize = 200;

/// The template that differs least from `path`; `None` if half of the path or more would have to change.
///
/// A segment with parameters fits any segment.
pub(crate) fn nearest<'t>(
    path: &str,
    templates: impl Iterator<Item = &'t PathTemplate>,
) -> Option<&'t PathTemplate> {
    if path.len() > LONGEST {
        return None;
    }
    let sent: Vec<&str> = path.split('/').skip(1).collect();
    let far = path.len() / 2;
    let distances = templates.map(|template| {
        let text = template.to_string();
        let declared: Vec<&str> = text.split('/').skip(1).collect();
        (difference(&sent, &declared), template)
    });
    let near = distances.filter(|(distance, _)| *distance < far);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, template)| template)
}

/// How many letters must change, with whole segments added or taken away.
fn difference(sent: &[&str], declared: &[&str]) -> usize {
    let mut row: Vec<usize> = std::iter::once(0)
        .chain(declared.iter().scan(0, |sum, segment| {
            *sum += segment.len() + 1;
            Some(*sum)
        }))
        .collect();
    for one in sent {
        let mut before = row[0];
        row[0] += one.len() + 1;
        for (index, other) in declared.iter().enumerate() {
            let change = if other.contains('{') {
                0
            } else {
                letters(one, other)
            };
            let best = (before + change)
                .min(row[index] + other.len() + 1)
                .min(row[index + 1] + one.len() + 1);
            before = std::mem::replace(&mut row[index + 1], best);
        }
    }
    row[declared.len()]
}

/// The edit distance of two segments.
fn letters(one: &str, other: &str) -> usize {
    if one == other {
        return 0;
    }
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (count, letter) in (1..).zip(one.chars()) {
        let mut before = row[0];
        row[0] = count;
        for (index, own) in other.iter().enumerate() {
            let best = (before + usize::from(letter != *own))
                .min(row[index] + 1)
                .min(row[index + 1] + 1);
            before = std::mem::replace(&mut row[index + 1], best);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_path_is_near_the_one_that_was_meant() {
        let templates = ["/orders", "/orders/{id}", "/orders/{id}/lines", "/health"];
        let templates = templates.map(PathTemplate::new);
        for (path, expect) in [
            ("/order", Some("/orders")),
            ("/order/7", Some("/orders/{id}")),
            ("/orders/7/line", Some("/orders/{id}/lines")),
            ("/v1/orders/7", Some("/orders/{id}")),
            ("/zzzz", None),
            ("/", None),
        ] {
            let found = nearest(path, templates.iter()).map(ToString::to_string);
            assert_eq!(found.as_deref(), expect, "{path}");
        }
    }
}
