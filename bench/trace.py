"""Sends one trace of a given shape to a server, as an SDK would: parts of multipart requests, parents before children.

    python3 bench/trace.py --shape agent --runs 100000 [--url http://127.0.0.1:1984] [--project shapes] [--seed 1]

The shapes are those of crates/core/src/model/fixtures: agent, deep, siblings, parallel-tools, chat, duplicate-ids, cycles,
orphans, open, clock-skew, human-gap, ns-beside-hours, names, long-message. The same shape, size and seed give the same
trace. Prints the trace's id and address. Needs nothing but Python.
"""

import argparse
import http.client
import json
import random
import time
import urllib.parse
import uuid
from datetime import datetime, timedelta, timezone

RUNS_PER_REQUEST = 500
ORIGIN = datetime(2026, 11, 24, 8, tzinfo=timezone.utc)
MS = 1_000
HOUR = 3_600_000 * MS

# (name, typical milliseconds)
TOOLS = [
    ("search_orders", 180), ("lookup_customer", 60), ("read_file", 4), ("run_tests", 9_000), ("web_search", 700),
    ("calculator", 1), ("send_email", 240), ("sql_query", 90),
]
# (name, microseconds per completion token)
MODELS = [("gpt-4o-2024-11-20", 11_000), ("gpt-4o-mini", 7_000), ("claude-sonnet-4-5", 14_000)]
NAMES = [
    "בדיקת הזמנה", "بحث في الطلبات", "東京支社の返金を調べる", "고객 조회", "退款申请处理", "👩‍👩‍👧‍👦 family_tool 🏳️‍🌈",
    "e\u0301te\u0301 decomposed", "mixed עברית and English ١٢٣", "\u202Ereversed by force", "zero\u200Bwidth", "<script>alert(1)</script>",
    "a\nname\nof\nlines", "", "a name that goes on and on and on without end and without a point until nobody knows how it had begun at all",
]
WORDS = ["refund", "order", "the", "customer", "wrote", "again", "about", "shipment", "日本", "déjà", "policy", "within", "thirty", "days", "please", "🙂"]


class Trace:
    """Runs in the order in which they were added, parents first. Times are microseconds from the start."""

    def __init__(self, shape, n_runs, seed):
        # Traces of different shapes must not have ids in common.
        self.chance, self.n_runs, self.runs = random.Random(f"{shape} {n_runs} {seed}"), n_runs, []

    @property
    def is_full(self):
        return len(self.runs) >= self.n_runs

    def add(self, parent, name, kind, start, end=None):
        """A run that ends when it starts unless told otherwise; None when there are enough."""
        if self.is_full:
            return None
        run = {
            "id": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)), "parent": parent, "name": name, "kind": kind,
            "start": start, "end": start if end is None else end, "first": None, "model": None, "usage": None, "error": None, "inputs": None,
        }
        self.runs.append(run)
        return run

    def latency(self, typical):
        return max(1, typical * self.chance.randrange(50, 150) // 100 * (8 if self.percent(4) else 1))

    def percent(self, percent):
        return self.chance.randrange(100) < percent

    def words(self, n_words):
        return " ".join(self.chance.choice(WORDS) for _ in range(n_words))


def agent(trace):
    root = trace.add(None, "support_agent", "chain", 0)
    now = 2 * MS
    while not trace.is_full:
        now = turn(trace, root, now, 0) + trace.chance.randrange(100, 20 * MS)
    end_after_children(trace)


def turn(trace, parent, start, nesting):
    run = trace.add(parent, "turn" if nesting == 0 else "sub_agent", "chain", start)
    if run is None:
        return start
    now = start + trace.chance.randrange(50, 900)
    if trace.percent(60):
        now = retrieve(trace, run, now)
    for _ in range(trace.chance.randrange(1, 5)):
        step = trace.add(run, "agent_step", "chain", now)
        if step is None:
            break
        prompt_at = now + trace.chance.randrange(20, 400)
        trace.add(step, "ChatPromptTemplate", "prompt", prompt_at, prompt_at + 300)
        now = call_model(trace, step, prompt_at + 400)
        now = call_tools(trace, step, now, nesting)
        now += trace.chance.randrange(20, 2 * MS)
    if trace.percent(30) and (parser := trace.add(run, "StrOutputParser", "parser", now)):
        now += trace.chance.randrange(30, 400)
        parser["end"] = now
    return now


def retrieve(trace, parent, start):
    retriever = trace.add(parent, "VectorStoreRetriever", "retriever", start)
    if retriever is None:
        return start
    now = start + 200
    if embedding := trace.add(retriever, "embed_query", "embedding", now):
        now += trace.latency(80 * MS)
        embedding |= {"end": now, "model": "text-embedding-3-small", "usage": usage(trace.chance.randrange(8, 60), 0)}
    now += trace.latency(15 * MS)
    retriever["end"] = now
    return now


def call_model(trace, parent, start):
    call = trace.add(parent, "ChatOpenAI", "llm", start)
    if call is None:
        return start
    model, us_per_token = trace.chance.choice(MODELS)
    n_prompt, n_completion = trace.chance.randrange(200, 9_000), trace.chance.randrange(5, 600)
    first = start + trace.latency(350 * MS)
    streams, fails, cached, reasons = trace.percent(70), trace.percent(1), trace.percent(40), trace.percent(10)
    call |= {"model": model, "end": first}
    if fails:
        call["error"] = "RateLimitError('429: too many requests')"
        return first
    end = first + n_completion * us_per_token
    call |= {"end": end, "first": first if streams else None}
    call["usage"] = usage(n_prompt, n_completion, n_prompt // 128 * 64 if cached else 0, n_completion // 2 if reasons else 0)
    return end


def call_tools(trace, parent, start, nesting):
    end = start
    for _ in range(trace.chance.randrange(0, 4)):
        name, typical_ms = trace.chance.choice(TOOLS)
        at = start + trace.chance.randrange(100, 600)
        tool = trace.add(parent, name, "tool", at)
        if tool is None:
            break
        tool_end = at + trace.latency(typical_ms * MS)
        if nesting < 3 and trace.percent(8):
            tool_end = turn(trace, tool, at + 200, nesting + 1) + 100
        tool["end"] = tool_end
        if trace.percent(2):
            tool["error"] = "ToolError('no such order')"
        end = max(end, tool_end)
    return end


def usage(n_prompt, n_completion, n_cached=0, n_reasoning=0):
    counted = {"input_tokens": n_prompt, "output_tokens": n_completion, "total_tokens": n_prompt + n_completion}
    if n_cached:
        counted["input_token_details"] = {"cache_read": n_cached}
    if n_reasoning:
        counted["output_token_details"] = {"reasoning": n_reasoning}
    return counted


def end_after_children(trace):
    for run in reversed(trace.runs):
        if run["parent"] is not None and run["end"] is not None:
            run["parent"]["end"] = max(run["parent"]["end"], run["end"] + 40)


def deep(trace):
    parent = None
    for level in range(trace.n_runs):
        parent = trace.add(parent, "recurse", "chain", level * 10, (2 * trace.n_runs - level) * 10)


def one_after_the_other(trace, root_name, name, kind, typical):
    root, now = trace.add(None, root_name, "chain", 0), 0
    while run := trace.add(root, name, kind, now):
        now += trace.latency(typical)
        run["end"] = now
        if trace.chance.randrange(1_000) == 0:
            run["error"] = "ValueError('too long')"
    root["end"] = now


def siblings(trace):
    one_after_the_other(trace, "map_documents", "embed_document", "embedding", 20 * MS)


def parallel_tools(trace):
    root = trace.add(None, "fan_out", "chain", 0)
    trace.add(root, "ChatOpenAI", "llm", MS, 900 * MS)
    while tool := trace.add(root, "fetch_page", "tool", 900 * MS):
        tool["end"] = 900 * MS + trace.latency(400 * MS)
    root["end"] = max(run["end"] for run in trace.runs)


def chat(trace):
    """Model calls that each read all that was said before; the last one's messages are sent in full."""
    root, now, n_prompt = trace.add(None, "conversation", "chain", 0), 0, 40
    while call := trace.add(root, "ChatAnthropic", "llm", now):
        n_completion = trace.chance.randrange(20, 200)
        first = now + trace.latency(300 * MS)
        call |= {"model": "claude-sonnet-4-5", "first": first, "end": first + n_completion * 14 * MS, "usage": usage(n_prompt, n_completion)}
        now, n_prompt = call["end"] + 5_000 * MS, n_prompt + n_completion + 30
    root["end"] = now
    messages = [{"role": "assistant" if idx % 2 else "user", "content": trace.words(trace.chance.randrange(4, 60))} for idx in range(2_000)]
    trace.runs[-1]["inputs"] = {"messages": messages}


def long_message(trace):
    root = trace.add(None, "summarise", "chain", 0, 900 * MS)
    call = trace.add(root, "ChatOpenAI", "llm", MS, 890 * MS)
    content = ""
    while len(content.encode()) < 5_000_000:
        content += ".\n".join(trace.words(20) for _ in range(2_000))
    call["inputs"] = {"messages": [{"role": "user", "content": content}]}


def human_gap(trace):
    agent(trace)
    waits_from = trace.runs[len(trace.runs) // 2]["start"]
    for run in trace.runs:
        for key in ("start", "first", "end"):
            if run[key] is not None and run[key] >= waits_from:
                run[key] += 9 * HOUR


def ns_beside_hours(trace):
    """The SDK counts in microseconds; a thousandth of one is told in nanoseconds."""
    root, idx = trace.add(None, "batch_job", "chain", 0, 5 * HOUR), 0
    while run := trace.add(root, "train" if idx % 2 else "hash", "tool", idx * 60_000 * MS):
        run["end"] = run["start"] + (HOUR if idx % 2 else trace.chance.randrange(1, 900) / 1_000)
        idx += 1


def names(trace):
    root, now = trace.add(None, "여러 언어 🌍", "chain", 0), 0
    while run := trace.add(root, NAMES[len(trace.runs) % len(NAMES)], "tool", now):
        now += trace.latency(30 * MS)
        run["end"] = now
    root["end"] = now


def open_runs(trace):
    agent(trace)
    for idx, run in enumerate(trace.runs):
        if idx % 7 == 0:
            run["end"] = None
        elif idx % 7 == 3:
            run["end"], run["first"] = run["start"], None


def clock_skew(trace):
    agent(trace)
    for run in trace.runs:
        if run["kind"] == "tool":
            run["start"], run["end"] = run["start"] - 2_000 * MS, run["end"] - 2_000 * MS


def duplicate_ids(trace):
    agent(trace)
    for idx in range(10, len(trace.runs), 10):
        trace.runs[idx]["id"] = trace.runs[idx - 1]["id"]


def cycles(trace):
    agent(trace)
    runs = trace.runs
    runs[20]["parent"] = runs[20]
    runs[30]["parent"], runs[31]["parent"] = runs[31], runs[30]
    for idx in range(40, 50):
        runs[idx]["parent"] = runs[49 if idx == 40 else idx - 1]


def orphans(trace):
    agent(trace)
    for run in trace.runs[9::9]:
        run["parent"] = {"id": str(uuid.UUID(int=trace.chance.getrandbits(128), version=4))}


# What makes it, and how many runs it has unless told.
SHAPES = {
    "agent": (agent, 1_000), "deep": (deep, 10_000), "siblings": (siblings, 50_000), "parallel-tools": (parallel_tools, 1_002),
    "chat": (chat, 200), "duplicate-ids": (duplicate_ids, 120), "cycles": (cycles, 120), "orphans": (orphans, 120),
    "open": (open_runs, 120), "clock-skew": (clock_skew, 120), "human-gap": (human_gap, 200), "ns-beside-hours": (ns_beside_hours, 201),
    "names": (names, 56), "long-message": (long_message, 2),
}


def instant(at):
    """ISO 8601 with nanoseconds where there are any."""
    whole, nanos = int(at // 1), round(at % 1 * 1_000)
    text = (ORIGIN + timedelta(microseconds=whole)).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text}{nanos:03}Z" if nanos else f"{text}Z"


def sent(run, trace_id, project):
    """The run as JSON. No dotted order: that of a run ten thousand levels deep would be half a megabyte."""
    metadata = {"ls_model_name": run["model"], "ls_provider": "openai"} if run["model"] else {}
    events = [{"name": "new_token", "time": instant(run["first"])}] if run["first"] else []
    body = {
        "id": run["id"], "trace_id": trace_id, "name": run["name"], "run_type": run["kind"], "session_name": project,
        "start_time": instant(run["start"]), "inputs": run["inputs"] or {"input": run["name"]}, "extra": {"metadata": metadata}, "events": events,
    }
    if run["parent"]:
        body["parent_run_id"] = run["parent"]["id"]
    if run["end"] is not None:
        body["end_time"] = instant(run["end"])
        body["outputs"] = {"output": "done"} | ({"usage_metadata": run["usage"]} if run["usage"] else {})
    if run["error"]:
        body["error"] = run["error"]
    return body


def multipart(bodies):
    boundary = "fanlight-shapes"
    parts = []
    for body in bodies:
        data = json.dumps(body, ensure_ascii=False).encode()
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="post.{body["id"]}"\r\nContent-Type: application/json\r\n'
            f"Content-Length: {len(data)}\r\n\r\n".encode() + data + b"\r\n"
        )
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def make(shape, n_runs=None, seed=1):
    build, default = SHAPES[shape]
    trace = Trace(shape, n_runs or default, seed)
    build(trace)
    return trace.runs


def send(url, runs, project):
    """Sends all runs and returns the trace's id. A server that is busy is asked again."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
    trace_id = runs[0]["id"]
    for first in range(0, len(runs), RUNS_PER_REQUEST):
        body, kind = multipart([sent(run, trace_id, project) for run in runs[first : first + RUNS_PER_REQUEST]])
        while True:
            connection.request("POST", "/api/v1/runs/multipart", body, {"content-type": kind})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 429:
                break
            time.sleep(0.2)
        if answer.status >= 300:
            raise SystemExit(f"{answer.status} {text[:400]!r}")
    return trace_id


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--shape", choices=SHAPES, default="agent")
    arguments.add_argument("--runs", type=int)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--url", default="http://127.0.0.1:1984")
    arguments.add_argument("--project", default="shapes")
    chosen = arguments.parse_args()
    runs = make(chosen.shape, chosen.runs, chosen.seed)
    trace_id = send(chosen.url, runs, chosen.project)
    address = urllib.parse.urlsplit(chosen.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
    connection.request("GET", f"/api/v1/sessions?name={urllib.parse.quote(chosen.project)}")
    [project, *_] = json.loads(connection.getresponse().read())
    print(f"{len(runs)} runs in trace {trace_id}")
    print(f"{chosen.url}/projects/{project['id']}/traces/{trace_id}")


if __name__ == "__main__":
    main()
