"""The openai SDK's cursor page walks training jobs from end to end, and refusals are its exceptions."""

import openai
from openai import BaseModel, OpenAI
from openai._base_client import make_request_options
from openai.pagination import SyncCursorPage

from world import TOKENS, base, begin, control, expect, jobs, same_once

PATH = "/preview/training-jobs/{}/events"
UNKNOWN = "0a000000-0000-4000-8000-00000000ffff"


class Event(BaseModel):
    id: str
    type: str
    data: dict


def client(token: str) -> OpenAI:
    return OpenAI(api_key=token, base_url=f"{base()}/v1", max_retries=0)


def events(token: str, job: str, headers: dict | None = None, **query):
    options = make_request_options(query=query, extra_headers=headers)
    path = PATH.format(job)
    return client(token).get_api_list(path, model=Event, page=SyncCursorPage[Event], options=options)


def walk(token: str, job: str, **query) -> list[str]:
    return [event.id for event in events(token, job, **query)]


def walks() -> None:
    lengths = set()
    for job in jobs("wandb-training"):
        if job["grows"]:
            continue
        lengths.add(job["events"])
        token = TOKENS[job["owner"]]
        seen = walk(token, job["id"])
        same_once(seen, job)
        expect(walk(token, job["id"], limit=7) == seen, f"{job['id']}: by sevens it is another list")
    expect({0, 1, 20, 21, 100} <= lengths, f"only lengths {lengths} were walked")
    print(f"walked jobs of {sorted(lengths)} events")


def growth() -> None:
    """The last cursor stays good: what comes later lies behind it."""
    job = next(job for job in jobs("wandb-training") if job["grows"])
    token = TOKENS[job["owner"]]
    seen = walk(token, job["id"])
    control("POST", f"jobs/wandb-training/{job['id']}/events")
    later = walk(token, job["id"], after=seen[-1])
    expect(later != [], "an event was appended, and the last cursor leads to nothing")
    expect(not set(seen) & set(later), "an event came again behind the last cursor")
    print(f"{len(seen)} events, then {len(later)} more")


def refusals() -> None:
    job = next(job for job in jobs("wandb-training") if job["events"])
    token = TOKENS[job["owner"]]
    stranger = next(other for owner, other in TOKENS.items() if owner != job["owner"])
    cases = [
        (openai.AuthenticationError, lambda: walk("wrong", job["id"])),
        (openai.NotFoundError, lambda: walk(token, UNKNOWN)),
        (openai.NotFoundError, lambda: walk(stranger, job["id"])),
        (openai.UnprocessableEntityError, lambda: walk(token, job["id"], limit=0)),
        (openai.RateLimitError, lambda: list(events(token, job["id"], {"Prefer": "code=429"}))),
    ]
    for kind, call in cases:
        try:
            call()
        except kind:
            continue
        except openai.APIError as other:
            expect(False, f"{kind.__name__} was due, and {other!r} came")
        expect(False, f"{kind.__name__} was due, and nothing was raised")
    print(f"{len(cases)} refusals, each as its exception")


begin()
walks()
growth()
refusals()
