"""The generated client: `client.runs`, `client.traces`, `client.threads` against `/api/v2`."""

import asyncio
import datetime

import pytest
from langsmith import Client
from langsmith._exceptions import APIStatusError, BadRequestError, NotFoundError, UnprocessableEntityError
from library import UTC, Library, usage

NOW = datetime.datetime.now(UTC)
THREAD = "team a/b?c%2F é"


@pytest.fixture(scope="module")
def library(url):
    library = Library(Client(api_url=url, api_key="any"))
    for nth in range(3):
        library.add(f"turn {nth}", NOW - datetime.timedelta(minutes=9 - nth), seconds=nth + 1, metadata={"thread_id": THREAD}, error="Timeout: slow" if nth == 1 else None)
        library.add(f"model {nth}", NOW - datetime.timedelta(minutes=9 - nth), parent=f"turn {nth}", run_type="llm", outputs=usage(input_cost=1e-6, output_cost=2e-6, input_token_details={"audio": 1}, input_cost_details={"audio": 1e-7}))
    library.add("last week", NOW - datetime.timedelta(days=7))
    # Clocks of clients run ahead.
    library.add("in a second", NOW + datetime.timedelta(seconds=1), tags=["ahead"])
    library.rate("turn 0", "helpful", score=1, comment="yes")
    library.send()
    yield library
    library.close()


@pytest.fixture
def ask(library):
    """`ask(lambda client, project_id: …)` runs a call of the async client, pages and all."""
    project_id = str(library.client.read_project(project_name=library.project).id)

    def ask(call):
        async def all_of_it():
            # One client per event loop: it keeps its connections.
            client = Client(api_url=library.client.api_url, api_key="any")
            pager = call(client, project_id)
            return [item async for item in pager] if hasattr(pager, "__aiter__") else await pager

        return asyncio.run(all_of_it())

    return ask


def test_runs_are_queried_with_selected_fields(ask, library):
    runs = ask(lambda client, id: client.runs.query(project_ids=[id], run_type="LLM", selects=["ID", "NAME", "RUN_TYPE", "STATUS", "TOTAL_COST", "PROMPT_COST_DETAILS", "PROMPT_TOKEN_DETAILS", "PARENT_RUN_IDS"]))
    assert [run.name for run in runs] == ["model 2", "model 1", "model 0"]
    run = runs[0]
    assert (run.run_type, run.status, run.total_cost) == ("LLM", "SUCCESS", 3e-6)
    assert (run.prompt_cost_details.raw, run.prompt_token_details.raw) == ({"audio": 1e-7}, {"audio": 1})
    assert run.parent_run_ids == [str(library.ids["turn 2"]["id"])] and run.inputs is None


def test_only_the_last_day_is_looked_at_unless_asked(ask):
    names = lambda **more: [run.name for run in ask(lambda client, id: client.runs.query(project_ids=[id], is_root=True, selects=["NAME"], **more))]
    assert names() == ["in a second", "turn 2", "turn 1", "turn 0"]
    assert names(page_size=1) == names()
    assert "last week" in names(min_start_time=NOW - datetime.timedelta(days=8))
    assert names(max_start_time=NOW - datetime.timedelta(minutes=8)) == ["turn 1", "turn 0"]
    assert names(filter='has(tags, "ahead")') == ["in a second"]
    assert names(tree_filter='eq(name, "model 1")') == ["turn 1"]
    assert names(has_error=True) == ["turn 1"]


def test_one_run_is_retrieved(ask, library):
    run_id = str(library.ids["turn 1"]["id"])
    run = ask(lambda client, id: client.runs.retrieve(run_id, project_id=id, selects=["ID", "ERROR", "METADATA", "IS_ROOT", "LATENCY_SECONDS"]))
    assert (run.id, run.error, run.is_root, run.latency_seconds) == (run_id, "Timeout: slow", True, 2.0)
    assert run.metadata["thread_id"] == THREAD
    assert ask(lambda client, id: client.runs.retrieve(run_id, project_id=id)).id == run_id
    with pytest.raises(NotFoundError):
        ask(lambda client, id: client.runs.retrieve("00000000-0000-4000-8000-000000000404", project_id=id))


def test_the_link_to_a_run_leads_here(ask, library):
    run_id = str(library.ids["turn 1"]["id"])
    answer = ask(lambda client, id: client.runs.get_url(run_id, project_id=id, trace_id=run_id))
    assert answer.url.startswith("http://127.0.0.1:") and run_id in answer.url


def test_traces_come_with_sums_apart(ask, library):
    traces = ask(lambda client, id: client.traces.query(project_id=id, selects=["NAME", "TOTAL_TOKENS", "TOTAL_COST"], trace_filter='like(name, "turn%")'))
    assert [trace.root_run.name for trace in traces] == ["turn 2", "turn 1", "turn 0"]
    assert (traces[0].trace_aggregates.total_tokens, traces[0].trace_aggregates.total_cost) == (30, 3e-6)
    trace_id = str(library.ids["turn 0"]["id"])
    runs = ask(lambda client, id: client.traces.list_runs(trace_id, project_id=id, selects=["NAME", "FEEDBACK_STATS"])).items
    assert [run.name for run in runs] == ["turn 0", "model 0"]
    assert (runs[0].feedback_stats["helpful"].avg, runs[0].feedback_stats["helpful"].comments) == (1.0, ["yes"])


def test_threads_are_queried_and_their_turns_listed(ask, library):
    [thread] = ask(lambda client, id: client.threads.query(project_id=id))
    assert (thread.thread_id, thread.count, thread.num_errored_turns) == (THREAD, 3, 1)
    assert (thread.total_tokens, thread.total_cost, thread.feedback_stats["helpful"].n) == (90, 9e-6, 1)
    assert thread.first_trace_id == str(library.ids["turn 0"]["id"]) and thread.last_trace_id == str(library.ids["turn 2"]["id"])
    for size in [1, 2, 20]:
        turns = ask(lambda client, id: client.threads.list_traces(THREAD, project_id=id, selects=["NAME", "LATENCY", "TURN_NUMBER"], page_size=size))
        assert [(turn.name, turn.latency, turn.turn_number) for turn in turns] == [(f"turn {nth}", nth + 1.0, nth + 1) for nth in range(3)]
    assert ask(lambda client, id: client.threads.query(project_id=id, filter='has(tags, "ahead")')) == []


def test_a_thread_has_statistics(ask):
    stats = ask(lambda client, id: client.threads.stats(THREAD, session_id=id, selects=["TURNS", "TOTAL_COST", "LATENCY_P50", "PROMPT_TOKEN_DETAILS", "FEEDBACK_STATS"]))
    assert (stats.turns, stats.total_cost, stats.latency_p50_seconds) == (3, 9e-6, 2.0)
    assert (stats.prompt_token_details.raw, stats.feedback_stats["helpful"].n) == ({"audio": 3}, 1)
    failed = ask(lambda client, id: client.threads.stats(THREAD, session_id=id, selects=["TURNS"], filter="neq(error, null)"))
    assert failed.turns == 1
    together = ask(lambda client, id: client.threads.aggregate_stats(project_id=id, select=["THREAD_COUNT", "TRACE_COUNT", "ERROR_RATE"]))
    assert (together.thread_count, together.trace_count, together.error_rate) == (1, 3, pytest.approx(1 / 3))


def test_streams_give_the_same_items(library):
    client = library.client._get_langsmith_api_sync()
    project_id = str(library.client.read_project(project_name=library.project).id)
    streamed = client.runs.streaming.query_v2_items(project_ids=[project_id], selects=["NAME"], is_root=True, page_size=3)
    assert [run.name for run in streamed] == ["in a second", "turn 2", "turn 1", "turn 0"]


def test_refusals_are_typed(ask):
    with pytest.raises(BadRequestError, match="filter, character 4"):
        ask(lambda client, id: client.runs.query(project_ids=[id], filter='eq(colour, "red")'))
    with pytest.raises(UnprocessableEntityError, match="page_size"):
        ask(lambda client, id: client.runs.query(project_ids=[id], page_size=10**6))
    with pytest.raises(UnprocessableEntityError, match="project_ids"):
        ask(lambda client, id: client.runs.query(selects=["ID"]))
    with pytest.raises(APIStatusError, match="ai_search"):
        ask(lambda client, id: client.runs.query(project_ids=[id], ai_search="the slow ones"))
