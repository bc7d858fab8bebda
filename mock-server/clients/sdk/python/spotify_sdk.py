"""spotipy: `next`, which is a URL in the body."""

import spotipy

from listed import base, ended, walk

client = spotipy.Spotify(auth="token-of-ada", retries=0, status_retries=0)
client.prefix = f"{base()}/v1/"


def ids(page):
    while page:
        for one in page["items"]:
            yield one["id"]
        page = client.next(page) if page["next"] else None


@walk("/me/playlists")
def playlists(own, limit):
    return ids(client.current_user_playlists(limit=limit))


def ids_back(page):
    """From the last page back."""
    while page["next"]:
        page = client.next(page)
    while page:
        yield from (one["id"] for one in reversed(page["items"]))
        page = client.previous(page) if page["previous"] else None


@walk("/me/playlists", "backward", like=playlists[::-1])
def playlists_back(own, limit):
    return ids_back(client.current_user_playlists(limit=limit))


@walk("/albums/{id}/tracks")
def tracks(own, limit):
    # The client takes ids of Spotify's own shape only, so the page is asked for by its path.
    return ids(client._get(f"albums/{own.path['id']}/tracks", limit=limit, offset=0))


ended()
