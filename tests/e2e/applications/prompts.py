"""Pushes and pulls prompts with the SDK: `prompts.py push NAME TEXT…`, `prompts.py pull NAME:VERSION`."""

import sys

from langsmith import Client


def constructor(name, **kwargs):
    return {"lc": 1, "type": "constructor", "id": ["langchain", "prompts", "chat", name], "kwargs": kwargs}


def chat(text):
    """A chat prompt as LangChain serialises it: a system message with `{company}` in it, and the question."""
    system = constructor("PromptTemplate", template=text, input_variables=["company"], template_format="f-string")
    human = constructor("PromptTemplate", template="{question}", input_variables=["question"], template_format="f-string")
    messages = [constructor("SystemMessagePromptTemplate", prompt=system), constructor("HumanMessagePromptTemplate", prompt=human)]
    return constructor("ChatPromptTemplate", input_variables=["company", "question"], messages=messages)


client = Client(disable_prompt_cache=True)
command, name, *texts = sys.argv[1:]
if command == "push":
    for nth, text in enumerate(texts):
        tags = ["production"] if nth == 0 else None
        client.push_prompt(name, object=chat(text), commit_description=f"Version {nth + 1}", commit_tags=tags)
else:
    commit = client.pull_prompt_commit(name)
    print(commit.manifest["kwargs"]["messages"][0]["kwargs"]["prompt"]["kwargs"]["template"])
