"""How does the desk ask its signer? One question a connection, over the socket of its folder."""

import socket
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.app.signer_wire import (
    ANSWER_BYTES_MAX,
    Answer,
    Greeting,
    Headers,
    Question,
    Refused,
    Signed,
    SignGreeting,
    SignHandshake,
    SignRequest,
)
from foreshock.core.domain.errors import ConfigError, VenueUnavailableError
from foreshock.core.domain.units import Instant

TIMEOUT_S = 5.0
CHUNK_BYTES = 65_536
Shape = TypeVar("Shape")


class DeskSigner(Protocol):
    """Whoever puts our credentials on things; raises as `SignerClient`."""

    def sign(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest: ...

    def handshake(self, venue: str, now_us: Instant) -> tuple[tuple[str, str], ...]: ...

    def greeting(self, venue: str, text: str) -> str: ...


class SignerClient:
    """Asks the signer; every call blocks for about a millisecond."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sign(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest:
        """Raises ConfigError when the signer refuses, VenueUnavailableError when it is gone."""
        return self._ask(SignRequest(unsigned, now_us), Signed).request

    def handshake(self, venue: str, now_us: Instant) -> tuple[tuple[str, str], ...]:
        """Raises as `sign`."""
        return self._ask(SignHandshake(venue, now_us), Headers).headers

    def greeting(self, venue: str, text: str) -> str:
        """Raises as `sign`."""
        return self._ask(SignGreeting(venue, text), Greeting).text

    def _ask(self, question: Question, shape: type[Shape]) -> Shape:
        answer = self._exchange(question)
        if isinstance(answer, Refused):
            raise ConfigError(f"the signer refuses: {answer.words}")
        if not isinstance(answer, shape):
            raise VenueUnavailableError(f"the signer answered {type(answer).__name__}")
        return answer

    def _exchange(self, question: Question) -> Answer:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(TIMEOUT_S)
                connection.connect(str(self._path))
                connection.sendall(msgspec.json.encode(question) + b"\n")
                return msgspec.json.decode(_read(connection), type=Answer)
        except (OSError, msgspec.MsgspecError) as error:
            raise VenueUnavailableError(f"the signer does not answer: {error}") from error


def _read(connection: socket.socket) -> bytes:
    """Everything up to the end of the stream. Raises OSError for more than is believed."""
    data = bytearray()
    while chunk := connection.recv(CHUNK_BYTES):
        data += chunk
        if len(data) > ANSWER_BYTES_MAX:
            raise OSError("the answer does not end")
    return bytes(data)
