"""Projects: create, read, list, update, delete, and their statistics."""

import uuid

import pytest
from langsmith import traceable, tracing_context
from langsmith.utils import LangSmithConflictError, LangSmithNotFoundError


def test_a_project_is_created_read_updated_and_deleted(client):
    name = f"sdk-{uuid.uuid4()}"
    created = client.create_project(name, description="first", metadata={"team": "a"})
    assert client.has_project(name) and client.read_project(project_name=name).id == created.id

    client.update_project(created.id, description="second", metadata={"team": "b"})
    read = client.read_project(project_id=str(created.id))
    assert (read.name, read.description, read.metadata["team"]) == (name, "second", "b")

    client.update_project(created.id, name=f"{name}-renamed")
    assert not client.has_project(name)

    client.delete_project(project_id=str(created.id))
    assert not client.has_project(f"{name}-renamed")
    with pytest.raises(LangSmithNotFoundError):
        client.read_project(project_id=str(created.id))


def test_a_taken_name_is_a_conflict_unless_upserted(client, project):
    created = client.create_project(project, metadata={"a": 1})
    with pytest.raises(LangSmithConflictError):
        client.create_project(project)
    again = client.create_project(project, description="again", upsert=True)
    assert again.id == created.id
    assert client.read_project(project_name=project).description == "again"

    other = client.create_project(f"{project}-other")
    with pytest.raises(LangSmithConflictError):
        client.update_project(other.id, name=project)
    client.delete_project(project_id=str(other.id))


def test_unknown_projects_are_not_found(client):
    assert not client.has_project("never heard of")
    with pytest.raises(LangSmithNotFoundError):
        client.read_project(project_name="never heard of")
    assert list(client.list_projects(name="never heard of")) == []


def test_projects_are_listed_by_name_metadata_and_page(client):
    marker = uuid.uuid4().hex
    created = [client.create_project(f"list-{marker}-{nth:03}", metadata={"marker": marker, "nth": nth}) for nth in range(103)]
    try:
        listed = list(client.list_projects(name_contains=marker.upper()))
        assert {project.id for project in listed} == {project.id for project in created} and len(listed) == 103
        assert [p.name for p in client.list_projects(name=f"list-{marker}-007")] == [f"list-{marker}-007"]
        assert [p.name for p in client.list_projects(metadata={"marker": marker, "nth": 5})] == [f"list-{marker}-005"]
        assert len(list(client.list_projects(name_contains=marker, limit=4))) == 4
    finally:
        for project in created:
            client.delete_project(project_id=str(project.id))


def test_statistics_count_traces(client, project):
    @traceable(run_type="llm", metadata={"ls_provider": "openai", "ls_model_name": "gpt-4o-mini"})
    def model():
        return {"usage_metadata": {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}}

    @traceable
    def chat(fails):
        model()
        if fails:
            raise RuntimeError("no")

    with tracing_context(client=client, project_name=project):
        for nth in range(4):
            try:
                chat(nth == 0)
            except RuntimeError:
                pass
    client.flush()

    stats = client.read_project(project_name=project, include_stats=True)
    assert (stats.run_count, stats.total_tokens, stats.prompt_tokens, stats.completion_tokens) == (4, 4400, 4000, 400)
    assert stats.error_rate == 0.25 and stats.latency_p50.total_seconds() >= 0
    assert float(stats.total_cost) == pytest.approx(4 * (1000 * 0.15 + 100 * 0.6) / 1e6)

    def found(filter):
        # What `list_projects` pages through; it has no argument for the filter.
        listed = client._get_paginated_list("/sessions", params={"filter": filter, "name": project})
        return [one["name"] for one in listed]

    client.create_feedback(next(client.list_runs(project_name=project, is_root=True)).id, "helpful", score=0.25)
    client.flush()
    for filter in [
        "and(gte(error_rate, 0.25), lt(error_rate, 0.5))",
        'lt(latency, "10s")',
        "gt(total_cost, 0.0001)",
        "eq(total_tokens, 4400)",
        'and(eq(feedback_key, "helpful"), lt(feedback_score, 0.5))',
    ]:
        assert found(filter) == [project], filter
    for filter in ["gt(error_rate, 0.5)", 'gt(latency, "1h")', 'and(eq(feedback_key, "helpful"), gt(feedback_score, 0.5))']:
        assert found(filter) == [], filter


def test_a_deleted_project_takes_its_runs_along(client):
    name = f"sdk-{uuid.uuid4()}"

    @traceable
    def step():
        return 1

    with tracing_context(client=client, project_name=name):
        step()
    client.flush()
    [run] = client.list_runs(project_name=name)
    client.create_feedback(run.id, "k", score=1, trace_id=run.trace_id)
    client.delete_project(project_name=name)
    with pytest.raises(LangSmithNotFoundError):
        client.read_run(run.id)
    assert list(client.list_feedback(run_ids=[run.id])) == []


def test_there_is_always_a_project_to_learn_the_tenant_from(client):
    assert next(client.list_projects(limit=1)).tenant_id
