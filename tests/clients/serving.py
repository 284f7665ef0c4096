"""Quiet simulated venues over real sockets, for clients that run in a process of their own."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from foreshock.adapters.sim.control import ControlHost, Controlled
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.polymarket_data import DataFace
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.sim.polymarket_levers import PolymarketLevers
from foreshock.adapters.sim.polymarket_relayer import RelayerFace
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.adapters.sim.server import serve
from foreshock.app.sim_venues import TEST_ACCOUNT
from foreshock.core.domain.units import MICRO, Money
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    TOKENS,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.fake_face import StillWorld

SESSION_S_MAX = 60.0


@asynccontextmanager
async def polymarket_addresses(folder: Path) -> AsyncGenerator[Path]:
    """A file with the addresses of a Polymarket where nothing happens by itself."""
    exchange = polymarket_exchange()
    for native_id in CONDITIONS:
        rest_some(exchange, native_id)
    clob, faults = ClobFace(exchange), Faults()
    wallets = clob.private.desk.wallets
    wallets.fund(TEST_ACCOUNT.funder, TEST_ACCOUNT.address, 0, Money(1_000 * MICRO))
    levers = PolymarketLevers(exchange, clob.private).levers()
    faces: dict[str, VenueFace] = {
        "gamma": GammaFace(exchange),
        "clob": FaultyFace(clob, faults),
        "data": DataFace(exchange, clob.private),
        "relayer": RelayerFace(wallets, clob.private.transactions),
        "control": RestFace(ControlHost({"clob": Controlled(faults, levers)}).handle),
    }
    served = await serve(StillWorld(), faces)
    account = {name: getattr(TEST_ACCOUNT, name) for name in TEST_ACCOUNT.__struct_fields__}
    body: dict[str, Any] = {f"{name}_url": url for name, url in served.urls.items()}
    body |= {"polymarket_account": account, "token": TOKENS[CONDITIONS[2]][0]}
    path = folder / "addresses.json"
    path.write_text(json.dumps(body))
    try:
        yield path
    finally:
        await served.stop()


async def told_by(python: Path, script: Path, addresses: Path) -> dict[str, Any]:
    """What a script printed last, as JSON. Fails with its words when it did not end well."""
    process = await asyncio.create_subprocess_exec(
        str(python),
        "-I",
        str(script),
        str(addresses),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), SESSION_S_MAX)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode == 0, err.decode()[-3000:]
    assert sys.version_info >= (3, 11)
    return json.loads(out.decode().splitlines()[-1])
