//! Hints for the reader of a report: how a timeline grew, and whether the subject file knows it.

use openapi::Direction;

use super::{Listing, Session, is_grown_from};

impl Session<'_> {
    /// Notes the end of the list at which added events appeared.
    pub(crate) fn note_growth(&self, before: &Listing, after: &Listing) {
        let (old, new) = (&before.keys, &after.keys);
        if old.is_empty() || new.len() <= old.len() {
            return;
        }
        let end = match (new.starts_with(old), new.ends_with(old)) {
            (true, false) => "end",
            (false, true) => "start",
            _ => return,
        };
        let order = &self.contract().pagination().order;
        let newest_first = order.by.is_some() && order.direction == Direction::Descending;
        let hint = if newest_first && end == "end" {
            "; the newest come first, and faults at the start show only if the hook adds there"
        } else {
            ""
        };
        self.note(format!(
            "added events appeared at the {end} of the list{hint}"
        ));
    }

    /// Asks whether the subject file is right, if a resource grew since it was listed, and the file does not say
    /// that it grows.
    ///
    /// It reads the listing again.
    pub(crate) fn unsaid_growth(&self, name: &str) -> Option<String> {
        let resource = self.facts().resource(name)?;
        if resource.grows {
            return None;
        }
        let before = self.shared(&resource.name)?;
        let after = self.read_listing(&resource.name).ok()?;
        let (old, new) = (&before.keys, &after.keys);
        let grew = before.complete && new.len() > old.len() && is_grown_from(new, old);
        grew.then(|| format!("{name} grew from {} to {} items meanwhile: is the subject file right? (`grows: true`)", old.len(), new.len()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::{Duration, SystemTime};

    use openapi::{Contract, Source};

    use crate::testing::{NOW, contracts, hooked, living};
    use crate::{Facts, Liar, Options, Subject, catalogue, judge};

    fn notes(
        law: &str,
        (contract, facts): (&Contract, &Facts),
        subject: &dyn Subject,
    ) -> BTreeSet<String> {
        let options = Options {
            laws: vec![law.to_owned()],
            clock: || SystemTime::UNIX_EPOCH + NOW,
            ..Options::default()
        };
        let mut judgement = judge(contract, facts, subject, &options, &mut |_| {});
        judgement.findings.remove(0).notes
    }

    /// The notes of a breach on a liar whose job grows meanwhile.
    fn notes_of_a_live_job(grows: &str) -> BTreeSet<String> {
        let law = catalogue::law("cursor-is-exclusive").unwrap();
        let file = format!(
            "callers: {{ ada: {{ token: token-of-ada }} }}\ntimelines:\n  job-timeline:\n    - \
             {{ id: 01JADA0000000000000000FEED, owner: ada{grows} }}"
        );
        let known: Vec<_> = contracts().into_iter().map(|(known, _)| known).collect();
        let read = Facts::read(&Source::new("subject.yaml", file), &known, |_| None);
        let (contract, facts) = read.unwrap().swap_remove(0);
        let liar = Liar::new(contract.clone(), law.lie, living(Duration::from_secs(20)));
        notes(law.id, (&contract, &facts), &liar)
    }

    #[test]
    fn a_breach_on_a_timeline_that_grows_unsaid_asks_whether_the_subject_file_is_right() {
        let asks = |notes: &BTreeSet<String>| {
            let mut notes = notes.iter();
            notes.any(|note| note.contains("is the subject file right? (`grows: true`)"))
        };
        let unsaid = notes_of_a_live_job("");
        assert!(asks(&unsaid), "{unsaid:?}");
        let said = notes_of_a_live_job(", grows: true");
        assert!(!asks(&said), "{said:?}");
    }

    #[test]
    fn the_report_says_where_added_events_appeared() {
        for (contract, facts) in contracts() {
            let (mock, hooks) = hooked(facts.hooks());
            let facts = facts.with_hooks(hooks);
            let notes = notes("old-events-keep-their-place", (&contract, &facts), &mock);
            let expect = "added events appeared at the end of the list".to_owned();
            assert!(notes.contains(&expect), "{notes:?}");
        }
    }
}
