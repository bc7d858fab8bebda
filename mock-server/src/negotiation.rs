//! Which of the declared bodies a client gets, by its `Accept` header: RFC 9110, 12.5.1.

use http::{HeaderMap, header};
use openapi::{Media, Response, is_json};

/// One entry of an `Accept` header.
struct Range<'h> {
    kind: &'h str,
    subtype: &'h str,
    /// In thousandths.
    quality: u32,
}

/// The body of `response` that the client wants most, and the media type to send it as.
///
/// `Err` has the media types that are declared, if the client accepts none of them. JSON goes before others
/// that are wanted as much. `None` if the response has no body.
pub(crate) fn chosen<'r>(
    response: &'r Response,
    headers: &HeaderMap,
) -> Result<Option<(&'r Media, String)>, Vec<&'r str>> {
    let mut declared: Vec<&Media> = response.media.iter().collect();
    declared.sort_by_key(|media| !media.is_json());
    let Some(usual) = declared.first() else {
        return Ok(None);
    };
    let values = headers.get_all(header::ACCEPT).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let ranges: Vec<_> = values
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .collect();
    if ranges.is_empty() {
        return Ok(Some((usual, usual.served_as().to_owned())));
    }
    let mut best: Option<(u32, &Media, String)> = None;
    for media in &declared {
        for (sent, quality) in sendable(media, &ranges) {
            if quality > best.as_ref().map_or(0, |(known, ..)| *known) {
                best = Some((quality, media, sent));
            }
        }
    }
    let best = best.map(|(_, media, sent)| (media, sent));
    match best {
        Some((media, sent)) => Ok(Some((media, sent))),
        None => Err(declared
            .iter()
            .map(|media| media.media_type.as_str())
            .collect()),
    }
}

/// The media types as which a body may be sent, each with the quality that the client gives it.
///
/// A range in the document, such as `*/*`, is sent as its usual type, or as what the client names.
fn sendable(media: &Media, ranges: &[Range<'_>]) -> Vec<(String, u32)> {
    let usual = media.served_as();
    let mut sendable = vec![(usual.to_owned(), quality(usual, ranges))];
    let Some(declared) = media.media_type.strip_suffix('*') else {
        return sendable;
    };
    for range in ranges.iter().filter(|range| range.subtype != "*") {
        let named = format!("{}/{}", range.kind, range.subtype);
        if (declared == "*/" || named.starts_with(declared)) && is_known(&named) {
            sendable.push((named, range.quality));
        }
    }
    sendable
}

/// Whether a value of any schema can be sent as this media type.
fn is_known(media_type: &str) -> bool {
    is_json(media_type) || media_type == "text/plain"
}

/// The quality of the most specific range that includes a media type; 0 if there is none.
fn quality(media_type: &str, ranges: &[Range<'_>]) -> u32 {
    let (kind, subtype) = media_type.split_once('/').unwrap_or((media_type, ""));
    let matching = ranges.iter().filter_map(|range| {
        let rank = match (range.kind, range.subtype) {
            ("*", "*") => 0,
            (known, "*") if known.eq_ignore_ascii_case(kind) => 1,
            (known, one)
                if known.eq_ignore_ascii_case(kind) && one.eq_ignore_ascii_case(subtype) =>
            {
                2
            }
            _ => return None,
        };
        Some((rank, range.quality))
    });
    matching
        .max_by_key(|(rank, _)| *rank)
        .map_or(0, |(_, quality)| quality)
}

/// An entry such as `text/*;q=0.5`. Other parameters do not count.
fn range(entry: &str) -> Option<Range<'_>> {
    let mut parts = entry.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/')?;
    let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    let quality = quality.map_or(Some(1_000), thousandths)?;
    Some(Range {
        kind,
        subtype,
        quality,
    })
}

/// `0.5` as 500; `None` if it is no quality.
fn thousandths(text: &str) -> Option<u32> {
    let quality: f32 = text.parse().ok()?;
    let quality = (0.0..=1.0)
        .contains(&quality)
        .then_some(quality * 1_000.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is 0 to 1,000"
    )]
    Some(quality.round() as u32)
}
