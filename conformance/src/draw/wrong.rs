//! Queries that the contract refuses: texts that a parameter's schema does not accept.

use openapi::{Contract, Location, Parameter};

use crate::outcome::Skip;
use crate::session::Session;
use crate::{Case, outcome};

/// Texts, one for each way in which a parameter can be wrong: another type, a fraction, out of bounds.
const TEXTS: &[&str] = &["abc", "1.5", "-1", "0", "18446744073709551616"];

/// A parameter's name, and an invalid text for it.
pub(crate) type Wrong = (String, String);

/// Every query with one wrong parameter, and then one with all of them, if there are several.
///
/// Not in force if the schemas accept any text.
pub(crate) fn queries(session: &Session<'_>) -> Result<Vec<Vec<Wrong>>, Skip> {
    let parameters = session.contract().parameters();
    let wrong: Vec<Vec<Wrong>> = parameters
        .map(|parameter| texts(session.contract(), parameter))
        .filter(|texts| !texts.is_empty())
        .collect();
    if wrong.is_empty() {
        return outcome::not_in_force("the schemas of the parameters accept any text");
    }
    let all: Vec<Wrong> = wrong.iter().map(|texts| texts[0].clone()).collect();
    let mut queries: Vec<Vec<Wrong>> = wrong.into_iter().flatten().map(|one| vec![one]).collect();
    if all.len() > 1 {
        queries.push(all);
    }
    Ok(queries)
}

/// Each of [`queries`] for some resource.
pub(crate) fn cases(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    let plain = super::plain(session)?;
    let case = |sent| Case {
        sent,
        ..plain.clone()
    };
    Ok(queries(session)?.into_iter().map(case).collect())
}

/// As [`cases`]. Not in force if the contract does not declare where a refusal lists errors.
pub(crate) fn listed_cases(session: &Session<'_>) -> Result<Vec<Case>, Skip> {
    if session.contract().validation_errors().is_none() {
        return outcome::not_in_force("the contract does not declare where errors are listed");
    }
    cases(session)
}

fn texts(contract: &Contract, parameter: &Parameter) -> Vec<Wrong> {
    if !matches!(parameter.location, Location::Query | Location::Header) {
        return Vec::new();
    }
    TEXTS
        .iter()
        .filter(|text| contract.refuses(parameter, text))
        .map(|text| (parameter.name.clone(), (*text).to_owned()))
        .collect()
}
