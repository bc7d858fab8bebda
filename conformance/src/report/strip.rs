//! The picture of a walk as a strip of HTML: the listing is a line, and each page is a bar over it.
//!
//! It is inline SVG without a script. Each fault has a sign, because not everybody sees its colour.

use maud::{Markup, html};

use super::picture::{faults, items, runs};
use crate::picture::{Picture, PictureOfPage};
use openapi::shown::cut;

/// The width of the drawing, of the words at its left, and of the items of other listings at its right.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
/// The height of a row, and of a bar in it.
const ROW: f64 = 30.0;
const BAR: f64 = 16.0;

/// The part of the listing that is drawn.
struct Window {
    first: usize,
    last: usize,
}

impl Window {
    /// The places of all pages, and some around them.
    fn of(picture: &Picture) -> Self {
        const AROUND: usize = 2;
        let places = picture.pages.iter().flat_map(|page| {
            let faults = page.lost.iter().chain(&page.repeated);
            page.items.iter().chain(faults).copied()
        });
        let (mut first, mut last) = (usize::MAX, 0);
        for place in places {
            (first, last) = (first.min(place), last.max(place));
        }
        let end = picture.listing.len().saturating_sub(1);
        Self {
            first: first.min(last).saturating_sub(AROUND),
            last: (last + AROUND).min(end).max(first.min(end)),
        }
    }

    fn step(&self) -> f64 {
        const WIDEST: f64 = 40.0;
        ((WIDTH - LEFT - RIGHT) / number(self.last - self.first + 1)).min(WIDEST)
    }

    fn left_of(&self, place: usize) -> f64 {
        LEFT + self.step() * number(place.saturating_sub(self.first))
    }

    fn width_of(&self, (first, last): (usize, usize)) -> f64 {
        // A gap of one pixel parts neighbours that are drawn one by one.
        (self.step() * number(last - first + 1) - 1.0).max(1.5)
    }

    /// Whether each item can be seen by itself.
    fn is_wide(&self) -> bool {
        self.step() >= 5.0
    }
}

/// The strip, with the same in words beneath it.
pub(super) fn strip(picture: &Picture) -> Markup {
    let window = Window::of(picture);
    let height = ROW * number(picture.pages.len() + 1) + 8.0;
    let axis = height - ROW + 6.0;
    let words = super::picture::line(picture);
    html! {
        div class="strip" {
            svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(words) {
                @for (index, page) in picture.pages.iter().enumerate() {
                    (row(picture, &window, index, page))
                }
                text class="label" x="0" y=(axis + 5.0) { "listing" }
                line class="axis" x1=(LEFT) x2=(round(window.left_of(window.last) + window.step())) y1=(axis) y2=(axis) {}
                @for place in ticks(&window) {
                    @let x = window.left_of(place) + window.step() / 2.0;
                    line class="axis" x1=(round(x)) x2=(round(x)) y1=(axis - 3.0) y2=(axis + 3.0) {}
                    text class="tick" x=(round(x)) y=(axis + 17.0) { (place) }
                }
            }
        }
        ul class="legend" {
            @for (index, page) in picture.pages.iter().enumerate() {
                @for fault in faults(page) {
                    li { "page " (index + 1) ": " b { (fault) } }
                }
            }
        }
    }
}

fn row(picture: &Picture, window: &Window, index: usize, page: &PictureOfPage) -> Markup {
    let top = ROW * number(index) + 6.0;
    let middle = top + BAR / 2.0;
    let leaked = page.leaked_to.is_some();
    let kind = if leaked { "leaked" } else { "page" };
    let own = page
        .items
        .iter()
        .filter(|place| !page.repeated.contains(place));
    html! {
        g {
            title { "page " (index + 1) ": " (items(page)) }
            text class="label" x="0" y=(middle + 4.0) { "page " (index + 1) }
            @for part in parts(window, own.copied()) {
                (bar(picture, window, kind, part, top, if leaked { "!" } else { "" }))
            }
            @for part in parts(window, page.lost.iter().copied()) {
                (bar(picture, window, "lost", part, top, "×"))
            }
            @for part in parts(window, page.repeated.iter().copied()) {
                (bar(picture, window, "repeated", part, top, "2×"))
            }
            @if !page.others.is_empty() {
                g {
                    title {
                        @for (key, owner) in page.others.iter().take(MOST) {
                            (cut(key, KEY, key.len()))
                            @if let Some(owner) = owner { " of " (owner) }
                            "\n"
                        }
                    }
                    @let foreign = page.others.iter().any(|(_, owner)| owner.is_some());
                    @let kind = if foreign { "leaked" } else { "new" };
                    rect class=(kind) x=(WIDTH - RIGHT + 3.0) y=(top) width=(RIGHT - 4.0) height=(BAR) {}
                    text class="sign" x=(WIDTH - RIGHT / 2.0 + 1.0) y=(middle + 4.5) {
                        @if foreign { "!" } @else { "+" }
                    }
                }
            }
        }
    }
}

/// The longest key, in characters, and the greatest number of keys that a hover names.
const KEY: usize = 80;
const MOST: usize = 20;

fn bar(
    picture: &Picture,
    window: &Window,
    kind: &str,
    (first, last): (usize, usize),
    top: f64,
    sign: &str,
) -> Markup {
    let (left, width) = (window.left_of(first), window.width_of((first, last)));
    let key = |place: usize| {
        picture
            .listing
            .get(place)
            .map(|key| cut(key, KEY, key.len()))
    };
    html! {
        g {
            title {
                @if kind != "page" { (kind) ": " }
                "item " (first) ", " (key(first).unwrap_or_default())
                @if last > first { " to item " (last) ", " (key(last).unwrap_or_default()) }
            }
            rect class=(kind) x=(round(left)) y=(top) width=(round(width)) height=(BAR) {}
            @if !sign.is_empty() {
                text class="sign" x=(round(left + width / 2.0)) y=(top + BAR / 2.0 + 4.5) { (sign) }
            }
        }
    }
}

/// The bars of some places: one for each, or one for each run if they are many.
fn parts(window: &Window, places: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
    if window.is_wide() {
        places.map(|place| (place, place)).collect()
    } else {
        runs(places)
    }
}

/// Some places of the axis, in round steps.
fn ticks(window: &Window) -> Vec<usize> {
    const MOST: usize = 12;
    let count = window.last - window.first + 1;
    let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
    let step = steps.into_iter().find(|step| count / step <= MOST);
    let step = step.unwrap_or(count);
    let first = window.first.next_multiple_of(step);
    (first..=window.last).step_by(step).collect()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
