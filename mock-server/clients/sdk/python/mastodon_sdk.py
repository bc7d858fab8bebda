"""Mastodon.py: a `Link` header, whose `max_id` leads to older items and whose `min_id` leads to newer ones."""

from mastodon import Mastodon

from listed import base, ended, walk

client = Mastodon(access_token="token-of-ada", api_base_url=base(), version_check_mode="none", ratelimit_method="throw")


def older(page):
    while page:
        yield from (one.id for one in page)
        page = client.fetch_next(page)


def newer(page):
    """From the last page back, by the `min_id` that each page links to."""
    last = page
    while page:
        last, page = page, client.fetch_next(page)
    while last:
        yield from reversed([one.id for one in last])
        last = client.fetch_previous(last)


@walk("/api/v1/accounts/{id}/statuses")
def statuses(own, limit):
    return older(client.account_statuses(own.path["id"], limit=limit))


@walk("/api/v1/accounts/{id}/statuses", "backward", like=statuses[::-1])
def newer_statuses(own, limit):
    return newer(client.account_statuses(own.path["id"], limit=limit))


@walk("/api/v1/accounts/{id}/followers")
def followers(own, limit):
    return older(client.account_followers(own.path["id"], limit=limit))


@walk("/api/v1/bookmarks")
def bookmarks(own, limit):
    return older(client.bookmarks(limit=limit))


ended()
