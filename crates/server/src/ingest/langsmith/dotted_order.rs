//! The dotted order: a run's ancestors and itself as `time + id` segments, `20261123T220053485046Z<uuid>.…`.

use fanlight_wire::{RunId, Timestamp, TraceId};
use uuid::Uuid;

/// What a dotted order says about its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DottedOrder {
    /// From the first segment.
    pub trace_id: TraceId,
    /// From the next-to-last segment; `None` for a root.
    pub parent_id: Option<RunId>,
    /// From the last segment. JavaScript counts in its last three digits, so it need not equal the start.
    pub order: Timestamp,
}

/// Reads a dotted order; `None` when a segment that matters is malformed. Segments in the middle are not looked at.
pub fn parse(text: &str) -> Option<DottedOrder> {
    let mut from_the_end = text.rsplit('.');
    let (order, id) = segment(from_the_end.next()?)?;
    let parent_id = match from_the_end.next() {
        Some(parent) => Some(RunId(segment(parent)?.1)),
        None => None,
    };
    let first = match text.split_once('.') {
        Some((first, _)) => segment(first)?.1,
        None => id,
    };
    Some(DottedOrder { trace_id: TraceId(first), parent_id, order })
}

fn segment(text: &str) -> Option<(Timestamp, Uuid)> {
    let (time, id) = text.split_at_checked(text.len().checked_sub(36)?)?;
    Some((time.parse().ok()?, Uuid::try_parse(id).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: &str = "20261123T220053485046Z11111111-1111-4111-8111-111111111111";
    const B: &str = "20261123T220053501002Z22222222-2222-4222-8222-222222222222";
    const C: &str = "20261123T220053501003Z33333333-3333-4333-8333-333333333333";

    #[test]
    fn a_root_is_its_own_trace() {
        let root = parse(A).unwrap();
        assert_eq!(root.trace_id.to_string(), "11111111-1111-4111-8111-111111111111");
        assert_eq!((root.parent_id, root.order.to_string()), (None, "2026-11-23T22:00:53.485046Z".into()));
    }

    #[test]
    fn a_grandchild_names_its_trace_and_parent() {
        let run = parse(&format!("{A}.{B}.{C}")).unwrap();
        assert_eq!(run.trace_id, parse(A).unwrap().trace_id);
        assert_eq!(run.parent_id.unwrap().to_string(), "22222222-2222-4222-8222-222222222222");
        assert_eq!(run.order.to_string(), "2026-11-23T22:00:53.501003Z");
    }

    #[test]
    fn what_is_malformed_says_nothing() {
        for text in
            ["", ".", "11111111-1111-4111-8111-111111111111", &format!("{A}."), &format!(".{A}"), &format!("é{B}")]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
