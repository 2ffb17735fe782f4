"""Feedback: every kind of value, changed, listed, deleted, and counted on its run."""

import uuid

import pytest
from langsmith import traceable, tracing_context
from langsmith.utils import LangSmithNotFoundError


@pytest.fixture
def run(client, project):
    @traceable
    def answer():
        return "42"

    with tracing_context(client=client, project_name=project):
        answer()
    client.flush()
    return next(client.list_runs(project_name=project))


def test_feedback_is_created_changed_and_deleted(client, run):
    created = client.create_feedback(
        run.id, "correctness", score=0.2512, value="poor", comment="Wrong year", correction={"answer": "1998"},
        source_info={"reviewer": "maya"}, feedback_source_type="model", trace_id=run.trace_id,
    )
    client.flush()
    read = client.read_feedback(created.id)
    assert (read.key, read.score, read.value, read.comment) == ("correctness", 0.2512, "poor", "Wrong year")
    assert read.correction == {"answer": "1998"} and read.run_id == run.id and read.trace_id == run.trace_id
    assert read.feedback_source.type == "model" and read.feedback_source.metadata["reviewer"] == "maya"

    client.update_feedback(created.id, score=1.0, comment="Right after all")
    changed = client.read_feedback(created.id)
    assert (changed.score, changed.comment, changed.value) == (1.0, "Right after all", "poor")
    assert changed.modified_at >= read.modified_at

    client.delete_feedback(created.id)
    with pytest.raises(LangSmithNotFoundError):
        client.read_feedback(created.id)
    assert list(client.list_feedback(run_ids=[run.id])) == []


def test_lists_are_narrowed_by_run_key_and_source(client, run):
    for key, source in [("speed", "api"), ("tone", "model"), ("tone", "api")]:
        client.create_feedback(run.id, key, score=1, feedback_source_type=source, trace_id=run.trace_id)
    client.flush()
    of = lambda **conditions: sorted(feedback.key for feedback in client.list_feedback(run_ids=[run.id], **conditions))
    assert of() == ["speed", "tone", "tone"]
    assert of(feedback_key=["tone"]) == ["tone", "tone"]
    assert of(feedback_source_type=["model"]) == ["tone"]
    assert list(client.list_feedback(run_ids=[uuid.uuid4()])) == []


def test_a_run_counts_its_feedback(client, project, run):
    for score in [True, False, 0.5]:
        client.create_feedback(run.id, "user_rating", score=score, trace_id=run.trace_id)
    client.create_feedback(run.id, "tone", value="friendly", trace_id=run.trace_id)
    client.flush()
    stats = client.read_run(run.id).feedback_stats
    assert stats["user_rating"]["n"] == 3 and stats["user_rating"]["avg"] == pytest.approx(0.5)
    assert stats["tone"]["values"] == {"friendly": 1}
    assert client.read_project(project_name=project, include_stats=True).feedback_stats["user_rating"]["n"] == 3


def test_feedback_may_arrive_before_its_run(client, project):
    run_id = uuid.uuid4()
    client.create_feedback(run_id, "early", score=1)
    client.create_run("late", {}, "chain", id=run_id, project_name=project, outputs={})
    client.flush()
    assert client.read_run(run_id).feedback_stats["early"]["n"] == 1


def test_the_same_feedback_sent_twice_is_one(client, run):
    feedback_id = uuid.uuid4()
    for score in [0, 1]:
        client.create_feedback(run.id, "k", score=score, feedback_id=feedback_id, trace_id=run.trace_id)
        client.flush()
    [feedback] = client.list_feedback(run_ids=[run.id])
    assert feedback.id == feedback_id and feedback.score == 1
