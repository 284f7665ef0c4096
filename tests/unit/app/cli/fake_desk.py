"""A desk that answers what a test lays down, found through a data folder like a real one."""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec

from foreshock.app.instance import FILE_NAME, Instance
from foreshock.core.domain.units import Instant

TOKEN = "a token of this test"


class FakeDesk:
    """Answers by path; remembers (method, path, body) of everything that was asked."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[tuple[str, str, bytes]] = []
        self.tokens: list[str | None] = []
        self._afterwards: dict[str, tuple[str, object]] = {}

    def lay(self, path: str, view: object, status: int = 200) -> None:
        """The answer to this path from now on."""
        self.answers[path] = (status, msgspec.json.encode(view))

    def lay_once_asked(self, asked: str, path: str, view: object) -> None:
        """The answer to `path` as soon as something was asked under `asked`."""
        self._afterwards[asked] = (path, view)

    def answered(self, path: str) -> None:
        """A path was asked for."""
        if path in self._afterwards:
            self.lay(*self._afterwards.pop(path))


@contextmanager
def fake_desk(home: Path) -> Generator[FakeDesk]:
    """A running fake of the desk of this data folder."""
    desk = FakeDesk(home)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            desk.asked.append((self.command, self.path, body))
            desk.tokens.append(self.headers.get("authorization"))
            status, data = desk.answers.get(self.path, (200, b'{"accepted":true}'))
            desk.answered(self.path)
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    instance = Instance(os.getpid(), url, TOKEN, "demo", Instant(1))
    (home / FILE_NAME).write_bytes(msgspec.json.encode(instance))
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
