"""`list_runs` and `read_run`: conditions, pages, children."""

import datetime
import uuid

import pytest
from langsmith import traceable, tracing_context
from langsmith.utils import LangSmithNotFoundError

N_TRACES = 130


@pytest.fixture(scope="module")
def library(url):
    """A project with 130 traces of two runs, one a second; every tenth has failed."""
    from langsmith import Client

    client = Client(api_url=url, api_key="any")
    project = f"sdk-library-{uuid.uuid4()}"
    start = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
    runs = []
    for nth in range(N_TRACES):
        began = start + datetime.timedelta(seconds=nth)
        root, child = uuid.uuid4(), uuid.uuid4()
        stamp = began.strftime("%Y%m%dT%H%M%S%fZ")
        shared = {"trace_id": root, "session_name": project, "start_time": began.isoformat(), "end_time": (began + datetime.timedelta(milliseconds=300)).isoformat()}
        failure = {"error": "ValueError('broken')"} if nth % 10 == 0 else {"outputs": {"n": nth}}
        runs.append({"id": root, "name": f"trace {nth:03}", "run_type": "chain", "dotted_order": f"{stamp}{root}", "inputs": {"n": nth}, **shared, **failure})
        runs.append({"id": child, "name": "step", "run_type": "tool", "dotted_order": f"{stamp}{root}.{stamp}{child}", "parent_run_id": root, "inputs": {}, "outputs": {}, **shared})
    client.multipart_ingest(create=runs)
    yield client, project, runs, start
    client.delete_project(project_name=project)
    client.close()


def test_pages_hold_every_run_once_newest_first(library):
    client, project, runs, _ = library
    listed = list(client.list_runs(project_name=project))
    assert {run.id for run in listed} == {run["id"] for run in runs} and len(listed) == 2 * N_TRACES
    starts = [run.start_time for run in listed]
    assert starts == sorted(starts, reverse=True)


def test_a_limit_across_pages_is_kept(library):
    client, project, *_ = library
    assert len(list(client.list_runs(project_name=project, limit=117))) == 117


def test_roots_children_and_errors_are_told_apart(library):
    client, project, runs, _ = library
    by = lambda **conditions: list(client.list_runs(project_name=project, **conditions))
    assert len(by(is_root=True)) == N_TRACES and all(run.parent_run_id is None for run in by(is_root=True))
    assert {run.name for run in by(is_root=False)} == {"step"}
    assert len(by(run_type="tool")) == N_TRACES
    assert {run.name for run in by(error=True)} == {f"trace {nth:03}" for nth in range(0, N_TRACES, 10)}
    assert len(by(error=False)) == 2 * N_TRACES - len(by(error=True))
    trace_id = runs[4]["id"]
    assert {run.name for run in by(trace_id=trace_id)} == {"trace 002", "step"}
    assert [run.name for run in by(parent_run_id=trace_id)] == ["step"]


def test_a_time_window_is_inclusive(library):
    client, project, _, start = library
    listed = list(client.list_runs(project_name=project, is_root=True, start_time=start + datetime.timedelta(seconds=120)))
    assert sorted(run.name for run in listed) == [f"trace {nth}" for nth in range(120, 130)]


def test_runs_are_found_by_id_in_any_project(library):
    client, _, runs, _ = library
    wanted = [runs[0]["id"], runs[7]["id"]]
    assert {run.id for run in client.list_runs(run_ids=wanted)} == set(wanted)


def test_selected_fields_come_and_the_others_may_stay_away(library):
    client, project, *_ = library
    [run] = client.list_runs(project_name=project, is_root=True, limit=1, select=["id", "name", "inputs"])
    assert run.name == "trace 129" and run.inputs == {"n": 129}


def test_a_run_is_read_with_its_children(client, project):
    @traceable
    def leaf(n):
        return n

    @traceable
    def branch(n):
        return [leaf(n), leaf(n + 1)]

    @traceable
    def tree():
        return [branch(0), branch(10)]

    with tracing_context(client=client, project_name=project):
        tree()
    client.flush()
    [root] = client.list_runs(project_name=project, is_root=True)

    run = client.read_run(root.id, load_child_runs=True)
    assert [child.name for child in run.child_runs] == ["branch", "branch"]
    assert [[leaf.inputs["n"] for leaf in branch.child_runs] for branch in run.child_runs] == [[0, 1], [10, 11]]
    assert run.url.endswith(run.app_path) and str(run.id) in run.app_path


def test_an_unknown_run_is_not_found(client):
    with pytest.raises(LangSmithNotFoundError):
        client.read_run(uuid.uuid4())
