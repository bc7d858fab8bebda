"""svix: `iterator` in, `iterator` and `done` out."""

from svix.api import ApplicationListOptions, EndpointListOptions, Svix, SvixOptions

from listed import base, ended, walk

client = Svix("token-of-ada", SvixOptions(server_url=base(), retry_schedule=[]))


def ids(page_at):
    iterator = None
    while True:
        page = page_at(iterator)
        for one in page.data:
            yield one.id
        iterator = page.iterator
        if page.done:
            return


@walk("/api/v1/app")
def applications(own, limit):
    return ids(lambda at: client.application.list(ApplicationListOptions(limit=limit, iterator=at)))


@walk("/api/v1/app/{app_id}/endpoint")
def endpoints(own, limit):
    app = own.path["app_id"]
    return ids(lambda at: client.endpoint.list(app, EndpointListOptions(limit=limit, iterator=at)))


ended()
