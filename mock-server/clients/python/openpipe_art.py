"""The training document's own client follows jobs as its training loop does."""

import asyncio
import importlib.util
import sys
import types

# The package's own start imports all that a trainer needs; its client needs nothing of that.
found = importlib.util.find_spec("art")
for name in ("art", "art.serverless"):
    bare = types.ModuleType(name)
    inner = name.split(".")[1:]
    bare.__path__ = ["/".join([place, *inner]) for place in found.submodule_search_locations]
    sys.modules[name] = bare

from art.serverless.client import Client  # noqa: E402

from openai import NotFoundError  # noqa: E402
from openai._types import NOT_GIVEN  # noqa: E402

from world import TOKENS, base, begin, control, expect, jobs  # noqa: E402

STEP, STARTED, ENDED, FAILED = "gradient_step", "training_started", "training_ended", "training_failed"


async def follow(client: Client, job: dict, polls: int) -> tuple[list[str], str | None]:
    """Its loop: the cursor stands still at the start of the training, and is never given up."""
    after, steps, announced = None, [], None
    for _ in range(polls):
        events = client.training_jobs.events.list(training_job_id=job["id"], after=after or NOT_GIVEN)
        async for event in events:
            if event.type == STEP:
                expect(announced is not None, f"{job['id']}: a step came before the start")
                for name, value in event.data.items():
                    float(value)
                    expect(isinstance(name, str), "a name is a text")
                steps.append(event.id)
            elif event.type == STARTED:
                announced = event.data["num_sequences"]
                continue
            elif event.type == ENDED:
                return steps, ENDED
            elif event.type == FAILED:
                expect(isinstance(event.data.get("error_message", ""), str), "an error is a text")
                return steps, FAILED
            after = event.id
    return steps, None


async def main() -> None:
    begin()
    ends = set()
    for job in jobs("wandb-training"):
        client = Client(api_key=TOKENS[job["owner"]], base_url=f"{base()}/v1")
        steps, end = await follow(client, job, polls=2)
        expect(len(set(steps)) == len(steps), f"{job['id']}: a step came twice")
        if job["grows"]:
            continue
        ends.add(end)
        expect((end is not None) == job["ended"], f"{job['id']}: the end is {end}")
        marks = int(job["events"] > 0) + int(job["ended"])
        expect(len(steps) + marks == job["events"], f"{job['id']}: {len(steps)} steps of {job['events']} events")
    expect({ENDED, FAILED} <= ends, f"only these ends were met: {ends}")

    job = next(job for job in jobs("wandb-training") if job["grows"])
    client = Client(api_key=TOKENS[job["owner"]], base_url=f"{base()}/v1")
    _, end = await follow(client, job, polls=1)
    expect(end is None, "the job runs, and an end came")
    control("POST", f"jobs/wandb-training/{job['id']}/finish")
    _, end = await follow(client, job, polls=2)
    expect(end == ENDED, f"the job was finished, and {end} came")
    try:
        await follow(client, {"id": "nothing"}, polls=1)
    except NotFoundError:
        pass
    else:
        expect(False, "an unknown job was served")
    print(f"ends met: {sorted(filter(None, ends))}")


asyncio.run(main())
