//! Marks are keywords for properties that JSON Schema cannot check, or that have their own law.
//!
//! A time in UTC and a presigned URL are examples of the first kind, the format of an id of the second.

use openapi::{Contract, Marking, Schema};
use serde_json::Value;

use crate::lie::Lied;
use crate::outcome::{Outcome, Skip, broken, never_occurs, not_in_force};
use crate::session::{Session, times};
use crate::subject::{Lost, Reply, Request};
use crate::{Case, Cases, Stop, draw};

/// A keyword with which a schema describes a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    /// The keyword.
    pub(crate) keyword: &'static str,
    /// The keyword's value. `None` stands for any value except `false`.
    pub(crate) word: Option<&'static str>,
    /// The word for texts with this mark, in the plural.
    pub(crate) bearers: &'static str,
}

/// A text at a marked place of a page.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// The keyword's value.
    pub(crate) says: &'a Value,
    /// The time at which the page came, in seconds since 1970.
    pub(crate) now: i64,
    place: &'a str,
}

impl Mark {
    /// The schemas of a page that have the mark.
    fn schemas(self, contract: &Contract) -> Vec<Schema> {
        let mut schemas = contract.body().saying(self.keyword);
        schemas.retain(|schema| {
            schema
                .keyword(self.keyword)
                .is_some_and(|says| self.is(says))
        });
        schemas
    }

    /// The first place where the contract says it.
    pub(crate) fn cite(self, contract: &Contract) -> String {
        let schema = self.schemas(contract).into_iter().next();
        schema.map_or_else(String::new, |schema| {
            contract
                .document()
                .cite(&openapi::join(schema.pointer(), self.keyword))
        })
    }

    /// The pages to look for the mark on. The law is not in force if no schema has it.
    pub(crate) fn cases(self, session: &Session<'_>) -> Result<Cases, Skip> {
        if self.schemas(session.contract()).is_empty() {
            return not_in_force(format!("no schema of a page declares {}", self.bearers));
        }
        draw::optional(session, 1).map(Cases::Drawn)
    }

    /// Checks every marked text of a case's page. The case is moot if every check is.
    ///
    /// If no page has such a text, the law is not in force: it is kept by leaving the text out.
    pub(crate) fn hold(
        self,
        session: &Session<'_>,
        case: &Case,
        check: impl Fn(&Said<'_>) -> Outcome,
    ) -> Outcome {
        let exchange = session.send_case(case)?;
        let page = session.read_or_moot(&exchange)?;
        let mut outcome = never_occurs(format!("no page that was read has {}", self.bearers));
        for marking in self.places(session.contract(), &page.body) {
            let said = Said {
                text: marking.value.as_str().unwrap_or_default(),
                says: &marking.says,
                now: times::seconds(exchange.at),
                place: &marking.instance,
            };
            match check(&said) {
                Ok(()) => outcome = Ok(()),
                silent @ Err(Stop::Moot(_) | Stop::NotInForce(_)) if outcome.is_err() => {
                    outcome = silent;
                }
                Err(Stop::Moot(_) | Stop::NotInForce(_)) => {}
                stop => return stop,
            }
        }
        outcome
    }

    /// The honest answer; if it is a page, with each marked text changed.
    pub(crate) fn edit(
        self,
        lied: &Lied<'_>,
        request: &Request,
        edit: impl Fn(&str) -> String,
    ) -> Result<Reply, Lost> {
        lied.edit_page(request, |body| {
            let marked: Vec<_> = self
                .places(lied.contract, body)
                .into_iter()
                .map(|marking| marking.instance)
                .collect();
            for place in marked {
                if let Some(Value::String(text)) = body.pointer_mut(&place) {
                    *text = edit(text);
                }
            }
        })
    }

    fn places<'v>(self, contract: &Contract, body: &'v Value) -> Vec<Marking<'v>> {
        let is_wanted = |says: &Value, value: &Value| value.is_string() && self.is(says);
        contract
            .body()
            .markings_where(body, self.keyword, is_wanted)
    }

    fn is(self, says: &Value) -> bool {
        self.word
            .map_or(*says != Value::Bool(false), |word| says == word)
    }
}

impl Said<'_> {
    /// No breach if `holds`, or else a breach of `expected`.
    pub(crate) fn must(&self, holds: bool, expected: &str) -> Outcome {
        if holds {
            return Ok(());
        }
        broken(expected, format!("`{}` at {}", self.text, self.place))
    }
}
