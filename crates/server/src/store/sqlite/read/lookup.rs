//! Answering in SQL what columns do not hold, before the index is asked.

use super::Reading;
use super::question::Question;
use crate::store::StoreResult;
use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::index::compile::Compiler;
use crate::store::sqlite::index::dictionary::NONE;
use crate::store::sqlite::index::leaf::{Leaf, Lookups, Reach, leaves};
use crate::store::sqlite::index::leaves;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::predicate::Id;
use fanlight_wire::filter::Filter;

/// Every leaf of the questions. Runs that come later are kept out of those that have one: what was looked up does not know
/// them. Ends the snapshot that answered, so that rows read from here on are at least as new as the index.
pub fn look_up(reading: &Reading, questions: &mut [&mut Question]) -> StoreResult<Lookups> {
    let mut lookups = Lookups::default();
    let mut wanted: Vec<(Leaf, Reach)> = Vec::new();
    for question in questions.iter_mut() {
        let of_question = leaves(&question.filter);
        if !of_question.is_empty() {
            question.scope.last_pk = Some(reading.index.read().columns.pk.last().copied().unwrap_or(0));
        }
        for leaf in of_question {
            if !wanted.contains(&leaf) {
                wanted.push(leaf);
            }
        }
    }
    // Cheap ones first: they narrow where the others have to look.
    wanted.sort_by_key(|(leaf, _)| leaf.is_costly());
    for (leaf, reach) in wanted {
        let candidates = if leaf.is_costly() {
            let column = if matches!(leaf, Leaf::ErrorLike(_)) { Id::ErrorText } else { Id::Pk };
            candidates(&reading.index.read(), questions, &lookups, reach, column)
        } else {
            Bitset::default()
        };
        let rows = leaves::look_up(reading, &leaf, &candidates)?;
        lookups.add(leaf, reach, rows);
    }
    super::pool::renew_snapshot(reading.db)?;
    Ok(lookups)
}

/// Of the runs that a leaf could decide about, what `column` has: of those that pass everything in the question that is
/// known by now.
fn candidates(index: &Index, questions: &[&mut Question], lookups: &Lookups, reach: Reach, column: Id) -> Bitset {
    let columns = &index.columns;
    let mut rows = Bitset::default();
    let mut add = |slot: u32| {
        let number = column.of(columns, slot);
        if number != NONE {
            rows.insert(number);
        }
    };
    match reach {
        Reach::Own => {
            for question in questions {
                let predicate = Compiler::new(index, lookups).compile(&known_part(&question.filter, lookups));
                question.scope.for_each(index, &predicate, &mut add);
            }
        }
        Reach::Roots => index.projects.values().flat_map(|order| order.roots.slots()).for_each(|&slot| add(slot)),
        Reach::Anywhere => index.alive().for_each(add),
    }
    rows
}

/// The conditions of a conjunction that need nothing that was not looked up yet.
fn known_part(filter: &Filter, lookups: &Lookups) -> Filter {
    let is_known = |part: &&Filter| leaves(part).iter().all(|(leaf, reach)| lookups.get(leaf, *reach).is_some());
    match filter {
        Filter::And(all) => Filter::And(all.iter().filter(is_known).cloned().collect()),
        other if is_known(&other) => other.clone(),
        _ => Filter::ALL,
    }
}
