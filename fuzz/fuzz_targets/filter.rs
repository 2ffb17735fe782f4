//! Any text as a filter, in both forms: no panic, errors within the text, and what is printed reads back as the same.
#![no_main]

use fanlight_wire::filter::{self, Filter, FilterError, MAX_BYTES, complete, edit, short, words};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(text) = std::str::from_utf8(body) else { return };
    check_read(text, filter::parse(text));
    check_read(text, short::parse(text));
    for cursor in [0, text.len() / 2, text.len()] {
        let completion = complete::at(text, cursor);
        assert!(text.get(completion.replace.clone()).is_some(), "{completion:?}");
    }
    let query = words::Query::of(text);
    // Where it says that a text is found, it can show where.
    assert!(query.is_empty() || !query.is_found([text]) || words::first_match(text, &query).is_some());
    assert!(words::find_matches(text, &query).iter().all(|span| text.get(span.clone()).is_some()));
});

fn check_read(text: &str, read: Result<Filter, FilterError>) {
    match read {
        Err(error) => assert!(text.get(error.span.clone()).is_some() && !error.message.is_empty(), "{error:?}"),
        Ok(filter) => {
            let calls = filter::print(&filter);
            check_printed(&filter, &calls, filter::parse(&calls));
            if let Some(printed) = short::print(&filter) {
                check_printed(&filter, &printed, short::parse(&printed));
            }
            assert!(!edit::describe(&filter).contains('\n'));
        }
    }
}

/// Printing may lengthen a filter beyond what is read; and JSON's floats are read in a hurry, to the last digit but one.
fn check_printed(filter: &Filter, printed: &str, again: Result<Filter, FilterError>) {
    match again {
        Ok(again) => assert!(again == *filter || printed.contains("has(metadata"), "{printed}"),
        Err(error) => {
            let is_limit = ["deep", "conditions", "bytes"].iter().any(|word| error.message.contains(word));
            assert!(is_limit || printed.len() > MAX_BYTES, "{printed}: {error:?}");
        }
    }
}
