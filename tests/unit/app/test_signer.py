"""The signer in a process-like shape: over its socket, behind its policy, silent about its keys."""

import asyncio
import stat
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.kalshi.signing import ApiKey
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.app.config import Settings, load_settings
from foreshock.app.signer import Policy, Vault, serve_signer, signers_of
from foreshock.app.signer_client import SignerClient
from foreshock.app.signer_start import (
    Keys,
    accounts_of,
    derive,
    holder_of,
    read_keys,
    sets_max_of,
)
from foreshock.app.signer_wire import Refused, Signed, SignGreeting, SignHandshake, SignRequest
from foreshock.core.domain.errors import ConfigError, VenueUnavailableError
from foreshock.core.domain.messages.conversions import ConvertSets
from foreshock.core.domain.units import MICRO, Money, Quantity
from tests.scenarios.live_desk import Host
from tests.scenarios.live_scene import KALSHI_KEY, KEY_ID, WALLET, WALLET_KEY, Scene, polymarket
from tests.trading import START, order

PLACE = "/trade-api/v2/portfolio/events/orders"


class Straight:
    """A transport without a network."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def send(self, request: HttpRequest) -> HttpResponse:
        return self._host.face.handle(request, wall_clock_us())


def vault(clip: int = 50) -> Vault:
    key = ApiKey(KEY_ID, KALSHI_KEY)
    signers = signers_of(key, None)
    return Vault(Policy(venues=("kalshi",), clip_max=Money(clip * MICRO)), signers, key, None)


def placing() -> Unsigned:
    scene = Scene()
    placed = order("o1", market=scene.b, outcome="no")
    prepared = scene.accounts[1].account.path.place(placed, scene.ks.market, START)
    return prepared.request


def test_an_order_within_the_clip_is_signed() -> None:
    answer = vault().answer(SignRequest(placing(), START))
    assert isinstance(answer, Signed)
    assert answer.request.body == placing().body
    assert {name for name, _ in answer.request.headers} >= {"KALSHI-ACCESS-SIGNATURE"}


@pytest.mark.parametrize(
    ("unsigned", "words"),
    [
        (msgspec.structs.replace(placing(), venue="polymarket"), "not among the venues"),
        (msgspec.structs.replace(placing(), spend=Money(51 * MICRO)), "beyond the clip"),
        (msgspec.structs.replace(placing(), spend=Money(1)), "costs something else"),
        (msgspec.structs.replace(placing(), kind="settle"), "redemptions are not signed"),
        (msgspec.structs.replace(placing(), path="/trade-api/v2/portfolio/withdrawals"), "is not"),
        (msgspec.structs.replace(placing(), method="DELETE", path="/x", kind="read"), "is not"),
    ],
)
def test_anything_else_is_refused(unsigned: Unsigned, words: str) -> None:
    answer = vault().answer(SignRequest(unsigned, START))
    assert isinstance(answer, Refused)
    assert words in answer.words


def test_only_kalshi_has_a_handshake_and_only_with_a_key() -> None:
    assert isinstance(vault().answer(SignHandshake("polymarket", START)), Refused)
    assert isinstance(vault().answer(SignGreeting("polymarket", "")), Refused)
    empty = Vault(Policy(venues=("kalshi",), clip_max=Money(0)), {}, None, None)
    assert isinstance(empty.answer(SignHandshake("kalshi", START)), Refused)


async def test_the_desk_asks_over_a_socket_that_only_its_owner_opens(tmp_path: Path) -> None:
    announced = asyncio.Event()
    paths: list[Path] = []

    def announce(path: Path) -> None:
        paths.append(path)
        announced.set()

    serving = asyncio.ensure_future(serve_signer(vault(), tmp_path, announce))
    await announced.wait()
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600
    client = SignerClient(paths[0])
    request = await asyncio.to_thread(client.sign, placing(), START)
    assert request.body == placing().body
    headers = await asyncio.to_thread(client.handshake, "kalshi", START)
    assert len(headers) == 3
    dear = msgspec.structs.replace(placing(), spend=Money(51 * MICRO))
    with pytest.raises(ConfigError, match="beyond the clip"):
        await asyncio.to_thread(client.sign, dear, START)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert not paths[0].exists()
    with pytest.raises(VenueUnavailableError, match="does not answer"):
        await asyncio.to_thread(client.sign, placing(), START)


async def test_credentials_are_made_and_told_again() -> None:
    _, account, _, holder = polymarket()

    transport = Straight(account.trading)
    key = parse_wallet_key(WALLET_KEY)
    first = await derive(key, transport)
    again = await derive(key, transport)
    assert first.key == again.key
    settings = load_settings({})
    assert holder_of(settings.live, key.address) == holder
    assert isinstance(PolymarketSigner(holder, key, first), PolymarketSigner)


def test_no_configured_key_is_no_key() -> None:
    assert read_keys(load_settings({})) == Keys(None, None)


SETS = {"polymarket_signature_type": 2, "polymarket_wallet": WALLET, "sets_max_dollars": "100"}


def live_keys(folder: Path, **changes: object) -> Settings:
    """Settings whose keys lie in a folder."""
    for name, text in (("wallet", WALLET_KEY), ("relayer", "a relayer's key")):
        path = folder / name
        path.touch(0o600)
        path.write_text(text)
    keys = {"polymarket_key": f"file:{folder}/wallet"}
    return load_settings({"live": {**keys, **SETS, **changes}})


def test_a_relayers_key_is_read_where_sets_may_be_turned(tmp_path: Path) -> None:
    settings = live_keys(tmp_path, polymarket_relayer_key=f"file:{tmp_path}/relayer")
    keys = read_keys(settings)
    assert keys.wallet is not None
    assert keys.relayer is not None
    assert keys.relayer.address == keys.wallet.address
    holder = holder_of(settings.live, keys.wallet.address)
    (account,) = accounts_of(keys, holder, sets_max_of(settings.live))
    assert account.sets_max == 100 * MICRO
    assert "relayer's key" not in f"{keys!r} {keys.relayer!r} {account!r}"
    closed = live_keys(tmp_path, sets_max_dollars="0")
    without = read_keys(closed)
    assert without.relayer is None
    (account,) = accounts_of(without, holder, sets_max_of(closed.live))
    assert account.sets_max == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "needs live.polymarket_key and live.polymarket_relayer_key"),
        (
            {
                "polymarket_signature_type": 0,
                "polymarket_wallet": "",
                "polymarket_relayer_key": "file:/nowhere",
            },
            "would have to pay gas",
        ),
        ({"polymarket_relayer_key": "file:/nowhere"}, "nowhere"),
    ],
)
def test_sets_without_what_they_need_start_nothing(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        read_keys(live_keys(tmp_path, **changes))


def split_request(size: int) -> Unsigned:
    """A split of so many dollars from the wallet of a scene."""
    scene = Scene(wallet=2)
    path = scene.accounts[0].account.conversions
    assert path is not None
    command = ConvertSets("s1", "split", scene.a, Quantity(size * MICRO), START)
    turn = HttpResponse(200, msgspec.json.encode({"address": WALLET.lower(), "nonce": "0"}))
    return path.made(command, scene.pm.market, turn, START).request


def settling_vault(sets_max: int) -> Vault:
    signers = {"polymarket": Scene(wallet=2).accounts[0].signer}
    policy = Policy(
        venues=("polymarket",), clip_max=Money(50 * MICRO), sets_max=Money(sets_max * MICRO)
    )
    return Vault(policy, signers, None, None)


def test_a_split_is_signed_up_to_the_ceiling_of_the_policy() -> None:
    assert isinstance(settling_vault(80).answer(SignRequest(split_request(80), START)), Signed)
    beyond = settling_vault(80).answer(SignRequest(split_request(81), START))
    assert isinstance(beyond, Refused)
    assert "live.sets_max_dollars" in beyond.words
    none = settling_vault(0).answer(SignRequest(split_request(1), START))
    assert isinstance(none, Refused)
    assert "live.sets_max_dollars is 0" in none.words


def test_a_kalshi_key_needs_its_id() -> None:
    settings = load_settings({"live": {"kalshi_key": "file:/nowhere"}})
    with pytest.raises(ConfigError, match="key_id"):
        read_keys(settings)
