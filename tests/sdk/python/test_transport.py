"""The ways in which the SDK reaches a server: spellings of its address, batches, compression, files."""

import uuid

import pytest
from langsmith import traceable, tracing_context
from langsmith.schemas import Attachment


@traceable
def inner(x):
    return {"doubled": 2 * x}


@traceable
def outer(x):
    return inner(x)


@pytest.mark.parametrize("base_path", ["", "/api", "/api/v1"])
def test_every_spelling_of_the_endpoint_works(connect, project, base_path):
    client = connect(base_path)
    with tracing_context(client=client, project_name=project):
        outer(21)
    client.flush()

    runs = {run.name: run for run in client.list_runs(project_name=project)}
    assert runs["inner"].outputs == {"doubled": 42} and runs["inner"].parent_run_id == runs["outer"].id
    client.create_feedback(runs["outer"].id, "ok", score=1, trace_id=runs["outer"].id)
    assert client.read_project(project_name=project, include_stats=True).run_count == 1


def ways_to_send():
    everything_on = {"zstd_compression_enabled": True, "gzip_body_enabled": True}
    limits = {
        "scale_up_qsize_trigger": 1000, "scale_up_nthreads_limit": 16, "scale_down_nempty_trigger": 4,
        "size_limit": 100, "size_limit_bytes": 20_971_520,
    }
    info = lambda multipart, flags: {"version": "0.18.3", "instance_flags": flags, "batch_ingest_config": {"use_multipart_endpoint": multipart, **limits}}
    yield pytest.param(info(True, everything_on), id="multipart with zstd")
    yield pytest.param(info(True, {}), id="multipart uncompressed")
    yield pytest.param(info(False, {}), id="batch JSON")


@pytest.mark.parametrize("info", ways_to_send())
def test_hundreds_of_runs_arrive_however_they_are_sent(connect, project, info):
    client = connect(info=info)
    with tracing_context(client=client, project_name=project):
        for number in range(150):
            outer(number)
    client.flush()

    runs = list(client.list_runs(project_name=project))
    assert len(runs) == 300
    roots = {run.id: run for run in runs if run.name == "outer"}
    for run in runs:
        if run.name == "inner":
            parent = roots[run.parent_run_id]
            assert run.inputs == parent.inputs and run.outputs == parent.outputs == {"doubled": 2 * run.inputs["x"]}


def test_the_server_offers_compressed_multipart(client):
    info = client.info
    assert info.batch_ingest_config["use_multipart_endpoint"] is True
    assert info.instance_flags["zstd_compression_enabled"] is True


def test_compression_can_be_switched_off(connect, project, monkeypatch):
    monkeypatch.setenv("LANGSMITH_DISABLE_RUN_COMPRESSION", "true")
    client = connect()
    with tracing_context(client=client, project_name=project):
        outer(1)
    client.flush()
    assert len(list(client.list_runs(project_name=project))) == 2


def test_attachments_come_back_byte_for_byte(client, project):
    image, notes = bytes(range(256)) * 64, "élan".encode()

    @traceable
    def look(question, picture: Attachment, notes: Attachment):
        return "a picture"

    with tracing_context(client=client, project_name=project):
        look("what is this?", Attachment(mime_type="image/png", data=image), ("text/plain", notes))
    client.flush()

    [run] = client.list_runs(project_name=project)
    assert run.inputs["question"] == "what is this?"
    assert set(run.attachments) == {"picture", "notes"}
    assert run.attachments["picture"]["reader"].read() == image
    assert run.attachments["notes"]["reader"].read() == notes
    assert run.attachments["picture"]["mime_type"] == "image/png"


def test_a_run_of_unknown_type_is_refused_alone(connect, project):
    client = connect(auto_batch_tracing=False)
    with pytest.raises(Exception, match="422|run_type"):
        client.create_run("odd", {}, "agent", id=uuid.uuid4(), project_name=project)
    client.create_run("fine", {}, "chain", id=uuid.uuid4(), project_name=project)
    assert [run.name for run in client.list_runs(project_name=project)] == ["fine"]
