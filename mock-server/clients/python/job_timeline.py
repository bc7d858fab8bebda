"""The polling loop of the job timeline's reference: since = latest_seq until the job succeeded or failed."""

import json
import time
import urllib.error
import urllib.request

from world import TOKENS, base, begin, control, expect, jobs

TERMINAL = {"succeeded", "failed"}
SPEED = 60
# Seconds: a job that has not ended by itself by then is ended by hand, and its end must come.
PATIENCE = 2
DEADLINE = 30
PAUSE = 0.05


def page(token: str, job: str, since: int | None) -> dict:
    query = "" if since is None else f"?since={since}"
    request = urllib.request.Request(f"{base()}/v1/jobs/{job}/events{query}")
    request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def load(url: str) -> None:
    """A picture opens by its URL alone."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        kind, body = answer.headers["content-type"], answer.read()
    expect(kind == "image/png" and body.startswith(b"\x89PNG\r\n"), f"{url} is no picture, but {kind}")


def poll(token: str, job: str) -> tuple[list[dict], int, int]:
    """Everything up to the end, how often it was asked, and how many pictures were loaded."""
    seen, since, asked, pictures = [], None, 0, 0
    began, patient = time.monotonic(), True
    while not any(event["event_type"] in TERMINAL for event in seen):
        waited = time.monotonic() - began
        expect(waited < DEADLINE, f"{job}: no end after {DEADLINE} s and {len(seen)} events")
        if patient and waited > PATIENCE:
            patient = False
            control("POST", f"jobs/job-timeline/{job}/fail")
        answer = page(token, job, since)
        asked += 1
        for event in answer.get("events", []):
            seen.append(event)
            for artifact in event.get("artifacts", []):
                load(artifact["image_url"])
                pictures += 1
        since = answer.get("latest_seq", since)
        time.sleep(PAUSE)
    return seen, asked, pictures


def check(job: dict) -> int:
    token = TOKENS[job["owner"]]
    seen, asked, pictures = poll(token, job["id"])
    numbers = [event["seq"] for event in seen]
    expect(numbers == sorted(set(numbers)), f"{job['id']}: not each event once and in order: {numbers}")
    expect(seen[0]["event_type"] == "queued", f"{job['id']} begins with {seen[0]['event_type']}")
    expect(seen[-1]["event_type"] in TERMINAL, f"{job['id']}: events come behind the end")
    whole = [event["seq"] for event in page(token, job["id"], None)["events"]]
    expect(numbers == whole, f"{job['id']}: polled {numbers}, read at once {whole}")
    last = page(token, job["id"], numbers[-1])
    expect(not last.get("events"), f"{job['id']}: something comes behind the end")
    print(f"{job['id']}: {len(seen)} events and {pictures} pictures in {asked} polls, {seen[-1]['event_type']}")
    return asked


begin()
watched = [job for job in jobs("job-timeline") if job["ended"] or job["grows"]]
# Those that run come first, while they do.
watched.sort(key=lambda job: not job["grows"])
expect(watched[0]["grows"], "no job is running")
control("PUT", "time", {"speed": SPEED})
longest = max(check(job) for job in watched)
expect(longest > 2, "no job was running while it was polled")
try:
    page(TOKENS["ada"], "01JADA00000000000000FFFFFF", None)
except urllib.error.HTTPError as refusal:
    code = json.loads(refusal.read())["error"]["code"]
    expect((refusal.code, code) == (404, "JOB_NOT_FOUND"), f"{refusal.code} {code}")
else:
    expect(False, "an unknown job was served")
