"""What the benchmarks share: a server of their own, made-up traces, and figures. Needs nothing but Python."""

import contextlib
import http.client
import json
import socket
import statistics
import subprocess
import time
import uuid
from datetime import timedelta
from pathlib import Path

RUNS_PER_TRACE = 10
BINARY = Path(__file__).resolve().parents[1] / "target/release/fanlight"

# A trace is a chain with retrievers, tools and LLM calls below it.
KINDS = ["chain", "chain", "llm", "retriever", "embedding", "llm", "tool", "parser", "llm", "chain"]
ROOTS = ["process_chat", "rag-pipeline", "support_agent", "summarise"]
CHILDREN = ["orchestrator_router", "ChatOpenAI", "knowledge_agent", "embed_query", "ChatAnthropic", "search_orders", "parse_answer", "writing_agent", "aggregator"]
MODELS = ["gpt-4o-mini", "gpt-4.1", "claude-sonnet-4-5", "claude-haiku-4-5", "gemini-2.5-flash", "mistral-large"]
ERRORS = ["TimeoutError", "RateLimitError", "ValueError", "ToolError", "JSONDecodeError"]
TAGS = ["chat", "prod", "beta", "eu", "us", "enterprise", "v2.1", "v2.2"]
RARE_WORD, RARE_EVERY = "quokkaberry", 50_000


class Text:
    """Sentences of made-up words whose frequencies fall as those of a language do."""

    def __init__(self, chance, n_words=20_000):
        syllables = ["ba", "con", "de", "fi", "gra", "hel", "in", "jo", "ka", "lo", "men", "ni", "or", "pre", "ra", "st", "tu", "ver"]
        words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(n_words)]
        weights = [1 / (rank + 3) for rank in range(n_words)]
        # One long draw, read at random places: a million runs cost seconds instead of minutes.
        self.stream = chance.choices(words, weights, k=2_000_000)
        self.chance = chance

    def of(self, n_chars):
        n_words = n_chars // 6
        at = self.chance.randrange(len(self.stream) - n_words)
        return " ".join(self.stream[at : at + n_words])


def dotted(start, run_id):
    return start.strftime("%Y%m%dT%H%M%S%fZ") + run_id


def trace(chance, text, start, number, project="bench"):
    """The runs of one finished trace, each about 2 KB of JSON."""
    ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in KINDS]
    began = [start + timedelta(milliseconds=idx * 90) for idx in range(len(KINDS))]
    thread, user = f"thread-{chance.randrange(20_000)}", f"user-{chance.randrange(5_000)}"
    shared = {"thread_id": thread, "user_id": user, "revision_id": f"rev-{number // 20_000}", "env": "prod" if number % 5 else "staging"}
    tags = chance.sample(TAGS, 2)
    failed = chance.random() < 0.04
    runs = []
    for idx, kind in enumerate(KINDS):
        run_id, root_id = ids[idx], ids[0]
        metadata, outputs = dict(shared), {"output": text.of(520)}
        if kind == "llm":
            n_in, n_out = chance.randint(200, 3000), chance.randint(20, 600)
            metadata |= {"ls_provider": "openai", "ls_model_name": chance.choice(MODELS), "ls_temperature": 0.7}
            outputs["usage_metadata"] = {"input_tokens": n_in, "output_tokens": n_out, "total_tokens": n_in + n_out}
        question = text.of(640)
        if (number * RUNS_PER_TRACE + idx) % RARE_EVERY == 17:
            question += " " + RARE_WORD
        latency_ms = min(chance.lognormvariate(6.0 if idx else 8.0, 1.0), 600_000)
        run = {
            "id": run_id, "trace_id": root_id, "parent_run_id": None if idx == 0 else root_id,
            "dotted_order": dotted(start, root_id) + ("" if idx == 0 else "." + dotted(began[idx], run_id)),
            "name": ROOTS[number % 4] if idx == 0 else CHILDREN[idx - 1], "run_type": kind,
            "start_time": began[idx].isoformat(), "end_time": (began[idx] + timedelta(milliseconds=latency_ms)).isoformat(),
            "session_name": project, "tags": tags,
            "inputs": {"messages": [{"role": "user", "content": question}]}, "outputs": outputs,
            "extra": {"metadata": metadata, "runtime": {
                "sdk": "langsmith-py", "sdk_version": "0.15.0", "library": "langsmith", "runtime": "python",
                "runtime_version": "3.11.7", "platform": "Linux-6.1-x86_64-with-glibc2.36", "py_implementation": "CPython",
            }},
        }
        if failed and idx in (0, 6):
            del run["outputs"]
            run["error"] = f"{ERRORS[number % 5]}('{text.of(60)}')\n\nTraceback (most recent call last):\n  {text.of(200)}"
        runs.append(run)
    return runs


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(binary, data_dir):
    """A server on a free loopback port; yields (port, process) once it answers."""
    port = free_port()
    command = [str(binary), "serve", "--addr", f"127.0.0.1:{port}", "--data", str(data_dir)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            if process.poll() is not None:
                raise SystemExit(f"the server ended with {process.returncode}")
            with contextlib.suppress(OSError, AssertionError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/readyz")
                assert connection.getresponse().status == 200
                break
            time.sleep(0.05)
        yield port, process
    finally:
        process.terminate()
        process.wait(120)


class Client:
    """One connection. `ask` returns the answer, the milliseconds it took, and the response's headers."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, method, path, body=None):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        began = time.perf_counter()
        self.connection.request(method, path, data, {"content-type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        took_ms = (time.perf_counter() - began) * 1000
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:400]!r}")
        return json.loads(text) if text else None, took_ms, answer.headers


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def spread(values):
    return f"p50 {statistics.median(values):7.2f} ms   p95 {percentile(values, 0.95):7.2f} ms   p99 {percentile(values, 0.99):7.2f} ms"


def memory_mb(pid, field="VmRSS"):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)
