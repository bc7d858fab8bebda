"""Both bundled documents as a FastAPI service, with its data in memory.

It knows nothing of the judge but three test hooks (TEST_HOOKS=1): one adds an event, one adds an event
that is hidden, and one returns the number of reads of events. The rest of its environment:

- HOST (127.0.0.1 if absent) and PORT (0 for any free one).
- ADA_TOKEN and GRACE_TOKEN, the tokens of its two customers.
- MUTATION, the one of the mistakes in mutations.yaml that it makes; each stands where a team would make it.
- KEEP_ALIVE, the seconds after which an idle connection is closed (0: at once), or `off`: each answer says that
  its connection closes. DELAY, the milliseconds before each answer.
"""

import asyncio
import hashlib
import hmac
import os
import socket
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

BUCKET = "https://renders.s3.eu-central-1.amazonaws.com"
OPENED = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
KEEP_ALIVE = os.environ.get("KEEP_ALIVE", "5")
DELAY = int(os.environ.get("DELAY", "0")) / 1000
TOKENS = {os.environ[f"{name.upper()}_TOKEN"]: name for name in ("ada", "grace")}


def mutated(name: str) -> bool:
    return os.environ.get("MUTATION") == name


# ---- the store -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stored:
    seq: int
    id: uuid.UUID
    created_at: datetime
    public: bool
    type: str
    message: str
    payload: dict[str, Any]


@dataclass
class Timeline:
    """The events of one job. Numbers are handed out and events become visible under one lock, so that
    no event ever appears before a number that a reader has seen."""

    name: str
    owner: str
    events: list[Stored] = field(default_factory=list)
    last_seq: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def append(self, type: str, message: str = "", *, public=True, at=None, **payload: Any) -> None:
        with self.lock:
            seq = self.last_seq = self.last_seq + 1
            event = Stored(
                seq=seq,
                id=uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name}/{seq}"),
                created_at=at or datetime.now(UTC),
                public=public,
                type=type,
                message=message,
                payload=payload,
            )
            if at or not mutated("number-before-commit"):
                self.events.append(event)
                return
        # The number is taken in one transaction and the event stored in another: as slow as a database.
        time.sleep(0.03 if seq % 2 else 0.001)
        with self.lock:
            self.events.append(event)
            self.events.sort(key=lambda event: event.seq)

    def read(self) -> tuple[list[Stored], int]:
        """The public events, and the last number that was given away, to whatever kind of event."""
        global reads
        with self.lock:
            reads += 1
            return [event for event in self.events if event.public], self.last_seq


reads = 0
training_jobs: dict[str, Timeline] = {}
jobs: dict[str, Timeline] = {}


def seed() -> None:
    for owner, prefix, sizes in [("ada", "0a", (0, 1, 20, 21, 30, 100, 300)), ("grace", "0b", (0, 5, 60))]:
        for size in sizes:
            job_id = f"{prefix}000000-0000-4000-8000-{size:012}"
            timeline = training_jobs[job_id] = Timeline(job_id, owner)
            for step in range(size):
                # The trainer reports in batches of four, of one time each.
                at = OPENED + timedelta(seconds=step // 4)
                if step == 0:
                    timeline.append("training_started", at=at, num_sequences=size)
                else:
                    timeline.append("gradient_step", at=at, loss=2.5 / step, grad_norm=0.5, reward=step / 300)
    for owner, sizes in [("ada", (0, 1, 20, 21, 30, 100)), ("grace", (0, 5, 60))]:
        for size in sizes:
            public_id = f"01J{owner.upper():0<5}{size:018}"
            timeline = jobs[public_id] = Timeline(public_id, owner)
            for step in range(size):
                at = OPENED + timedelta(minutes=step)
                if step % 3 == 2:
                    timeline.append("stage", "worker took a lease", public=False, at=at)
                timeline.append("stage" if step else "queued", f"step {step} of {size}", at=at)


def owned(timelines: dict[str, Timeline], name: str, caller: str, missing: str) -> Timeline:
    """The caller's timeline of that name; a foreign one counts as missing."""
    timeline = timelines.get(name)
    if timeline and mutated("reads-before-deciding"):
        timeline.read()
    if timeline is None or (timeline.owner != caller and not mutated("foreign-job-served")):
        raise HTTPException(404, missing)
    return timeline


# ---- the service ---------------------------------------------------------------------------------------

app = FastAPI(title="Training and jobs")
bearer = HTTPBearer()


def caller(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    name = TOKENS.get(credentials.credentials)
    if name is None:
        raise HTTPException(401, "Invalid token", headers={"WWW-Authenticate": "Bearer"})
    return name


Caller = Annotated[str, Depends(caller)]


@app.exception_handler(StarletteHTTPException)
async def refuse(request: Request, error: StarletteHTTPException) -> JSONResponse:
    body: dict[str, Any] = {"detail": error.detail}
    if request.url.path.startswith("/v1/jobs/"):
        codes = {401: "UNAUTHENTICATED", 404: "JOB_NOT_FOUND"}
        code = codes.get(error.status_code, "BAD_REQUEST")
        body = {"error": {"code": code, "message": error.detail, "request_id": str(uuid.uuid4())}}
    return JSONResponse(body, error.status_code, error.headers)


async def slowly(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    await asyncio.sleep(DELAY)
    response = await answer(request)
    if KEEP_ALIVE == "off":
        response.headers["Connection"] = "close"
    return response


if DELAY or KEEP_ALIVE == "off":
    app.middleware("http")(slowly)


class TrainingJobEvent(BaseModel):
    id: uuid.UUID
    type: Literal["training_started", "gradient_step", "training_ended", "training_failed"]
    data: dict[str, Any]


class TrainingJobEvents(BaseModel):
    object: str = "list"
    data: list[TrainingJobEvent]
    first_id: str = ""
    last_id: str = ""
    has_more: bool


@app.get("/v1/preview/training-jobs/{training_job_id}/events")
def get_training_job_events(
    training_job_id: str,
    caller: Caller,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> TrainingJobEvents:
    timeline = owned(training_jobs, training_job_id.lower(), caller, "Training job not found")
    events, _ = timeline.read()
    start = 0
    if after is not None:
        start = next((index for index, event in enumerate(events, 1) if str(event.id) == after.lower()), None)
        if start is None:
            raise HTTPException(400, "No such cursor")
        if mutated("cursor-inclusive"):
            start -= 1
        if mutated("cursor-by-time"):
            # Events of one batch have one time; those behind the cursor get lost.
            seen = events[start - 1].created_at
            start = sum(event.created_at <= seen for event in events)
    page = events[start : start + limit]
    has_more = start + limit < len(events)
    if mutated("more-when-full"):
        has_more = len(page) == limit
    return TrainingJobEvents(
        data=[TrainingJobEvent(id=event.id, type=event.type, data=event.payload) for event in page],
        first_id=str(page[0].id) if page else "",
        last_id=str(page[-1].id) if page else "",
        has_more=has_more,
    )


class JobArtifact(BaseModel):
    image_url: str
    kind: str
    role: Literal["intermediate", "final"]
    label: str | None = None
    meta: dict[str, Any] = {}


class JobEvent(BaseModel):
    seq: int
    event_type: Literal["queued", "stage", "succeeded", "failed"]
    visibility: Literal["public"] = "public"
    stage: str | None = None
    message: str
    artifacts: list[JobArtifact] = []
    extra: dict[str, Any] = {}
    created_at: datetime


class JobEvents(BaseModel):
    public_id: str
    events: list[JobEvent]
    latest_seq: int | None = None


def presigned(key: str, now: datetime) -> str:
    """As S3's version 4 looks; good for a quarter of an hour."""
    date = now.strftime("%Y%m%dT%H%M%SZ")
    signed = f"{BUCKET}/{key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-Expires=900"
    signature = hmac.new(b"not a real key", signed.encode(), hashlib.sha256).hexdigest()
    return f"{signed}&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"


def job_event(event: Stored, timeline: Timeline) -> JobEvent:
    artifacts = []
    if event.type == "stage":
        # Signed when the event was stored, it would have expired by now.
        signed_at = event.created_at if mutated("url-signed-once") else datetime.now(UTC)
        url = presigned(f"{timeline.name}/{event.seq}.png", signed_at)
        artifacts.append(JobArtifact(image_url=url, kind="on_model_render", role="intermediate"))
    return JobEvent(
        seq=event.seq,
        event_type=event.type,
        stage="render" if event.type == "stage" else None,
        message=event.message,
        artifacts=artifacts,
        extra=event.payload,
        created_at=event.created_at.replace(tzinfo=None) if mutated("naive-times") else event.created_at,
    )


@app.get("/v1/jobs/{public_id}/events")
def get_job_events(public_id: str, caller: Caller, since: int | None = None) -> JobEvents:
    timeline = owned(jobs, public_id, caller, "Job not found")
    events, latest = timeline.read()
    if since is not None:
        seen = since - 1 if mutated("since-inclusive") else since
        events = [event for event in events if event.seq > seen]
    if mutated("latest-of-page"):
        latest = events[-1].seq if events else 0
    listed = [job_event(event, timeline) for event in events]
    return JobEvents(public_id=public_id, events=listed, latest_seq=latest)


# ---- what a judge may do besides asking ----------------------------------------------------------------

if os.environ.get("TEST_HOOKS") == "1":

    class Added(BaseModel):
        visibility: Literal["public", "private"] = "public"
        message: str = "added by a test"

    @app.post("/test/training-jobs/{training_job_id}/events", status_code=201)
    def append_training_job_event(training_job_id: str, added: Added) -> None:
        timeline = training_jobs[training_job_id]
        timeline.append("gradient_step", added.message, public=added.visibility == "public", loss=0.1)

    @app.post("/test/jobs/{public_id}/events", status_code=201)
    def append_job_event(public_id: str, added: Added) -> None:
        jobs[public_id].append("stage", added.message, public=added.visibility == "public")

    @app.get("/test/reads")
    def count_reads() -> dict[str, int]:
        return {"reads": reads}


if __name__ == "__main__":
    seed()
    host = os.environ.get("HOST", "127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, int(os.environ.get("PORT", "0"))), family=family, backlog=512)
    # The event loop turns this on for the sockets that it opens itself only.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    host = f"[{host}]" if ":" in host else host
    print(f"listening on http://{host}:{listener.getsockname()[1]}", flush=True)
    keep_alive = 0 if KEEP_ALIVE == "off" else int(KEEP_ALIVE)
    config = uvicorn.Config(app, log_level="error", timeout_keep_alive=keep_alive)
    uvicorn.Server(config).run(sockets=[listener])
