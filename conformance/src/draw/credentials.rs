//! Missing and invalid credentials.

use openapi::{Contract, Scheme};

use crate::outcome::{self, Skip};
use crate::session::Session;
use crate::{Alteration, Case, Credentials};

/// The security scheme of callers. Not in force if the document needs no credentials.
pub(crate) fn scheme(contract: &Contract) -> Result<&Scheme, Skip> {
    let alternatives = &contract.operation().security;
    let needed = alternatives.iter().all(|schemes| !schemes.is_empty());
    match alternatives.first().and_then(|schemes| schemes.first()) {
        Some(scheme) if needed => Ok(scheme),
        _ => outcome::not_in_force("the document asks for no credentials"),
    }
}

/// Missing credentials: none at all, those of another scheme, or the scheme's name without a token.
pub(crate) fn none(scheme: &Scheme) -> Vec<Credentials> {
    let raw = |text: &str| Credentials::Raw(text.to_owned());
    let mut none = vec![Credentials::None];
    match scheme {
        Scheme::ApiKey(..) => none.push(raw("")),
        Scheme::Http(name) if name == "basic" => none.extend([raw("Bearer x"), raw("Basic")]),
        _ => none.extend([raw("Basic dXNlcjpwYXNz"), raw(&scheme.word())]),
    }
    none
}

/// Invalid credentials in the right place.
///
/// They are a word, usual mistakes of clients, and a token that claims to need no signature.
pub(crate) fn bad(scheme: &Scheme) -> Vec<Credentials> {
    let tokens: &[&str] = match scheme {
        Scheme::Http(name) if name == "basic" => &["eDp5", "x"],
        _ => &["x", "null", "eyJhbGciOiJub25lIn0.e30."],
    };
    let whole = |token: &&str| match scheme {
        Scheme::ApiKey(..) => (*token).to_owned(),
        _ => format!("{} {token}", scheme.word()),
    };
    tokens.iter().map(whole).map(Credentials::Raw).collect()
}

/// The owner's token, changed in ways that careless comparisons overlook.
///
/// The last character of a short token may be its only secret, and a name in a Basic token may be of any case.
pub(crate) fn altered(session: &Session<'_>, id: &str, scheme: &Scheme) -> Vec<Credentials> {
    const SHORT: usize = 8;
    let owner = session.facts().resource(id).map(|one| one.owner.as_str());
    let token = owner.and_then(|owner| session.facts().token(owner));
    let is_basic = matches!(scheme, Scheme::Http(name) if name == "basic");
    let Some(token) = token.filter(|token| token.len() >= SHORT && !is_basic) else {
        return Vec::new();
    };
    let all = [
        Alteration::Shortened,
        Alteration::WithoutStart,
        Alteration::Lengthened,
        Alteration::OtherCase,
    ];
    let alters = all.into_iter().filter(|one| one.of(token).is_some());
    alters.map(Credentials::Altered).collect()
}

/// A case for each of these credentials.
pub(crate) fn cases(id: &str, credentials: Vec<Credentials>) -> Vec<Case> {
    let by = |credentials| Case::of(id).by(credentials);
    credentials.into_iter().map(by).collect()
}

/// As [`cases`], and the first of them behind a cursor, too: a server may check such a request elsewhere.
pub(crate) fn anywhere(
    session: &Session<'_>,
    id: &str,
    credentials: Vec<Credentials>,
) -> Vec<Case> {
    let first = credentials.first().cloned();
    let behind = super::behind_a_cursor(session, id).zip(first);
    let behind = behind.map(|(case, credentials)| case.by(credentials));
    let mut cases = cases(id, credentials);
    cases.extend(behind);
    cases
}
