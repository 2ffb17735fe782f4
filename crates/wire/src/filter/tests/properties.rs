//! What holds for every filter.

use crate::filter::eval::matches;
use crate::filter::testing::{any_filter, any_trace};
use crate::filter::{Filter, parse, print};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn calls_read_back_as_they_were_printed(filter in any_filter()) {
        let printed = print(&filter);
        prop_assert_eq!(parse(&printed), Ok(filter), "{}", printed);
    }

    #[test]
    fn reading_calls_never_panics(text in r#"([a-z_]{1,4}|and|eq|name|latency|"|'|\\|[(),\[\]]|"x"|5|null| |é){0,20}"#) {
        if let Err(error) = parse(&text) {
            prop_assert!(text.get(error.span.clone()).is_some(), "{:?}", error);
        }
    }

    #[test]
    fn not_is_plain_negation(filter in any_filter(), trace in any_trace(1)) {
        for idx in 0..trace.len() {
            let negated = Filter::Not(Box::new(filter.clone()));
            prop_assert_ne!(matches(&filter, idx, &trace), matches(&negated, idx, &trace));
        }
    }
}
