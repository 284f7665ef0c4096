"""Does the relayer take our splits, merges and redemptions, and nothing it should not?"""

import json

import msgspec
import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.corrections import pay_by_hand
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_relay_wire import read_asked
from foreshock.adapters.sim.polymarket_relayer import RelayerFace, relayer_key
from foreshock.adapters.sim.polymarket_transactions import Transactions
from foreshock.adapters.venues.conversion_path import Relayed
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.holder import parse_holder
from foreshock.adapters.venues.polymarket.positions import PositionCall, merge, redeem, split
from foreshock.adapters.venues.polymarket.relayed import read_submitted, read_transaction
from foreshock.adapters.venues.polymarket.relayer import (
    read_turn,
    submission,
    transaction_request,
    turn_request,
)
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner, Relaying
from foreshock.adapters.venues.polymarket.signing import RelayerKey
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.face_scenario import CONDITIONS, T0, polymarket_exchange

KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
WALLET = "0x" + "Ab" * 20
ONE_OF_MANY, ALONE = CONDITIONS[0], CONDITIONS[2]
TEN = Quantity(10 * MICRO)
KINDS = [1, 2, 3]


class Desk:
    """One wallet that asks the relayer as our requests do."""

    def __init__(self, kind: int = 2) -> None:
        self.exchange = polymarket_exchange()
        self.clob = ClobFace(self.exchange)
        self.private = self.clob.private
        self.face = RelayerFace(self.private.desk.wallets, self.private.transactions)
        self.now = T0
        wallet = self.private.desk.wallets.fund(WALLET, OWNER, kind, Money(100 * MICRO))
        self.account = wallet.address
        self.holder = parse_holder(OWNER, WALLET, kind)
        relaying = Relaying(RelayerKey(relayer_key(OWNER), OWNER), Money(1_000 * MICRO))
        self.signer = PolymarketSigner(self.holder, parse_wallet_key(KEY), None, relaying)

    def wait(self, seconds: int) -> None:
        self.now = Instant(self.now + seconds * SECOND)
        self.clob.take_frames(self.now)

    def market(self, native_id: str) -> Market:
        return self.exchange.market(native_id).listing.market

    def ask(self, unsigned: Unsigned) -> HttpResponse:
        return self.face.handle(self.signer.sign(unsigned, self.now), self.now)

    def request(self, call: PositionCall) -> Unsigned:
        turn = read_turn(self.ask(turn_request(self.holder)))
        return submission(call, self.holder, turn, self.now)

    def submit(self, call: PositionCall) -> Relayed:
        return read_submitted(self.ask(self.request(call)))

    def look(self, told: Relayed) -> Relayed:
        assert told.transaction_id is not None
        answer = self.ask(transaction_request(told.transaction_id))
        return read_transaction(told.transaction_id, answer)

    def done(self, call: PositionCall) -> Relayed:
        told = self.submit(call)
        assert told.verdict == "pending", told
        self.wait(60)
        return self.look(told)

    def cash(self) -> int:
        return self.exchange.balances(self.account).cash // MICRO

    def held(self, native_id: str) -> tuple[int, int]:
        for position in self.exchange.positions(self.account):
            if position.native_id == native_id:
                return position.yes // MICRO, position.no // MICRO
        return 0, 0

    def resolve(self, native_id: str, yes_payout: int) -> None:
        self.exchange.close(native_id, self.now)
        self.exchange.propose(native_id, Price(yes_payout), self.now)
        self.exchange.settle(native_id, self.now)
        self.wait(1)


def test_known_wallets_are_deployed() -> None:
    desk = Desk()

    def ask(path: str, method: str = "GET") -> tuple[int, object]:
        answer = desk.face.handle(HttpRequest(method, path), T0)
        return answer.status, json.loads(answer.body)

    unknown = "0x" + "12" * 20
    assert ask(f"/deployed?address={unknown}&type=WALLET") == (200, {"deployed": False})
    assert ask(f"/deployed?address={WALLET.lower()}") == (200, {"deployed": True})
    assert desk.face.open(1, "/", (), T0) is not None
    assert (desk.face.take_frames(T0), desk.face.take_cuts()) == ([], [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("native_id", [ALONE, ONE_OF_MANY])
def test_dollars_become_contracts_and_back_from_every_wallet(kind: int, native_id: str) -> None:
    desk = Desk(kind)
    before = sum(desk.exchange.totals())
    market = desk.market(native_id)
    found = desk.done(split(market, TEN))
    assert (found.verdict, desk.cash(), desk.held(native_id)) == ("confirmed", 90, (10, 10))
    assert found.tx_hash is not None
    assert desk.done(merge(market, Quantity(4 * MICRO))).verdict == "confirmed"
    assert (desk.cash(), desk.held(native_id)) == (94, (6, 6))
    assert sum(desk.exchange.totals()) == before
    kinds = [deed.kind for deed in desk.private.chain.of(desk.account)]
    assert kinds == ["MERGE", "SPLIT"]


@pytest.mark.parametrize("yes_payout", [MICRO, 0, MICRO // 2])
def test_a_resolved_market_pays_who_asks(yes_payout: int) -> None:
    desk = Desk()
    before = sum(desk.exchange.totals())
    pay_by_hand(desk.exchange, desk.account, is_on=True)
    desk.done(split(desk.market(ALONE), TEN))
    early = desk.done(redeem(desk.market(ALONE)))
    assert (early.verdict, desk.held(ALONE)) == ("failed", (10, 10))
    desk.resolve(ALONE, yes_payout)
    assert (desk.cash(), desk.held(ALONE)) == (90, (10, 10))
    assert desk.done(redeem(desk.market(ALONE))).verdict == "confirmed"
    assert (desk.cash(), desk.held(ALONE)) == (100, (0, 0))
    assert desk.done(redeem(desk.market(ALONE))).verdict == "confirmed"
    assert (desk.cash(), sum(desk.exchange.totals())) == (100, before)


def test_nothing_moves_before_it_is_mined() -> None:
    desk = Desk()
    told = desk.submit(split(desk.market(ALONE), TEN))
    seen = [(desk.look(told).words, desk.cash())]
    for _ in range(30):
        desk.wait(1)
        now = (desk.look(told).words, desk.cash())
        seen += [now] if now != seen[-1] else []
    assert seen == [
        ("STATE_NEW", 100),
        ("STATE_EXECUTED", 100),
        ("STATE_MINED", 90),
        ("STATE_CONFIRMED", 90),
    ]


def test_what_the_wallet_lacks_fails_and_moves_nothing() -> None:
    desk = Desk()
    for call in (
        split(desk.market(ALONE), Quantity(101 * MICRO)),
        merge(desk.market(ALONE), Quantity(1)),
        msgspec.structs.replace(split(desk.market(ALONE), TEN), condition="0x" + "7" * 64),
        msgspec.structs.replace(
            split(desk.market(ALONE), TEN), contract=split(desk.market(ONE_OF_MANY), TEN).contract
        ),
    ):
        assert desk.done(call).verdict == "failed"
    assert (desk.cash(), desk.held(ALONE)) == (100, (0, 0))


def test_a_transaction_can_be_ordered_to_fail() -> None:
    desk = Desk()
    desk.private.transactions.fates.append("fail")
    found = desk.done(split(desk.market(ALONE), TEN))
    assert (found.verdict, desk.cash()) == ("failed", 100)
    assert desk.done(split(desk.market(ALONE), TEN)).verdict == "confirmed"


def test_a_wallet_has_one_transaction_on_its_way_and_no_nonce_comes_twice() -> None:
    desk = Desk()
    first = desk.request(split(desk.market(ALONE), TEN))
    assert read_submitted(desk.ask(first)).verdict == "pending"
    busy = desk.submit(split(desk.market(ALONE), TEN))
    assert (busy.verdict, busy.transaction_id) == ("rejected", None)
    desk.wait(60)
    again = read_submitted(desk.ask(first))
    assert (again.verdict, "does not match" in again.words) == ("rejected", True)
    assert desk.cash() == 90


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_submission_is_not_what_was_signed(kind: int) -> None:
    desk = Desk(kind)
    signed = desk.signer.sign(desk.request(split(desk.market(ALONE), TEN)), desk.now)
    amount = f"{TEN:064x}".encode()
    assert amount in signed.body
    for body in (
        signed.body.replace(amount, f"{2 * TEN:064x}".encode()),
        signed.body.replace(b'"nonce":"0"', b'"nonce":"1"'),
        signed.body.replace(b"c" * 64, b"b" * 64),
        signed.body.replace(b'"signature":"0x', b'"signature":"0x00'),
        b"{}",
        b"\xff",
        b"[" * 2_000,
    ):
        changed = msgspec.structs.replace(signed, body=body)
        assert desk.face.handle(changed, desk.now).status == 400
    assert desk.face.handle(signed, desk.now).status == 200


def test_only_its_owner_moves_a_wallet() -> None:
    desk = Desk()
    stranger = parse_wallet_key("0x" + "11" * 32)
    holder = parse_holder(stranger.address, WALLET, 2)
    key = RelayerKey(relayer_key(stranger.address), stranger.address)
    relaying = Relaying(key, Money(1_000 * MICRO))
    desk.holder, desk.signer = holder, PolymarketSigner(holder, stranger, None, relaying)
    assert desk.ask(desk.request(split(desk.market(ALONE), TEN))).status == 400


def test_without_a_key_there_is_no_answer() -> None:
    desk = Desk()
    signed = desk.signer.sign(desk.request(split(desk.market(ALONE), TEN)), desk.now)
    for headers in ((), (("RELAYER_API_KEY", "x"), ("RELAYER_API_KEY_ADDRESS", OWNER))):
        bare = msgspec.structs.replace(signed, headers=headers)
        assert desk.face.handle(bare, desk.now).status == 401
    for path in ("/v1/account/transactions/nothing", "/elsewhere"):
        assert desk.face.handle(HttpRequest("GET", path, signed.headers), desk.now).status == 404
    odd = HttpRequest("GET", "/relay-payload?type=EOA&address=0x1", signed.headers)
    assert desk.face.handle(odd, desk.now).status == 400


def test_a_batch_lapses_at_its_deadline() -> None:
    desk = Desk(3)
    signed = desk.signer.sign(desk.request(split(desk.market(ALONE), TEN)), desk.now)
    asked = read_asked(signed.body, desk.now)
    assert not isinstance(asked, str)
    assert (asked.wallet, asked.call.kind) == (desk.account, "split")
    late = read_asked(signed.body, Instant(desk.now + 600 * SECOND))
    assert late == "invalid transaction: the deadline is over"


def test_a_transaction_of_nobody_is_not_known() -> None:
    desk = Desk()
    transactions: Transactions = desk.private.transactions
    assert transactions.get("nothing") is None
    assert transactions.nonce("0x1", 2) == 0
