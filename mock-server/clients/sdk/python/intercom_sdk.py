"""python-intercom: `pages.next.starting_after`, an opaque text."""

from intercom import Intercom

from listed import base, ended, walk

client = Intercom(token="token-of-ada", base_url=base())


@walk("/conversations")
def conversations(own, limit):
    return (one.id for one in client.conversations.list(per_page=limit))


ended()
