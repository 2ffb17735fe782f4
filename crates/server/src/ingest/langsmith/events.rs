//! Events of a run; so far only the first token is read.

use crate::ingest::json::shallow::{self, elements, entries};
use fanlight_wire::Timestamp;
use serde_json::value::RawValue;

/// The time of the first event named `new_token` in an array of events.
pub fn first_token_time(events: &RawValue) -> Option<Timestamp> {
    // Most runs have no such event: one fast search spares reading the array.
    memchr::memmem::find(events.get().as_bytes(), b"new_token")?;
    elements(events)?.into_iter().find_map(|event| {
        let entries = entries(event)?;
        let name = shallow::get(&entries, "name").and_then(shallow::string)?;
        let time = shallow::get(&entries, "time").filter(|_| name == "new_token")?;
        serde_json::from_str(time.get()).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(events: &str, expected: Option<&str>) {
        let time = first_token_time(serde_json::from_str(events).unwrap());
        assert_eq!(time.map(|time| time.to_string()).as_deref(), expected);
    }

    #[test]
    fn the_first_token_is_found_among_other_events() {
        check(
            r#"[{"name":"start","time":"2026-11-23T22:00:53Z"},
                {"name":"new_token","time":"2026-11-23T22:00:54.5+00:00"},
                {"name":"new_token","time":"2026-11-23T22:00:55Z"}]"#,
            Some("2026-11-23T22:00:54.500000Z"),
        );
    }

    #[test]
    fn odd_events_are_passed_over() {
        check(r#"["new_token", {"name":"new_token"}, {"name":"new_token","time":"soon"}]"#, None);
        check(r#"{"name":"new_token"}"#, None);
    }
}
