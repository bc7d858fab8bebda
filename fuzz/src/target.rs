//! What is tried.

/// Something that reads bytes from outside.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and that of its folder of seeds.
    pub name: &'static str,
    /// Reads one input. It returns also if the input is wrong.
    pub read: fn(&[u8]),
}
