//! The week as a whole: sound trees, the promised sizes, the promised variety.

use super::trace::{RunIdx, Trace};
use super::*;
use fanlight_wire::RunType;
use std::collections::BTreeSet;
use std::sync::LazyLock;

fn make_week() -> Vec<cast::Scored> {
    let now = "2026-11-20T15:00:00Z".parse().unwrap();
    let corpus = corpus::Corpus::load().unwrap();
    cast::week(&corpus, &DemoOptions { now, ..DemoOptions::default() })
}

fn week() -> &'static [cast::Scored] {
    // Making it up takes a second in a debug build; every test reads the same one.
    static WEEK: LazyLock<Vec<cast::Scored>> = LazyLock::new(make_week);
    &WEEK
}

#[track_caller]
fn check_tree(trace: &Trace) {
    for (nth, run) in trace.runs.iter().enumerate() {
        let segment = format!("{}{}", run.start.to_compact(), run.id);
        let end = run.end.expect("every run has ended");
        assert!(end >= run.start, "{} ends before it starts", run.name);
        match run.parent {
            None => assert_eq!((nth, run.dotted_order.as_str()), (0, segment.as_str())),
            Some(RunIdx(parent)) => {
                let parent = &trace.runs[parent];
                assert_eq!(run.dotted_order, format!("{}.{segment}", parent.dotted_order));
                assert!(run.start >= parent.start, "{} starts before {}", run.name, parent.name);
                assert!(end <= parent.end.unwrap(), "{} outlives {}", run.name, parent.name);
            }
        }
    }
}

#[test]
fn every_trace_is_a_sound_tree_with_children_inside_their_parents_time() {
    week().iter().for_each(|(trace, _)| check_tree(trace));
}

#[test]
fn ids_are_unique_across_the_week() {
    let week = week();
    let runs: Vec<_> = week.iter().flat_map(|(trace, _)| trace.runs.iter().map(|run| run.id)).collect();
    assert_eq!(runs.iter().collect::<BTreeSet<_>>().len(), runs.len());
    let feedback: Vec<_> = week.iter().flat_map(|(_, feedback)| feedback).map(|body| body["id"].to_string()).collect();
    assert_eq!(feedback.iter().collect::<BTreeSet<_>>().len(), feedback.len());
}

#[test]
fn a_few_hundred_traces_within_seven_days_and_one_of_2000_runs() {
    let week = week();
    let now: Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
    assert!((280..420).contains(&week.len()), "{} traces", week.len());
    assert_eq!(week.iter().filter(|(trace, _)| trace.runs.len() == 2000).count(), 1);
    for (trace, feedback) in week {
        assert!(now.since(trace.root().start) <= 7 * 24 * 3_600_000_000_000 + 60_000_000_000);
        assert!(trace.root().end.unwrap() <= now, "{} ends in the future", trace.root().name);
        assert!(feedback.iter().all(|body| body["run_id"].is_string()));
    }
}

#[test]
fn the_week_has_errors_feedback_three_languages_and_all_run_types() {
    let week = week();
    let n_failed = week.iter().filter(|(trace, _)| trace.root().error.is_some()).count();
    assert!((8..40).contains(&n_failed), "{n_failed} failed");
    let n_rated = week.iter().filter(|(_, feedback)| !feedback.is_empty()).count();
    assert!(n_rated > 80, "{n_rated} rated");
    let languages: BTreeSet<_> =
        week.iter().filter_map(|(trace, _)| trace.root().inputs["language"].as_str()).collect();
    assert_eq!(languages, BTreeSet::from(["en", "fr", "ja"]));
    let types: BTreeSet<_> = week.iter().flat_map(|(trace, _)| trace.runs.iter().map(|run| run.run_type)).collect();
    assert_eq!(types.len(), RunType::ALL.len());
}

#[test]
fn the_wrong_refund_answer_shows_the_document_it_came_from() {
    let week = week();
    let (trace, feedback) = week
        .iter()
        .find(|(trace, _)| {
            trace.root().outputs.as_ref().is_some_and(|outputs| outputs.to_string().contains("**14 days**"))
        })
        .expect("the incident is in the week");
    let retriever = trace.runs.iter().find(|run| run.name == "knowledge_agent").unwrap();
    let first = &retriever.outputs.as_ref().unwrap()["documents"][0]["metadata"];
    assert_eq!(first["title"], "Return Policy for Electronics (Internal-Only Draft)");
    assert!(
        feedback.iter().any(|body| body["key"] == "user_rating" && body["score"] == 0.0 && body["comment"].is_string())
    );
}

#[test]
fn the_same_seed_makes_the_same_week() {
    let ids =
        |week: &[cast::Scored]| week.iter().map(|(trace, _)| trace.root().dotted_order.clone()).collect::<Vec<_>>();
    assert_eq!(ids(week()), ids(&make_week()));
}

#[test]
fn no_placeholder_is_left_in_what_is_sent() {
    for (trace, _) in week() {
        for run in &trace.runs {
            let text = trace.to_wire(run).to_string();
            for placeholder in
                ["{invoice}", "{order}", "{name}", "{amount}", "{model}", "{supplier}", "{city}", "{host}"]
            {
                assert!(!text.contains(placeholder), "{placeholder} in {}", run.name);
            }
        }
    }
}
