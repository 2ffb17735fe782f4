//! What was wrong with a trace as it arrived, and what was done about it: shown, never hidden.

/// How many runs needed each kind of mending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// Their parent is not (yet) here; shown at the top level.
    pub n_orphans: u32,
    /// Rings of runs that name each other as parent; each was opened at its earliest run.
    pub n_cycles: u32,
    /// Runs with an id that another run already has; the first one is shown.
    pub n_duplicates: u32,
    /// Finished runs without an end; shown as an instant.
    pub n_missing_ends: u32,
    /// Runs that end before they start; shown as an instant.
    pub n_ends_before_start: u32,
    /// Runs that start over a millisecond before their parent; shown where their own clock says.
    pub n_starts_before_parent: u32,
    /// Runs cut off because the columns had different lengths.
    pub n_cut_off: u32,
}

impl Repairs {
    /// One sentence per kind that occurred.
    pub fn sentences(&self) -> Vec<String> {
        let kinds = [
            (self.n_orphans, "run names a parent that is not here", "runs name a parent that is not here"),
            (self.n_cycles, "ring of runs was opened at its earliest", "rings of runs were opened at their earliest"),
            (
                self.n_duplicates,
                "run has the id of another and is left out",
                "runs have the id of another and are left out",
            ),
            (self.n_missing_ends, "finished run has no end time", "finished runs have no end time"),
            (self.n_ends_before_start, "run ends before it starts", "runs end before they start"),
            (
                self.n_starts_before_parent,
                "run starts before its parent: clocks disagree",
                "runs start before their parent: clocks disagree",
            ),
            (self.n_cut_off, "run arrived incomplete and is left out", "runs arrived incomplete and are left out"),
        ];
        let sentence = |(n, one, many): (u32, &str, &str)| format!("{n} {}", if n == 1 { one } else { many });
        kinds.into_iter().filter(|kind| kind.0 > 0).map(sentence).collect()
    }
}
