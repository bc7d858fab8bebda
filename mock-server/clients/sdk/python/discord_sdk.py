"""discord.py: `before` and `after` are snowflakes, with which ids are compared."""

import asyncio

import discord
from discord.http import Route

from listed import base, ended, walk

Route.BASE = f"{base()}/api/v10"


def gathered(own, walked):
    """Logs in, and gathers what a walk of the channel gives."""

    async def run():
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login("token-of-ada")
            channel = client.get_partial_messageable(int(own.path["channel_id"]), type=discord.ChannelType.text)
            return [one async for one in walked(channel)]

    return asyncio.run(run())


@walk("/channels/{channel_id}/messages")
def messages(own, limit):
    async def older(channel):
        last = None
        while True:
            page = [one async for one in channel.history(limit=limit, before=last)]
            for last in page:
                yield last.id
            if len(page) < limit:
                return

    return gathered(own, older)


@walk("/channels/{channel_id}/messages", "backward", like=messages[::-1])
def newer_messages(own, limit):
    async def newer(channel):
        last = discord.Object(0)
        while True:
            page = [one async for one in channel.history(limit=limit, after=last)]
            for last in page:
                yield last.id
            if len(page) < limit:
                return

    return gathered(own, newer)


@walk("/channels/{channel_id}/messages", "all at once", limits=(1,), like=messages)
def history(own, limit):
    async def all_of(channel):
        async for one in channel.history(limit=None):
            yield one.id

    return gathered(own, all_of)


ended()
