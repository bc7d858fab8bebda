//! Laws of paginated event timelines, and a judge that checks any HTTP server by them.
//!
//! [`judge`] tries every [`Law`] of the [`catalogue`] on a [`Subject`]: an HTTP server, a tower service in
//! process, or a closure. Nothing here is async, names a parameter, or takes an expected value from a mock.
//!
//! The way of one case:
//!
//! 1. `subject_file.rs` reads the [`Facts`]: which resources there are, and who owns them.
//! 2. A law's `cases` come from `draw.rs`, which draws a [`Case`] from the facts and the listings.
//! 3. A law's `holds` turns the case into requests through the [`session`], which knows the contract.
//! 4. `session/run.rs` adds the credentials, asks the [`subject`], and shows each answer to the watches.
//! 5. The law reads the answers through the session and returns an [`Outcome`].
//! 6. `judge.rs` shrinks a case that breaks the law, and makes a [`Verdict`] of all outcomes.
//! 7. `report.rs` writes the verdicts down, without tokens.
//!
//! `laws/` has a file for each law; [`lie`] makes liars of honest servers, so that tests see laws fail.

mod baseline;
mod budget;
mod case;
mod cases;
pub mod catalogue;
mod causes;
mod discover;
mod draw;
mod examples;
mod facts;
#[cfg(feature = "harness")]
pub mod harness;
pub mod history;
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
mod moment;
mod naming;
pub mod outcome;
mod permission;
mod picture;
mod plan;
mod presigned;
mod published;
mod renewing;
pub mod report;
mod sample;
mod scope;
pub mod session;
mod siblings;
pub mod subject;
mod subject_file;
#[cfg(test)]
mod testing;
mod token;
mod tried;
mod unknown;
#[cfg(test)]
mod variants;
mod verdict;
mod walked;
mod web;

pub use baseline::Baseline;
pub use budget::Budget;
pub use case::{After, Alteration, Case, Credentials};
pub use cases::Cases;
pub use causes::{Headline, causes};
pub use discover::{Caller, Discovered, discover};
pub use examples::{Example, Wrong, examples};
pub use facts::{Facts, KnownPlace, Resource, Sent, Taken};
pub use hooks::{HookRequest, HookRequests, Hooks, ReadsRequest};
pub use judge::{Jobs, Notice, Options, find_again, judge, judge_all};
pub use law::{Basis, Conduct, Group, Law};
pub use level::Level;
pub use lie::Liar;
pub use moment::{Moment, Moments};
pub use outcome::{Breach, Outcome, Skip, Stop};
pub use permission::UnsafeMethods;
pub use picture::{Picture, PictureOfPage};
pub use plan::{Additions, Plan};
pub use published::published_files;
pub use renewing::Renewing;
pub use scope::Scope;
#[cfg(feature = "service")]
pub use subject::Service;
pub use subject::{Cause, Connection, Http, Lost, Paced, Reply, Request, Subject, Terms};
pub use subject_file::{contracts, no_timeline, sure_contracts};
pub use tried::Tried;
pub use verdict::{Counterexample, Finding, Judgement, Outlook, Shrinking, Verdict, outlook};
pub use walked::{Walked, walk};
pub use web::Web;
