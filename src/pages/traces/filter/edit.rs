//! The filter after a click on a facet's value, or on a part of it. What a filter says about facets is known in `wire`.

use fanlight_wire::filter::Filter;
use fanlight_wire::filter::edit::{self, Mark};
use fanlight_wire::run_stats::FacetKey;

/// The conditions that all have to hold.
pub fn conjuncts(filter: &Filter) -> Vec<Filter> {
    edit::conjuncts(filter).to_vec()
}

/// The filter after a click on `value`, which `wanted` includes or excludes; a second click takes it back.
pub fn chosen(filter: Filter, key: &FacetKey, value: &str, wanted: Mark) -> Filter {
    match wanted {
        wanted if edit::is_on(&filter, key, value) == wanted => edit::clear(filter, key, value),
        Mark::Excluded => edit::exclude(filter, key, value),
        _ => edit::include(filter, key, value),
    }
}

/// That a facet has a value.
pub fn condition_of(key: &FacetKey, value: &str) -> Filter {
    edit::include(Filter::ALL, key, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::filter::{parse, print};

    #[track_caller]
    fn check(before: &str, facet: &str, value: &str, wanted: Mark, expected: &str) {
        let after = chosen(parse(before).expect(before), &facet.parse().unwrap(), value, wanted);
        assert_eq!(print(&after), expected);
    }

    #[test]
    fn a_click_includes_a_value_and_a_second_click_takes_it_back() {
        check("", "status", "error", Mark::Included, r#"eq(status, "error")"#);
        check(r#"eq(status, "error")"#, "status", "error", Mark::Included, "");
        check(r#"and(eq(name, "a"), gt(latency, "2s"))"#, "name", "a", Mark::Included, r#"gt(latency, "2s")"#);
    }

    #[test]
    fn values_of_one_facet_are_alternatives() {
        check(r#"eq(status, "error")"#, "status", "pending", Mark::Included, r#"in(status, ["error", "pending"])"#);
    }

    #[test]
    fn what_was_included_is_excluded_by_the_other_click() {
        check(r#"eq(name, "a")"#, "name", "a", Mark::Excluded, r#"neq(name, "a")"#);
        check(r#"neq(name, "a")"#, "name", "a", Mark::Excluded, "");
    }
}
