//! One operation read as a timeline: what it must be asked, what it answers, and how it pages.
//!
//! The only place that knows how an operation pages; the mock writes by it and the judge reads by it.
//! Every path and name that `x-pagination` mentions was found in the document when the contract was read.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Document, Location, Media, Operation, Pagination, Parameter, ParameterName, Problem, Schema,
    Selector, Style, ValidationErrors, join,
};

/// One operation read as a timeline. Cheap to clone, as documents are.
#[derive(Clone)]
pub struct Contract {
    document: Document,
    operation: Operation,
    pagination: Pagination,
    validation_errors: Option<ValidationErrors>,
    body: Schema,
}

/// What the schema of a limit parameter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitBounds {
    /// The smallest limit.
    pub minimum: Option<u64>,
    /// The greatest limit.
    pub maximum: Option<u64>,
    /// The limit of a request that sends none.
    pub default: Option<u64>,
}

impl Contract {
    /// Reads `operation` as a timeline, if it has `x-pagination`.
    pub(crate) fn read(document: &Document, operation: Operation) -> Result<Option<Self>, Problem> {
        let at = join(&operation.pointer, "x-pagination");
        let Some(pagination) = extension::<Pagination>(document, &at)? else {
            return Ok(None);
        };
        let errors_at = join(&operation.pointer, "x-validation-errors");
        let validation_errors = extension(document, &errors_at)?;
        let Some(body) = json_schema(&operation, 200) else {
            return Err(document
                .problem(
                    &at,
                    "a timeline needs a 200 answer with a JSON schema, and there is none",
                )
                .cure("declare the answer in the document, or in an overlay"));
        };
        let contract = Self {
            document: document.clone(),
            operation,
            pagination,
            validation_errors,
            body,
        };
        contract.check_style(&at)?;
        contract.check_parameters(&at)?;
        contract.check_places(&at)?;
        contract.check_lifecycle(&at)?;
        contract.check_validation_errors(&errors_at)?;
        Ok(Some(contract))
    }

    /// The document that says it all.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The operation.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// How it pages.
    pub fn pagination(&self) -> &Pagination {
        &self.pagination
    }

    /// How a refusal says which parameters were wrong, where declared.
    pub fn validation_errors(&self) -> Option<&ValidationErrors> {
        self.validation_errors.as_ref()
    }

    /// A short name to speak of it by: the document's, which is enough where one operation pages.
    pub fn name(&self) -> String {
        let siblings = self.document.operations();
        let paged = |operation: &Operation| {
            self.document
                .at(&join(&operation.pointer, "x-pagination"))
                .is_some()
        };
        match siblings.iter().filter(|operation| paged(operation)).count() {
            1 => self.document.name().to_owned(),
            _ => format!("{}/{}", self.document.name(), self.operation.id),
        }
    }

    /// The schema of a page.
    pub fn body(&self) -> &Schema {
        &self.body
    }

    /// The schema of an item.
    pub fn item(&self) -> Schema {
        let items = self
            .body
            .at(&self.pagination.items)
            .and_then(|items| items.items());
        items.expect("checked when the contract was read")
    }

    /// The parameter that says where to go on.
    pub fn cursor(&self) -> &Parameter {
        self.named(&self.pagination.request.cursor)
            .expect("checked when the contract was read")
    }

    /// The parameter that says how many items at most.
    pub fn limit(&self) -> Option<&Parameter> {
        self.pagination
            .request
            .limit
            .as_ref()
            .and_then(|name| self.named(name))
    }

    /// What the schema of the limit says; a bound may stand in a branch of `anyOf`.
    pub fn limit_bounds(&self) -> Option<LimitBounds> {
        let schema = &self.limit()?.schema;
        let number = |keyword: &str| {
            let own = schema.keyword(keyword).and_then(Value::as_u64);
            let branches = || {
                ["anyOf", "oneOf", "allOf"]
                    .into_iter()
                    .flat_map(|list| schema.branches(list))
            };
            own.or_else(|| {
                branches().find_map(|branch| branch.keyword(keyword).and_then(Value::as_u64))
            })
        };
        let exclusive = |keyword: &str, step: i64| {
            number(keyword).and_then(|bound| bound.checked_add_signed(step))
        };
        Some(LimitBounds {
            minimum: number("minimum").or_else(|| exclusive("exclusiveMinimum", 1)),
            maximum: number("maximum").or_else(|| exclusive("exclusiveMaximum", -1)),
            default: number("default"),
        })
    }

    /// The path parameter that names the resource which the timeline belongs to.
    pub fn parent(&self) -> Option<&Parameter> {
        let parent = self.pagination.parent.as_ref()?;
        self.operation.parameter(Location::Path, &parent.parameter)
    }

    /// The items of a page; none where the body has no such list.
    pub fn items<'a>(&self, page: &'a Value) -> Option<&'a [Value]> {
        self.pagination
            .items
            .get(page)?
            .as_array()
            .map(Vec::as_slice)
    }

    /// An item's key, as text that may be sent as a cursor.
    pub fn key(&self, item: &Value) -> Option<String> {
        self.pagination.key.get(item).and_then(text)
    }

    /// The cursor that a page hands out for the next one.
    pub fn next(&self, page: &Value) -> Option<String> {
        self.pagination.next.cursor.get(page).and_then(text)
    }

    /// Whether a page says that more items lie behind it; `None` where it says nothing.
    pub fn more(&self, page: &Value) -> Option<bool> {
        self.pagination.next.more.as_ref()?.get(page)?.as_bool()
    }

    /// The place, outside the items, where a page of a sequence says how far the whole timeline goes.
    pub fn latest(&self) -> Option<&Selector> {
        let cursor = &self.pagination.next.cursor;
        let outside = cursor.below(&self.pagination.items).is_none();
        (self.pagination.style == Style::Since && outside).then_some(cursor)
    }

    /// The body declared for a refusal, where it is JSON.
    pub fn refusal(&self, status: u16) -> Option<&Media> {
        self.operation.response(status)?.json()
    }

    /// The status that wrong parameters are refused with.
    pub fn invalid_status(&self) -> u16 {
        let declared = |status: &u16| self.operation.response(*status).is_some();
        let said = self.validation_errors.as_ref().map(|errors| errors.status);
        said.unwrap_or_else(|| [422, 400].into_iter().find(declared).unwrap_or(422))
    }

    /// A citation of this operation's `tail` (`/x-pagination/next`), wherever that was written.
    pub fn cite(&self, tail: &str) -> String {
        self.document
            .cite(&format!("{}{tail}", self.operation.pointer))
    }

    fn named(&self, name: &ParameterName) -> Option<&Parameter> {
        self.operation.parameter(name.r#in, &name.name)
    }

    fn check_style(&self, at: &str) -> Result<(), Problem> {
        if matches!(self.pagination.style, Style::Cursor | Style::Since) {
            return Ok(());
        }
        let problem = self.document.problem(
            &join(at, "style"),
            "this style of paging is not supported yet",
        );
        Err(problem
            .cure("`cursor` and `since` are; take `x-pagination` out to leave the operation alone"))
    }

    fn check_parameters(&self, at: &str) -> Result<(), Problem> {
        let request = &self.pagination.request;
        let asked = [
            ("cursor", Some(&request.cursor)),
            ("limit", request.limit.as_ref()),
        ];
        for (role, name) in asked
            .into_iter()
            .filter_map(|(role, name)| Some((role, name?)))
        {
            if self.named(name).is_none() {
                let place = join(&join(at, "request"), role);
                return Err(self.no_parameter(&place, name.r#in, &name.name));
            }
        }
        if let Some(limit) = self.limit().filter(|limit| !limit.takes("integer")) {
            let place = join(&join(at, "request"), "limit");
            let message = format!(
                "`{}` is no integer parameter, so it cannot be a limit",
                limit.name
            );
            return Err(self
                .document
                .problem(&place, message)
                .cure("name the parameter that counts items"));
        }
        if let Some(parent) = &self.pagination.parent {
            let place = join(at, "parent");
            if self.parent().is_none() {
                return Err(self.no_parameter(
                    &join(&place, "parameter"),
                    Location::Path,
                    &parent.parameter,
                ));
            }
            for (role, status) in [("missing", parent.missing), ("foreign", parent.foreign)] {
                if let Some(status) =
                    status.filter(|status| self.operation.response(*status).is_none())
                {
                    return Err(self.no_answer(&join(&place, role), status));
                }
            }
        }
        Ok(())
    }

    fn no_parameter(&self, at: &str, location: Location, name: &str) -> Problem {
        let message = format!(
            "the operation has no {} parameter `{name}`",
            location.word()
        );
        let known: Vec<_> = self
            .operation
            .parameters
            .iter()
            .map(|parameter| format!("`{}` ({})", parameter.name, parameter.location.word()))
            .collect();
        self.document
            .problem(at, message)
            .cure(format!("it has {}", listed(&known)))
    }

    fn no_answer(&self, at: &str, status: u16) -> Problem {
        let message = format!("the operation declares no answer with status {status}");
        let known: Vec<_> = self
            .operation
            .responses
            .iter()
            .map(|one| one.status.clone())
            .collect();
        let cure = format!(
            "it declares {}; an overlay can add the answer",
            listed(&known)
        );
        self.document.problem(at, message).cure(cure)
    }

    fn check_places(&self, at: &str) -> Result<(), Problem> {
        let pagination = &self.pagination;
        let has_items = self
            .body
            .at(&pagination.items)
            .is_some_and(|items| items.items().is_some());
        if !has_items {
            return Err(self.no_place(&join(at, "items"), &self.body, &pagination.items, "a list"));
        }
        let item = self.item();
        let next = &pagination.next;
        let parent_echo = pagination
            .parent
            .as_ref()
            .and_then(|parent| parent.echo.as_ref());
        let places = [
            ("/key", &item, Some(&pagination.key)),
            ("/order/by", &item, pagination.order.by.as_ref()),
            (
                "/lifecycle/at",
                &item,
                pagination.lifecycle.as_ref().map(|lifecycle| &lifecycle.at),
            ),
            ("/next/cursor", &self.body, Some(&next.cursor)),
            ("/next/same-as", &self.body, next.same_as.as_ref()),
            ("/next/more", &self.body, next.more.as_ref()),
            ("/echo/first", &self.body, pagination.echo.first.as_ref()),
            ("/echo/last", &self.body, pagination.echo.last.as_ref()),
            ("/parent/echo", &self.body, parent_echo),
        ];
        for (tail, schema, selector) in places {
            if let Some(selector) = selector.filter(|selector| schema.at(selector).is_none()) {
                return Err(self.no_place(
                    &format!("{at}{tail}"),
                    schema,
                    selector,
                    "such a place",
                ));
            }
        }
        Ok(())
    }

    fn no_place(&self, at: &str, schema: &Schema, selector: &Selector, what: &str) -> Problem {
        let message = format!(
            "the schema at {} has no {what} at `{selector}`",
            schema.pointer()
        );
        let known: Vec<_> = schema
            .properties()
            .iter()
            .map(|name| format!("`$.{name}`"))
            .collect();
        self.document
            .problem(at, message)
            .cure(format!("it has {}", listed(&known)))
    }

    fn check_lifecycle(&self, at: &str) -> Result<(), Problem> {
        let Some(lifecycle) = &self.pagination.lifecycle else {
            return Ok(());
        };
        let item = self.item();
        let schema = item.at(&lifecycle.at).expect("check_places comes first");
        for (role, words) in [
            ("first", &lifecycle.first),
            ("terminal", &lifecycle.terminal),
        ] {
            for (index, word) in words.iter().enumerate() {
                if !schema.is_valid(&Value::String(word.clone())) {
                    let place = format!("{at}/lifecycle/{role}/{index}");
                    let message = format!("`{word}` is not valid at `{}` of an item", lifecycle.at);
                    let cure = format!("its schema is at {}", schema.resolved().pointer());
                    return Err(self.document.problem(&place, message).cure(cure));
                }
            }
        }
        Ok(())
    }

    fn check_validation_errors(&self, at: &str) -> Result<(), Problem> {
        let Some(errors) = &self.validation_errors else {
            return Ok(());
        };
        let Some(body) = json_schema(&self.operation, errors.status) else {
            return Err(self.no_answer(&join(at, "status"), errors.status));
        };
        let list = body.at(&errors.errors).and_then(|list| list.items());
        let Some(error) = list else {
            return Err(self.no_place(&join(at, "errors"), &body, &errors.errors, "a list"));
        };
        for (role, selector) in [
            ("location", &errors.location),
            ("message", &errors.message),
            ("kind", &errors.kind),
        ] {
            if error.at(selector).is_none() {
                return Err(self.no_place(&join(at, role), &error, selector, "such a place"));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Contract({})", self.name())
    }
}

fn json_schema(operation: &Operation, status: u16) -> Option<Schema> {
    operation.response(status)?.json()?.schema.clone()
}

/// An extension's value, typed; a wrong one is placed where it was written.
fn extension<T: DeserializeOwned>(document: &Document, at: &str) -> Result<Option<T>, Problem> {
    let Some(value) = document.at(at) else {
        return Ok(None);
    };
    serde_path_to_error::deserialize(value)
        .map(Some)
        .map_err(|error| {
            let inner = crate::references::pointer_of(&error.path().to_string());
            document.problem(&format!("{at}{}", &inner[1..]), error.inner().to_string())
        })
}

/// A key or cursor as the text that is sent.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn listed(words: &[String]) -> String {
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}
