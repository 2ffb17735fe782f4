"""Tokens and money: exact, priced once, summed up the tree."""

from decimal import Decimal

import pytest
from langsmith import traceable, tracing_context
from langsmith.run_helpers import get_current_run_tree

EXPLICIT = {
    "input_tokens": 10,
    "output_tokens": 20,
    "total_tokens": 30,
    "input_token_details": {"audio": 1, "foo": 2},
    "output_token_details": {"reasoning": 3, "foo": 4},
    "input_cost": 1e-6,
    "output_cost": 2e-6,
    "total_cost": 3e-6,
    "input_cost_details": {"audio": 1e-7, "foo": 2e-7},
    "output_cost_details": {"reasoning": 3e-7, "foo": 4e-7},
}


def model(usage, name="gpt-4o-mini", **options):
    @traceable(run_type="llm", name="model", metadata={"ls_provider": "openai", "ls_model_name": name}, **options)
    def call():
        return {"content": "ok", "usage_metadata": usage}

    return call


def test_explicit_costs_come_back_exactly(client, project, runs_of):
    @traceable
    def chat():
        model(EXPLICIT)()
        return "ok"

    with tracing_context(client=client, project_name=project):
        chat()

    for run in runs_of(project).values():
        assert (run.prompt_tokens, run.completion_tokens, run.total_tokens) == (10, 20, 30), run.name
        assert (run.prompt_cost, run.completion_cost, run.total_cost) == (Decimal("0.000001"), Decimal("0.000002"), Decimal("0.000003"))
        assert run.prompt_token_details == {"audio": 1, "foo": 2}
        assert run.completion_token_details == {"reasoning": 3, "foo": 4}
        assert run.prompt_cost_details == {"audio": Decimal("1e-7"), "foo": Decimal("2e-7")}
        assert run.completion_cost_details == {"reasoning": Decimal("3e-7"), "foo": Decimal("4e-7")}


def test_cached_tokens_are_priced_once_at_their_own_price(client, project, runs_of):
    # gpt-4.1: 2 USD per million in, 0.5 cached, 8 out.
    usage = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100, "input_token_details": {"cache_read": 600}}
    with tracing_context(client=client, project_name=project):
        model(usage, "gpt-4.1")()
    run = runs_of(project)["model"]
    assert run.prompt_cost == Decimal("0.0011") and run.completion_cost == Decimal("0.0008")
    assert run.total_cost == Decimal("0.0019")


def test_reasoning_tokens_are_part_of_the_output(client, project, runs_of):
    # o4-mini: 1.1 USD per million in, 4.4 out.
    usage = {"input_tokens": 100, "output_tokens": 500, "total_tokens": 600, "output_token_details": {"reasoning": 400}}
    with tracing_context(client=client, project_name=project):
        model(usage, "o4-mini")()
    run = runs_of(project)["model"]
    assert run.completion_cost == Decimal("0.0022") and run.total_tokens == 600


def test_a_wrapper_that_returns_its_models_answer_does_not_count_twice(client, project, runs_of):
    @traceable
    def wrapper():
        return model(EXPLICIT)()

    @traceable
    def two_calls():
        wrapper()
        return model(EXPLICIT)(langsmith_extra={"name": "second"})

    with tracing_context(client=client, project_name=project):
        two_calls()
    runs = runs_of(project)
    assert runs["wrapper"].total_tokens == 30
    assert runs["two_calls"].total_tokens == 60 and runs["two_calls"].total_cost == Decimal("0.000006")


def test_a_tools_own_cost_adds_to_the_trace(client, project, runs_of):
    @traceable(run_type="tool")
    def search():
        get_current_run_tree().set(usage_metadata={"total_cost": 0.005})
        return "found"

    @traceable
    def agent():
        search()
        return model(EXPLICIT)()["content"]

    with tracing_context(client=client, project_name=project):
        agent()
    runs = runs_of(project)
    assert runs["search"].total_cost == Decimal("0.005")
    assert runs["agent"].total_cost == Decimal("0.005003") and runs["agent"].total_tokens == 30


@pytest.mark.parametrize(
    "outputs",
    [
        {"choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}},
        {"content": [], "usage": {"input_tokens": 8, "output_tokens": 3, "cache_read_input_tokens": 4}},
        {"generations": [[{"text": "x", "message": {"kwargs": {"usage_metadata": {"input_tokens": 12, "output_tokens": 3, "total_tokens": 15}}}}]]},
        {"llm_output": {"token_usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}}},
    ],
    ids=["OpenAI", "Anthropic", "LangChain message", "LangChain output"],
)
def test_usage_is_found_in_every_usual_place(client, project, runs_of, outputs):
    @traceable(run_type="llm")
    def call():
        return outputs

    with tracing_context(client=client, project_name=project):
        call()
    run = runs_of(project)["call"]
    assert (run.prompt_tokens, run.completion_tokens, run.total_tokens) == (12, 3, 15)


def test_a_child_that_arrives_late_is_added_to_the_trace(connect, client, project, runs_of):
    @traceable
    def root():
        return get_current_run_tree()

    with tracing_context(client=client, project_name=project):
        tree = root()
    assert runs_of(project)["root"].total_tokens == 0
    late = tree.create_child("late", "llm", inputs={}, extra={"metadata": {"ls_model_name": "x"}})
    late.end(outputs={"usage_metadata": EXPLICIT})
    late.post()
    assert runs_of(project)["root"].total_tokens == 30
