"""Runs recorded by hand: `RunTree`, `create_run` and `update_run`, in order and out of it."""

import datetime
import uuid

from langsmith import RunTree


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def test_a_run_tree_is_visible_while_it_runs_and_complete_afterwards(client, project, runs_of):
    root = RunTree(name="chat", inputs={"question": "hi"}, ls_client=client, project_name=project)
    root.post()
    child = root.create_child(name="model", run_type="llm", inputs={"messages": []}, tags=["beta"])
    child.post()

    running = runs_of(project)
    assert {run.status for run in running.values()} == {"pending"} and running["chat"].end_time is None

    child.end(outputs={"content": "hello"})
    child.patch()
    root.end(outputs={"answer": "hello"}, events=[{"name": "note", "time": now().isoformat(), "message": "sent"}])
    root.patch()

    done = runs_of(project)
    assert {run.status for run in done.values()} == {"success"}
    assert done["model"].parent_run_id == done["chat"].id and done["model"].tags == ["beta"]
    assert done["chat"].inputs == {"question": "hi"} and done["chat"].outputs == {"answer": "hello"}
    assert done["chat"].events[0]["message"] == "sent"


def test_distributed_tracing_headers_connect_two_services(client, project, runs_of):
    caller = RunTree(name="gateway", inputs={}, ls_client=client, project_name=project)
    caller.post()
    headers = caller.to_headers()
    # The headers stand for the caller's run, which lives in another process.
    upstream = RunTree.from_headers(headers, ls_client=client, project_name=project)
    callee = upstream.create_child(name="worker", inputs={})
    callee.post()
    callee.end(outputs={})
    callee.patch()
    caller.end(outputs={})
    caller.patch()

    runs = runs_of(project)
    assert runs["worker"].trace_id == runs["worker"].parent_run_id == runs["gateway"].id


def test_a_run_without_trace_id_is_a_trace_of_its_own(connect, project, runs_of):
    client = connect(auto_batch_tracing=False)
    run_id = uuid.uuid4()
    client.create_run("plain", {"x": 1}, "chain", id=run_id, project_name=project, start_time=now())
    client.update_run(run_id, outputs={"y": 2}, end_time=now())

    run = runs_of(project)["plain"]
    assert run.trace_id == run.id == run_id and run.status == "success"
    assert run.inputs == {"x": 1} and run.outputs == {"y": 2}
    assert run.dotted_order == run.start_time.strftime("%Y%m%dT%H%M%S%fZ") + str(run_id)


def test_an_update_may_arrive_before_its_run(connect, project, runs_of):
    client = connect(auto_batch_tracing=False)
    run_id, start = uuid.uuid4(), now()
    client.update_run(run_id, outputs={"y": 2}, end_time=now(), tags=["from the update"])
    client.create_run("late", {"x": 1}, "tool", id=run_id, project_name=project, start_time=start, tags=[], outputs={})

    run = runs_of(project)["late"]
    assert (run.run_type, run.status, run.inputs, run.outputs) == ("tool", "success", {"x": 1}, {"y": 2})
    assert run.tags == ["from the update"], "an empty list in the late create is a placeholder"
    assert run.start_time.replace(tzinfo=datetime.timezone.utc) == start


def test_children_may_arrive_before_their_parents(connect, project, client):
    sender = connect(auto_batch_tracing=False)
    ids = [uuid.uuid4() for _ in range(3)]
    start = now()
    stamps = [(start + datetime.timedelta(milliseconds=nth)).strftime("%Y%m%dT%H%M%S%fZ") for nth in range(3)]
    segments = [stamp + str(run_id) for stamp, run_id in zip(stamps, ids)]
    for nth in reversed(range(3)):
        sender.create_run(
            f"level {nth}", {}, "chain", id=ids[nth], trace_id=ids[0], parent_run_id=ids[nth - 1] if nth else None,
            dotted_order=".".join(segments[: nth + 1]), start_time=start, end_time=now(), project_name=project, outputs={"n": nth},
        )

    root = client.read_run(ids[0], load_child_runs=True)
    assert [child.id for child in root.child_runs] == [ids[1]]
    assert [child.id for child in root.child_runs[0].child_runs] == [ids[2]]


def test_the_same_run_sent_twice_is_one_run(connect, project, client):
    sender = connect(auto_batch_tracing=False)
    run_id = uuid.uuid4()
    for _ in range(2):
        sender.create_run("twice", {"x": 1}, "chain", id=run_id, project_name=project, start_time=now())
    assert len(list(client.list_runs(project_name=project))) == 1


def test_nulls_in_an_update_change_nothing(connect, project, runs_of):
    client = connect(auto_batch_tracing=False)
    run_id = uuid.uuid4()
    client.create_run("kept", {"x": 1}, "chain", id=run_id, project_name=project, start_time=now(), tags=["a"], extra={"metadata": {"k": 1}})
    client.update_run(run_id, outputs={"y": 1}, end_time=now())
    client.update_run(run_id, error=None, inputs=None, outputs=None, tags=None)

    run = runs_of(project)["kept"]
    assert (run.inputs, run.outputs, run.tags, run.status) == ({"x": 1}, {"y": 1}, ["a"], "success")
    assert run.extra["metadata"]["k"] == 1
