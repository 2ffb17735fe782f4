//! Projects and feedback.

mod store_support;

use fanlight_server::model::Batch;
use fanlight_server::store::{FeedbackFilter, ProjectFilter, ProjectSort, Store, StoreError};
use fanlight_wire::feedback::{FeedbackCreate, FeedbackUpdate};
use fanlight_wire::project::{Project, ProjectCreate, ProjectUpdate};
use fanlight_wire::{FeedbackId, ProjectId, RunType, Usd};
use store_support::{Op, TestStore, json, patch, post, run_id, text, time};
use uuid::Uuid;

fn named(name: &str) -> ProjectCreate {
    ProjectCreate { name: Some(name.to_owned()), ..ProjectCreate::default() }
}

fn names(projects: &[Project]) -> Vec<&str> {
    projects.iter().map(|project| project.name.as_str()).collect()
}

fn all() -> ProjectFilter {
    ProjectFilter { limit: 100, sort: ProjectSort::Name, ..ProjectFilter::default() }
}

#[tokio::test]
async fn there_is_always_a_default_project() {
    let store = TestStore::new();
    assert_eq!(names(&store.list_projects(all()).await.unwrap()), ["default"]);
    let default = store.project_id("default").await;
    store.delete_project(default).await.unwrap();
    assert_eq!(names(&store.list_projects(all()).await.unwrap()), ["default"]);
    assert_ne!(store.project_id("default").await, default);
}

#[tokio::test]
async fn a_name_is_taken_once_unless_upserted() {
    let store = TestStore::new();
    let first = store.create_project(named("a"), false).await.unwrap();
    assert!(matches!(store.create_project(named("a"), false).await, Err(StoreError::Conflict(_))));
    let upsert = ProjectCreate { description: Some("new".into()), ..named("a") };
    let second = store.create_project(upsert, true).await.unwrap();
    assert_eq!((second.id, second.description.as_deref()), (first.id, Some("new")));
    let rename = ProjectUpdate { name: Some("default".into()), ..ProjectUpdate::default() };
    assert!(matches!(store.update_project(first.id, rename).await, Err(StoreError::Conflict(_))));
    assert!(matches!(store.create_project(ProjectCreate::default(), false).await, Err(StoreError::Invalid(_))));
}

#[tokio::test]
async fn an_update_changes_what_it_gives() {
    let store = TestStore::new();
    let create = ProjectCreate { extra: json(r#"{"metadata":{"a":1}}"#), ..named("a") };
    let project = store.create_project(create, false).await.unwrap();
    let update = ProjectUpdate { name: Some("b".into()), end_time: Some(time(3)), ..ProjectUpdate::default() };
    let project = store.update_project(project.id, update).await.unwrap();
    assert_eq!((project.name.as_str(), project.end_time), ("b", Some(time(3))));
    assert_eq!(text(&project.extra), r#"{"metadata":{"a":1}}"#);
    let unknown = ProjectId(Uuid::from_u128(9));
    assert!(matches!(store.update_project(unknown, ProjectUpdate::default()).await, Err(StoreError::NotFound(_))));
    assert!(matches!(store.delete_project(unknown).await, Err(StoreError::NotFound(_))));
}

async fn check(filter: ProjectFilter, expected: &[&str]) {
    let store = TestStore::new();
    let experiment = ProjectCreate { reference_dataset_id: Some(Uuid::from_u128(5)), ..named("Experiment 1") };
    store.create_project(experiment, false).await.unwrap();
    let tagged = ProjectCreate { extra: json(r#"{"metadata":{"team":"a","n":1}}"#), ..named("tagged") };
    store.create_project(tagged, false).await.unwrap();
    store.send([post(1).project("busy").end(3).0, post(2).project("busy").0]).await;
    assert_eq!(names(&store.list_projects(filter).await.unwrap()), expected);
}

#[tokio::test]
async fn projects_are_filtered_sorted_and_paged() {
    check(all(), &["busy", "default", "Experiment 1", "tagged"]).await;
    check(ProjectFilter { name_contains: Some("EXP".into()), ..all() }, &["Experiment 1"]).await;
    check(ProjectFilter { name: Some("exp".into()), ..all() }, &[]).await;
    check(ProjectFilter { is_reference_free: Some(false), ..all() }, &["Experiment 1"]).await;
    check(ProjectFilter { reference_datasets: Some(vec![Uuid::from_u128(5)]), ..all() }, &["Experiment 1"]).await;
    let metadata = serde_json::json!({"team": "a"}).as_object().cloned();
    check(ProjectFilter { metadata, ..all() }, &["tagged"]).await;
    check(ProjectFilter { limit: 2, offset: 1, ..all() }, &["default", "Experiment 1"]).await;
    let busiest = ProjectFilter { sort: ProjectSort::RunCount, is_descending: true, limit: 1, ..all() };
    check(busiest, &["busy"]).await;
}

#[tokio::test]
async fn statistics_count_traces() {
    let store = TestStore::new();
    let call = |n| post(n).project("p").parent(1).tokens(1000, 100).with(|op| op.model = Some("gpt-6-sol".into()));
    store
        .send(
            [
                post(1).project("p").start(0).end(2),
                call(2).first_token(3),
                call(3),
                post(4).project("p").start(5).end(9).error("boom"),
                // The clock went backwards: counts as no time at all.
                post(5).project("p").start(20).end(10),
                post(6).project("p").kind(RunType::Tool),
            ]
            .map(Op::into),
        )
        .await;
    let id = store.project_id("p").await;
    let stats = store.find_project(id, true).await.unwrap().unwrap().stats.unwrap();
    assert_eq!((stats.run_count, stats.total_tokens, stats.prompt_tokens), (4, 2200, 2000));
    assert_eq!(stats.total_cost, "0.006".parse::<Usd>().ok());
    assert_eq!((stats.latency_p50, stats.error_rate, stats.streaming_rate), (Some(2.0), Some(0.25), Some(0.5)));
    assert_eq!(stats.first_token_p50, Some(3.0));
    assert_eq!(stats.last_run_start_time, Some(time(20)));
}

fn feedback(id: u128, key: &str) -> FeedbackCreate {
    FeedbackCreate { id: Some(FeedbackId(Uuid::from_u128(id))), key: Some(key.into()), ..FeedbackCreate::default() }
}

async fn send(store: &TestStore, feedback: Vec<FeedbackCreate>) {
    store.write(Batch { feedback, ..Batch::default() }).await.unwrap();
}

fn on_run(n: u128) -> FeedbackFilter {
    FeedbackFilter { runs: Some(vec![run_id(n)]), limit: 100, ..FeedbackFilter::default() }
}

#[tokio::test]
async fn feedback_before_its_run_is_linked_when_the_run_comes() {
    let store = TestStore::new();
    send(&store, vec![FeedbackCreate { run_id: Some(run_id(2)), score: Some(1.0), ..feedback(1, "ok") }]).await;
    let early = store.list_feedback(on_run(2)).await.unwrap().remove(0);
    assert!(early.project_id.is_none() && early.trace_id.is_none());
    store.send([post(1).project("p"), post(2).project("p").parent(1)].map(Op::into)).await;
    let linked = store.list_feedback(on_run(2)).await.unwrap().remove(0);
    assert_eq!(linked.trace_id.map(|trace| trace.0), Some(run_id(1).0));
    assert_eq!(linked.project_id, Some(store.project_id("p").await));
    assert!(!linked.is_root);
    let skeleton = store.skeleton(1).await.unwrap().into_columns();
    assert_eq!(skeleton.n_feedback, [0, 1]);
}

#[tokio::test]
async fn the_same_id_replaces_and_an_update_tells_null_from_absent() {
    let store = TestStore::new();
    store.send([post(1).into()]).await;
    let create = FeedbackCreate { run_id: Some(run_id(1)), comment: Some("c".into()), ..feedback(1, "ok") };
    send(&store, vec![FeedbackCreate { score: Some(0.0), ..create.clone() }]).await;
    send(&store, vec![FeedbackCreate { score: Some(1.0), ..create }]).await;
    let id = FeedbackId(Uuid::from_u128(1));
    let update = FeedbackUpdate { comment: Some(None), ..FeedbackUpdate::default() };
    let changed = store.update_feedback(id, update).await.unwrap();
    assert_eq!((changed.score, changed.comment), (Some(1.0), None));
    assert!(changed.is_root && changed.modified_at >= changed.created_at);
    assert_eq!(store.list_feedback(on_run(1)).await.unwrap().len(), 1);
    store.delete_feedback(id).await.unwrap();
    assert!(store.find_feedback(id).await.unwrap().is_none());
    assert!(matches!(store.delete_feedback(id).await, Err(StoreError::NotFound(_))));
    assert!(matches!(store.update_feedback(id, FeedbackUpdate::default()).await, Err(StoreError::NotFound(_))));
}

#[tokio::test]
async fn feedback_is_summed_up_by_key() {
    let store = TestStore::new();
    store.send([post(1).into()]).await;
    let scored = |id, score| FeedbackCreate { run_id: Some(run_id(1)), score: Some(score), ..feedback(id, "score") };
    let category = FeedbackCreate { run_id: Some(run_id(1)), value: json("\"good\""), ..feedback(3, "verdict") };
    let project = store.project_id("default").await;
    let on_project = FeedbackCreate { project_id: Some(project), score: Some(9.0), ..feedback(4, "overall") };
    send(&store, vec![scored(1, 1.0), scored(2, 0.0), category, on_project]).await;
    let stats = store.run(1).await.feedback_stats.unwrap();
    assert_eq!(stats.keys().collect::<Vec<_>>(), ["score", "verdict"]);
    let score = &stats["score"];
    assert_eq!(
        (score.n, score.avg, score.min, score.max, score.stdev),
        (2, Some(0.5), Some(0.0), Some(1.0), Some(0.5))
    );
    assert_eq!((stats["verdict"].avg, stats["verdict"].values["good"]), (None, 1));
    let of_project = store.find_project(project, true).await.unwrap().unwrap().stats.unwrap();
    assert_eq!(of_project.feedback_stats.unwrap(), stats);
    assert_eq!(of_project.session_feedback_stats.unwrap()["overall"].avg, Some(9.0));
    let on_projects = FeedbackFilter { is_on_run: Some(false), limit: 9, ..FeedbackFilter::default() };
    assert_eq!(store.list_feedback(on_projects).await.unwrap()[0].key, "overall");
    let scores = FeedbackFilter { has_score: Some(true), keys: Some(vec!["score".into()]), limit: 9, ..on_run(1) };
    assert_eq!(store.list_feedback(scores).await.unwrap().len(), 2);
}

#[tokio::test]
async fn feedback_follows_its_run_to_another_project() {
    let store = TestStore::new();
    store.send([patch(1).into()]).await;
    send(&store, vec![FeedbackCreate { run_id: Some(run_id(1)), ..feedback(1, "ok") }]).await;
    store.send([post(1).project("p").into()]).await;
    let filter = FeedbackFilter { projects: Some(vec![store.project_id("p").await]), limit: 9, ..Default::default() };
    assert_eq!(store.list_feedback(filter).await.unwrap().len(), 1);
}
