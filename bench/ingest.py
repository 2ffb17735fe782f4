"""How fast, how small: ingest rate, memory, bytes on disk, the search index and the time of the newest page.

    python3 bench/ingest.py [--binary target/release/fanlight] [--runs 100000] [--writers 4]

Starts the server with an empty data directory on a free loopback port, sends runs of about 2 KB through /runs/batch, a
hundred to a request, from writers on the same machine, and reports. Needs nothing but Python. Bodies are made before
the clock starts, so that the client costs little; an answer means that the runs are committed.
"""

import argparse
import http.client
import json
import random
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

RUNS_PER_REQUEST = 100
RUNS_PER_TRACE = 10
# A trace is a chain with retrievers, tools and LLM calls below it.
KINDS = ["chain", "chain", "llm", "retriever", "embedding", "llm", "tool", "parser", "llm", "chain"]
MODELS = ["gpt-4o-mini", "gpt-4.1", "claude-sonnet-4-5"]


class Text:
    """Sentences of made-up words whose frequencies fall as those of a language do."""

    def __init__(self, chance, n_words=4000):
        syllables = ["ba", "con", "de", "fi", "gra", "hel", "in", "jo", "ka", "lo", "men", "ni", "or", "pre", "ra", "st", "tu", "ver"]
        self.words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(n_words)]
        self.weights = [1 / (rank + 3) for rank in range(n_words)]
        self.chance = chance

    def of(self, n_chars):
        return " ".join(self.chance.choices(self.words, self.weights, k=n_chars // 6))


def dotted(start, run_id):
    return start.strftime("%Y%m%dT%H%M%S%fZ") + run_id


def trace(chance, text, start):
    """The runs of one finished trace, each about 2 KB of JSON."""
    root_id, runs = str(uuid.UUID(int=chance.getrandbits(128), version=4)), []
    for idx, kind in enumerate(KINDS):
        run_id = root_id if idx == 0 else str(uuid.UUID(int=chance.getrandbits(128), version=4))
        began = start + timedelta(milliseconds=idx * 90)
        order = dotted(start, root_id) + ("" if idx == 0 else "." + dotted(began, run_id))
        metadata = {"thread_id": f"thread-{chance.randrange(5000)}", "user_id": f"user-{chance.randrange(900)}", "revision_id": "8f3c2a1"}
        outputs = {"output": text.of(520)}
        if kind == "llm":
            n_in, n_out = chance.randint(200, 3000), chance.randint(20, 600)
            metadata |= {"ls_provider": "openai", "ls_model_name": chance.choice(MODELS), "ls_temperature": 0.7}
            outputs["usage_metadata"] = {"input_tokens": n_in, "output_tokens": n_out, "total_tokens": n_in + n_out}
        runtime = {
            "sdk": "langsmith-py", "sdk_version": "0.15.0", "library": "langsmith", "runtime": "python",
            "runtime_version": "3.11.7", "platform": "Linux-6.1-x86_64-with-glibc2.36", "py_implementation": "CPython",
        }
        runs.append({
            "id": run_id, "trace_id": root_id, "parent_run_id": None if idx == 0 else root_id, "dotted_order": order,
            "name": ["process_chat", "research_agent", "ChatOpenAI", "knowledge_agent"][idx % 4], "run_type": kind,
            "start_time": began.isoformat(), "end_time": (began + timedelta(milliseconds=chance.randint(5, 4000))).isoformat(),
            "session_name": "bench", "tags": ["chat", "prod"],
            "inputs": {"messages": [{"role": "user", "content": text.of(640)}]}, "outputs": outputs,
            "extra": {"metadata": metadata, "runtime": runtime},
        })
    return runs


def bodies(n_runs):
    chance = random.Random(1984)
    text = Text(chance)
    start = datetime.now(timezone.utc) - timedelta(days=7)
    n_traces = n_runs // RUNS_PER_TRACE
    pending = []
    for n in range(n_traces):
        pending += trace(chance, text, start + n * timedelta(days=7) / n_traces)
        if len(pending) >= RUNS_PER_REQUEST:
            yield json.dumps({"post": pending}).encode()
            pending = []


def memory_mb(pid, field):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def send_all(port, todo, latencies_ms):
    """Sends bodies until none is left; anything but 202 ends the benchmark."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        try:
            body = todo.pop()
        except IndexError:
            return
        began = time.perf_counter()
        connection.request("POST", "/runs/batch", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 202, answer.status
        latencies_ms.append((time.perf_counter() - began) * 1000)


def percentiles(values):
    ordered = sorted(values)
    return f"p50 {statistics.median(ordered):.2f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.2f} ms"


def query(port, body, n_times):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times_ms = []
    for _ in range(n_times):
        began = time.perf_counter()
        connection.request("POST", "/api/v1/runs/query", json.dumps(body))
        answer = json.loads(connection.getresponse().read())
        times_ms.append((time.perf_counter() - began) * 1000)
        assert len(answer["runs"]) == body["limit"], answer
    return times_ms, answer


def storage(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/fanlight/v1/storage")
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    return json.loads(answer.read())


def wait_for_search(port):
    """Seconds until every run can be found by the search index alone; the report at that time."""
    began = time.perf_counter()
    while (report := storage(port))["n_unindexed_runs"] > 0:
        time.sleep(0.1)
    return time.perf_counter() - began, report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(Path(__file__).resolve().parents[1] / "target/release/fanlight"))
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--writers", type=int, default=4)
    options = parser.parse_args()

    print(f"making {options.runs:,} runs …", flush=True)
    todo = list(bodies(options.runs))
    n_bytes = sum(map(len, todo))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data_dir:
        server = subprocess.Popen(
            [options.binary, "serve", "--addr", f"127.0.0.1:{port}", "--data", data_dir], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            latencies_ms = []
            writers = [threading.Thread(target=send_all, args=(port, todo, latencies_ms)) for _ in range(options.writers)]
            began = time.perf_counter()
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            seconds = time.perf_counter() - began
            print(f"JSON per run         {n_bytes / options.runs:,.0f} bytes")
            print(f"acknowledged         {options.runs / seconds:,.0f} runs/s with {options.writers} writers; a request: {percentiles(latencies_ms)}")
            n_waiting = storage(port)["n_unindexed_runs"]
            seconds, report = wait_for_search(port)
            print(f"search index         {report['search_bytes'] / options.runs:,.0f} bytes per run, {report['search_bytes'] / n_bytes:.1%} of the JSON; {n_waiting:,} runs behind, caught up after {seconds:.1f} s")
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/api/v1/sessions?name=bench")
            project = json.loads(connection.getresponse().read())[0]["id"]
            select = ["id", "name", "status", "inputs_preview", "outputs_preview", "total_tokens", "total_cost", "tags", "feedback_stats"]
            page = {"session": [project], "is_root": True, "limit": 50, "select": select}
            times_ms, _ = query(port, page, 200)
            print(f"newest 50 traces     {percentiles(times_ms)} (HTTP and parsing by the client included)")
            print(f"resident memory      {memory_mb(server.pid, 'VmRSS'):.0f} MB now, {memory_mb(server.pid, 'VmHWM'):.0f} MB at most")
        finally:
            server.terminate()
            server.wait(60)
        n_stored = sum(file.stat().st_size for file in Path(data_dir).iterdir())
        print(f"on disk              {n_stored / options.runs:,.0f} bytes per run, {n_stored / n_bytes:.1%} of the JSON received")


if __name__ == "__main__":
    main()
