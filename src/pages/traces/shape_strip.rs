//! The shape of a trace as a strip of 64 by 12 pixels, and the same in words. Pure.

use crate::format::digits::grouped;
use fanlight_wire::shape::{Band, N_STEPS, TraceShape};

/// What the strip is painted with, the uppermost first: failures over all bands, then a band for each kind of work. The
/// style sheet says where each lies; there have to be four.
pub fn strip(shape: &TraceShape) -> String {
    let layers = [
        gradient(&shape.errors(), "error"),
        gradient(&shape.runs_of(Band::Llm), "run-llm"),
        gradient(&shape.runs_of(Band::Tool), "run-tool"),
        gradient(&shape.runs_of(Band::Retriever), "run-retriever"),
    ];
    layers.join(", ")
}

/// Pieces with hard ends.
fn gradient(pieces: &[(usize, usize)], token: &str) -> String {
    let percent = |step: usize| step as f64 * 100.0 / N_STEPS as f64;
    let mut stops = vec!["transparent 0".to_owned()];
    for (from, to) in pieces {
        let (from, to) = (percent(*from), percent(*to));
        stops.push(format!("transparent {from}%, var(--{token}) {from}% {to}%, transparent {to}%"));
    }
    stops.push("transparent 100%".to_owned());
    format!("linear-gradient(to right, {})", stops.join(", "))
}

/// `12 runs: 3 LLM calls, 2 tool calls, 1 failed`.
pub fn shape_words(shape: &TraceShape) -> String {
    let count = |n: u32, one: &str, many: &str| {
        (n > 0).then(|| format!("{} {}", grouped(i64::from(n)), if n == 1 { one } else { many }))
    };
    let parts: Vec<String> = [
        count(shape.n_llm, "LLM call", "LLM calls"),
        count(shape.n_tool, "tool call", "tool calls"),
        count(shape.n_retriever, "retrieval", "retrievals"),
        count(shape.n_errors, "failed", "failed"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let runs = count(shape.n_runs, "run", "runs").unwrap_or_else(|| "No runs".to_owned());
    let runs = if shape.is_partial { format!("The first {runs}") } else { runs };
    if parts.is_empty() { runs } else { format!("{runs}: {}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_have_hard_ends_and_failures_lie_on_top() {
        let mut shape = TraceShape::default();
        shape.add(Band::Llm, 16..=31);
        shape.add_error(63);
        let strip = strip(&shape);
        let layers: Vec<&str> = strip.split("linear-gradient").skip(1).collect();
        assert!(layers[0].contains("var(--error) 98.4375% 100%"), "{}", layers[0]);
        assert!(layers[1].contains("transparent 25%, var(--run-llm) 25% 50%, transparent 50%"), "{}", layers[1]);
        assert_eq!((layers.len(), layers[2].contains("var")), (4, false));
    }

    #[test]
    fn the_same_is_said_in_words() {
        let mut shape = TraceShape::of(1200);
        shape.is_partial = true;
        assert_eq!(shape_words(&TraceShape::of(1)), "1 run");
        shape.add(Band::Llm, 0..=3);
        shape.add(Band::Tool, 0..=3);
        shape.add(Band::Tool, 4..=5);
        shape.add_error(5);
        assert_eq!(shape_words(&shape), "The first 1,200 runs: 1 LLM call, 2 tool calls, 1 failed");
        assert_eq!(shape_words(&TraceShape::default()), "No runs");
    }
}
