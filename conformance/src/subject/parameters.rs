//! The parameters of a request: reads one, sets one, and reads the requested page.

use bytes::Bytes;
use openapi::{Contract, Location, PageRequest, Parameter, Role, tokens};
use serde_json::{Map, Value};

use super::{Request, query_of, target};

impl Request {
    /// A parameter's text, as sent. If it was sent several times, the last text.
    ///
    /// `None` for a parameter of the path.
    pub fn text(&self, parameter: &Parameter) -> Option<String> {
        let whole = self.at_place((parameter.location, &parameter.name))?;
        if parameter.shares_its_text() {
            parameter.part_of(&whole)
        } else {
            Some(whole)
        }
    }

    /// The text under a name at a location, as [`Request::text`] reads it.
    pub(crate) fn at_place(&self, (location, name): (Location, &str)) -> Option<String> {
        match location {
            Location::Path => None,
            Location::Query => {
                let mut sent = self.query().into_iter().rev();
                sent.find(|(known, _)| known == name).map(|(_, text)| text)
            }
            Location::Header => self.header(name).map(str::to_owned),
            Location::Cookie => {
                let mut cookies = cookies(&self.headers).into_iter();
                cookies
                    .find(|(known, _)| known == name)
                    .map(|(_, text)| text)
            }
            Location::Body if is_form(&self.headers) => {
                let [field] = tokens(name).try_into().ok()?;
                let mut sent = fields(&self.body).into_iter().rev();
                sent.find(|(known, _)| *known == field)
                    .map(|(_, text)| text)
            }
            Location::Body => {
                let body: Value = serde_json::from_slice(&self.body).ok()?;
                match body.pointer(name)? {
                    Value::Null => None,
                    Value::String(text) => Some(text.clone()),
                    other => Some(other.to_string()),
                }
            }
        }
    }

    /// The same request with a parameter set to `text`, or removed. A parameter of the path stays.
    #[must_use]
    pub fn with(&self, parameter: &Parameter, text: Option<&str>) -> Self {
        let others = |(name, _): &(String, String)| match parameter.location {
            Location::Header => !name.eq_ignore_ascii_case(&parameter.name),
            _ => *name != parameter.name,
        };
        let whole = parameter.shares_its_text().then(|| {
            let whole = self.at_place((parameter.location, &parameter.name));
            parameter.part_in(whole.as_deref(), text)
        });
        let text = whole.as_ref().map_or(text, |whole| whole.as_deref());
        let pair = text.map(|text| (parameter.name.clone(), text.to_owned()));
        let mut request = self.clone();
        match parameter.location {
            Location::Path => request,
            Location::Query => {
                let query = self.query().into_iter().filter(others).chain(pair);
                self.with_query(&query.collect::<Vec<_>>())
            }
            Location::Header => {
                request.headers.retain(others);
                request.headers.extend(pair);
                request
            }
            Location::Cookie => {
                let kept = cookies(&self.headers).into_iter().filter(others);
                request.headers.retain(|(name, _)| !is_cookie(name));
                for (name, text) in kept.chain(pair) {
                    add_cookie(&mut request.headers, &name, &text);
                }
                request
            }
            Location::Body => {
                request.body = body_with(&self.body, is_form(&self.headers), parameter, text);
                request
            }
        }
    }

    /// The page that the request asks for, by the contract. Without a place it is the first one.
    pub fn page(&self, contract: &Contract) -> PageRequest {
        let paging = contract.paging();
        let text = |role: Role| self.text(paging.parameter(role)?);
        let at = paging.read(text).unwrap_or_default();
        let limit = paging.limit_from(&at).and_then(|limit| self.text(limit));
        PageRequest {
            limit: limit.and_then(|limit| limit.parse().ok()),
            at,
            order: text(Role::Order),
        }
    }
}

/// The media type of forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Whether the body under these headers is a form.
pub(crate) fn is_form(headers: &[(String, String)]) -> bool {
    let mut kinds = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    kinds.any(|(_, kind)| kind.starts_with(FORM))
}

/// The fields of a form.
fn fields(body: &Bytes) -> Vec<(String, String)> {
    let target = format!("?{}", String::from_utf8_lossy(body));
    query_of(&target)
}

/// A body with the value of a parameter set, or removed: JSON, or a form.
pub(crate) fn body_with(
    body: &Bytes,
    is_form: bool,
    parameter: &Parameter,
    text: Option<&str>,
) -> Bytes {
    if is_form {
        let name = tokens(&parameter.name).pop().unwrap_or_default();
        let mut fields = fields(body);
        fields.retain(|(known, _)| *known != name);
        fields.extend(text.map(|text| (name, text.to_owned())));
        return target("", &fields)
            .trim_start_matches('?')
            .to_owned()
            .into();
    }
    let mut body: Value = serde_json::from_slice(body).unwrap_or_else(|_| Map::new().into());
    let value = text.map(|text| parameter.read(text).unwrap_or_else(|_| text.into()));
    let names = tokens(&parameter.name);
    let Some((last, outer)) = names.split_last() else {
        return body.to_string().into();
    };
    let mut place = &mut body;
    for name in outer {
        if !place.is_object() {
            *place = Map::new().into();
        }
        place = &mut place[name.as_str()];
    }
    if !place.is_object() {
        *place = Map::new().into();
    }
    if let Some(fields) = place.as_object_mut() {
        match value {
            Some(value) => fields.insert(last.clone(), value),
            None => fields.remove(last),
        };
    }
    body.to_string().into()
}

/// The cookies among headers.
pub(crate) fn cookies(headers: &[(String, String)]) -> Vec<(String, String)> {
    let cookies = headers.iter().filter(|(name, _)| is_cookie(name));
    let pairs = cookies.flat_map(|(_, cookies)| cookies.split(';'));
    let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}

/// Adds a cookie to headers. All cookies stand in one header, because HTTP allows only one.
pub(crate) fn add_cookie(headers: &mut Vec<(String, String)>, name: &str, text: &str) {
    let cookie = format!("{name}={text}");
    match headers.iter_mut().find(|(name, _)| is_cookie(name)) {
        Some((_, cookies)) => *cookies += &format!("; {cookie}"),
        None => headers.push(("cookie".to_owned(), cookie)),
    }
}

fn is_cookie(header: &str) -> bool {
    header.eq_ignore_ascii_case("cookie")
}
