"""Does a simulated venue publish other rules without telling anybody?"""

import msgspec
import pytest

from foreshock.adapters.sim.rewording import reword, wording_lever
from tests.scenarios.stepped import START_US, Venues


def test_new_rules_are_published_and_no_stream_says_so() -> None:
    exchange = Venues(seed=3, markets_max=60).world.kalshi
    native_id = exchange.native_ids()[0]
    before = exchange.market(native_id)
    exchange.take_events()
    reword(exchange, native_id, "If something else happens, then the market resolves to Yes.")
    after = exchange.market(native_id)
    assert after.listing.market.rules.startswith("If something else")
    assert after.listing.market.title == before.listing.market.title
    assert exchange.take_events() == []


def test_the_lever_does_the_same_and_refuses_what_it_cannot_read() -> None:
    exchange = Venues(seed=3, markets_max=60).world.polymarket
    native_id = exchange.native_ids()[0]
    pull = wording_lever(exchange)
    pull(msgspec.json.encode({"market": native_id, "rules": "other words"}), START_US)
    assert exchange.market(native_id).listing.market.rules == "other words"
    with pytest.raises(msgspec.ValidationError):
        pull(b'{"market":"x","rule":"y"}', START_US)


def test_an_unknown_market_has_no_words() -> None:
    with pytest.raises(KeyError):
        reword(Venues(seed=3, markets_max=60).world.kalshi, "NOTHING", "x")
