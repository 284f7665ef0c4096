"""What is the same in every simulated run? Shipped configuration: no file or variable of a user.

Read once a Python process; seeds differ in what happens, not in how the desk is set up.
"""

import tomllib
from functools import cache

import msgspec

from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.exchange_types import FeeFunction
from foreshock.adapters.sim.hosts import TEST_ACCOUNT
from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.app.config import Settings, config_folder
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, load_pairs
from foreshock.app.signer_wire import PublicAccount
from foreshock.app.simulation.words import READER
from foreshock.app.wiring import VENUES, DeskConfig, desk_config
from foreshock.core.domain.markets import Pair
from foreshock.core.domain.units import MICRO, Money

BAND = "SIMULATION - nothing here is real"
URLS = {name: f"http://{name}" for name in ("gamma", "clob", "data", "relayer", "kalshi")}
STREAM_URLS = {"clob": "ws://clob", "kalshi": "ws://kalshi"}
VENUE_OF_HOST = {
    "gamma": "polymarket",
    "clob": "polymarket",
    "data": "polymarket",
    "relayer": "polymarket",
    "kalshi": "kalshi",
}
OVERRIDES: dict[str, dict[str, object]] = {
    "polymarket": {
        "gamma_url": URLS["gamma"],
        "clob_url": URLS["clob"],
        "stream_url": STREAM_URLS["clob"],
    },
    "kalshi": {"rest_url": URLS["kalshi"], "stream_url": STREAM_URLS["kalshi"]},
    "live": {
        "polymarket_data_url": URLS["data"],
        "polymarket_website_url": URLS["clob"],
        "polymarket_relayer_url": URLS["relayer"],
        "clip_max_dollars": "500",
    },
}


class Ground(msgspec.Struct, frozen=True):
    """Settings, the desk's configuration, the pairs that may be chosen, and how venues charge."""

    settings: Settings
    config: DeskConfig
    holder: Holder
    pairs: dict[str, Pair]
    fees: FeeFunction


@cache
def ground() -> Ground:
    """Read the shipped files. Raises ConfigError when they are damaged."""
    shipped = tomllib.loads((config_folder() / "default.toml").read_text(encoding="utf8"))
    sections = {name: {**section, **OVERRIDES.get(name, {})} for name, section in shipped.items()}
    settings = Settings.model_validate(sections)
    holder = parse_holder(TEST_ACCOUNT.address, None, TEST_ACCOUNT.signature_type)
    accounts = (
        PublicAccount(venue="kalshi"),
        PublicAccount(
            venue="polymarket", address=holder.address, wallet=holder.wallet, signature_type=0
        ),
    )
    config = msgspec.structs.replace(
        desk_config("live", BAND, settings), live_venues=VENUES, accounts=accounts
    )
    return Ground(
        settings=settings,
        config=config,
        holder=holder,
        pairs={pair.id: pair for pair in load_pairs(config_folder() / DEMO_PAIRS_FILE)},
        fees=packed_fees(load_fee_packs(config_folder() / "fees")),
    )


WALLET = "0x" + "ab" * 20
"""A wallet beside the key's own account: only such a one splits and merges."""
SETS_MAX = Money(100 * MICRO)


def with_wallet(base: Ground, kind: int) -> Ground:
    """The same desk on a wallet of some kind (1 proxy, 2 Safe, 3 deposit wallet) that converts."""
    holder = parse_holder(TEST_ACCOUNT.address, WALLET, kind)
    accounts = tuple(
        msgspec.structs.replace(
            account, wallet=holder.wallet, signature_type=kind, sets_max=SETS_MAX
        )
        if account.venue == "polymarket"
        else account
        for account in base.config.accounts
    )
    config = msgspec.structs.replace(base.config, accounts=accounts)
    return msgspec.structs.replace(base, config=config, holder=holder)


def with_reader(base: Ground) -> Ground:
    """The same desk, with a language model that reads what the rules have proven."""
    matcher = msgspec.structs.replace(base.config.matcher, await_reader=True)
    config = msgspec.structs.replace(base.config, matcher=matcher, second_reader=READER)
    return msgspec.structs.replace(base, config=config)
