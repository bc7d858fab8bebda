"""box_sdk_gen: an offset, which goes on behind the limit that was applied, or a marker in requests with a flag."""

from box_sdk_gen import BoxClient, BoxDeveloperTokenAuth
from box_sdk_gen.networking import BaseUrls, NetworkSession
from box_sdk_gen.networking.retries import BoxRetryStrategy

from listed import base, ended, walk

urls = BaseUrls(base_url=base(), upload_url=base(), oauth_2_url=base())
session = NetworkSession(base_urls=urls, retry_strategy=BoxRetryStrategy(max_attempts=1))
client = BoxClient(auth=BoxDeveloperTokenAuth(token="token-of-ada"), network_session=session)


@walk("/users", "offset")
def by_offset(own, limit):
    offset = 0
    while True:
        page = client.users.get_users(limit=limit, offset=offset)
        for one in page.entries:
            yield one.id
        offset += page.limit
        if offset >= page.total_count:
            return


@walk("/folders/{folder_id}/items", "offset")
def items(own, limit):
    offset = 0
    while True:
        page = client.folders.get_folder_items(own.path["folder_id"], limit=limit, offset=offset)
        for one in page.entries:
            yield one.id
        offset += page.limit
        if offset >= page.total_count:
            return


@walk("/users", "marker", like=by_offset)
def by_marker(own, limit):
    marker = None
    while True:
        page = client.users.get_users(limit=limit, usemarker=True, marker=marker)
        for one in page.entries:
            yield one.id
        marker = page.next_marker
        if not marker:
            return


@walk("/folders/{folder_id}/items", "marker", like=items)
def items_by_marker(own, limit):
    marker = None
    while True:
        page = client.folders.get_folder_items(own.path["folder_id"], limit=limit, usemarker=True, marker=marker)
        for one in page.entries:
            yield one.id
        marker = page.next_marker
        if not marker:
            return


ended()
