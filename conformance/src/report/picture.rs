//! The picture of a walk: as a line of text, and as a drawing.

use std::fmt::Write as _;

use crate::picture::{Picture, PictureOfPage};

/// The greatest number of runs of places, or of faults, to write one by one.
const SHOWN: usize = 6;

/// The picture as a line: `listing 0-29 | page 1 0-9 | page 2 11-20 ! item 10 is lost`.
pub(super) fn line(picture: &Picture) -> String {
    let last = picture.listing.len().saturating_sub(1);
    let mut text = format!("listing {}", runs_of(0..=last));
    for (index, page) in picture.pages.iter().enumerate() {
        let _ = write!(text, " | page {} {}", index + 1, items(page));
        for fault in faults(page) {
            let _ = write!(text, " ! {fault}");
        }
    }
    text
}

/// The places of a page's items, in words.
pub(super) fn items(page: &PictureOfPage) -> String {
    let others = match page.others.len() {
        0 => String::new(),
        1 => "1 other item".to_owned(),
        count => format!("{count} other items"),
    };
    match (page.items.is_empty(), others.is_empty()) {
        (true, true) => "empty".to_owned(),
        (true, false) => others,
        (false, true) => runs_of(page.items.iter().copied()),
        (false, false) => format!("{} and {others}", runs_of(page.items.iter().copied())),
    }
}

/// What is wrong with a page, in words.
pub(super) fn faults(page: &PictureOfPage) -> Vec<String> {
    let mut faults = Vec::new();
    let said = |places: &[usize], fault: &str| {
        let runs = runs_of(places.iter().copied());
        match places.len() {
            1 => format!("item {runs} is {fault}"),
            _ => format!("items {runs} are {fault}"),
        }
    };
    if !page.lost.is_empty() {
        faults.push(said(&page.lost, "lost"));
    }
    if !page.repeated.is_empty() {
        faults.push(said(&page.repeated, "repeated"));
    }
    if let Some(caller) = &page.leaked_to {
        faults.push(format!("served to {caller}"));
    }
    let mut owners: Vec<&str> = page
        .others
        .iter()
        .filter_map(|(_, owner)| owner.as_deref())
        .collect();
    owners.dedup();
    for owner in owners.iter().take(SHOWN) {
        faults.push(format!("items of {owner}"));
    }
    faults
}

/// Places in runs: `0-9, 12`.
pub(super) fn runs_of(places: impl IntoIterator<Item = usize>) -> String {
    let runs = runs(places);
    let shown = runs.iter().take(SHOWN).map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    });
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if runs.len() > SHOWN {
        let _ = write!(text, " and {} more runs", runs.len() - SHOWN);
    }
    text
}

/// Places as runs of neighbours, each from its first to its last place.
pub(super) fn runs(places: impl IntoIterator<Item = usize>) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for place in places {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == place => *last = place,
            _ => runs.push((place, place)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_one_line() {
        let page = |items: &[usize], lost: &[usize]| PictureOfPage {
            items: items.to_vec(),
            lost: lost.to_vec(),
            ..PictureOfPage::default()
        };
        let mut third = page(&[3, 5], &[]);
        third.repeated = vec![3];
        third.others = vec![("k".to_owned(), Some("other".to_owned()))];
        let picture = Picture {
            resource: "one".to_owned(),
            listing: (0..9).map(|key| key.to_string()).collect(),
            pages: vec![
                page(&[0, 1, 2], &[]),
                page(&[4, 5], &[3]),
                third,
                page(&[], &[]),
            ],
        };
        assert_eq!(
            line(&picture),
            "listing 0-8 | page 1 0-2 | page 2 4-5 ! item 3 is lost \
             | page 3 3, 5 and 1 other item ! item 3 is repeated ! items of other | page 4 empty"
        );
    }
}
