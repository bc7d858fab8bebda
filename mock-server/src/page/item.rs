//! One item of a list, read alone by its key: the same item as on the pages of the list.

use bytes::Bytes;
use fixtures::{Caller, Unseen, Wanted};
use http::StatusCode;
use jiff::Timestamp;

use crate::answer::Answer;
use crate::mock::Mock;
use crate::parameters::Captures;
use crate::refusal::Refusal;
use crate::route::Route;

/// The answer with the item that the path names. `None` if the operation reads no item of a list, if the item does not
/// suit what the document declares for it, or if a list that is only assumed does not have it.
pub(super) fn answer(
    mock: &Mock,
    route: &Route,
    caller: Caller,
    captures: &Captures<'_>,
    now: Timestamp,
) -> Option<Result<Answer, Refusal>> {
    let item = route.item.as_ref()?;
    let list = mock.routes.at(item.list)?;
    if mock.world.defect(item.list).is_some() {
        return None;
    }
    let (keys, path): (Captures<'_>, Captures<'_>) = captures
        .iter()
        .cloned()
        .partition(|(name, _)| *name == item.parameter);
    let (_, key) = keys.into_iter().next()?;
    let timeline = match mock.see(list, caller, Wanted::Path(&path), now) {
        Ok(timeline) => timeline,
        Err(_) if list.example.is_some() => return None,
        Err(unseen) => return Some(Err(Refusal::Unseen(unseen))),
    };
    let Some(event) = timeline.event_named(&key) else {
        if list.example.is_some() {
            return None;
        }
        return Some(Err(Refusal::Unseen(Unseen::Missing)));
    };
    let media = route.operation().response(200)?.json()?;
    let value = serde_json::from_slice(&event).ok()?;
    if media
        .schema
        .as_ref()
        .is_some_and(|schema| !schema.is_valid(&value))
    {
        return None;
    }
    let body = Bytes::from(event);
    Some(Ok(Answer::new(StatusCode::OK, media.served_as(), body)))
}
