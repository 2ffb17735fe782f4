"""A small application that is traced: it looks something up and asks a model about it.

Prints when everything was sent, in milliseconds since 1970.
"""

import time

from langsmith import Client, traceable

client = Client()


@traceable(run_type="retriever", client=client)
def find_policy(question: str):
    return [
        {
            "page_content": "Refunds are possible within 30 days.",
            "type": "Document",
            "metadata": {"source": "refund-policy.md", "score": 0.91},
        }
    ]


@traceable(run_type="llm", name="ChatModel", client=client, metadata={"ls_provider": "openai", "ls_model_name": "gpt-4o"})
def ask_model(messages):
    return {
        "messages": [{"role": "assistant", "content": "You can return it within 30 days."}],
        "usage_metadata": {"input_tokens": 120, "output_tokens": 40, "total_tokens": 160},
    }


@traceable(client=client, tags=["e2e"])
def answer_customer(question: str) -> str:
    documents = find_policy(question)
    reply = ask_model(
        [
            {"role": "system", "content": f"Answer from this: {documents[0]['page_content']}"},
            {"role": "user", "content": question},
        ]
    )
    return reply["messages"][0]["content"]


answer_customer("How long can I return a lamp?")
client.flush()
print(round(time.time() * 1000))
