"""PyGithub: pages by the `Link` header, backward from `rel="last"`; `totalCount` comes from there, too."""

from github import Auth, Github

from listed import base, ended, walk



def repository(own, limit):
    auth = Auth.Token("token-of-ada")
    client = Github(base_url=base(), auth=auth, per_page=limit, retry=None, seconds_between_requests=0, lazy=True)
    return client.get_repo(f"{own.path['owner']}/{own.path['repo']}")


@walk("/repos/{owner}/{repo}/issues")
def issues(own, limit):
    return [one.id for one in repository(own, limit).get_issues()]


@walk("/repos/{owner}/{repo}/issues", "backward", like=issues[::-1])
def backward(own, limit):
    return [one.id for one in repository(own, limit).get_issues().reversed]


@walk("/repos/{owner}/{repo}/issues", "total", limits=(1,), like=issues)
def total(own, limit):
    count = repository(own, 7).get_issues().totalCount
    return issues[:count] if count <= own.items else [None] * count


@walk("/repos/{owner}/{repo}/actions/runs")
def runs(own, limit):
    """A list inside of an object."""
    return [one.id for one in repository(own, limit).get_workflow_runs()]


ended()
