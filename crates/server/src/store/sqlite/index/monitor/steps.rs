//! Which steps of their traces make some roots differ from others: what takes longer, what fails more.

use crate::store::effort;
use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::index::columns::{ABSENT, flag};
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::scope::Scope;
use crate::store::sqlite::index::values::first_by;
use fanlight_wire::RunType;
use fanlight_wire::monitor::differs::StepDifference;
use std::collections::HashMap;

/// Steps are looked for so long after the last root began: traces that run longer are looked at in part.
const LONGEST_NS: i64 = 86_400 * 1_000_000_000;

#[derive(Clone, Copy, Debug, Default)]
struct Side {
    n_runs: u64,
    n_errors: u64,
    latency_ns: i128,
}

/// Of runs below the roots in `inside` and `outside`, by name and type: those where the time per trace differs most.
pub fn steps(index: &Index, scope: &Scope, inside: &[u32], outside: &[u32], limit: usize) -> Vec<StepDifference> {
    let columns = &index.columns;
    let traces = |roots: &[u32]| -> Bitset { roots.iter().map(|&slot| columns.trace[slot as usize]).collect() };
    let (traces_inside, traces_outside) = (traces(inside), traces(outside));
    let starts = || inside.iter().chain(outside).map(|&slot| columns.start_ns[slot as usize]);
    let (Some(first_ns), Some(last_ns)) = (starts().min(), starts().max()) else { return Vec::new() };
    let range = Scope {
        projects: scope.projects.clone(),
        from_ns: Some(first_ns),
        until_ns: Some(last_ns.saturating_add(LONGEST_NS)),
        ..Scope::default()
    };
    let mut by_step: HashMap<(u32, u8), [Side; 2]> = HashMap::new();
    for slots in range.orders(index) {
        effort::looked_at(slots.len());
        for &slot in slots.iter().filter(|&&slot| !columns.is(slot, flag::ROOT)) {
            let trace = columns.trace[slot as usize];
            let side = match (traces_inside.contains(trace), traces_outside.contains(trace)) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => continue,
            };
            let step = (columns.name[slot as usize], columns.run_type[slot as usize]);
            let side = &mut by_step.entry(step).or_default()[side];
            let latency_ns = columns.latency_ns(slot);
            side.n_runs += 1;
            side.n_errors += u64::from(columns.has_error(slot));
            side.latency_ns += i128::from(if latency_ns == ABSENT { 0 } else { latency_ns });
        }
    }
    let differences = by_step.into_iter().map(|((name, run_type), [inside_side, outside_side])| {
        let seconds = |side: Side, n_traces: usize| side.latency_ns as f64 / 1e9 / n_traces.max(1) as f64;
        let error_rate = |side: Side| side.n_errors as f64 / side.n_runs.max(1) as f64;
        StepDifference {
            name: index.names.text(name).to_owned(),
            run_type: RunType::ALL[usize::from(run_type)],
            n_inside: inside_side.n_runs,
            n_outside: outside_side.n_runs,
            seconds_inside: seconds(inside_side, inside.len()),
            seconds_outside: seconds(outside_side, outside.len()),
            error_rate_inside: error_rate(inside_side),
            error_rate_outside: error_rate(outside_side),
        }
    });
    first_by(differences.collect(), limit, |a, b| {
        let size = |one: &StepDifference| (one.seconds_inside - one.seconds_outside).abs();
        let name = |one: &StepDifference| (one.name.clone(), one.run_type as u8);
        size(b).total_cmp(&size(a)).then_with(|| name(a).cmp(&name(b)))
    })
}
