"""Prompts: created, pushed, pulled by every kind of name, tagged, liked; conflicts."""

import asyncio
import uuid

import pytest
from langsmith import AsyncClient
from langsmith.utils import LangSmithConflictError, LangSmithError, LangSmithNotFoundError


def constructor(name, **kwargs):
    return {"lc": 1, "type": "constructor", "id": ["langchain", "prompts", "chat", name], "kwargs": kwargs}


def chat(text):
    """A chat prompt of one message, as LangChain serialises it."""
    template = constructor("PromptTemplate", template=text, input_variables=[], template_format="f-string")
    message = constructor("SystemMessagePromptTemplate", prompt=template)
    return constructor("ChatPromptTemplate", input_variables=[], messages=[message])


def text_of(commit):
    return commit.manifest["kwargs"]["messages"][0]["kwargs"]["prompt"]["kwargs"]["template"]


@pytest.fixture
def prompt(client):
    """A prompt name of this test's own; what is pushed there is deleted."""
    name = f"sdk-{uuid.uuid4().hex}"
    yield name
    if client.get_prompt(name):
        client.delete_prompt(name)


@pytest.fixture(params=["", "/api", "/api/v1"])
def anywhere(connect, request):
    """A client under each base path, without the cache that would hide what the server does."""
    return connect(request.param, disable_prompt_cache=True)


def test_a_prompt_is_created_read_updated_and_deleted(anywhere, prompt):
    created = anywhere.create_prompt(prompt, description="first", readme="# Read me", tags=["support"])
    assert (created.repo_handle, created.full_name, created.num_commits, created.is_public) == (prompt, f"-/{prompt}", 0, False)
    read = anywhere.get_prompt(prompt)
    assert (read.description, read.readme, read.tags, read.id) == ("first", "# Read me", ["support"], created.id)

    updated = anywhere.update_prompt(prompt, description="second", is_public=True, tags=[])
    assert updated["repo"]["description"] == "second"
    public = anywhere.get_prompt(f"fanlight/{prompt}")
    assert (public.owner, public.is_public, public.tags) == ("fanlight", True, [])

    with pytest.raises(LangSmithConflictError):
        anywhere.create_prompt(prompt)
    anywhere.delete_prompt(prompt)
    assert anywhere.get_prompt(prompt) is None
    with pytest.raises(LangSmithNotFoundError):
        anywhere.create_commit(prompt, chat("x"))


def test_versions_are_pushed_and_pulled_by_every_kind_of_name(anywhere, prompt):
    url = anywhere.push_prompt(prompt, object=chat("one"), description="about", commit_tags=["production", "v1"], commit_description="First")
    assert f"/prompts/{prompt}/" in url
    second = anywhere.push_prompt(prompt, object=chat("two"), commit_tags="staging")
    short = second.split(f"/prompts/{prompt}/")[1][:8]

    assert text_of(anywhere.pull_prompt_commit(prompt)) == "two"
    newest = anywhere.pull_prompt_commit(f"{prompt}:{short}")
    assert (newest.commit_hash[:8], newest.repo, newest.owner, newest.examples) == (short, prompt, "-", [])
    for name, text in [("production", "one"), ("v1", "one"), ("staging", "two"), ("latest", "two"), (newest.commit_hash, "two")]:
        assert text_of(anywhere.pull_prompt_commit(f"{prompt}:{name}")) == text, name
    public = anywhere.pull_prompt_commit(f"fanlight/{prompt}:v1", dangerously_pull_public_prompt=True)
    assert (text_of(public), public.description) == ("one", "First")

    commits = list(anywhere.list_prompt_commits(prompt))
    assert [commit.commit_hash for commit in commits][0] == newest.commit_hash
    assert commits[0].parent_commit_hash == commits[1].commit_hash and commits[0].parent_id == commits[1].id
    assert (commits[1].description, commits[1].parent_id) == ("First", None)
    assert anywhere.get_prompt(prompt).num_commits == 2
    with pytest.raises(LangSmithNotFoundError):
        anywhere.pull_prompt_commit(f"{prompt}:unknown")


def test_a_tag_moves_with_the_next_push(client, prompt):
    client.push_prompt(prompt, object=chat("one"), commit_tags=["production"])
    client.push_prompt(prompt, object=chat("two"), commit_tags=["production"])
    assert text_of(client.pull_prompt_commit(f"{prompt}:production", skip_cache=True)) == "two"


def test_a_push_without_an_object_changes_only_what_is_said_about_the_prompt(client, prompt):
    client.push_prompt(prompt, object=chat("one"))
    client.push_prompt(prompt, description="new words", tags=["a"])
    read = client.get_prompt(prompt)
    assert (read.num_commits, read.description, read.tags) == (1, "new words", ["a"])


def test_stale_parents_and_unchanged_prompts_are_conflicts(client, prompt):
    client.push_prompt(prompt, object=chat("one"))
    [first] = client.list_prompt_commits(prompt)
    client.create_commit(prompt, chat("two"), parent_commit_hash=first.commit_hash)
    with pytest.raises(LangSmithConflictError):
        client.create_commit(prompt, chat("three"), parent_commit_hash=first.commit_hash)
    with pytest.raises(LangSmithConflictError, match="Nothing to commit"):
        client.push_prompt(prompt, object=chat("two"))
    assert client.get_prompt(prompt).num_commits == 2


@pytest.mark.parametrize(
    "manifest, text",
    [({"lc": 1, "id": []}, "Manifest must have an id field"), ({"lc": 1, "id": ["hi"]}, "Manifest type hi is not supported")],
)
def test_what_is_no_prompt_is_refused(client, prompt, manifest, text):
    client.create_prompt(prompt)
    with pytest.raises(LangSmithError, match=text) as refused:
        client.create_commit(prompt, manifest)
    assert "400 Client Error" in str(refused.value) or "400" in str(refused.value)


def test_the_model_comes_along_only_when_it_is_asked_for(client, prompt):
    model = constructor("ChatOpenAI", model="gpt-4o", openai_api_key={"lc": 1, "type": "secret", "id": ["OPENAI_API_KEY"]})
    both = {**constructor("x", first=chat("one"), last=model), "id": ["langchain", "schema", "runnable", "RunnableSequence"]}
    client.push_prompt(prompt, object=both)
    alone = client.pull_prompt_commit(prompt)
    assert (alone.manifest["id"][-1], alone.hub_model_provider) == ("ChatPromptTemplate", None)
    whole = client.pull_prompt_commit(prompt, include_model=True)
    assert (whole.manifest, whole.hub_model_provider, whole.hub_model_config["model"]) == (both, "ChatOpenAI", "gpt-4o")


def test_prompts_are_listed_searched_and_sorted(client):
    marker = f"m{uuid.uuid4().hex[:12]}"
    names = [f"{marker}-{word}" for word in ("apple", "banana", "cherry")]
    try:
        for name in names:
            client.create_prompt(name, is_public=name.endswith("banana"))
        found = client.list_prompts(query=marker)
        assert (found.total, [prompt.repo_handle for prompt in found.repos]) == (3, names[::-1])
        assert [prompt.repo_handle for prompt in client.list_prompts(query=marker, is_public=True).repos] == [names[1]]
        assert [prompt.repo_handle for prompt in client.list_prompts(query=f"{marker} app").repos] == [names[0]]
        assert client.list_prompts(query=marker, limit=2, offset=2).repos[0].repo_handle == names[0]

        client.update_prompt(names[0], is_archived=True)
        assert client.list_prompts(query=marker).total == 2
        assert client.list_prompts(query=marker, is_archived=True).repos[0].repo_handle == names[0]
        oldest_first = client.list_prompts(query=marker, sort_direction="asc")
        assert [prompt.repo_handle for prompt in oldest_first.repos] == names[1:]
    finally:
        for name in names:
            client.delete_prompt(name)


def test_a_prompt_is_liked_and_unliked(client, prompt):
    client.create_prompt(prompt)
    assert client.like_prompt(prompt) == {"likes": 1} and client.like_prompt(prompt) == {"likes": 1}
    assert client.get_prompt(prompt).num_likes == 1
    assert client.unlike_prompt(prompt) == {"likes": 0}
    with pytest.raises(LangSmithNotFoundError):
        client.like_prompt(f"{prompt}-absent")


def test_a_hundred_and_more_versions_are_listed_page_by_page(client, prompt):
    client.create_prompt(prompt)
    for nth in range(103):
        client.create_commit(prompt, chat(f"version {nth}"))
    hashes = [commit.commit_hash for commit in client.list_prompt_commits(prompt)]
    assert len(set(hashes)) == 103
    assert [commit.commit_hash for commit in client.list_prompt_commits(prompt, limit=5)] == hashes[:5]


def test_the_generated_client_speaks_of_the_same_prompts(client, url, prompt):
    from langsmith._client import Langsmith

    generated = Langsmith(base_url=url, api_key="any")
    client.push_prompt(prompt, object=chat("one"), commit_tags=["production"])
    [listed] = generated.commits.list(prompt, owner="-", tag="production")
    created = generated.commits.create(prompt, owner="-", manifest=chat("two"), parent_commit=listed.commit_hash)
    read = generated.commits.retrieve("latest", owner="-", repo=prompt)
    assert (read.commit_hash, read.manifest) == (created.commit.commit_hash, chat("two"))
    assert generated.repos.retrieve(prompt, owner="-").repo.num_commits == 2
    assert generated.repos.update(prompt, owner="-", description="said").repo.description == "said"


def test_the_async_client_does_the_same(url, prompt):
    async def work():
        async with AsyncClient(api_url=url, api_key="any", disable_prompt_cache=True) as client:
            await client.push_prompt(prompt, object=chat("one"), description="async", commit_tags=["production"])
            await client.push_prompt(prompt, object=chat("two"))
            assert text_of(await client.pull_prompt_commit(f"{prompt}:production")) == "one"
            assert text_of(await client.pull_prompt_commit(prompt)) == "two"
            commits = [commit async for commit in client.list_prompt_commits(prompt)]
            with pytest.raises(LangSmithConflictError):
                await client.create_commit(prompt, chat("three"), parent_commit_hash=commits[1].commit_hash)
            assert await client.like_prompt(prompt) == {"likes": 1}
            assert (await client.get_prompt(prompt)).num_commits == 2
            assert (await client.list_prompts(query=prompt)).total == 1
            await client.update_prompt(prompt, description="changed")
            await client.delete_prompt(prompt)
            assert await client.get_prompt(prompt) is None

    asyncio.run(work())


def test_langchains_own_prompts_come_back_as_they_were_and_fill_in_their_variables(client, prompt):
    from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder, PromptTemplate
    from langchain_core.prompts.structured import StructuredPrompt

    pushed = ChatPromptTemplate([("system", "Answer for {company}."), MessagesPlaceholder("history", optional=True), ("human", "{question}")])
    client.push_prompt(prompt, object=pushed, commit_tags=["production"])
    pulled = client.pull_prompt(f"{prompt}:production")
    said = pulled.format_messages(company="Acme", question="Why?")
    assert [message.content for message in said] == ["Answer for Acme.", "Why?"]
    [commit] = client.list_prompt_commits(prompt)
    assert (pulled.metadata["lc_hub_repo"], pulled.metadata["lc_hub_commit_hash"]) == (prompt, commit.commit_hash)

    schema = {"title": "Verdict", "type": "object", "properties": {"ok": {"type": "boolean"}}}
    for template in [
        PromptTemplate.from_template("Hello {{who.name}}", template_format="mustache"),
        StructuredPrompt([("system", "Judge {answer}")], schema_=schema),
    ]:
        client.push_prompt(prompt, object=template)
        again = client.pull_prompt(prompt, skip_cache=True)
        assert type(again) is type(template) and again.input_variables == template.input_variables


def test_an_outdated_program_is_told_that_nothing_of_it_is_saved(client, prompt):
    from langchain_core.prompts import ChatPromptTemplate

    client.push_prompt(prompt, object=ChatPromptTemplate([("system", "one")]))
    [first] = client.list_prompt_commits(prompt)
    client.push_prompt(prompt, object=ChatPromptTemplate([("system", "two")]))
    with pytest.raises(LangSmithConflictError):
        client.push_prompt(prompt, object=ChatPromptTemplate([("system", "three")]), parent_commit_hash=first.commit_hash)
    assert client.pull_prompt(prompt, skip_cache=True).messages[0].prompt.template == "two"
