"""How do frames travel? One network stream of text frames over the websockets library."""

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from foreshock.adapters.http import USER_AGENT
from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.core.domain.errors import VenueUnavailableError

OPEN_TIMEOUT_S = 10.0
PING_INTERVAL_S = 10.0
PING_TIMEOUT_S = 20.0
FRAMES_QUEUED_MAX = 64
"""Frames the library holds before it stops reading the socket; the inbox has room for more."""


class NetworkStream:
    """One open WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def receive(self) -> bytes:
        """Next frame. Raises VenueUnavailableError when the stream has ended."""
        try:
            return await self._socket.recv(decode=False)
        except ConnectionClosed as error:
            raise VenueUnavailableError(f"stream ended: {error}") from error

    async def send(self, text: str) -> None:
        """Raises VenueUnavailableError when the stream has ended."""
        try:
            await self._socket.send(text)
        except ConnectionClosed as error:
            raise VenueUnavailableError(f"stream ended: {error}") from error

    async def close(self) -> None:
        """Close politely; a dead peer is given up after the library's timeout."""
        await self._socket.close()


class NetworkConnector:
    """Opens streams to one host."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    async def connect(self, path: str, headers: tuple[tuple[str, str], ...]) -> NetworkStream:
        """Raises VenueUnavailableError when refused or not answered."""
        try:
            socket = await _Direct(
                self.base_url + path,
                additional_headers=list(headers),
                user_agent_header=USER_AGENT,
                open_timeout=OPEN_TIMEOUT_S,
                ping_interval=PING_INTERVAL_S,
                ping_timeout=PING_TIMEOUT_S,
                close_timeout=1,
                max_size=FRAME_BYTES_MAX,
                max_queue=FRAMES_QUEUED_MAX,
                proxy=None,
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed) as error:
            raise VenueUnavailableError(
                f"{self.base_url} refused the stream: {type(error).__name__} {error}"
            ) from error
        return NetworkStream(socket)


class _Direct(connect):
    """Connects where it was told to and nowhere else: a redirect would carry signatures away."""

    def process_redirect(self, exc: Exception) -> Exception:
        """Every answer but the upgrade is a refusal."""
        return exc
