//! A limit outside the schema's bounds is refused.

use crate::Case;
use crate::law::{Basis, Cases, Group, Law, Level, broken, not_in_force};

pub(crate) const LAW: Law = Law {
    id: "limit-outside-bounds-is-refused",
    group: Group::Limit,
    title: "a limit below the minimum or above the maximum is refused as invalid",
    why: "a limit that is quietly changed makes a client believe that it saw the last page",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| match contract.limit() {
        Some(limit) => contract.document().cite(limit.schema.pointer()),
        None => String::new(),
    },
    cases: |session| {
        let (Some(limit), Some(bounds)) = (
            session.contract().limit(),
            session.contract().limit_bounds(),
        ) else {
            return not_in_force("the operation has no limit");
        };
        let mut outside = Vec::new();
        if let Some(minimum) = bounds.minimum {
            outside.push((i128::from(minimum) - 1).to_string());
            outside.push("-1".to_owned());
        }
        if let Some(maximum) = bounds.maximum {
            let beyond = [i128::from(maximum) + 1, 1 << 31, 1 << 63, 1 << 64];
            outside.extend(
                beyond
                    .into_iter()
                    .filter(|one| *one > i128::from(maximum))
                    .map(|one| one.to_string()),
            );
        }
        if outside.is_empty() {
            return not_in_force("the limit's schema has no bounds");
        }
        let Some(resource) = session.resources().first() else {
            return not_in_force("the subject file names no resource");
        };
        Ok(Cases::Each(
            outside
                .into_iter()
                .map(|text| Case::of(&resource.id).send(&limit.name, text))
                .collect(),
        ))
    },
    holds: |session, case| {
        let reply = session.send_case(case)?.reply;
        let invalid = session.contract().invalid_status();
        if reply.status == invalid {
            return Ok(());
        }
        broken(
            format!("status {invalid}"),
            format!("status {}", reply.status),
        )
    },
    watch: None,
    lie: |lied, request| {
        let Some((limit, bounds)) = lied.contract.limit().zip(lied.contract.limit_bounds()) else {
            return lied.ask(request);
        };
        let sent = request
            .query()
            .into_iter()
            .find(|(name, _)| *name == limit.name);
        let number = sent.and_then(|(_, text)| text.parse::<f64>().ok());
        match (number, bounds.maximum) {
            (Some(number), Some(maximum)) if number > maximum as f64 => {
                lied.ask(&lied.with_limit(request, Some(maximum)))
            }
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_clamps_a_limit_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
