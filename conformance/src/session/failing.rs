//! Requests at which a server fails each time, although it answers others.

use super::run::Manner;
use super::{Ask, Exchange, Session};

/// Whether a status says that the server failed (RFC 9110, 15.6).
///
/// 501 and 505 say what the server does not support. That is no failure.
pub(crate) fn is_failure(status: u16) -> bool {
    status >= 500 && !matches!(status, 501 | 505)
}

impl Session<'_> {
    /// Looks whether the server fails again at a request at which it failed, and not at the plain one.
    pub(super) fn look_at_failure(&self, ask: &Ask, exchange: &Exchange) {
        /// The number of times that it must fail again.
        const AGAIN: usize = 2;
        let run = self.run();
        let may_repeat = run.may_repeat(&exchange.request);
        if !is_failure(exchange.reply.status) || !may_repeat || !run.may_confirm() {
            return;
        }
        for _ in 0..AGAIN {
            match self.ask_in(ask, Manner::Daring) {
                Ok(again) if is_failure(again.reply.status) => {}
                _ => return,
            }
        }
        if self.serves_plainly() {
            run.watch_failure(exchange);
        }
    }

    /// Whether the plain request is answered with 200 now.
    pub(super) fn serves_plainly(&self) -> bool {
        let plain = self.plain_ask();
        let answer = plain.map(|plain| self.ask_in(&plain, Manner::Usual));
        matches!(answer, Some(Ok(exchange)) if exchange.reply.status == 200)
    }
}
