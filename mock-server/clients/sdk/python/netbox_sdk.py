"""pynetbox: the second page by offset, later ones by the URL `next`; all at once with `threading`."""

import pynetbox

from listed import base, ended, walk


def client(is_threaded=False):
    return pynetbox.api(base(), token="token-of-ada", threading=is_threaded)


@walk("/api/dcim/devices/")
def devices(own, limit):
    return [one.id for one in client().dcim.devices.all(limit=limit)]


@walk("/api/dcim/devices/", "all at once", like=devices)
def at_once(own, limit):
    # The pages come in the order in which they are answered.
    return sorted((one.id for one in client(True).dcim.devices.all(limit=limit)), key=devices.index)


@walk("/api/dcim/sites/")
def sites(own, limit):
    return [one.id for one in client().dcim.sites.all(limit=limit)]


ended()
