//! Lists behind a parameter that filters.

use openapi::{Location, Parameter};
use serde_json::Value;

use super::{End, Session};
use crate::outcome::never_occurs;
use crate::{Case, Stop, draw};

impl Session<'_> {
    /// The parameters of the query that may filter, each with two of the values that it takes.
    pub(crate) fn filters(&self) -> Vec<(String, [String; 2])> {
        /// The greatest number of them, because each costs some requests.
        const MOST: usize = 2;
        let paging = self.contract().paging();
        let is_given = |parameter: &Parameter| {
            let mut sent = self.resources().iter().flat_map(|one| &one.parameters);
            sent.any(|one| one.name == parameter.name)
        };
        let parameters = self.contract().parameters().filter(|one| {
            one.location == Location::Query
                && !one.required
                && !paging.asks_by(&one.name)
                && !is_given(one)
        });
        let found = parameters.filter_map(|one| Some((one.name.clone(), two_values(one)?)));
        found.take(MOST).collect()
    }

    /// The keys of all items of a case with such a parameter, read in the largest pages; `None` if there are too many.
    ///
    /// It never occurs if the server refuses the parameter.
    pub(crate) fn filtered(&self, case: &Case) -> Result<Option<Vec<String>>, Stop> {
        /// The number of pages to read.
        const PAGES: usize = 20;
        let largest = draw::accepted(self).ok().map(|accepted| accepted.end - 1);
        let case = largest
            .into_iter()
            .fold(case.clone().without_limits(), Case::limit);
        let first = self.send(&self.ask(&case)?)?;
        if self.read(&first).is_err() {
            return never_occurs("the server refuses parameters that may filter");
        }
        let walk = self.walk(&case, PAGES)?;
        Ok((walk.end == End::Last).then(|| walk.keys()))
    }
}

/// Two of the few values that a parameter takes; `None` if it takes others, too.
fn two_values(parameter: &Parameter) -> Option<[String; 2]> {
    let schema = &parameter.schema;
    if schema.types() == ["boolean"] {
        return Some(["true", "false"].map(str::to_owned));
    }
    let values = schema.keyword("enum")?.as_array()?.iter();
    let mut texts = values
        .filter_map(Value::as_str)
        .filter(|one| !one.is_empty());
    Some([texts.next()?, texts.next()?].map(str::to_owned))
}
