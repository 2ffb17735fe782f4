//! The events of a run in order, equal neighbours counted instead of repeated. Pure.

use crate::json_view::Json;
use fanlight_wire::Timestamp;
use std::sync::Arc;

/// One event, or several of the same name in a row that say nothing more.
#[derive(Clone, Debug, PartialEq)]
pub struct EventLine {
    pub name: String,
    /// `None` where the text was no time.
    pub time: Option<Timestamp>,
    /// When the last one of the row came.
    pub last_time: Option<Timestamp>,
    pub count: usize,
    /// A message that came with it.
    pub message: Option<String>,
    /// Everything else that came with it, as JSON.
    pub details: Option<Arc<str>>,
}

/// Reads a run's `events` (JSON text), in the order they were recorded. Entries that are no events are kept whole.
pub fn lines(events: &str) -> Vec<EventLine> {
    let mut lines: Vec<EventLine> = Vec::new();
    for event in Json::parse(events).into_iter().flat_map(Json::items) {
        let fields = event.fields();
        let time = fields.str(&["time", "timestamp"]).and_then(|text| text.parse().ok());
        let kwargs =
            fields.first(&["kwargs", "data", "attributes"]).filter(|json| !json.is_empty() || json.str().is_some());
        let name = fields.str(&["name", "event"]);
        let details = if name.is_some() { kwargs } else { Some(event) };
        let line = EventLine {
            name: name.unwrap_or_else(|| "event".into()),
            time,
            last_time: time,
            count: 1,
            message: fields.str(&["message"]).filter(|message| !message.is_empty()),
            details: details.map(|json| json.raw().into()),
        };
        match lines.last_mut() {
            Some(before) if before.name == line.name && is_bare(before) && is_bare(&line) => {
                before.count += 1;
                before.last_time = line.time.or(before.last_time);
            }
            _ => lines.push(line),
        }
    }
    lines
}

fn is_bare(line: &EventLine) -> bool {
    line.message.is_none() && line.details.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_of_tokens_is_one_line() {
        let lines = lines(
            r#"[{"name":"start","time":"2026-11-23T22:00:00Z"},{"name":"new_token","time":"2026-11-23T22:00:01Z"},
                {"name":"new_token","time":"2026-11-23T22:00:03Z","kwargs":{}},{"name":"end","time":"bad","message":"done"},{"x":1}]"#,
        );
        let drawn: Vec<String> = lines
            .iter()
            .map(|line| {
                let lasts_s = line.time.zip(line.last_time).map(|(first, last)| last.since(first) / 1_000_000_000);
                format!("{} ×{} {lasts_s:?} {:?} {:?}", line.name, line.count, line.message, line.details)
            })
            .collect();
        assert_eq!(
            drawn,
            [
                "start ×1 Some(0) None None",
                "new_token ×2 Some(2) None None",
                "end ×1 None Some(\"done\") None",
                "event ×1 None None Some(\"{\\\"x\\\":1}\")",
            ]
        );
    }

    #[test]
    fn no_list_is_no_events() {
        assert!(lines("{}").is_empty() && lines("").is_empty());
    }
}
