//! A picture of a walk: the listing as a line, and over it the pages of a counterexample.

/// The pages of a counterexample over the listing of its resource. Places count from zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The resource's name.
    pub resource: String,
    /// The keys of the listing, in its order.
    pub listing: Vec<String>,
    /// The pages, in the order of the requests. Of a long walk they are the last ones.
    pub pages: Vec<PictureOfPage>,
}

/// A page in a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureOfPage {
    /// The number of its exchange in the transcript, from zero.
    pub exchange: usize,
    /// The places of its items in the listing, in the page's order.
    pub items: Vec<usize>,
    /// The keys of its items that the listing does not have, each with the resource whose item it is, if known.
    pub others: Vec<(String, Option<String>)>,
    /// The places of items that should be on it, and are not.
    pub lost: Vec<usize>,
    /// The places of items that are on it a second time, or before its start.
    pub repeated: Vec<usize>,
    /// The caller who must not see it, if that is so.
    pub leaked_to: Option<String>,
}

impl PictureOfPage {
    /// Whether it shows a fault.
    pub fn is_wrong(&self) -> bool {
        let leaked =
            self.leaked_to.is_some() || self.others.iter().any(|(_, owner)| owner.is_some());
        !self.lost.is_empty() || !self.repeated.is_empty() || leaked
    }
}
