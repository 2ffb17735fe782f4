"""Traces with known times, costs, tags, feedback and threads, to be found again."""

import datetime
import uuid

UTC = datetime.timezone.utc


class Library:
    """A project of its own. Runs are added with what matters and sent together."""

    def __init__(self, client):
        self.client, self.project, self.ids = client, f"sdk-library-{uuid.uuid4()}", {}
        self._runs, self._feedback = [], []

    def add(self, name, start, seconds=1.0, parent=None, run_type="chain", error=None, tags=(), metadata=None, inputs=None, outputs=None):
        """One finished run; its name is unique in the project."""
        id = uuid.uuid4()
        stamp = f"{start.astimezone(UTC):%Y%m%dT%H%M%S%f}Z{id}"
        above = self.ids.get(parent)
        run = {
            "id": id, "name": name, "run_type": run_type, "session_name": self.project,
            "trace_id": above["trace_id"] if above else id, "dotted_order": f"{above['dotted_order']}.{stamp}" if above else stamp,
            "start_time": start.isoformat(), "end_time": (start + datetime.timedelta(seconds=seconds)).isoformat(),
            "inputs": inputs or {"question": name}, "tags": list(tags), "extra": {"metadata": metadata or {}},
        }
        run |= {"parent_run_id": above["id"]} if above else {}
        run |= {"error": error} if error else {"outputs": outputs or {"answer": name}}
        self.ids[name] = run
        self._runs.append(run)
        return id

    def rate(self, name, key, **feedback):
        self._feedback.append((self.ids[name], key, feedback))

    def send(self):
        self.client.multipart_ingest(create=self._runs)
        for run, key, feedback in self._feedback:
            self.client.create_feedback(run["id"], key, trace_id=run["trace_id"], **feedback)
        self.client.flush()

    def close(self):
        self.client.delete_project(project_name=self.project)
        self.client.close()


def usage(prompt=10, completion=20, **more):
    """Outputs of a model call that used so many tokens."""
    return {"usage_metadata": {"input_tokens": prompt, "output_tokens": completion, "total_tokens": prompt + completion, **more}}
