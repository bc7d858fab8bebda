"""asana: `next_page.offset` is a token, and `next_page` is null at the end."""

import asana

from listed import base, ended, walk

settings = asana.Configuration()
settings.access_token = "token-of-ada"
settings.host = f"{base()}/api/1.0"
client = asana.ApiClient(settings)


@walk("/workspaces")
def workspaces(own, limit):
    return [one["gid"] for one in asana.WorkspacesApi(client).get_workspaces({"limit": limit})]


@walk("/projects/{project_gid}/tasks")
def tasks(own, limit):
    project = own.path["project_gid"]
    return [one["gid"] for one in asana.TasksApi(client).get_tasks_for_project(project, {"limit": limit})]


ended()
