"""Lists that fastapi-pagination pages in three ways, from SQLite in memory, judged by what FastAPI itself says of them.

PORT is 0 for any free port. Nobody needs a token. With TIES, the lists are sorted by a column in which items are equal,
and nothing else decides, as when a developer forgets it.
"""

import os
import socket

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi_pagination import LimitOffsetPage, Page, add_pagination
from fastapi_pagination.cursor import CursorPage
from fastapi_pagination.ext.sqlalchemy import paginate
from pydantic import BaseModel, ConfigDict
from sqlalchemy import StaticPool, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

TIES = "TIES" in os.environ


class Base(DeclarativeBase):
    pass


class Song(Base):
    __tablename__ = "songs"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]


class SongOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    year: int


engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
app = FastAPI(title="Songs")


# The library lets the errors of its decoder through.
@app.exception_handler(Exception)
async def refuse(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Invalid cursor value"}, 400)


def songs(by_key: bool):
    if not TIES:
        return select(Song).order_by(Song.year, Song.id)
    # SQLite keeps equal items in one order. Servers that work on several cores do not.
    return select(Song).order_by(Song.year) if by_key else select(Song).order_by(Song.year, func.random())


@app.get("/pages")
async def by_page() -> Page[SongOut]:
    with Session(engine) as opened:
        return paginate(opened, songs(by_key=False))


@app.get("/offsets")
async def by_offset() -> LimitOffsetPage[SongOut]:
    with Session(engine) as opened:
        return paginate(opened, songs(by_key=False))


@app.get("/cursors")
async def by_cursor() -> CursorPage[SongOut]:
    with Session(engine) as opened:
        return paginate(opened, songs(by_key=True))


add_pagination(app)

if __name__ == "__main__":
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        opened.add_all(Song(year=1970 + number // 7) for number in range(180))
        opened.commit()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(os.environ.get("PORT", "0"))))
    listener.listen()
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])
