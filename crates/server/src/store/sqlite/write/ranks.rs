//! How sure a row is of what was said about its run.

/// Who said something about a run; a lower rank yields to a higher one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ranks {
    /// 0 nobody (`default`), 1 a patch, 2 a post.
    pub project: u8,
    /// 0 a guess, 1 taken from the parent, 2 said.
    pub trace: u8,
    /// 0 the time of arrival, 1 the end, 2 the dotted order, 3 said.
    pub start: u8,
}

impl Ranks {
    pub fn to_column(self) -> i64 {
        i64::from(self.project) | i64::from(self.trace) << 2 | i64::from(self.start) << 4
    }

    pub fn from_column(column: i64) -> Self {
        let bits = |shift: u32| (column >> shift & 3) as u8;
        Ranks { project: bits(0), trace: bits(2), start: bits(4) }
    }
}
