//! Parameters in the query of a URL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The text of a parameter in the query of `url`, absolute or relative.
pub(super) fn query_text(url: &str, name: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default();
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').map(split);
    let (_, text) = pairs.find(|(known, _)| decoded(known) == name)?;
    Some(decoded(text))
}

/// `target` without the parameters that `dropped` names, and with these texts. All others stay as they are, in
/// their order.
pub(super) fn with_texts(
    target: &str,
    dropped: impl Fn(&str) -> bool,
    texts: &[(&str, String)],
) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let encoded = |text: &str| utf8_percent_encode(text, VALUE).to_string();
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(|pair| {
            let name = decoded(split(pair).0);
            !dropped(&name) && texts.iter().all(|(known, _)| *known != name)
        })
        .map(str::to_owned)
        .collect();
    let texts = texts.iter();
    pairs.extend(texts.map(|(name, text)| format!("{}={}", encoded(name), encoded(text))));
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

fn split(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_set_and_the_others_stay() {
        let texts = [("page[n]", "2".to_owned())];
        let url = with_texts(
            "/a?tag=x%2Cy&page%5Bn%5D=1&z&old",
            |name| name == "old",
            &texts,
        );
        assert_eq!(url, "/a?tag=x%2Cy&z&page%5Bn%5D=2");
        assert_eq!(query_text(&url, "page[n]").as_deref(), Some("2"));
        assert_eq!(query_text(&url, "z").as_deref(), Some(""));
        assert_eq!(query_text("?page=7#page=8", "page").as_deref(), Some("7"));
        assert_eq!(query_text("/a", "page"), None);
        assert_eq!(with_texts("/a?old=1", |name| name == "old", &[]), "/a");
    }
}
