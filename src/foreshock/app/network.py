"""How does the desk get at a host? By its address, over the real network or a simulated one."""

from typing import Protocol

from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.seams import FrameConnector, HttpTransport
from foreshock.adapters.websocket import NetworkConnector


class Network(Protocol):
    """Transports and connectors by base address."""

    def transport(self, url: str) -> HttpTransport: ...

    def connector(self, url: str) -> FrameConnector: ...

    async def close(self) -> None:
        """Drop every connection."""
        ...


class OpenNetwork:
    """The real one."""

    def __init__(self) -> None:
        self._transports: list[NetworkTransport] = []

    def transport(self, url: str) -> NetworkTransport:
        """A host over HTTP."""
        made = NetworkTransport(url)
        self._transports.append(made)
        return made

    def connector(self, url: str) -> NetworkConnector:
        """A host's streams."""
        return NetworkConnector(url)

    async def close(self) -> None:
        """Drop every connection."""
        for transport in self._transports:
            await transport.close()
