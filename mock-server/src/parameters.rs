//! The parameters of a request: their texts, and the checks that they must pass.
//!
//! A request with several wrong parameters gets all of their validation errors at once.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use openapi::{
    Contract, Direction, Location, Operation, Paging, Parameter, Position, Role, Schema,
    WrongValue, ZeroLimit,
};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::wording::{self, ValidationError};

/// How many items a page has if neither the request nor the document says it.
const USUAL_LIMIT: u64 = 20;

/// The path parameters' names and values.
pub(crate) type Captures<'t> = Vec<(&'t str, String)>;

/// A request for a page, as its parameters state it.
#[derive(Debug)]
pub(crate) struct Ask {
    /// Where the page starts.
    pub(crate) at: Position,
    pub(crate) limit: Option<u64>,
    /// Whether the request has a range.
    pub(crate) is_range: bool,
    /// The value that all items are greater than, if the request has one.
    pub(crate) above: Option<String>,
    /// From which end of the list's own order the items come, if the caller chooses it.
    pub(crate) direction: Option<Direction>,
    /// The other property to sort by, and whether it descends, if the caller chooses one.
    pub(crate) sorted: Option<(String, bool)>,
}

/// The order that a request for a page chooses.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Chosen<'a> {
    pub(crate) direction: Option<Direction>,
    pub(crate) sorted: Option<&'a (String, bool)>,
}

impl Ask {
    /// The order that it chooses.
    pub(crate) fn chosen(&self) -> Chosen<'_> {
        Chosen {
            direction: self.direction,
            sorted: self.sorted.as_ref(),
        }
    }
}

/// An operation's parameters, each with the quickest check that proves a value valid.
#[derive(Debug)]
pub(crate) struct Checks {
    each: Vec<Check>,
    /// The parameter that holds the resource's id.
    resource: Option<String>,
    /// How the operation pages, if it does.
    paging: Option<Paging>,
    default: Option<u64>,
}

#[derive(Debug)]
struct Check {
    parameter: Parameter,
    /// Its part in asking for a page, if it has one.
    role: Option<Role>,
    quick: Quick,
    /// Whether the decoded text is the value.
    is_plain: bool,
    /// The greatest limit, if a greater one stands for it.
    clamped_to: Option<u64>,
    /// What a limit of zero leads to, if this is a limit and the contract says so.
    zero: Option<ZeroLimit>,
}

/// The values that are known to be valid without the schema's validator.
#[derive(Debug, Clone, Copy)]
enum Quick {
    /// Any text.
    Text,
    /// Integers between these bounds, both included.
    Integer(i64, i64),
    /// No value.
    Nothing,
}

impl Checks {
    /// The checks of an operation that does not page. Its last path parameter counts as the resource's id.
    pub(crate) fn of(operation: &Operation) -> Self {
        let parameters = operation.parameters.iter();
        let checked = parameters.filter(|parameter| !parameter.is_ignored());
        let check = |parameter: &Parameter| Check {
            role: None,
            quick: quick(&parameter.schema),
            is_plain: parameter.is_plain(),
            clamped_to: None,
            zero: None,
            parameter: parameter.clone(),
        };
        Self {
            each: checked.map(check).collect(),
            resource: operation.path.parameters().last().map(ToOwned::to_owned),
            paging: None,
            default: None,
        }
    }

    /// The checks of an operation that pages.
    pub(crate) fn new(contract: &Contract) -> Self {
        let paging = contract.paging();
        let check = |parameter: &Parameter| {
            let is_it = |role: &Role| {
                let known = paging.parameter(*role);
                known.is_some_and(|one| {
                    (&one.name, one.location) == (&parameter.name, parameter.location)
                })
            };
            // The place in a URL of the mock's own takes any text.
            let is_own =
                parameter.location == Location::Query && paging.has_undeclared(&parameter.name);
            Check {
                role: Role::ALL.into_iter().find(is_it),
                quick: if is_own {
                    Quick::Text
                } else {
                    quick(&parameter.schema)
                },
                is_plain: parameter.is_plain(),
                clamped_to: clamped_to(contract, parameter),
                zero: contract.zero(parameter, "0"),
                parameter: parameter.clone(),
            }
        };
        let bounds = contract.limit_bounds();
        Self {
            each: contract.parameters().map(check).collect(),
            resource: contract.parent().map(|parent| parent.name.clone()),
            paging: Some(paging.clone()),
            default: bounds
                .and_then(|bounds| bounds.default.or(bounds.maximum))
                .or_else(|| {
                    let least = bounds.and_then(|bounds| bounds.minimum).unwrap_or(0);
                    let has_pages = paging.has_pages_without_a_limit();
                    has_pages.then_some(least.max(USUAL_LIMIT))
                }),
        }
    }

    /// The request for a page, or all validation errors of the parameters.
    pub(crate) fn read(
        &self,
        request: &Request<Bytes>,
        captures: &Captures<'_>,
    ) -> Result<Ask, Vec<ValidationError>> {
        let mut errors = Vec::new();
        let mut sent: Vec<(Role, String)> = Vec::new();
        let mut limit = self.default;
        let mut limit_before = None;
        let mut has_key_range = false;
        for check in &self.each {
            let value = match check.read(request, captures) {
                Ok(value) => value,
                Err(found) => {
                    errors.extend(found);
                    continue;
                }
            };
            match (check.role, value) {
                (Some(Role::Limit), Some(value)) => limit = value.as_u64().or(limit),
                (Some(Role::LimitBefore), Some(value)) => {
                    limit_before = value.as_u64();
                    sent.push((Role::LimitBefore, value.to_string()));
                }
                (Some(Role::Cursor), Some(Value::String(whole))) if self.has_key_ranges() => {
                    has_key_range = true;
                    let part = |role| self.paging.as_ref()?.parameter(role)?.part_of(&whole);
                    sent.extend(part(Role::Cursor).map(|key| (Role::Cursor, key)));
                    limit = part(Role::Limit)
                        .and_then(|most| most.parse().ok())
                        .or(limit);
                }
                (Some(role), Some(Value::String(text))) => sent.push((role, text)),
                // A key with more than 64 bits is no number that a program could write again.
                (Some(role), Some(value)) if value.is_f64() => {
                    let text = text(&check.parameter, request, captures);
                    sent.push((role, text.unwrap_or_else(|| value.to_string())));
                }
                (Some(role), Some(value)) => sent.push((role, value.to_string())),
                _ => {}
            }
        }
        let sent = |role: Role| {
            let mut sent = sent.iter();
            let (_, text) = sent.find(|(known, _)| *known == role)?;
            Some(text.as_str())
        };
        let text = |role: Role| sent(role).map(str::to_owned);
        let mut at = Position::Start;
        if let Some(paging) = &self.paging {
            match paging.read(text) {
                Ok(place) => at = place,
                Err(invalid) => errors.extend(paging.parameter(invalid.role).map(|parameter| {
                    let sent = sent(invalid.role).unwrap_or_default();
                    wording::no_place(parameter, sent, &invalid.message)
                })),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        if at.is_backward() {
            limit = limit_before.or(limit);
        }
        let range = sent(Role::Range);
        if let Some((paging, range)) = self.paging.as_ref().zip(range) {
            limit = paging.range_size(range).or(limit);
        }
        let sorting = self.paging.as_ref().zip(sent(Role::Order));
        let sorting = sorting.and_then(|(paging, text)| {
            let sorting = paging.sorting(text)?;
            Some((paging.other_property(sorting), sorting.direction))
        });
        let (direction, sorted) = match sorting {
            Some((Some(other), direction)) => {
                let descends = direction == Direction::Descending;
                (None, Some((other.to_owned(), descends)))
            }
            Some((None, direction)) => (Some(direction), None),
            None => (None, None),
        };
        Ok(Ask {
            at,
            limit,
            is_range: range.is_some() || has_key_range,
            above: text(Role::Above).filter(|value| !value.is_empty()),
            direction,
            sorted,
        })
    }

    fn has_key_ranges(&self) -> bool {
        self.paging.as_ref().is_some_and(Paging::has_key_ranges)
    }

    /// The id of the resource, as it was sent.
    pub(crate) fn resource<'r>(&self, captures: &'r Captures<'_>) -> Option<&'r str> {
        let name = self.resource.as_deref()?;
        let found = captures.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the request names a place to start from.
    pub(crate) fn has_place(&self, request: &Request<Bytes>, captures: &Captures<'_>) -> bool {
        self.paging.as_ref().is_some_and(|paging| {
            let text = |role: Role| {
                let parameter = paging.parameter(role)?;
                parameter.part_of(&text(parameter, request, captures)?)
            };
            paging.read(text).is_ok_and(|at| !at.is_start())
        })
    }
}

impl Check {
    fn read(
        &self,
        request: &Request<Bytes>,
        captures: &Captures<'_>,
    ) -> Result<Option<Value>, Vec<ValidationError>> {
        let parameter = &self.parameter;
        if let Some(zero) = self.zero
            && text(parameter, request, captures).as_deref() == Some("0")
        {
            return match zero {
                ZeroLimit::Refuse => {
                    Err(vec![wording::no_place(parameter, "0", "must be 1 or more")])
                }
                ZeroLimit::None => Ok(Some(Value::from(0))),
                ZeroLimit::Default => Ok(None),
            };
        }
        if parameter.location == Location::Body {
            let sent = text(parameter, request, captures);
            return match self.clamped_to {
                Some(most) if sent.is_some_and(|sent| is_above(&sent, most)) => {
                    Ok(Some(Value::from(most)))
                }
                _ => in_body(parameter, request),
            };
        }
        if !self.is_plain {
            return match value(parameter, request, captures) {
                Ok(None) if parameter.required => Err(vec![wording::missing(parameter)]),
                Ok(value) => Ok(value),
                Err(wrong) => Err(wording::errors(parameter, &wrong.text, &wrong.violations)),
            };
        }
        let Some(text) = text(parameter, request, captures) else {
            return if parameter.required {
                Err(vec![wording::missing(parameter)])
            } else {
                Ok(None)
            };
        };
        if let Some(most) = self.clamped_to
            && is_above(&text, most)
        {
            return Ok(Some(Value::from(most)));
        }
        match self.quick {
            Quick::Text => return Ok(Some(Value::String(text))),
            Quick::Integer(least, most) => {
                let number = plain_integer(&text);
                if let Some(number) = number.filter(|number| (least..=most).contains(number)) {
                    return Ok(Some(Value::from(number)));
                }
            }
            Quick::Nothing => {}
        }
        parameter
            .read(&text)
            .map(Some)
            .map_err(|violations| wording::errors(parameter, &text, &violations))
    }
}

/// The maximum of a limit that is clamped.
fn clamped_to(contract: &Contract, parameter: &Parameter) -> Option<u64> {
    let most = contract.limit_bounds()?.maximum?;
    let above = most.saturating_add(1).to_string();
    contract.clamps(parameter, &above).then_some(most)
}

/// Whether a text is a number above `most`. A number with too many digits is above any.
fn is_above(text: &str, most: u64) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number && text.parse::<u64>().map_or(true, |number| number > most)
}

/// The text that was sent for a parameter. The last of several counts, as in Starlette.
pub(crate) fn text(
    parameter: &Parameter,
    request: &Request<Bytes>,
    captures: &Captures<'_>,
) -> Option<String> {
    let name = parameter.name.as_str();
    match parameter.location {
        Location::Query => {
            let query = request.uri().query().unwrap_or_default();
            let value = values_of(query, name).next_back()?;
            Some(decoded(value).into_owned())
        }
        Location::Cookie => cookie(request.headers(), name),
        Location::Path => {
            let found = captures.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone())
        }
        Location::Header => {
            let value = request.headers().get_all(name).iter().next_back()?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        }
        Location::Body => in_form(request, name).or_else(|| match body_value(request, name)? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }),
    }
}

/// The value of a parameter in any notation, if the parameter is sent.
pub(crate) fn value(
    parameter: &Parameter,
    request: &Request<Bytes>,
    captures: &Captures<'_>,
) -> Result<Option<Value>, WrongValue> {
    let raw: Cow<'_, str> = match parameter.location {
        Location::Query => request.uri().query().unwrap_or_default().into(),
        Location::Header => match joined(request.headers(), &parameter.name, ",") {
            Some(text) => text.into(),
            None => return Ok(None),
        },
        Location::Cookie => {
            let cookies = joined(request.headers(), header::COOKIE.as_str(), ";");
            cookies.unwrap_or_default().into()
        }
        Location::Path => {
            let mut captures = captures.iter();
            match captures.find(|(known, _)| *known == parameter.name) {
                // It is decoded already.
                Some((_, text)) => text.replace('%', "%25").into(),
                None => return Ok(None),
            }
        }
        Location::Body => return Ok(body_value(request, &parameter.name)),
    };
    parameter.find(&raw)
}

/// All lines of a header as one: RFC 9110, 5.3.
fn joined(headers: &HeaderMap, name: &str, separator: &str) -> Option<String> {
    let lines = headers.get_all(name).iter();
    let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()));
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(separator))
}

/// The value at a JSON pointer of the body, if it is there and valid.
///
/// Values of a body have types, so they are not read from text.
fn in_body(
    parameter: &Parameter,
    request: &Request<Bytes>,
) -> Result<Option<Value>, Vec<ValidationError>> {
    if let Some(text) = in_form(request, &parameter.name) {
        let read = parameter.read(&text).map(Some);
        return read.map_err(|violations| wording::errors(parameter, &text, &violations));
    }
    let Some(value) = body_value(request, &parameter.name) else {
        return Ok(None);
    };
    let violations = parameter.schema.violations(&value);
    if violations.is_empty() {
        return Ok(Some(value));
    }
    let text = value.to_string();
    Err(wording::errors(parameter, &text, &violations))
}

/// The text of a field of a form; `None` if the body is no form.
fn in_form(request: &Request<Bytes>, at: &str) -> Option<String> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return None;
    }
    let [name] = openapi::tokens(at).try_into().ok()?;
    let body = String::from_utf8_lossy(request.body());
    let pairs = body
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut fields = pairs.filter(|(known, _)| decoded(known) == name);
    fields
        .next_back()
        .map(|(_, text)| decoded(text).into_owned())
}

/// The value at a JSON pointer of the body; `None` if it is missing or null.
fn body_value(request: &Request<Bytes>, at: &str) -> Option<Value> {
    let mut body: Value = serde_json::from_slice(request.body()).ok()?;
    let value = body.pointer_mut(at)?.take();
    (!value.is_null()).then_some(value)
}

/// The values of a query parameter, decoded as a form.
///
/// `+` is a space, and bytes that are not UTF-8 become U+FFFD.
pub(crate) fn query_values(request: &Request<Bytes>, name: &str) -> Vec<String> {
    query_texts(request.uri().query().unwrap_or_default(), name)
}

/// The decoded texts of a name in a query.
pub(crate) fn query_texts(query: &str, name: &str) -> Vec<String> {
    let values = values_of(query, name);
    values.map(|value| decoded(value).into_owned()).collect()
}

/// The values of a name in a query, as they were sent.
fn values_of<'q>(query: &'q str, name: &str) -> impl DoubleEndedIterator<Item = &'q str> {
    let pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    // Decoding makes no text longer.
    let is_encoded = move |key: &str| key.len() >= name.len() && decoded(key) == name;
    let named = pairs.filter(move |(key, _)| *key == name || is_encoded(key));
    named.map(|(_, value)| value)
}

pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode_str(&spaced).into();
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// An integer in the form that the schema's validator reads; `parse` alone would also allow a `+`.
fn plain_integer(text: &str) -> Option<i64> {
    (!text.starts_with('+'))
        .then(|| text.parse().ok())
        .flatten()
}

/// Keywords that a quick check respects, or that exclude no value.
const HARMLESS: [&str; 9] = [
    "type",
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "minimum",
    "maximum",
];

fn quick(schema: &Schema) -> Quick {
    let branches = schema.branches("anyOf");
    let branches: Vec<_> = branches
        .iter()
        .filter(|branch| branch.types() != ["null"])
        .collect();
    let schema = match branches.as_slice() {
        [only] if plain(schema, &["anyOf"]) => *only,
        _ => schema,
    };
    let bounded = ["minimum", "maximum"].map(|keyword| schema.keyword(keyword));
    let [least, most] = bounded.map(|bound| bound.map(Value::as_i64));
    match (schema.types().as_slice(), least, most) {
        _ if !plain(schema, &[]) => Quick::Nothing,
        (["string"], _, _) => Quick::Text,
        (["integer"], None | Some(Some(_)), None | Some(Some(_))) => Quick::Integer(
            least.flatten().unwrap_or(i64::MIN),
            most.flatten().unwrap_or(i64::MAX),
        ),
        _ => Quick::Nothing,
    }
}

fn plain(schema: &Schema, also: &[&str]) -> bool {
    let keywords = schema.value().as_object().into_iter().flatten();
    keywords
        .map(|(keyword, _)| keyword.as_str())
        .all(|keyword| HARMLESS.contains(&keyword) || also.contains(&keyword))
}
