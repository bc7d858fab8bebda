//! Whether what `x-pagination` says of an operation is so: every parameter, status, place and word that it
//! mentions must be the document's.

use serde_json::Value;

use super::{Contract, json_schema};
use crate::{Bound, Location, OverLimit, Problem, Schema, Selector, Step, UnknownCursor, join};

impl Contract {
    /// Checks the extensions, which stand at these places, against the operation.
    pub(super) fn check(&self, at: &str, errors_at: &str) -> Result<(), Problem> {
        self.check_parameters(at)?;
        self.check_values(at)?;
        self.check_times(at)?;
        self.check_statuses(at)?;
        self.check_places(at)?;
        self.check_item_operation(at)?;
        self.check_lifecycle(at)?;
        self.check_validation_errors(errors_at)
    }

    fn check_parameters(&self, at: &str) -> Result<(), Problem> {
        for (role, site) in self.pagination().request.sites() {
            if self.paged.paging.parameter(role).is_none() {
                let place = join(&join(at, "request"), role.word());
                return Err(self.no_parameter(&place, site.location(), site.name()));
            }
        }
        if let Some(limit) = self
            .limit()
            .filter(|limit| !limit.takes("integer") && !limit.shares_its_text())
        {
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
        let maximum = self.limit_bounds().and_then(|bounds| bounds.maximum);
        if self.pagination().limit.over == OverLimit::Clamp && maximum.is_none() {
            let place = join(&join(at, "limit"), "over");
            let message = "`over: clamp` needs a limit with a maximum, and there is none";
            let problem = self.document.problem(&place, message);
            return Err(problem.cure("declare `maximum` in the limit's schema, or take `over` out"));
        }
        self.check_parent(at)
    }

    fn check_parent(&self, at: &str) -> Result<(), Problem> {
        let Some(parent) = &self.pagination().parent else {
            return Ok(());
        };
        let at = join(at, "parent");
        let one = parent
            .parameter
            .iter()
            .map(|name| (join(&at, "parameter"), name));
        let several = parent.parameters.iter().enumerate();
        let several = several.map(|(index, name)| (format!("{at}/parameters/{index}"), name));
        for (place, name) in one.chain(several) {
            if self.operation().parameter(Location::Path, name).is_none() {
                return Err(self.no_parameter(&place, Location::Path, name));
            }
        }
        if parent.parameter().is_none() {
            let message = "`parameter` is missing from `parent`";
            let problem = self.document.problem(&at, message);
            return Err(problem.cure("name the path parameter of the resource, as in `parameter: id`; a list of no resource has no `parent`"));
        }
        Ok(())
    }

    /// A cursor that is compared with items must be compared with what they are sorted by.
    fn check_values(&self, at: &str) -> Result<(), Problem> {
        let pagination = self.pagination();
        let is_sorted = pagination.order.by.as_ref() == Some(&pagination.key);
        if !self.paging().compares_values() || is_sorted {
            return Ok(());
        }
        let place = format!("{at}/cursor/unknown");
        let message = "`unknown: by-value` needs items that are sorted by their key";
        let problem = self.document.problem(&place, message);
        Err(problem.cure("say `order: { by: ... }` with the place of the key, or take it out"))
    }

    /// A cursor that is a time must be the last item's, and no two items may have one time: a page would lose items.
    fn check_times(&self, at: &str) -> Result<(), Problem> {
        let pagination = self.pagination();
        if !self.paging().compares_times() {
            return Ok(());
        }
        let wrong = |key: &str, message: String, cure: &str| {
            let problem = self.document.problem(&format!("{at}{key}"), message);
            Err(problem.cure(cure))
        };
        if !pagination.order.strict {
            return wrong(
                "/order",
                "`order.strict` is missing, and a cursor that is a time needs it".to_owned(),
                "say `strict: true` if no two items have one time; if some do, a page may lose items, and a token is needed",
            );
        }
        if pagination.cursor.bound == Bound::Inclusive {
            return wrong(
                "/cursor/bound",
                "`cursor.bound: inclusive` has no meaning where a cursor is the last item's time"
                    .to_owned(),
                "take it out",
            );
        }
        let by = pagination.order.by.as_ref().unwrap_or(&pagination.key);
        let last = pagination.items.list.clone().then(&[Step::Last]);
        let last = last.then(by.steps());
        if pagination
            .next
            .cursor
            .as_ref()
            .is_some_and(|next| *next != last)
        {
            return wrong(
                "/next/cursor",
                format!("`next.cursor` must be `{last}`, the time of the last item"),
                "name that place; a time beside the items is not supported",
            );
        }
        Ok(())
    }

    fn check_statuses(&self, at: &str) -> Result<(), Problem> {
        let parent = self.pagination().parent.as_ref();
        let unknown_cursor = match self.pagination().cursor.unknown {
            Some(UnknownCursor::Status(status)) => Some(status),
            _ => None,
        };
        let expires = self.pagination().cursor.expires.as_ref();
        let statuses = [
            ("/parent/missing", parent.and_then(|parent| parent.missing)),
            ("/parent/foreign", parent.and_then(|parent| parent.foreign)),
            ("/cursor/unknown", unknown_cursor),
            ("/cursor/expires/status", expires.map(|one| one.status)),
        ];
        for (tail, status) in statuses {
            if let Some(status) = status.filter(|one| self.operation().response(*one).is_none()) {
                return Err(self.no_answer(&format!("{at}{tail}"), status));
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
            .operation()
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
        let known = self.operation().statuses();
        let known: Vec<_> = known.map(ToOwned::to_owned).collect();
        let cure = format!(
            "it declares {}; an overlay can add the answer",
            listed(&known)
        );
        self.document.problem(at, message).cure(cure)
    }

    fn check_places(&self, at: &str) -> Result<(), Problem> {
        let pagination = self.pagination();
        if self.paged.item.is_none() {
            return Err(self.no_place(
                &join(at, "items"),
                &self.paged.body,
                &pagination.items.list,
                "list",
            ));
        }
        let item = self.item();
        let (next, previous) = (&pagination.next, &pagination.previous);
        let totals = &pagination.totals;
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
            ("/next/cursor", &self.paged.body, next.cursor.as_ref()),
            ("/next/same-as", &self.paged.body, next.same_as.as_ref()),
            ("/next/more", &self.paged.body, next.more.as_ref()),
            (
                "/echo/first",
                &self.paged.body,
                pagination.echo.first.as_ref(),
            ),
            (
                "/echo/last",
                &self.paged.body,
                pagination.echo.last.as_ref(),
            ),
            ("/parent/echo", &self.paged.body, parent_echo),
            ("/item/cursor", &item, pagination.item.cursor.as_ref()),
            ("/next/url", &self.paged.body, next.url.as_ref()),
            ("/next/done", &self.paged.body, next.done.as_ref()),
            (
                "/previous/cursor",
                &self.paged.body,
                previous.cursor.as_ref(),
            ),
            ("/previous/url", &self.paged.body, previous.url.as_ref()),
            ("/previous/more", &self.paged.body, previous.more.as_ref()),
            ("/totals/items", &self.paged.body, totals.items.as_ref()),
            (
                "/totals/remaining",
                &self.paged.body,
                totals.remaining.as_ref(),
            ),
            ("/totals/pages", &self.paged.body, totals.pages.as_ref()),
            (
                "/echo/limit",
                &self.paged.body,
                pagination.echo.limit.as_ref(),
            ),
            (
                "/echo/offset",
                &self.paged.body,
                pagination.echo.offset.as_ref(),
            ),
            (
                "/echo/page",
                &self.paged.body,
                pagination.echo.page.as_ref(),
            ),
        ];
        for (tail, schema, selector) in places {
            if let Some(selector) = selector.filter(|selector| schema.at(selector).is_none()) {
                return Err(self.no_place(&format!("{at}{tail}"), schema, selector, "place"));
            }
        }
        self.check_volatile(at)?;
        self.check_resume(at)
    }

    fn check_volatile(&self, at: &str) -> Result<(), Problem> {
        let item = self.item();
        let pagination = self.pagination();
        for (index, place) in pagination.volatile.iter().enumerate() {
            if item.at(place).is_none() {
                return Err(self.no_place(
                    &format!("{at}/volatile/{index}"),
                    &item,
                    place,
                    "place",
                ));
            }
        }
        Ok(())
    }

    /// The place of a cursor in the refusal of one that expired.
    fn check_resume(&self, at: &str) -> Result<(), Problem> {
        let expires = self.pagination().cursor.expires.as_ref();
        let refusal = expires.and_then(|one| json_schema(self.operation(), one.status));
        let resume = expires.and_then(|one| one.resume.as_ref());
        if let (Some(refusal), Some(resume)) = (&refusal, resume)
            && refusal.at(resume).is_none()
        {
            let place = format!("{at}/cursor/expires/resume");
            return Err(self.no_place(&place, refusal, resume, "place"));
        }
        Ok(())
    }

    fn no_place(&self, at: &str, schema: &Schema, selector: &Selector, what: &str) -> Problem {
        let message = format!(
            "the schema at {} has no {what} `{selector}`",
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

    fn check_item_operation(&self, at: &str) -> Result<(), Problem> {
        let Some(id) = &self.pagination().item.operation else {
            return Ok(());
        };
        if self.item_operation().is_some() {
            return Ok(());
        }
        let place = format!("{at}/item/operation");
        let message = format!(
            "`{id}` is no GET operation whose path has one parameter more than the list's, for an item's key"
        );
        let problem = self.document.problem(&place, message);
        Err(problem.cure("name the operationId of the one that reads an item, or take it out"))
    }

    fn check_lifecycle(&self, at: &str) -> Result<(), Problem> {
        let Some(lifecycle) = &self.pagination().lifecycle else {
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
        let Some(errors) = &self.paged.validation_errors else {
            return Ok(());
        };
        let Some(body) = json_schema(self.operation(), errors.status) else {
            return Err(self.no_answer(&join(at, "status"), errors.status));
        };
        let list = body.at(&errors.errors).and_then(|list| list.items());
        let Some(error) = list else {
            return Err(self.no_place(&join(at, "errors"), &body, &errors.errors, "list"));
        };
        for (role, selector) in [
            ("location", &errors.location),
            ("message", &errors.message),
            ("kind", &errors.kind),
        ] {
            if error.at(selector).is_none() {
                return Err(self.no_place(&join(at, role), &error, selector, "place"));
            }
        }
        Ok(())
    }
}

fn listed(words: &[String]) -> String {
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}
