//! The shape of a trace, small enough for every row of a list: which kinds of work went on in each of 64 steps of its
//! time, and in which of them something failed.

use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Steps of equal length from the trace's first start to its last end.
pub const N_STEPS: usize = 64;

/// What a list shows of a trace's runs.
///
/// Each band is a number in hexadecimal digits whose bit `n` says that such work went on in step `n`: JavaScript cannot
/// count to 64 bits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TraceShape {
    #[serde(with = "hex")]
    llm: u64,
    #[serde(with = "hex")]
    tool: u64,
    /// Retrievers and embeddings.
    #[serde(with = "hex")]
    retriever: u64,
    #[serde(with = "hex")]
    error: u64,
    /// Runs that were looked at.
    pub n_runs: u32,
    pub n_llm: u32,
    pub n_tool: u32,
    pub n_retriever: u32,
    pub n_errors: u32,
    /// The trace has more runs than are looked at for this.
    pub is_partial: bool,
}

/// Kinds of work that are shown: what everything else waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    Llm,
    Tool,
    /// Embeddings, too.
    Retriever,
}

impl TraceShape {
    /// Of so many runs, none of which was added.
    pub fn of(n_runs: usize) -> Self {
        TraceShape { n_runs: u32::try_from(n_runs).unwrap_or(u32::MAX), ..TraceShape::default() }
    }

    /// A run of some kind in these steps.
    pub fn add(&mut self, band: Band, steps: RangeInclusive<usize>) {
        let bits = steps.fold(0u64, |bits, step| bits | bit(step));
        let (band, count) = match band {
            Band::Llm => (&mut self.llm, &mut self.n_llm),
            Band::Tool => (&mut self.tool, &mut self.n_tool),
            Band::Retriever => (&mut self.retriever, &mut self.n_retriever),
        };
        *band |= bits;
        *count += 1;
    }

    pub fn add_error(&mut self, step: usize) {
        self.error |= bit(step);
        self.n_errors += 1;
    }

    /// The steps in which such work went on, in pieces without a gap: the first step of each, and the first after it.
    pub fn runs_of(&self, band: Band) -> Vec<(usize, usize)> {
        pieces(match band {
            Band::Llm => self.llm,
            Band::Tool => self.tool,
            Band::Retriever => self.retriever,
        })
    }

    /// The steps in which something failed, in the same way.
    pub fn errors(&self) -> Vec<(usize, usize)> {
        pieces(self.error)
    }
}

fn bit(step: usize) -> u64 {
    1 << step.min(N_STEPS - 1)
}

fn pieces(bits: u64) -> Vec<(usize, usize)> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for step in (0..N_STEPS).filter(|step| bits & bit(*step) != 0) {
        match pieces.last_mut() {
            Some((_, end)) if *end == step => *end = step + 1,
            _ => pieces.push((step, step + 1)),
        }
    }
    pieces
}

mod hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bits: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{bits:x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_survives_json_in_few_bytes() {
        let mut shape = TraceShape::of(3);
        shape.add(Band::Llm, 0..=63);
        shape.add(Band::Tool, 60..=80);
        shape.add_error(63);
        let json = serde_json::to_string(&shape).unwrap();
        assert_eq!(serde_json::from_str::<TraceShape>(&json).unwrap(), shape);
        assert!(json.contains(r#""tool":"f000000000000000""#) && json.len() < 220, "{json}");
        assert_eq!((shape.runs_of(Band::Llm), shape.runs_of(Band::Tool)), (vec![(0, 64)], vec![(60, 64)]));
        assert_eq!(serde_json::from_str::<TraceShape>("{}").unwrap(), TraceShape::default());
        assert!(serde_json::from_str::<TraceShape>(r#"{"llm":"no"}"#).is_err());
    }

    #[test]
    fn pieces_are_as_long_as_they_can_be() {
        let mut shape = TraceShape::default();
        [2, 3, 9].into_iter().for_each(|step| shape.add(Band::Retriever, step..=step));
        assert_eq!(shape.runs_of(Band::Retriever), [(2, 4), (9, 10)]);
    }
}
