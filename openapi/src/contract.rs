//! One operation read as a timeline: what it must be asked, what it answers, and how it pages.
//!
//! The only place that knows how an operation pages; the mock writes by it and the judge reads by it.
//! Every path and name that `x-pagination` mentions was found in the document when the contract was read.

mod check;

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::paged::{Emptiness, Of, Paged};
use crate::paging;
use crate::source::typed;
use crate::{
    Certainty, Document, InvalidStatus, LimitBounds, Location, Media, Operation, OverLimit,
    Pagination, Paging, Parameter, Problem, Promise, Proposal, Role, Schema, Selector, Step,
    ValidationErrors, ZeroLimit, join,
};

/// One operation read as a timeline. Cheap to clone, as documents are.
#[derive(Clone)]
pub struct Contract {
    document: Document,
    paged: Arc<Paged>,
}

impl Contract {
    pub(crate) fn new(document: &Document, paged: &Arc<Paged>) -> Self {
        Self {
            document: document.clone(),
            paged: Arc::clone(paged),
        }
    }

    /// Reads `operation` as a timeline, if it has `x-pagination`.
    pub(crate) fn read(
        document: &Document,
        operation: &Operation,
    ) -> Result<Option<Self>, Problem> {
        let at = join(&operation.pointer, "x-pagination");
        let Some(pagination) = extension::<Pagination>(document, &at)? else {
            return Ok(None);
        };
        Self::of(document, operation, pagination, Vec::new(), None).map(Some)
    }

    /// The operation read as the timeline that it seems to be.
    ///
    /// What is only proposed is no error of the document. So a proposal that does not fit it is taken without what
    /// no client needs, and else dropped.
    pub(crate) fn assumed(
        document: &Document,
        operation: &Operation,
        proposal: Proposal,
    ) -> Result<Self, Problem> {
        let quick = document.quick();
        let read = |proposal: Proposal| {
            let Proposal {
                pagination,
                reasons,
                certainty,
                ..
            } = proposal;
            let read = Self::of(&quick, operation, pagination, reasons, Some(certainty));
            read.map(|mut contract| {
                contract.document = document.clone();
                contract
            })
        };
        let without_limit = proposal.clone().without_limit();
        let plain = proposal.clone().without_extras();
        let plainest = plain.clone().without_limit();
        let first = read(proposal);
        first.or_else(|problem| {
            let others = [without_limit, plain, plainest].into_iter();
            let mut read = others.filter_map(|other| read(other).ok());
            read.next().ok_or(problem)
        })
    }

    fn of(
        document: &Document,
        operation: &Operation,
        pagination: Pagination,
        reasons: Vec<(&'static str, String)>,
        certainty: Option<Certainty>,
    ) -> Result<Self, Problem> {
        let at = join(&operation.pointer, "x-pagination");
        let errors_at = join(&operation.pointer, "x-validation-errors");
        let validation_errors = extension(document, &errors_at)?;
        let answer = operation.page_answer().and_then(|answer| answer.json());
        let Some(body) = answer.and_then(|media| media.schema.clone()) else {
            return Err(document
                .problem(
                    &at,
                    "a timeline needs a 200 answer with a JSON schema, and there is none",
                )
                .cure("declare the answer in the document, or in an overlay"));
        };
        let name = pagination.name.clone();
        let paging = Paging::new(pagination, document.tree(), operation).map_err(|wrong| {
            let place = format!("{at}/{}", wrong.key);
            document.problem(&place, wrong.message).cure(wrong.cure)
        })?;
        let item = item(&body, paging.pagination());
        let emptiness = Emptiness::of(&body, &paging.pagination().items.list);
        let contract = Self {
            document: document.clone(),
            paged: Arc::new(Paged {
                name: name.unwrap_or_else(|| format!("{}/{}", document.name(), operation.id)),
                operation: match document.operations().element_offset(operation) {
                    Some(index) => Of::Document(index),
                    None => Of::Own(Box::new(operation.clone())),
                },
                paging,
                validation_errors,
                emptiness,
                item,
                body,
                reasons,
                certainty,
            }),
        };
        contract.check(&at, &errors_at)?;
        Ok(contract)
    }

    /// Why the operation seems to page like this: a key of `x-pagination`, and a sentence. It is empty if the
    /// document, or an overlay, says how it pages.
    pub fn reasons(&self) -> &[(&'static str, String)] {
        &self.paged.reasons
    }

    /// Whether the operation may page in another way: its document says only what makes this one likely.
    pub fn is_doubtful(&self) -> bool {
        self.paged.certainty == Some(Certainty::Likely)
    }

    /// Whether this key of `x-pagination` is assumed: neither the document nor an overlay says it.
    pub fn assumes(&self, key: &str) -> bool {
        let mut reasons = self.reasons().iter();
        reasons.any(|(assumed, _)| assumed.split('/').next() == Some(key))
    }

    /// The document that says it all.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The operation.
    pub fn operation(&self) -> &Operation {
        match &self.paged.operation {
            Of::Document(index) => &self.document.operations()[*index],
            Of::Own(operation) => operation,
        }
    }

    /// How it pages.
    pub fn paging(&self) -> &Paging {
        &self.paged.paging
    }

    /// How it pages, in the vocabulary of `x-pagination`.
    pub fn pagination(&self) -> &Pagination {
        self.paged.paging.pagination()
    }

    /// How a refusal says which parameters were wrong, where declared.
    pub fn validation_errors(&self) -> Option<&ValidationErrors> {
        self.paged.validation_errors.as_ref()
    }

    /// The name in scenarios, subject files and reports: `name` of `x-pagination`, else `stem/operationId`.
    ///
    /// It does not depend on the other operations of the document. [`Names`](crate::Names) finds a timeline
    /// by the words that a user may write.
    pub fn name(&self) -> String {
        self.paged.name.clone()
    }

    pub(crate) fn paged(&self) -> &Arc<Paged> {
        &self.paged
    }

    /// Whether an answer with this status is a page: 200, and where requests ask for a range 206, too.
    pub fn serves(&self, status: u16) -> bool {
        status == 200 || status == 206 && self.asks_for_ranges()
    }

    /// Whether requests ask for a range, of places or of keys.
    fn asks_for_ranges(&self) -> bool {
        self.paging().has_ranges() || self.paging().has_key_ranges()
    }

    /// Whether a page may be answered with 206, because the document declares the same body for it as for a page.
    pub fn declares_parts(&self) -> bool {
        let part = || {
            let answer = self.operation().response(206)?;
            let schema = answer.json()?.schema.as_ref()?;
            (answer.status == "206").then(|| schema.resolved())
        };
        let body = self.body().resolved();
        let is_same = |one: Schema| one.pointer() == body.pointer() || one.value() == body.value();
        self.asks_for_ranges() && part().is_some_and(is_same)
    }

    /// The schema of a page.
    pub fn body(&self) -> &Schema {
        &self.paged.body
    }

    /// The schema of an item. Of several that speak of it, it is the first that has the key.
    pub fn item(&self) -> Schema {
        let item = self.paged.item.clone();
        item.expect("checked when the contract was read")
    }

    /// The operation that reads one item, and the parameter of its path that takes the item's key, where
    /// declared.
    pub fn item_operation(&self) -> Option<(&Operation, &str)> {
        let id = self.pagination().item.operation.as_ref()?;
        let operations = self.document.operations().iter();
        let mut named = operations.filter(|one| one.id == *id && one.method == "GET");
        let operation = named.next()?;
        let list: Vec<_> = self.operation().path.parameters().collect();
        let mut own = operation
            .path
            .parameters()
            .filter(|name| !list.contains(name));
        let key = own.next()?;
        own.next().is_none().then_some((operation, key))
    }

    /// The parameter that says how many items at most.
    pub fn limit(&self) -> Option<&Parameter> {
        self.paged.paging.parameter(Role::Limit)
    }

    /// What the schema of the limit says.
    pub fn limit_bounds(&self) -> Option<LimitBounds> {
        self.paged.paging.limit_bounds()
    }

    /// The operation's parameters, and the places in its body that ask for a page.
    ///
    /// Those that OpenAPI ignores are left out.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let declared = self.operation().parameters.iter();
        let declared = declared.filter(|parameter| !parameter.is_ignored());
        declared.chain(self.paged.paging.undeclared())
    }

    /// The path parameter that names the resource which the timeline belongs to.
    pub fn parent(&self) -> Option<&Parameter> {
        let parent = self.pagination().parent.as_ref()?;
        self.operation()
            .parameter(Location::Path, parent.parameter()?)
    }

    /// The status for a resource that is not there, where declared.
    pub fn missing_status(&self) -> Option<u16> {
        self.pagination().parent.as_ref()?.missing
    }

    /// The status for a resource of somebody else, where declared.
    pub fn foreign_status(&self) -> Option<u16> {
        self.pagination().parent.as_ref()?.foreign
    }

    /// The items of a page; none where the body has no such list.
    ///
    /// A page without items may leave the list out, or have null there, where the schema allows it.
    pub fn items<'a>(&self, page: &'a Value) -> Option<&'a [Value]> {
        let allowed = self.paged.emptiness;
        match self.pagination().items.list.get(page) {
            Some(Value::Array(items)) => Some(items),
            Some(Value::Null) if allowed.null => Some(&[]),
            None if allowed.absent && page.is_object() => Some(&[]),
            _ => None,
        }
    }

    /// Whether a request with this text for a parameter is wrong: its schema refuses the text.
    ///
    /// A limit above the maximum is not, where the contract says that it is clamped.
    pub fn refuses(&self, parameter: &Parameter, text: &str) -> bool {
        match self.zero(parameter, text) {
            Some(zero) => zero == ZeroLimit::Refuse,
            None => parameter.refuses(text) && !self.clamps(parameter, text),
        }
    }

    /// What this text leads to, if it is a limit of zero and the contract says so.
    pub fn zero(&self, parameter: &Parameter, text: &str) -> Option<ZeroLimit> {
        let zero = self.pagination().limit.zero?;
        let is_limit = self.role(parameter).is_some_and(Role::is_limit);
        (is_limit && text == "0").then_some(zero)
    }

    /// Whether this text is a limit above the maximum, and stands for the maximum.
    pub fn clamps(&self, parameter: &Parameter, text: &str) -> bool {
        let is_clamped = self.pagination().limit.over == OverLimit::Clamp
            && self.role(parameter) == Some(Role::Limit);
        let maximum = self.limit_bounds().and_then(|bounds| bounds.maximum);
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number with too many digits is above any maximum.
        let above = |maximum| text.parse::<u64>().map_or(true, |limit| limit > maximum);
        is_clamped && digits && maximum.is_some_and(above)
    }

    /// An item's key, as text that may be sent as a cursor.
    ///
    /// An item without a key of its own is its own key: all of it but the volatile places, in one spelling.
    pub fn key(&self, item: &Value) -> Option<String> {
        if !self.paging().promises(Promise::ItemsHaveKeys) {
            return Some(whole(item, &self.pagination().volatile));
        }
        self.pagination().key.get(item).and_then(paging::key_text)
    }

    /// The body declared for a refusal, where it is JSON.
    pub fn refusal(&self, status: u16) -> Option<&Media> {
        self.operation().response(status)?.json()
    }

    /// The statuses that may refuse wrong parameters.
    pub fn invalid(&self) -> InvalidStatus {
        let said = self.paged.validation_errors.as_ref();
        InvalidStatus::of(self.operation(), said.map(|errors| errors.status))
    }

    /// The status that a server refuses wrong parameters with if it follows the document closely.
    pub fn invalid_status(&self) -> u16 {
        self.invalid().usual()
    }

    /// A citation of this operation's `tail` (`/x-pagination/next`), wherever that was written. It is that of
    /// the operation if nobody wrote how it pages.
    pub fn cite(&self, tail: &str) -> String {
        let is_assumed = !self.reasons().is_empty() && tail.starts_with("/x-pagination");
        let tail = if is_assumed { "" } else { tail };
        self.document
            .cite(&format!("{}{tail}", self.operation().pointer))
    }
}

impl Document {
    /// How a refusal of `operation` says which parameters were wrong: its `x-validation-errors`, if they can be
    /// read.
    pub fn validation_errors(&self, operation: &Operation) -> Option<ValidationErrors> {
        let at = join(&operation.pointer, "x-validation-errors");
        extension(self, &at).ok().flatten()
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Contract({})", self.name())
    }
}

/// An item as text, without the places that change, and with its properties in the order of their names.
fn whole(item: &Value, volatile: &[Selector]) -> String {
    let mut item = item.clone();
    for place in volatile {
        if let Some((Step::Name(name), outer)) = place.steps().split_last() {
            let outer = outer.iter().try_fold(&mut item, |value, step| match step {
                Step::Name(name) => value.get_mut(name),
                Step::Last => value.as_array_mut()?.last_mut(),
            });
            if let Some(Value::Object(fields)) = outer {
                fields.remove(name);
            }
        }
    }
    item.sort_all_objects();
    item.to_string()
}

/// The schema of the elements of the list in `body`.
fn item(body: &Schema, pagination: &Pagination) -> Option<Schema> {
    let steps = pagination.items.list.clone().then(&[Step::Last]);
    let mut items = body.all_at(steps.steps());
    let keyed = items
        .iter()
        .position(|item| item.at(&pagination.key).is_some());
    (!items.is_empty()).then(|| items.swap_remove(keyed.unwrap_or(0)))
}

fn json_schema(operation: &Operation, status: u16) -> Option<Schema> {
    operation.response(status)?.json()?.schema.clone()
}

/// An extension's value, typed; a wrong one is placed where it was written.
fn extension<T: DeserializeOwned>(document: &Document, at: &str) -> Result<Option<T>, Problem> {
    let value = document.at(at).map(|value| typed(value, at)).transpose();
    value.map_err(|misfit| {
        document
            .problem(&misfit.pointer, misfit.message)
            .cure(misfit.cure)
    })
}
