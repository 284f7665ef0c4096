"""A quiet simulated Kalshi over real sockets, for clients that run in a process of their own."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.sim.control import ControlHost, Controlled
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.kalshi_levers import KalshiLevers
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.adapters.sim.server import serve
from tests.unit.adapters.sim.face_scenario import rest_some
from tests.unit.adapters.sim.fake_face import StillWorld
from tests.unit.adapters.sim.kalshi_scene import FED, Scene

KEY_ID = "00000000-0000-4000-8000-00000000000a"


@asynccontextmanager
async def kalshi_addresses(folder: Path) -> AsyncGenerator[Path]:
    """A file with the address of a Kalshi where nothing happens by itself, and a key for it.

    One market has asks of 30 at 0.55 and 1,146.30 at 0.60 against bids of 20.50 at 0.45 and 100 at
    0.40; the key's member holds 10,000 dollars.
    """
    venue = Scene(KalshiRules(is_throttled=True, tier="advanced"))
    venue.exchange.open_account("stranger", venue.exchange.balances("ann/0").cash)
    rest_some(venue.exchange, FED, account="stranger")
    private = generate_private_key(65_537, 2_048)
    public = private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    venue.keys.register(KEY_ID, pem, "ann")
    key = folder / "key.pem"
    key.write_bytes(
        private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    faults = Faults()
    levers = KalshiLevers(venue.face).levers()
    faces: dict[str, VenueFace] = {
        "kalshi": FaultyFace(venue.face, faults),
        "control": RestFace(ControlHost({"kalshi": Controlled(faults, levers)}).handle),
    }
    served = await serve(StillWorld(), faces, clock=wall_clock_us)
    body = {f"{name}_url": url for name, url in served.urls.items()}
    body |= {"key_id": KEY_ID, "key_file": str(key), "ticker": FED}
    path = folder / "addresses.json"
    path.write_text(json.dumps(body), encoding="utf8")
    try:
        yield path
    finally:
        await served.stop()
