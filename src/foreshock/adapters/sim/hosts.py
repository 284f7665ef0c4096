"""Which hosts do the two simulated venues have, and who may trade there? Faces over one world."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from foreshock.adapters.sim.control import Lever
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER, KeyRing
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.sim.kalshi_levers import KalshiLevers
from foreshock.adapters.sim.kalshi_objects import CRYPTO_SHARD
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.adapters.sim.polymarket_data import DataFace
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.sim.polymarket_levers import PolymarketLevers
from foreshock.adapters.sim.polymarket_relayer import RelayerFace
from foreshock.adapters.sim.world import World
from foreshock.core.domain.units import MICRO, Duration, Instant, Money


class PolymarketAccount(msgspec.Struct, frozen=True):
    """A funded test account. The key is a public one that everybody knows: never use it live.

    funder: the wallet that holds the money; here the signer's own.
    """

    private_key: str
    address: str
    funder: str
    signature_type: int


TEST_ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
TEST_ACCOUNT = PolymarketAccount(
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    TEST_ADDRESS,
    TEST_ADDRESS,
    0,
)
"""The first of the well-known test keys of Ethereum's development tools."""
TEST_CASH = Money(10_000 * MICRO)
READ_LAG_US = (50_000, 250_000)
"""Reads of orders and trades show a write so much later."""
KALSHI_CASH = {0: TEST_CASH, CRYPTO_SHARD: TEST_CASH}
"""Of the key's member, by exchange shard: cash on one shard pays for nothing on another."""
KALSHI_RULES = KalshiRules(is_throttled=True, lag_max=Duration(READ_LAG_US[1]))


class Hosts(msgspec.Struct, frozen=True):
    """Every face by the name of its host, the two that hold private sides, and their levers."""

    faces: Mapping[str, VenueFace]
    clob: ClobFace
    kalshi: KalshiFace
    levers: Mapping[str, Mapping[str, Lever]]


def open_hosts(
    world: World,
    keys: KeyRing,
    seed: int,
    now_us: Instant,
    kalshi_cash: Mapping[int, Money] = MappingProxyType(KALSHI_CASH),
) -> Hosts:
    """Both venues with funded test accounts. seed: of settlement times and of late reads."""
    clob = ClobFace(world.polymarket, seed)
    clob.private.lag.shortest_us, clob.private.lag.longest_us = READ_LAG_US
    clob.private.desk.wallets.fund(
        TEST_ACCOUNT.funder, TEST_ACCOUNT.address, TEST_ACCOUNT.signature_type, TEST_CASH
    )
    clob.private.keys.grant(TEST_ACCOUNT.address)
    kalshi = KalshiFace(world.kalshi, keys, rules=KALSHI_RULES)
    for shard, cash in kalshi_cash.items():
        kalshi.fund(DEFAULT_MEMBER, shard, cash, now_us)
    faces: dict[str, VenueFace] = {
        "gamma": GammaFace(world.polymarket),
        "clob": clob,
        "data": DataFace(world.polymarket, clob.private),
        "relayer": RelayerFace(clob.private.desk.wallets, clob.private.transactions),
        "kalshi": kalshi,
    }
    levers = {
        "clob": PolymarketLevers(world.polymarket, clob.private).levers(),
        "kalshi": KalshiLevers(kalshi).levers(),
    }
    return Hosts(faces, clob, kalshi, levers)
