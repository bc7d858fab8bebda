//! Reads from a presigned URL whether it is signed, and when it expires.
//!
//! It reads every common scheme: S3 (both versions), Google, Azure, CloudFront, Akamai, tokens that hold
//! their own expiry, and a plain signature beside an expiry. A token that cannot be read is accepted.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The signature and the times of a presigned URL. Times are in seconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Presigned {
    /// Whether the URL has a signature.
    pub(crate) signed: bool,
    /// The time at which it was signed.
    pub(crate) made: Option<i64>,
    /// The time at which it expires.
    pub(crate) expires: Option<i64>,
    /// Whether it has a token with a possible expiry that only its server can read.
    pub(crate) sealed: bool,
}

/// Whether a text is a URI with a scheme (RFC 3986, 3), and with a host if the scheme is http or https.
pub(crate) fn is_absolute(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    let mut letters = scheme.chars();
    let is_scheme = letters.next().is_some_and(|one| one.is_ascii_alphabetic())
        && letters.all(|one| one.is_ascii_alphanumeric() || "+-.".contains(one));
    is_scheme && !rest.is_empty() && (!is_web(scheme) || has_host(rest))
}

/// Whether a URL has the scheme http or https, and a host.
pub(crate) fn leads_to_the_web(url: &str) -> bool {
    let parts = url.split_once(':');
    parts.is_some_and(|(scheme, rest)| is_web(scheme) && has_host(rest))
}

fn is_web(scheme: &str) -> bool {
    let mut known = ["http", "https"].iter();
    known.any(|one| scheme.eq_ignore_ascii_case(one))
}

/// Whether what stands behind the colon of a scheme names a host.
fn has_host(rest: &str) -> bool {
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    !host.is_empty() && !host.starts_with(':')
}

/// Reads a URL's query.
pub(crate) fn read(url: &str) -> Presigned {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let mut found = Presigned::default();
    let mut lifetime = None;
    for (name, text) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let name = name.to_ascii_lowercase();
        let text = percent_decode_str(text).decode_utf8_lossy();
        if text.is_empty() {
            continue;
        }
        match name.as_str() {
            "x-amz-date" | "x-goog-date" | "st" => found.made = point(&text),
            "x-amz-expires" | "x-goog-expires" => lifetime = text.parse::<i64>().ok(),
            // Discord writes it in hexadecimal.
            "ex" => found.expires = i64::from_str_radix(&text, 16).ok(),
            "se" | "e" | "exp" => found.expires = point(&text),
            name if name.contains("expir") => found.expires = point(&text),
            "policy" => found.expires = encoded(&text).or(found.expires),
            name if is_signature(name) => found.signed = true,
            name if is_token(name) => {
                found.signed = true;
                let inside = text.split('.').nth(1).and_then(encoded);
                let inside = inside.or_else(|| among_pairs(&text));
                found.expires = inside.or(found.expires);
                found.sealed = inside.is_none();
            }
            _ => {}
        }
    }
    if let (Some(made), Some(lifetime)) = (found.made, lifetime) {
        found.expires = made.checked_add(lifetime);
    }
    found
}

fn is_signature(name: &str) -> bool {
    name.contains("signature")
        || matches!(name, "sig" | "sign" | "hmac" | "hm" | "mac" | "s" | "md5")
}

fn is_token(name: &str) -> bool {
    // The session token that S3 sends beside the signature signs nothing.
    !name.contains("security-token")
        && (name.contains("token") || matches!(name, "jwt" | "hdnts" | "hdnea" | "verify"))
}

/// A point in time: seconds or milliseconds since 1970, RFC 3339, or the compact form of ISO 8601.
fn point(text: &str) -> Option<i64> {
    /// A greater number counts milliseconds. Seconds reach it only in the year 5138.
    const MILLISECONDS: i64 = 100_000_000_000;
    if let Ok(number) = text.parse::<i64>() {
        return Some(if number > MILLISECONDS {
            number / 1_000
        } else {
            number
        });
    }
    rfc3339(text).or_else(|| {
        let compact = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
        let moment = compact.to_zoned(TimeZone::UTC).ok()?;
        Some(moment.timestamp().as_second())
    })
}

/// An RFC 3339 time, in seconds since 1970.
pub(crate) fn rfc3339(text: &str) -> Option<i64> {
    Some(text.parse::<Timestamp>().ok()?.as_second())
}

/// The expiry in base 64 of JSON: a token's claims, or a CloudFront policy.
fn encoded(text: &str) -> Option<i64> {
    let json: Value = serde_json::from_slice(&base64(text)?).ok()?;
    let policy = "/Statement/0/Condition/DateLessThan/AWS:EpochTime";
    let claim = json.get("exp").or_else(|| json.pointer(policy));
    claim?.as_i64()
}

/// Akamai writes `exp=1700000000~acl=/*~hmac=...`.
fn among_pairs(text: &str) -> Option<i64> {
    let pair = text.split('~').find_map(|pair| pair.strip_prefix("exp="));
    pair?.parse().ok()
}

/// Base 64 of either alphabet. CloudFront writes `-_~` for `+=/`, and others leave out padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let cloudfront = text.ends_with('_') || text.contains('~');
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.trim_end_matches(['=', '_']).bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'~' => 63,
            b'/' | b'_' if !cloudfront => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(url: &str) -> (bool, Option<i64>) {
        let found = read(url);
        (found.signed, found.expires)
    }

    #[test]
    fn every_scheme_is_read() {
        // 2026-01-01T01:00:00Z
        let hour = Some(1_767_229_200);
        for query in [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=ab",
            "AWSAccessKeyId=AK&Expires=1767229200&Signature=a%2Bb%3D",
            "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date=20260101T000000Z&X-Goog-Expires=3600&X-Goog-Signature=ab",
            "GoogleAccessId=me&Expires=1767229200&Signature=ab",
            "sv=2024-01-01&st=2026-01-01T00%3A00%3A00Z&se=2026-01-01T01%3A00%3A00Z&sr=b&sp=r&sig=ab%3D",
            "Policy=eyJTdGF0ZW1lbnQiOlt7IkNvbmRpdGlvbiI6eyJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTc2NzIyOTIwMH19fV19&Signature=a-b_&Key-Pair-Id=K",
            "token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjcyMjkyMDB9.ab",
            "__token__=exp=1767229200~acl=/*~hmac=ab",
            "expires=1767229200&token=abcdef",
            "expires=1767229200000&signature=ab#top",
            "ex=6955d610&is=6955c800&hm=ab",
        ] {
            let found = says(&format!("https://host/a.png?{query}"));
            if query.starts_with("ex=") {
                assert!(found.0 && found.1.is_some(), "{query}");
            } else {
                assert_eq!(found, (true, hour), "{query}");
            }
        }
    }

    #[test]
    fn a_missing_signature_or_expiry_is_not_found() {
        assert_eq!(says("https://host/a.png"), (false, None));
        assert_eq!(says("https://host/a.png?X-Amz-Signature=ab"), (true, None));
        assert_eq!(
            says("https://host/a.png?X-Amz-Security-Token=ab"),
            (false, None)
        );
        assert_eq!(
            says("https://host/a.png?expires=5&signature="),
            (false, Some(5))
        );
        assert!(read("https://host/a.png?token=opaque").sealed);
    }

    #[test]
    fn a_uri_has_a_scheme_and_one_of_http_has_a_host() {
        let web = ["https://host/a", "HTTP://user@host:80?x", "https://[::1]/a"];
        for url in web {
            assert!(is_absolute(url) && leads_to_the_web(url), "{url}");
        }
        let others = [
            "ftp://host/a",
            "s3://bucket/a",
            "urn:isbn:0451450523",
            "mailto:ada@example.org",
            "git+ssh://host/a",
            "file:///a",
        ];
        for uri in others {
            assert!(is_absolute(uri) && !leads_to_the_web(uri), "{uri}");
        }
        for text in [
            "",
            "a",
            "urn:",
            "/a/b.png",
            "//host/a",
            "./a:b",
            "https:///a",
            "https:a",
            "https://:80/a",
        ] {
            assert!(!is_absolute(text) && !leads_to_the_web(text), "{text}");
        }
    }
}
