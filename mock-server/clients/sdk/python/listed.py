"""Walks a list with an SDK, and holds what comes to what the mock says of the list: every item, once.

A program calls `walk` for each of its lists. Each walk is one line of JSON on standard output; the program ends
with 1 if one of them was wrong.
"""

import itertools
import json
import os
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

# Pages of several lengths must make one list. Neither divides the number of items, and both are allowed anywhere.
LIMITS = (7, 20)

# A longer list shows an SDK nothing new.
LONGEST = 1000

# A walk without an end is wrong, too.
PATIENCE_SECONDS = 60

failed = False


class NoOperation(Exception):
    """The document has no such operation: it has a part of the API only."""


class Listed:
    """A list of the mock: the values of its path, and how many items it has."""

    def __init__(self, path: dict, items: int):
        self.path = path
        self.items = items


def base() -> str:
    """The server's URL, from the command line."""
    if len(sys.argv) < 2:
        sys.exit("Error: say where the server is, as in http://127.0.0.1:4010")
    return sys.argv[1].rstrip("/")


def control(path: str):
    """The control path's answer; behind a proxy, the mock itself is the second argument."""
    try:
        with urllib.request.urlopen(f"{sys.argv[-1].rstrip('/')}/__mock/{path}", timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        sys.exit(f"Error: {path}: {refusal.code} {refusal.read().decode()}")


def listed(method: str, path: str) -> Listed:
    """The longest list of the operation that the first owner has."""
    operations = control("operations")["operations"]
    found = [one for one in operations if one["method"] == method and one["path"] == path]
    if not found:
        raise NoOperation
    timeline = found[0]["timeline"]
    if timeline is None:
        raise LookupError("the mock does not page it")
    lists = control(f"jobs?timeline={urllib.parse.quote(timeline)}")["jobs"]
    own = [one for one in lists if one["owner"] == lists[0]["owner"] and not one["grows"]]
    longest = max((one for one in own if one["events"] <= LONGEST), key=lambda one: one["events"])
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    values = longest.get("path") or ({names[0]: longest["id"]} if names else {})
    return Listed(values, longest["events"])


def wrong(own: Listed, ids: list, first: list | None) -> str | None:
    """What is wrong with a walk that gave `ids`, if another gave `first` before."""
    if len(set(ids)) != len(ids):
        return f"{len(ids) - len(set(ids))} items came again"
    if len(ids) != own.items:
        return f"{len(ids)} items came, of {own.items}"
    if first is not None and ids != first:
        return "the items came in another order"
    return None


def walk(path: str, how: str = "forward", method: str = "GET", limits=LIMITS, like: list | None = None):
    """Decorates a function of (list, limit) that gives the items' ids as the SDK meets them.

    It is called at once, once for each limit. Its ids must be `like`, if an earlier walk is given. What it gave is
    what the decorated name stands for.
    """

    def run(ids_of) -> list:
        global failed
        first, error, items = like, None, 0
        try:
            own = listed(method, path)
            items = own.items
            for limit in limits:
                # One that has no end is ended.
                ids = list(itertools.islice(ids_of(own, limit), 2 * own.items + 100))
                reason = wrong(own, ids, first)
                if reason is not None:
                    raise ValueError(f"by {limit}: {reason}")
                first = ids
        except NoOperation:
            return []
        except Exception as raised:  # An SDK has exceptions of its own.
            error = f"{type(raised).__name__}: {raised}"
        failed |= error is not None
        line = {"list": f"{method} {path}", "walk": how, "items": items, "wrong": error}
        print(json.dumps(line), flush=True)
        return first or []

    return run


def ended() -> None:
    """Ends the program."""
    sys.stdout.flush()
    os._exit(1 if failed else 0)


def _late() -> None:
    print(f"Error: no end after {PATIENCE_SECONDS} s", file=sys.stderr, flush=True)
    os._exit(1)


_watch = threading.Timer(PATIENCE_SECONDS, _late)
_watch.daemon = True
_watch.start()
