"""`list_runs(filter=…, trace_filter=…, tree_filter=…)` and `get_run_stats`: every example of the docs and of the tutorials."""

import datetime

import pytest
from langsmith import Client
from langsmith.utils import LangSmithError
from library import UTC, Library, usage

NOW = datetime.datetime.now(UTC)


@pytest.fixture(scope="module")
def library(url):
    """An old month, a busy hour, and one conversation."""
    library = Library(Client(api_url=url, api_key="any"))
    january = datetime.datetime(2025, 1, 15, 12, tzinfo=UTC)
    library.add("january", january, seconds=4)
    library.add("february", january + datetime.timedelta(days=30))
    hour = NOW - datetime.timedelta(minutes=30)
    library.add("good", hour, tags=["prod"], metadata={"env": "prod", "version": 3, "user_id": "ann"})
    library.add("good model", hour, parent="good", run_type="llm", outputs=usage(), metadata={"ls_model_name": "gpt-4o-mini", "ls_provider": "openai"})
    library.add("bad", hour + datetime.timedelta(seconds=10), seconds=12, tags=["experimental", "beta"], metadata={"env": "staging"})
    library.add("bad model", hour + datetime.timedelta(seconds=11), seconds=11, parent="bad", run_type="llm", outputs=usage(5000, 1000))
    library.add("extractor", hour + datetime.timedelta(seconds=12), parent="bad", run_type="tool")
    library.add("broken", hour + datetime.timedelta(seconds=20), error="RuntimeError('no')\nTraceback (most recent call last)")
    library.add("broken search", hour + datetime.timedelta(seconds=21), parent="broken", run_type="retriever", inputs={"query": "返金ポリシーは何ですか"})
    library.add("old answer", NOW - datetime.timedelta(hours=3))
    for nth in range(3):
        library.add(f"turn {nth}", NOW - datetime.timedelta(minutes=20 - nth), metadata={"session_id": 'chat "7"/x'}, inputs={"messages": [{"role": "user", "content": f"message {nth}"}]})
        library.add(f"turn {nth} model", NOW - datetime.timedelta(minutes=20 - nth), parent=f"turn {nth}", run_type="llm", metadata={"session_id": 'chat "7"/x'}, outputs=usage())
    library.rate("good", "user_rating", score=0.9)
    library.rate("bad", "user_rating", score=0.2)
    library.rate("bad model", "user_rating", score=0.1)
    library.rate("broken", "user_rating", score=0.3)
    library.rate("bad", "user_score", score=1)
    library.rate("old answer", "Correctness", score=0.0)
    library.send()
    yield library
    library.close()


@pytest.fixture
def found(library):
    """`found(filter=…)`: the names of the runs that are listed, sorted."""
    return lambda **conditions: sorted(run.name for run in library.client.list_runs(project_name=library.project, **conditions))


def test_tutorial_negative_feedback_is_curated_from_top_level_runs(found):
    # The tutorial writes datetime.now(), which names no time zone.
    since = datetime.datetime.now() - datetime.timedelta(days=30)
    negative = found(filter='and(eq(feedback_key, "user_rating"), lt(feedback_score, 0.4))', execution_order=1, start_time=since, limit=200)
    assert negative == ["bad", "broken"]


def test_tutorial_a_month_is_analysed(found, library):
    month = 'and(gte(start_time, "2025-01-01"), lte(start_time, "2025-01-31"))'
    assert found(filter=month, limit=1000) == ["january"]
    [run] = library.client.list_runs(project_name=library.project, filter=month)
    assert run.latency == 4.0 and run.status == "success"


def test_tutorial_successful_runs_with_low_scores_are_reviewed(found):
    assert found(filter='and(eq(status, "success"), lte(feedback_score, 0.5))', limit=50) == ["bad", "bad model", "old answer"]


def test_tutorial_the_error_rate_of_the_last_hour_is_watched(library):
    one_hour_ago = (NOW.replace(tzinfo=None) - datetime.timedelta(hours=1)).isoformat()
    runs = list(library.client.list_runs(project_name=library.project, filter=f'gte(start_time, "{one_hour_ago}")'))
    assert len(runs) == 13 and [run.name for run in runs if run.status == "error"] == ["broken"]


DOCS = [
    ('and(eq(run_type, "chain"), gt(latency, 10), gt(total_tokens, 5000))', ["bad"]),
    ('and(or(has(tags, "experimental"), has(tags, "beta")), gt(latency, 2))', ["bad"]),
    ('and(gt(start_time, "2023-07-15T12:34:56Z"), or(neq(error, null), and(eq(feedback_key, "Correctness"), eq(feedback_score, 0.0))))', ["broken", "old answer"]),
    ('and(eq(run_type, "llm"), gt(latency, "5s"))', ["bad model"]),
    ("and(eq(metadata_key, 'env'), eq(metadata_value, 'prod'))", ["good"]),
    ('and(eq(metadata_key, "env"), neq(metadata_value, "prod"))', ["bad"]),
    ('and(and(eq(metadata_key, "env"), eq(metadata_value, "prod")), and(eq(metadata_key, "version"), eq(metadata_value, 3)))', ["good"]),
    ("has(metadata, '{\"user_id\": \"ann\"}')", ["good"]),
    ('search("extractor")', ["extractor"]),
    ('search("返金")', ["broken search"]),
    ('search(error, "runtimeerror")', ["broken"]),
    ('in(name, ["good", "extractor", "nobody"])', ["extractor", "good"]),
    ('and(eq(is_root, true), eq(name, "bad"))', ["bad"]),
    ('eq(model, "gpt-4o-mini")', ["good model"]),
    ('and(neq(start_time, null), eq(name, "good"))', ["good"]),
    ('and(in(metadata_key, ["session_id", "conversation_id", "thread_id"]), eq(metadata_value, "chat \\"7\\"/x"), eq(run_type, "llm"))', ["turn 0 model", "turn 1 model", "turn 2 model"]),
    ('and(eq(input_key, "query"), like(input_value, "%ポリシー%"))', ["broken search"]),
]


@pytest.mark.parametrize(("filter", "expected"), DOCS, ids=[filter for filter, _ in DOCS])
def test_each_filter_of_the_docs_finds_its_runs(found, filter, expected):
    assert found(filter=filter) == expected


def test_the_root_and_other_runs_of_a_trace_can_be_asked_for(found):
    liked = 'and(eq(feedback_key, "user_score"), eq(feedback_score, 1))'
    assert found(filter='eq(name, "extractor")', trace_filter=liked) == ["extractor"]
    assert found(filter='eq(name, "broken search")', trace_filter=liked) == []
    assert found(is_root=True, tree_filter='eq(run_type, "retriever")') == ["broken"]
    everything = found(trace_filter='has(tags, "beta")', tree_filter='eq(run_type, "tool")', filter='neq(run_type, "tool")')
    assert everything == ["bad", "bad model"]


def test_an_instant_may_be_written_in_any_time_zone(found, library):
    start = datetime.datetime.fromisoformat(library.ids["bad"]["start_time"])
    # On the day when clocks were put back, one local time stands for two instants; the offset tells them apart.
    for zone in [datetime.timezone(datetime.timedelta(hours=2)), datetime.timezone(-datetime.timedelta(hours=9, minutes=30))]:
        assert found(filter=f'and(eq(start_time, "{start.astimezone(zone).isoformat()}"), eq(is_root, true))') == ["bad"]


@pytest.mark.parametrize("filter", ["eq(name", 'eq(colour, "red")', 'gt(latency, "soon")', 'nand(eq(name, "x"))', "gt(start_time, 'yesterday')"])
def test_a_filter_that_cannot_be_read_says_where(found, filter):
    with pytest.raises(LangSmithError, match=r"400.*filter, character \d+"):
        found(filter=filter)


def test_a_limit_of_any_size_is_kept(found):
    assert len(found(filter="eq(is_root, true)", limit=10**9)) == 9
    assert len(found(limit=1)) == 1


def test_statistics_are_over_what_a_filter_finds(library):
    stats = lambda **conditions: library.client.get_run_stats(project_names=[library.project], **conditions)
    whole = stats(is_root=True)
    assert (whole["run_count"], whole["total_tokens"]) == (9, 6000 + 4 * 30)
    assert whole["error_rate"] == pytest.approx(1 / 9) and whole["latency_p99"] <= 12
    assert whole["feedback_stats"]["user_rating"]["n"] == 3
    assert stats(filter='has(tags, "beta")')["run_count"] == 1
    assert stats(filter='eq(run_type, "llm")', trace_filter='has(tags, "beta")')["prompt_tokens"] == 5000
    nothing = stats(filter='eq(name, "nobody")')
    assert nothing and nothing["run_count"] == 0
    with pytest.raises(LangSmithError, match="400"):
        stats(filter="eq(")


def test_a_conversation_is_read_turn_by_turn(library):
    client, project = library.client, library.project
    turns = list(client.read_thread(thread_id='chat "7"/x', project_name=project))
    assert [run.name for run in turns] == ["turn 0", "turn 1", "turn 2"]
    only = client.read_thread(thread_id='chat "7"/x', project_name=project, filter='eq(name, "turn 1")')
    assert [run.name for run in only] == ["turn 1"]
    [thread] = client.list_threads(project_name=project)
    assert (thread["thread_id"], thread["count"]) == ('chat "7"/x', 3)
    assert client.list_threads(project_name=project, filter='has(tags, "beta")') == []
