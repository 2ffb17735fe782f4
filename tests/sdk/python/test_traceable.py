"""What `@traceable` records: trees, coroutines, streams, errors, metadata."""

import asyncio
import time

import pytest
from langsmith import traceable, tracing_context
from langsmith.run_helpers import get_current_run_tree


def test_nested_calls_become_a_tree(client, project, runs_of):
    @traceable(run_type="retriever")
    def search(query):
        return [{"page_content": "Refunds take 5 days.", "type": "Document", "metadata": {"source": "faq"}}]

    @traceable(run_type="llm", metadata={"ls_provider": "openai", "ls_model_name": "gpt-4o-mini"})
    def model(messages):
        return {"role": "assistant", "content": "Five days."}

    @traceable(tags=["chat", "prod"], metadata={"conversation_id": "c-1", "user_id": "u-7"})
    def answer(question):
        search(question)
        return model([{"role": "user", "content": question}])

    with tracing_context(client=client, project_name=project):
        answer("How long does a refund take?")

    runs = runs_of(project)
    root, retriever, llm = runs["answer"], runs["search"], runs["model"]
    assert (root.run_type, retriever.run_type, llm.run_type) == ("chain", "retriever", "llm")
    assert root.parent_run_id is None and retriever.parent_run_id == llm.parent_run_id == root.id
    assert {run.trace_id for run in runs.values()} == {root.id}
    assert llm.dotted_order.startswith(root.dotted_order + ".") and llm.parent_run_ids == [root.id]
    assert root.inputs == {"question": "How long does a refund take?"}
    assert root.outputs == {"role": "assistant", "content": "Five days."}
    assert retriever.outputs["output"][0]["metadata"] == {"source": "faq"}
    assert root.tags == ["chat", "prod"] and root.extra["metadata"]["user_id"] == "u-7"
    assert all(run.status == "success" and run.end_time >= run.start_time for run in runs.values())
    assert root.extra["runtime"]["sdk"] == "langsmith-py"


def test_coroutines_that_run_side_by_side_keep_their_parent(client, project, runs_of):
    @traceable
    async def child(number):
        await asyncio.sleep(0.02)
        return number

    @traceable
    async def parent():
        return sum(await asyncio.gather(*(child(number, langsmith_extra={"name": f"child {number}"}) for number in range(8))))

    with tracing_context(client=client, project_name=project):
        assert asyncio.run(parent()) == 28

    runs = runs_of(project)
    assert len(runs) == 9
    root = runs.pop("parent")
    assert root.outputs == {"output": 28}
    assert {run.parent_run_id for run in runs.values()} == {root.id}


@pytest.mark.parametrize("is_async", [False, True], ids=["generator", "async generator"])
def test_a_streamed_answer_has_its_first_tokens_time(client, project, runs_of, is_async):
    first_token_s = 0.06
    options = {"run_type": "llm", "name": "stream", "reduce_fn": lambda chunks: {"text": "".join(chunks)}}

    @traceable(**options)
    def stream(prompt):
        time.sleep(first_token_s)
        for word in ["Fan", "light"]:
            yield word
            time.sleep(0.01)

    @traceable(**options)
    async def stream_async(prompt):
        await asyncio.sleep(first_token_s)
        for word in ["Fan", "light"]:
            yield word
            await asyncio.sleep(0.01)

    async def consume():
        return [chunk async for chunk in stream_async("name?")]

    @traceable
    def application():
        return asyncio.run(consume()) if is_async else list(stream("name?"))

    with tracing_context(client=client, project_name=project):
        assert application() == ["Fan", "light"]

    runs = runs_of(project)
    llm = runs["stream"]
    assert llm.outputs == {"text": "Fanlight"}
    assert [event["name"] for event in llm.events].count("new_token") >= 1
    waited_s = (llm.first_token_time - llm.start_time).total_seconds()
    assert first_token_s <= waited_s < (llm.end_time - llm.start_time).total_seconds()
    assert runs["application"].first_token_time == llm.first_token_time, "a root shows the first token below it"


def test_an_error_keeps_its_stack_trace_and_marks_every_caller(client, project, runs_of):
    @traceable(run_type="tool")
    def lookup_invoice(invoice_id):
        raise KeyError(f"no invoice {invoice_id}")

    @traceable
    def recovers():
        try:
            lookup_invoice("INV-1")
        except KeyError:
            return "I could not find it."

    @traceable
    def fails():
        return lookup_invoice("INV-2", langsmith_extra={"name": "lookup_again"})

    with tracing_context(client=client, project_name=project):
        recovers()
        with pytest.raises(KeyError):
            fails()

    runs = runs_of(project)
    assert runs["recovers"].status == "success" and runs["recovers"].error is None
    for name in ["lookup_invoice", "lookup_again", "fails"]:
        assert runs[name].status == "error", name
        assert "KeyError('no invoice INV-" in runs[name].error and "Traceback" in runs[name].error
    assert set(runs_of(project, error=True)) == {"lookup_invoice", "lookup_again", "fails"}


def test_metadata_and_outputs_set_while_running_are_kept(client, project, runs_of):
    @traceable(metadata={"from": "decorator"})
    def step():
        run = get_current_run_tree()
        run.add_metadata({"response_length": 42, "nested": {"deep": [1, 2]}})
        run.add_tags(["late"])
        return "done"

    with tracing_context(client=client, project_name=project):
        step(langsmith_extra={"metadata": {"session_id": "thread-9"}})

    run = runs_of(project)["step"]
    metadata = run.extra["metadata"]
    assert (metadata["from"], metadata["response_length"], metadata["nested"]) == ("decorator", 42, {"deep": [1, 2]})
    assert run.tags == ["late"]


@pytest.mark.parametrize(
    "text",
    ["日本語 e\u0301 \U0001f469\u200d\U0001f680", "null \x00 byte", "\ud800 lone surrogate", "<script>alert(1)</script>", "a" * 3_000_000],
    ids=["unicode", "null byte", "lone surrogate", "html", "3 MB"],
)
def test_any_text_comes_back(client, project, runs_of, text):
    @traceable
    def echo(text):
        return {"text": text}

    with tracing_context(client=client, project_name=project):
        echo(text)

    run = runs_of(project)["echo"]
    # A lone surrogate is no character: it may come back as the replacement character, or as the SDK rewrote it.
    if "\ud800" in text:
        assert run.outputs["text"].endswith("lone surrogate")
    else:
        assert run.outputs["text"] == run.inputs["text"] == text
