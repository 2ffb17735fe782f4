//! The shape of a trace at a glance: what kinds of work went on when, and where it failed.

use super::columns::{ABSENT, Columns};
use fanlight_wire::RunType;
use fanlight_wire::shape::{Band, N_STEPS, TraceShape};

/// Of the runs in `slots`, of one trace. A run that still runs lasts until the last that is known of the trace.
pub fn shape(columns: &Columns, slots: &[u32]) -> TraceShape {
    let starts = slots.iter().map(|&slot| columns.start_ns[slot as usize]);
    let ends = slots.iter().map(|&slot| columns.end_ns[slot as usize]).filter(|end_ns| *end_ns != ABSENT);
    let first_ns = starts.clone().min().unwrap_or(0);
    let last_ns = starts.chain(ends).max().unwrap_or(0);
    let mut shape = TraceShape::of(slots.len());
    for &slot in slots {
        let start_ns = columns.start_ns[slot as usize];
        let end_ns = match columns.end_ns[slot as usize] {
            ABSENT => last_ns,
            end_ns => end_ns.max(start_ns),
        };
        let from = step(first_ns, last_ns, start_ns);
        let to = step(first_ns, last_ns, end_ns.saturating_sub(1).max(start_ns));
        if let Some(band) = band(columns.run_type[slot as usize]) {
            shape.add(band, from..=to);
        }
        if columns.has_error(slot) {
            // Where it failed is where it ended.
            shape.add_error(to);
        }
    }
    shape
}

fn band(run_type: u8) -> Option<Band> {
    match RunType::ALL[usize::from(run_type)] {
        RunType::Llm => Some(Band::Llm),
        RunType::Tool => Some(Band::Tool),
        RunType::Retriever | RunType::Embedding => Some(Band::Retriever),
        RunType::Chain | RunType::Prompt | RunType::Parser => None,
    }
}

fn step(first_ns: i64, last_ns: i64, time_ns: i64) -> usize {
    let (whole, part) = (i128::from(last_ns) - i128::from(first_ns), i128::from(time_ns) - i128::from(first_ns));
    let step = part * N_STEPS as i128 / whole.max(1);
    (step.max(0) as usize).min(N_STEPS - 1)
}

#[cfg(test)]
mod tests {
    use super::super::columns::Facts;
    use super::super::columns::tests::facts;
    use super::*;
    use fanlight_wire::RunStatus;

    /// A run from `start` to `end` in 64ths of a trace that lasts 64 s.
    fn run(pk: u32, run_type: RunType, start: i64, end: Option<i64>) -> Facts {
        let code = |wanted: RunType| RunType::ALL.iter().position(|it| *it == wanted).unwrap() as u8;
        let end_ns = end.map_or(ABSENT, |end| end * 1_000_000_000);
        Facts { run_type: code(run_type), start_ns: start * 1_000_000_000, end_ns, ..facts(pk) }
    }

    fn shape_of(runs: &[Facts]) -> TraceShape {
        let mut columns = Columns::default();
        runs.iter().for_each(|facts| columns.push(*facts));
        shape(&columns, &(0..runs.len() as u32).collect::<Vec<_>>())
    }

    #[test]
    fn kinds_of_work_stand_where_their_time_was() {
        let shape = shape_of(&[
            run(1, RunType::Chain, 0, Some(64)),
            run(2, RunType::Llm, 0, Some(16)),
            run(3, RunType::Tool, 16, Some(32)),
            run(4, RunType::Embedding, 60, Some(64)),
        ]);
        assert_eq!(shape.runs_of(Band::Llm), [(0, 16)]);
        assert_eq!(shape.runs_of(Band::Tool), [(16, 32)]);
        assert_eq!(shape.runs_of(Band::Retriever), [(60, 64)]);
        assert_eq!((shape.n_runs, shape.n_llm, shape.n_tool, shape.n_errors), (4, 1, 1, 0));
    }

    #[test]
    fn a_failure_stands_where_the_run_ended() {
        let error = RunStatus::ALL.iter().position(|status| *status == RunStatus::Error).unwrap() as u8;
        let failed = Facts { status: error, ..run(2, RunType::Tool, 10, Some(20)) };
        let shape = shape_of(&[run(1, RunType::Chain, 0, Some(64)), failed]);
        assert_eq!((shape.errors(), shape.n_errors), (vec![(19, 20)], 1));
    }

    #[test]
    fn what_still_runs_or_took_no_time_is_seen() {
        let shape = shape_of(&[run(1, RunType::Tool, 0, None), run(2, RunType::Llm, 64, Some(64))]);
        assert_eq!((shape.runs_of(Band::Tool), shape.runs_of(Band::Llm)), (vec![(0, 64)], vec![(63, 64)]));
        let instant = shape_of(&[run(1, RunType::Llm, 5, Some(5))]);
        assert_eq!(instant.runs_of(Band::Llm), [(0, 1)]);
        assert_eq!(shape_of(&[]), TraceShape::default());
    }
}
