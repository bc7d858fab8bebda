"""twilio: `stream`, which follows `meta.next_page_url` of the v1 APIs."""

from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from listed import base, ended, walk


class Local(TwilioHttpClient):
    """Sends to the mock what is meant for any host of Twilio."""

    def request(self, method, url, *args, **kwargs):
        parts = urlsplit(url)
        if parts.netloc.endswith("twilio.com"):
            url = base() + url.split(parts.netloc, 1)[1]
        return super().request(method, url, *args, **kwargs)


client = Client("AC0123456789abcdef0123456789abcdef", "token-of-ada", http_client=Local())


@walk("/v1/Conversations")
def conversations(own, limit):
    return (one.sid for one in client.conversations.v1.conversations.stream(page_size=limit))


@walk("/v1/Conversations/{ConversationSid}/Messages")
def messages(own, limit):
    conversation = client.conversations.v1.conversations(own.path["ConversationSid"])
    return (one.sid for one in conversation.messages.stream(page_size=limit))


@walk("/v1/Users")
def users(own, limit):
    return (one.sid for one in client.conversations.v1.users.stream(page_size=limit))


ended()
