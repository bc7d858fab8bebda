"""Lists that fastapi-pagination pages by cursor, from SQLite in memory.

PORT is 0 for any free port. Nobody needs a token. A test may add a message.
"""

import os
import socket
import time
from contextlib import asynccontextmanager
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi_pagination import add_pagination
from fastapi_pagination.cursor import CursorPage
from fastapi_pagination.ext.sqlalchemy import paginate
from pydantic import BaseModel, ConfigDict
from sqlalchemy import StaticPool, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

OPENED = 1_770_000_000
SIZES = {"empty": 0, "single": 1, "page": 50, "pages": 173, "open": 20}


class Base(DeclarativeBase):
    pass


class Message(Base):
    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str] = mapped_column(index=True)
    sent_at: Mapped[int]
    text: Mapped[str]


class Member(Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)


def session():
    with Session(engine) as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]


class MessageOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    room: str
    sent_at: int
    text: str


class MemberOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str


app = FastAPI(title="Rooms")


@app.get("/rooms/{room}/messages")
async def list_messages(room: str, opened: Opened) -> CursorPage[MessageOut]:
    if room not in SIZES:
        raise HTTPException(404, "There is no such room")
    # Four messages of one time each.
    return paginate(opened, select(Message).where(Message.room == room).order_by(Message.sent_at, Message.id))


@app.get("/members")
async def list_members(opened: Opened) -> CursorPage[MemberOut]:
    return paginate(opened, select(Member).order_by(Member.name, Member.id))


@app.post("/test/rooms/{room}", status_code=204)
async def add(room: str, opened: Opened) -> None:
    opened.add(Message(room=room, sent_at=int(time.time()), text="added by a test"))
    opened.commit()


add_pagination(app)

if __name__ == "__main__":
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        for room, size in SIZES.items():
            for step in range(size):
                at = OPENED + step // 4
                opened.add(Message(room=room, sent_at=at, text=f"{step + 1} of {size}"))
        for number in range(130):
            opened.add(Member(name=f"member {number % 40}"))
        opened.commit()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(os.environ.get("PORT", "0"))))
    listener.listen()
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    # Else a stack is printed for each request that fails.
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])
