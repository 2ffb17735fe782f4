//! Filters changed by clicks: the facets beside a list and the chips above it are faces of the filter in the bar.

mod about;
mod describe;

pub use describe::describe;

use super::ast::Filter;
use crate::run_stats::FacetKey;
use about::{About, about, condition, is_only_about};

/// What the filter says about one value of a facet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    Off,
    Included,
    Excluded,
}

/// The conditions that must all hold, in order; a chip each.
pub fn conjuncts(filter: &Filter) -> &[Filter] {
    match filter {
        Filter::And(all) => all,
        one => std::slice::from_ref(one),
    }
}

/// The filter without its conjunct at `idx`.
pub fn without(filter: &Filter, idx: usize) -> Filter {
    let others = conjuncts(filter).iter().enumerate().filter(|(other, _)| *other != idx);
    Filter::all_of(others.map(|(_, condition)| condition.clone()))
}

/// Whether the facet's value is chosen or excluded.
pub fn is_on(filter: &Filter, key: &FacetKey, value: &str) -> Mark {
    let mut mark = Mark::Off;
    for about in conjuncts(filter).iter().filter_map(about) {
        if about.key == *key && about.values.iter().any(|other| other == value) {
            mark = if about.is_excluded { Mark::Excluded } else { Mark::Included };
        }
    }
    mark
}

/// The value is among those that runs may have. Values of one facet are alternatives: the second makes a list.
pub fn include(filter: Filter, key: &FacetKey, value: &str) -> Filter {
    mark(filter, key, value, Mark::Included)
}

/// Runs must not have the value.
pub fn exclude(filter: Filter, key: &FacetKey, value: &str) -> Filter {
    mark(filter, key, value, Mark::Excluded)
}

/// The value is neither chosen nor excluded any more.
pub fn clear(filter: Filter, key: &FacetKey, value: &str) -> Filter {
    mark(filter, key, value, Mark::Off)
}

/// Nothing is said about the facet any more.
pub fn clear_facet(filter: Filter, key: &FacetKey) -> Filter {
    without_facet(&filter, key)
}

/// The filter without the conditions that are about this facet alone: what its values are counted over, so that those
/// beside the chosen one say what choosing them would bring.
pub fn without_facet(filter: &Filter, key: &FacetKey) -> Filter {
    Filter::all_of(conjuncts(filter).iter().filter(|condition| !is_only_about(condition, key)).cloned())
}

fn mark(filter: Filter, key: &FacetKey, value: &str, wanted: Mark) -> Filter {
    if is_on(&filter, key, value) == wanted {
        return filter;
    }
    let mut conditions = Vec::new();
    let mut is_done = wanted == Mark::Off;
    for filter in conjuncts(&filter) {
        match about(filter).filter(|about| about.key == *key) {
            None => conditions.push(filter.clone()),
            // Untouched conditions keep their form, whoever wrote them.
            Some(about) if !about.values.iter().any(|other| other == value) && (is_done || about.is_excluded) => {
                conditions.push(filter.clone());
            }
            Some(About { key, mut values, is_excluded }) => {
                values.retain(|other| other != value);
                if wanted == Mark::Included && !is_excluded && !is_done {
                    values.push(value.to_owned());
                    is_done = true;
                }
                // One exclusion each: `-name:a -name:b`, a chip for every one.
                let groups = if is_excluded { values.chunks(1) } else { values.chunks(values.len().max(1)) };
                conditions.extend(groups.map(|values| condition(&key, values, is_excluded)));
            }
        }
    }
    if !is_done {
        conditions.push(condition(key, &[value.to_owned()], wanted == Mark::Excluded));
    }
    Filter::all_of(conditions)
}

#[cfg(test)]
mod tests;
