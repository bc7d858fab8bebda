"""openai: its cursor page, which goes on behind the last item's `id`."""

from openai import OpenAI

from listed import base, ended, walk

client = OpenAI(api_key="token-of-ada", base_url=f"{base()}/v1", max_retries=0)


@walk("/files")
def files(own, limit):
    return (one.id for one in client.files.list(limit=limit))


@walk("/fine_tuning/jobs")
def jobs(own, limit):
    return (one.id for one in client.fine_tuning.jobs.list(limit=limit))


@walk("/vector_stores")
def vector_stores(own, limit):
    return (one.id for one in client.vector_stores.list(limit=limit))


@walk("/vector_stores", "backward", like=vector_stores[::-1])
def backward(own, limit):
    """The SDK does not walk backward by itself: each page before the first item of the one after it."""
    yield vector_stores[-1]
    before = vector_stores[-1]
    while True:
        page = client.vector_stores.list(limit=limit, before=before)
        for one in reversed(page.data):
            yield one.id
        if not page.data:
            return
        before = page.data[0].id


ended()
