//! An exchange as a command that asks the same again.

use openapi::Contract;

use crate::session::{Exchange, sign_with};
use crate::{Credentials, Facts};

/// What stands for a token until the line is quoted.
const TOKEN: &str = "EVENTLINEtokenEVENTLINE";

/// A line for a shell; the token is read from a variable, never shown.
pub(super) fn line(contract: &Contract, facts: &Facts, base: &str, exchange: &Exchange) -> String {
    let mut request = exchange.request.clone();
    let variable = exchange
        .caller
        .as_deref()
        .map(|caller| facts.variable(caller));
    match &exchange.credentials {
        Credentials::None => {}
        Credentials::Raw(text) => sign_with(&mut request, contract.operation(), text, true),
        Credentials::Scheme(name) => {
            let header = format!("{name} {TOKEN}");
            sign_with(&mut request, contract.operation(), &header, true);
        }
        Credentials::Owner | Credentials::Caller(_) => {
            sign_with(&mut request, contract.operation(), TOKEN, false);
        }
    }
    let mut words = vec!["curl -sS -i".to_owned()];
    match request.method.as_str() {
        "GET" => {}
        "HEAD" => words.push("--head".to_owned()),
        method => words.push(format!("-X {method}")),
    }
    words.extend(
        request
            .headers
            .iter()
            .map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}")))),
    );
    words.push(quoted(&format!(
        "{}{}",
        base.trim_end_matches('/'),
        request.target
    )));
    words
        .join(" ")
        .replace(TOKEN, &format!("${}", variable.unwrap_or_default()))
}

/// A word for the shell: in single quotes, or in double ones where a variable stands in it.
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
