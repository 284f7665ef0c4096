"""How do the simulated venues run beside a desk? In a process of their own, over real sockets.

The child writes the private key that its clients sign with to a file of its owner, prints its
addresses as one line of JSON, and ends when its standard input does: however the desk ends, its
venues do not outlive it.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.sim.control import ControlHost, Controlled
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.hosts import KALSHI_CASH, TEST_ACCOUNT, PolymarketAccount, open_hosts
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.adapters.sim.server import serve
from foreshock.adapters.sim.world import REALISTIC, World, WorldSettings
from foreshock.app.cli.output import write
from foreshock.app.config import (
    DemoSection,
    Settings,
    config_folder,
    home_folder,
    load_settings,
)
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.run_to_end import run_to_end
from foreshock.app.sim_sources import at_sources, source_faces
from foreshock.core.domain.errors import ConfigError, VenueUnavailableError
from foreshock.core.domain.units import SECOND, Instant, format_micros

MINUTE = 60 * SECOND
SIM_KEY_FILE = "sim-kalshi-key.pem"
KEY_ID = "00000000-0000-4000-8000-000000000001"
START_S_MAX = 20.0
STOP_S_MAX = 3.0
INPUT_BYTES_MAX = 4_096


RSA_EXPONENT, RSA_BITS = 65_537, 2_048

Flags = Mapping[str, Mapping[str, object]]


class SimStyle(msgspec.Struct, frozen=True):
    """realistic: mispricings as rare as in life. is_rsa: Kalshi's key is an RSA one."""

    realistic: bool = False
    is_rsa: bool = False


class Addresses(msgspec.Struct, frozen=True):
    """Where the simulated venues listen, and with which keys they can be traded.

    control_url: where faults are ordered, see `adapters/sim/control.py`. kalshi_cash: dollars of
    the key's member, by exchange shard.
    """

    gamma_url: str
    clob_url: str
    kalshi_url: str
    kalshi_key_id: str
    kalshi_key_file: str
    data_url: str = ""
    control_url: str = ""
    polymarket_account: PolymarketAccount | None = None
    kalshi_cash: dict[str, str] = {}
    relayer_url: str = ""
    source_urls: dict[str, str] = {}

    def applied_to(self, settings: Settings) -> Settings:
        """The settings with every venue address replaced: simulated and real data never mix."""
        polymarket = settings.polymarket.model_copy(
            update={
                "gamma_url": self.gamma_url,
                "clob_url": self.clob_url,
                "stream_url": self.clob_url.replace("http", "ws", 1),
            }
        )
        kalshi = settings.kalshi.model_copy(
            update={
                "rest_url": self.kalshi_url,
                "stream_url": self.kalshi_url.replace("http", "ws", 1),
                "key_id": self.kalshi_key_id,
                "key_file": self.kalshi_key_file,
            }
        )
        venues = settings.model_copy(update={"polymarket": polymarket, "kalshi": kalshi})
        return at_sources(venues, self.source_urls)


@asynccontextmanager
async def spawned_venues(
    demo: DemoSection, key_file: Path, *, realistic: bool
) -> AsyncGenerator[Addresses]:
    """The venues in a child process. Raises VenueUnavailableError when it does not start."""
    arguments = ["sim-venues", "--seed", str(demo.seed), "--key-file", str(key_file)]
    arguments += ["--until-input-ends"]
    arguments += ["--realistic"] if realistic else []
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "foreshock",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield await _addresses(child)
    finally:
        await _end(child)


async def _addresses(child: asyncio.subprocess.Process) -> Addresses:
    if child.stdout is None:
        raise VenueUnavailableError("the simulated venues have no output to read")
    try:
        line = await asyncio.wait_for(child.stdout.readline(), START_S_MAX)
        return msgspec.json.decode(line, type=Addresses)
    except (TimeoutError, msgspec.MsgspecError) as error:
        raise VenueUnavailableError(
            "the simulated venues did not start: run `foreshock sim-venues` to see why"
        ) from error


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        await asyncio.wait_for(child.wait(), STOP_S_MAX)
    except TimeoutError:
        child.kill()
        await child.wait()


def write_key(path: Path) -> Ed25519PrivateKey:
    """A fresh key, stored for its owner only. Raises ConfigError when it cannot be written."""
    key = Ed25519PrivateKey.generate()
    _store(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def write_rsa_key(path: Path) -> RSAPrivateKey:
    """As `write_key`, for clients that know no other kind."""
    key = generate_private_key(RSA_EXPONENT, RSA_BITS)
    _store(path, key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return key


def _store(path: Path, pem: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
    except OSError as error:
        raise ConfigError(f"cannot write the key {path}: {error.strerror}") from error


def run_sim_venues(
    flags: Flags,
    key_file: Path | None,
    *,
    realistic: bool,
    until_input_ends: bool,
    is_rsa: bool = False,
) -> None:
    """Serve the simulated venues until a signal; their addresses are the output."""
    settings = load_settings(flags)
    path = key_file if key_file is not None else home_folder() / SIM_KEY_FILE
    how = SimStyle(realistic=realistic, is_rsa=is_rsa)
    run_to_end(_serve(settings.demo, path, how, until_input_ends=until_input_ends))


async def _serve(
    demo: DemoSection, key_file: Path, how: SimStyle, *, until_input_ends: bool
) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def heard() -> None:
        if task is not None and not os.read(sys.stdin.fileno(), INPUT_BYTES_MAX):
            loop.remove_reader(sys.stdin.fileno())
            task.cancel()

    if until_input_ends:
        try:
            loop.add_reader(sys.stdin.fileno(), heard)
        except PermissionError:  # a file, or nothing at all, has no end that one could wait for
            words = "--until-input-ends needs a pipe or a terminal as standard input, not a file"
            raise ConfigError(words) from None
    await serve_world(demo, key_file, how, _print_addresses)


async def serve_world(
    demo: DemoSection, key_file: Path, how: SimStyle, announce: Callable[[Addresses], None]
) -> None:
    """Serve both venues until cancelled. Raises ConfigError when a port or the key file fails."""
    key = write_rsa_key(key_file) if how.is_rsa else write_key(key_file)
    chosen = REALISTIC if how.realistic else WorldSettings()
    settings = msgspec.structs.replace(chosen, markets_max=demo.markets)
    fees = packed_fees(load_fee_packs(config_folder() / "fees"))
    # Windows begin and end on whole minutes, as in life.
    start_us = Instant(wall_clock_us() // MINUTE * MINUTE)
    world = World(demo.seed, start_us, fees, settings)
    keys = KeyRing()
    keys.register(
        KEY_ID, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    sources = source_faces(world)
    served = await serve(world, _faces(world, keys, demo.seed, sources))
    urls = served.urls
    announce(
        Addresses(
            urls["gamma"],
            urls["clob"],
            urls["kalshi"],
            KEY_ID,
            str(key_file),
            urls["data"],
            urls["control"],
            TEST_ACCOUNT,
            {str(shard): format_micros(cash, 2) for shard, cash in KALSHI_CASH.items()},
            urls["relayer"],
            {name: urls[name] for name in sources},
        )
    )
    try:
        await served.wait()
    finally:
        await served.stop()


def _faces(
    world: World, keys: KeyRing, seed: int, sources: Mapping[str, VenueFace]
) -> dict[str, VenueFace]:
    """Every host, each behind its faults, and the one that orders them."""
    hosts = open_hosts(world, keys, seed, wall_clock_us())
    faults = {name: Faults() for name in (*hosts.faces, *sources)}
    controlled = {name: Controlled(faults[name], hosts.levers.get(name, {})) for name in faults}
    every = {**hosts.faces, **sources}
    faces: dict[str, VenueFace] = {
        name: FaultyFace(face, faults[name]) for name, face in every.items()
    }
    return faces | {"control": RestFace(ControlHost(controlled).handle)}


def _print_addresses(addresses: Addresses) -> None:
    write(msgspec.json.encode(addresses).decode() + "\n")
