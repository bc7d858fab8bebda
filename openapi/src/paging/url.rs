//! Parameters in the query of a URL.

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};

/// Everything but the unreserved characters of RFC 3986.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What neither a path nor a query of RFC 3986 may have as it stands. Many clients send it so all the same.
const STRAY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The text of a parameter in the query of `url`, absolute or relative.
pub(super) fn query_text(url: &str, name: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default();
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').map(split);
    let (_, text) = pairs.find(|(known, _)| decoded(known) == name)?;
    Some(decoded(text))
}

/// `target` without the parameters that `dropped` names, and with these texts. All others stay as they are, in
/// their order; only what no URL may have is percent-encoded.
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
        .map(well_formed)
        .collect();
    let path = well_formed(path);
    let texts = texts.iter();
    pairs.extend(texts.map(|(name, text)| format!("{}={}", encoded(name), encoded(text))));
    if pairs.is_empty() {
        path
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// A part of a target as a URL may have it. What is encoded already stays as it is.
fn well_formed(part: &str) -> String {
    let encoded = utf8_percent_encode(part, STRAY).to_string();
    let mut pieces = encoded.split('%');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_code = matches!(piece.as_bytes(), [high, low, ..]
            if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
        out.push_str(if is_code { "%" } else { "%25" });
        out.push_str(piece);
    }
    out
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

    #[test]
    fn what_no_url_may_have_is_encoded_once() {
        let texts = [("page", "2".to_owned())];
        let url = with_texts(
            "/a|b/%7C?t[]=1&u=%5B%5D&w={<\"\\>}&x=%zz&y=50%&z=\u{fc}'!",
            |_| false,
            &texts,
        );
        let wanted =
            "/a%7Cb/%7C?t%5B%5D=1&u=%5B%5D&w=%7B%3C%22%5C%3E%7D&x=%25zz&y=50%25&z=%C3%BC'!&page=2";
        assert_eq!(url, wanted);
        assert!(fluent_uri::UriRef::parse(url.as_str()).is_ok(), "{url}");
    }
}
