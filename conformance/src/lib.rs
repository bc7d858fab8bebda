//! Laws of paginated event timelines, and the means to hold any HTTP server to them.
//!
//! A [`Law`] is a sentence about every operation that a contract reads as a timeline. [`judge`] holds a
//! [`Subject`] (an HTTP server, a tower service in process, a closure) to all of them: it draws cases,
//! shrinks those that break a law, and says what should have come and what came. Four things never mix:
//! the subject broke a law, the case was moot, we could not ask, the user called us wrongly.
//!
//! Nothing here is async, knows a parameter's name, or takes an expected value from a mock.

mod baseline;
mod budget;
mod case;
mod cases;
pub mod catalogue;
mod draw;
mod facts;
#[cfg(feature = "harness")]
pub mod harness;
mod hooks;
mod judge;
pub mod law;
mod laws;
mod level;
pub mod lie;
mod lock;
mod marks;
#[cfg(test)]
mod matrix;
pub mod outcome;
mod presigned;
mod published;
pub mod report;
pub mod session;
pub mod subject;
mod subject_file;
#[cfg(test)]
mod testing;
mod tried;
mod unknown;
#[cfg(test)]
mod variants;
mod verdict;

pub use baseline::Baseline;
pub use budget::Budget;
pub use case::{After, Case, Credentials};
pub use cases::Cases;
pub use facts::{Facts, Resource};
pub use hooks::{HookRequest, HookRequests, Hooks, ReadsRequest};
pub use judge::{Jobs, Notice, Options, find_again, judge};
pub use law::{Basis, Conduct, Group, Law};
pub use level::Level;
pub use lie::Liar;
pub use outcome::{Breach, Outcome, Skip, Stop};
pub use published::published_files;
#[cfg(feature = "service")]
pub use subject::Service;
pub use subject::{Http, Lost, Paced, Polite, Reply, Request, Subject};
pub use subject_file::contracts;
pub use tried::Tried;
pub use verdict::{Counterexample, Finding, Judgement, Outlook, Shrinking, Verdict, outlook};
