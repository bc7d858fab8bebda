"""What the mock says of itself, and what a check needs: the jobs that there are, and a way to fail."""

import json
import sys
import urllib.error
import urllib.request

TOKENS = {"ada": "token-of-ada", "grace": "token-of-grace"}

# Longer timelines show a client nothing new.
LONGEST = 300


def base() -> str:
    """The server's URL, from the command line."""
    if len(sys.argv) < 2:
        sys.exit("Error: say where the server is, as in http://127.0.0.1:4010")
    return sys.argv[1].rstrip("/")


def expect(holds: bool, otherwise: str) -> None:
    """Ends the check where something is not as it must be; `assert` would be silent under -O."""
    if not holds:
        sys.exit(f"Error: {otherwise}")


def control(method: str, path: str, body: object = None):
    """The control path's answer; behind a proxy, the mock itself is the second argument."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sys.argv[-1].rstrip('/')}/__mock/{path}", data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
    except urllib.error.HTTPError as refusal:
        sys.exit(f"Error: {method} {path}: {refusal.code} {refusal.read().decode()}")
    return json.loads(text) if text else None


def begin() -> None:
    """Undoes what checks before this one did."""
    control("POST", "reset")


def jobs(timeline: str) -> list[dict]:
    """The jobs of a timeline that are not too long."""
    listed = control("GET", "jobs")["jobs"]
    own = [job for job in listed if job["timeline"] == timeline and job["events"] <= LONGEST]
    expect(len(own) > 3, f"only {len(own)} jobs of {timeline} are there to look at")
    return own


def same_once(seen: list, job: dict) -> None:
    """Each event once, and as many as there are."""
    expect(len(set(seen)) == len(seen), f"{job['id']}: an event came twice among {seen}")
    count = job["events"]
    expect(len(seen) == count, f"{job['id']}: {len(seen)} events came, of {count}")
