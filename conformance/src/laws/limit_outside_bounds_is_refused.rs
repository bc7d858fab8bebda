//! A limit outside the schema's bounds is refused.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "limit-outside-bounds-is-refused",
    group: Group::Limit,
    title: "a limit below the minimum or above the maximum is refused as invalid; where the contract says that a limit \
            is clamped, one above the maximum gets the page of the maximum",
    why: "a client whose limit is changed silently believes that it saw the last page",
    level: Level::Must,
    basis: Basis::Document,
    citation: draw::cite_limit,
    cases: |session| {
        let (Some(limit), Some(bounds)) = (
            session.contract().limit(),
            session.contract().limit_bounds(),
        ) else {
            return not_in_force("the operation has no limit");
        };
        let mut outside = Vec::new();
        if let Some(minimum) = bounds.minimum {
            outside.extend([(i128::from(minimum) - 1).to_string(), "-1".to_owned()]);
            outside.dedup();
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
        let plain = draw::plain(session)?;
        let outside = outside.into_iter();
        let cases = outside.map(|text| plain.clone().send(&limit.name, text));
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let (Some(limit), Some((_, text))) = (session.contract().limit(), case.sent.first()) else {
            return session.is_refused_as_invalid(case);
        };
        if !session.contract().clamps(limit, text) {
            return session.is_refused_as_invalid(case);
        }
        let maximum = session
            .contract()
            .limit_bounds()
            .and_then(|bounds| bounds.maximum);
        let plain = Case {
            sent: Vec::new(),
            limits: maximum.into_iter().collect(),
            ..case.clone()
        };
        session.same_page(&session.ask(&plain)?, &session.ask(case)?)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let Some((limit, bounds)) = lied.contract.limit().zip(lied.contract.limit_bounds()) else {
            return lied.ask(request);
        };
        let number = request.text(limit).and_then(|text| text.parse().ok());
        let (least, most) = (
            bounds.minimum.map(i128::from),
            bounds.maximum.map(i128::from),
        );
        let clamped = number.map(|number: i128| {
            number
                .max(least.unwrap_or(number))
                .min(most.unwrap_or(number))
        });
        match clamped.filter(|_| clamped != number) {
            Some(clamped) => lied.ask(&request.with(limit, Some(&clamped.to_string()))),
            None => lied.ask(request),
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
