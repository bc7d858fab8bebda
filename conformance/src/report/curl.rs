//! An exchange as a command that sends the same request.

use openapi::Contract;

use crate::session::{Exchange, sign_with};
use crate::subject::{Request, head};
use crate::{Alteration, Credentials, Facts};

/// A placeholder for a token, until the line is quoted.
const TOKEN: &str = "EVENTLINEtokenEVENTLINE";

/// A line for a shell. The token is read from a variable, and never shown.
pub(super) fn line(contract: &Contract, facts: &Facts, base: &str, exchange: &Exchange) -> String {
    let mut request = exchange.request.clone();
    let operation = contract.operation();
    // Without it, curl accepts anything, and a server that knows only JSON answers the same.
    if operation.has_other_than_json() && request.header("accept").is_none() {
        let accept = ("accept".to_owned(), operation.accept());
        request.headers.push(accept);
    }
    let variable = exchange
        .caller
        .as_deref()
        .map(|caller| facts.variable(caller));
    match &exchange.credentials {
        Credentials::None => {}
        Credentials::Owner
        | Credentials::Caller(_)
        | Credentials::Scheme(_)
        | Credentials::Altered(_)
            if variable.is_none() => {}
        Credentials::Raw(text) => sign_with(&mut request, operation, Some(text), None),
        Credentials::Scheme(name) => {
            let header = format!("{name} {TOKEN}");
            sign_with(&mut request, operation, Some(&header), Some(TOKEN));
        }
        Credentials::Owner | Credentials::Caller(_) | Credentials::Altered(_) => {
            sign_with(&mut request, operation, None, Some(TOKEN));
        }
    }
    let line = if request.target.contains(char::is_control) {
        by_hand(base, &request)
    } else {
        curl(base, &request)
    };
    let variable = variable.unwrap_or_default();
    let expansion = match exchange.credentials {
        Credentials::Altered(Alteration::Shortened) => format!("${{{variable}%?}}"),
        Credentials::Altered(Alteration::Lengthened) => format!("${{{variable}}}x"),
        // The letters of the token are not known here. Bash turns each one over.
        Credentials::Altered(Alteration::OtherCase) => format!("${{{variable}~~}}"),
        _ => format!("${variable}"),
    };
    line.replace(TOKEN, &expansion)
}

fn curl(base: &str, request: &Request) -> String {
    let mut words = vec!["curl -sS -i".to_owned()];
    // Otherwise curl resolves `/..`, and expands brackets to several URLs.
    if request.path().contains("/.") {
        words.push("--path-as-is".to_owned());
    }
    if request.target.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    match request.method.as_str() {
        // With a body curl would send POST.
        "GET" if request.body.is_empty() => {}
        "HEAD" => words.push("--head".to_owned()),
        method => words.push(format!("-X {method}")),
    }
    words.extend(
        request
            .headers
            .iter()
            .map(|(name, value)| format!("-H {}", quoted(&header(name, value)))),
    );
    if !request.body.is_empty() {
        let body = String::from_utf8_lossy(&request.body);
        words.push(format!("--data-binary {}", quoted(&body)));
    }
    words.push(quoted(&format!(
        "{}{}",
        base.trim_end_matches('/'),
        request.target
    )));
    words.join(" ")
}

/// A header as curl reads it. A name with a colon and no value would take the header away.
fn header(name: &str, value: &str) -> String {
    if value.is_empty() {
        format!("{name};")
    } else {
        format!("{name}: {value}")
    }
}

/// A request that curl refuses to send, written to the socket as the judge does it.
fn by_hand(base: &str, request: &Request) -> String {
    let (_, rest) = base.split_once("://").unwrap_or(("", base));
    let slash = rest.find('/').unwrap_or(rest.len());
    let (authority, folder) = rest.split_at(slash);
    // The colons of an IPv6 address stand in brackets, which are no part of the address.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "80"),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let text = head(authority, folder, request);
    let format: String = text
        .chars()
        .map(|one| match one {
            '%' => "%%".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\r' => "\\r".to_owned(),
            '\n' => "\\n".to_owned(),
            one if one.is_ascii_control() => format!("\\{:03o}", u32::from(one)),
            one => one.to_string(),
        })
        .collect();
    // The token, if there is one, is the format's only argument.
    let (format, token) = match format.split_once(TOKEN) {
        Some((before, behind)) => (format!("{before}%s{behind}"), format!(" \"{TOKEN}\"")),
        None => (format, String::new()),
    };
    format!("printf {}{token} | nc {host} {port}", quoted(&format))
}

/// A word for the shell, in single quotes, or in double quotes if it contains a variable.
fn quoted(text: &str) -> String {
    if !text.contains(TOKEN) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let escaped = ['\\', '"', '$', '`']
        .iter()
        .fold(text.to_owned(), |text, special| {
            text.replace(*special, &format!("\\{special}"))
        });
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            target: target.to_owned(),
            headers: vec![("authorization".to_owned(), format!("Bearer {TOKEN}"))],
            body: bytes::Bytes::new(),
        }
    }

    #[test]
    fn curl_sends_the_target_unchanged() {
        let line = curl("http://host/", &request("/a/../b?c[]=1"));
        let expect = format!(
            "curl -sS -i --path-as-is --globoff -H \"authorization: Bearer {TOKEN}\" 'http://host/a/../b?c[]=1'"
        );
        assert_eq!(line, expect);
    }

    #[test]
    fn curl_sends_the_body_and_empty_headers() {
        let mut request = request("/search");
        request.headers = vec![("x-page".to_owned(), String::new())];
        request.body = bytes::Bytes::from_static(br#"{"cursor":"it's"}"#);
        let expect = r#"curl -sS -i -X GET -H 'x-page;' --data-binary '{"cursor":"it'\''s"}' 'http://host/search'"#;
        assert_eq!(curl("http://host", &request), expect);
        request.method = "POST".to_owned();
        let expect = expect.replace("GET", "POST");
        assert_eq!(curl("http://host", &request), expect);
    }

    #[test]
    fn a_request_that_curl_refuses_is_written_by_hand() {
        let line = by_hand("http://host:81/v1/", &request("/a?b=\0%"));
        let expect = format!(
            r#"printf 'GET /v1/a?b=\000%% HTTP/1.1\r\nhost: host:81\r\nconnection: close\r\nauthorization: Bearer %s\r\n\r\n' "{TOKEN}" | nc host 81"#
        );
        assert_eq!(line, expect);
    }
}
