"""mistralai: `page_token` and `next_page_token`."""

from mistralai.client import Mistral

from listed import base, ended, walk

client = Mistral(api_key="token-of-ada", server_url=base())


def ids(page):
    while page is not None:
        for one in page.result.data:
            yield one.id
        page = page.next()


@walk("/v1/agents/pages")
def agents(own, limit):
    # Without `metadata` the SDK sends a marker of its own.
    return ids(client.beta.agents.list_pages(page_size=limit, metadata=None))


ended()
