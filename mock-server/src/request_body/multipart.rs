//! Bodies of `multipart/form-data`: RFC 7578. A file is a text of its bytes.

use openapi::Schema;
use serde_json::Value;

use super::form;

/// The most parts of a body.
const MOST: usize = 1_000;

/// The parts as an object. `Err` says what is wrong with the body, in a few words.
pub(super) fn read(
    schema: Option<&Schema>,
    content_type: &str,
    body: &[u8],
) -> Result<Value, String> {
    let boundary = parameter(content_type, "boundary").ok_or("`Content-Type` has no boundary")?;
    let delimiter = [b"--", boundary.as_bytes()].concat();
    let mut pairs = Vec::new();
    let mut rest = body;
    let start = find(rest, &delimiter).ok_or("the boundary is missing")?;
    rest = &rest[start + delimiter.len()..];
    while !rest.starts_with(b"--") {
        let end = find(rest, &delimiter).ok_or("the last boundary is missing")?;
        let part = rest[..end].strip_prefix(b"\r\n").unwrap_or(&rest[..end]);
        let part = part.strip_suffix(b"\r\n").unwrap_or(part);
        pairs.push(pair(part)?);
        rest = &rest[end + delimiter.len()..];
        if pairs.len() > MOST {
            return Err(format!("there are more than {MOST} parts"));
        }
    }
    Ok(form::fields(schema, pairs.into_iter()))
}

/// The name and the text of a part.
fn pair(part: &[u8]) -> Result<(String, String), String> {
    let end = find(part, b"\r\n\r\n");
    let (head, content) = match end {
        Some(end) => (&part[..end], &part[end + 4..]),
        // A part without headers begins with the empty line.
        None => (&part[..0], part.strip_prefix(b"\r\n").unwrap_or(part)),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let disposition =
        lines.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
    let name = disposition.and_then(|(_, value)| parameter(value, "name"));
    let name = name.ok_or("a part has no name in `Content-Disposition`")?;
    Ok((name, String::from_utf8_lossy(content).into_owned()))
}

/// A parameter of a header's value, such as `boundary`; quotes are taken off.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut parameters = header
        .split(';')
        .skip(1)
        .filter_map(|one| one.split_once('='));
    let (_, value) = parameters.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    let value = value.trim().trim_matches('"');
    (!value.is_empty()).then(|| value.to_owned())
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_and_a_broken_body_is_told() {
        let kind = "multipart/form-data; boundary=\"xx\"";
        let body = "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xx\r\ncontent-disposition: form-data; name=f; filename=\"x;y\"\r\nContent-Type: image/png\r\n\r\n\r\n\r\n--xx--\r\n";
        let value = read(None, kind, body.as_bytes()).unwrap();
        assert_eq!(value, serde_json::json!({ "a": "1", "f": "\r\n" }));
        for (kind, body) in [
            ("multipart/form-data", body),
            (kind, ""),
            (
                kind,
                "--xx\r\nContent-Disposition: form-data; name=a\r\n\r\n1",
            ),
            (kind, "--xx\r\n\r\n1\r\n--xx--"),
        ] {
            assert!(read(None, kind, body.as_bytes()).is_err(), "{kind} {body}");
        }
    }
}
