"""Simulated venues that a test holds in its own hands: late, cut off, or saying what nobody should."""

import asyncio
import socket
import threading
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.sim.questions import token_ids
from foreshock.adapters.sim.server import serve
from foreshock.adapters.sim.world import World, WorldSettings
from foreshock.app.config import config_folder
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.sim_venues import KEY_ID, write_key

MARKETS = 60
HOSTS = ("gamma", "clob", "kalshi")
START_S_MAX = 20.0


class Venues:
    """Both venues on loopback, served from a thread; `faults` spoils what a host says."""

    def __init__(self, folder: Path, ports: Mapping[str, int] | None = None) -> None:
        self.faults = {name: Faults() for name in HOSTS}
        self.world = World(
            7,
            wall_clock_us(),
            packed_fees(load_fee_packs(config_folder() / "fees")),
            WorldSettings(markets_max=MARKETS, mispricing_every_s=1.0),
        )
        self.urls: dict[str, str] = {}
        self._key_file = folder / "kalshi-key.pem"
        self._ports = ports
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> "Venues":
        self._thread.start()
        assert self._is_up.wait(START_S_MAX), "the venues did not start"
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._end is not None:
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(START_S_MAX)

    def key(self) -> dict[str, str]:
        """Settings that give a desk Kalshi's key."""
        return {
            "FORESHOCK_KALSHI__KEY_ID": KEY_ID,
            "FORESHOCK_KALSHI__KEY_FILE": str(self._key_file),
        }

    def polymarket_ids(self) -> tuple[str, str]:
        """A market of Polymarket and its YES token."""
        native_id = self.world.polymarket.native_ids()[0]
        return native_id, token_ids(native_id)[0]

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        private, keys = write_key(self._key_file), KeyRing()
        public = private.public_key()
        keys.register(KEY_ID, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        faces: dict[str, VenueFace] = {
            "gamma": GammaFace(self.world.polymarket),
            "clob": ClobFace(self.world.polymarket),
            "kalshi": KalshiFace(self.world.kalshi, keys),
        }
        faulty = {name: FaultyFace(face, self.faults[name]) for name, face in faces.items()}
        served = await serve(self.world, faulty, ports=self._ports)
        self.urls = served.urls
        self._is_up.set()
        await self._end.wait()
        await served.stop()


def at(urls: Mapping[str, str]) -> dict[str, str]:
    """Settings that send a desk to these hosts in place of the venues' own."""
    return {
        "FORESHOCK_POLYMARKET__GAMMA_URL": urls["gamma"],
        "FORESHOCK_POLYMARKET__CLOB_URL": urls["clob"],
        "FORESHOCK_POLYMARKET__STREAM_URL": urls["clob"].replace("http", "ws", 1),
        "FORESHOCK_KALSHI__REST_URL": urls["kalshi"],
        "FORESHOCK_KALSHI__STREAM_URL": urls["kalshi"].replace("http", "ws", 1),
        "FORESHOCK_ORACLES__COIN_SOURCES": "",
        "FORESHOCK_NEWS__GDELT_QUERY": "",
        "FORESHOCK_NEWS__BLS_URL": "",
    }


def nowhere() -> dict[str, str]:
    """Addresses on this machine where nobody answers."""
    return {name: f"http://127.0.0.1:{port}" for name, port in free_ports().items()}


def free_ports() -> dict[str, int]:
    """Ports that nobody listens on now."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in HOSTS]
    ports: list[int] = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return dict(zip(HOSTS, ports, strict=True))
