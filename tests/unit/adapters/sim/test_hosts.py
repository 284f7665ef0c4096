"""Both venues stand with every host, funded accounts and their levers."""

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.hosts import TEST_ACCOUNT, TEST_CASH, open_hosts
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER, KeyRing
from foreshock.adapters.sim.world import World, WorldSettings
from foreshock.app.config import config_folder
from foreshock.app.fee_packs import load_fee_packs
from foreshock.core.domain.units import SECOND, Instant

NOW = Instant(1_795_000_000 * SECOND)
PAIR = "fed-27JAN-3.50"


def test_every_host_answers_and_the_accounts_are_funded() -> None:
    fees = packed_fees(load_fee_packs(config_folder() / "fees"))
    world = World(1, NOW, fees, WorldSettings(markets_max=0, pair_ids=(PAIR,)))
    hosts = open_hosts(world, KeyRing(), 1, NOW, {0: TEST_CASH})
    assert list(hosts.faces) == ["gamma", "clob", "data", "relayer", "kalshi"]
    for face in hosts.faces.values():
        assert face.handle(HttpRequest("GET", "/nowhere"), NOW).status in {401, 404, 405}
    assert world.polymarket.balances(TEST_ACCOUNT.funder.lower()).cash == TEST_CASH
    account = hosts.kalshi.members.account(DEFAULT_MEMBER, 0)
    assert world.kalshi.balances(account).cash == TEST_CASH
    assert "settlement" in hosts.levers["clob"]
    assert "venue" in hosts.levers["kalshi"]


def test_a_small_world_has_its_pairs_and_a_calm_one_no_gaps() -> None:
    fees = packed_fees(load_fee_packs(config_folder() / "fees"))
    world = World(1, NOW, fees, WorldSettings(markets_max=0, pair_ids=(PAIR,)))
    assert [pair.id for pair in world.pairs] == [PAIR]
    next_us = world.next_us()
    assert next_us is not None
    assert next_us > NOW
    world.calm()
    world.advance(Instant(NOW + 600 * SECOND))
