"""Is each entry behind a fuse at the exchange, is a blown one mended by a person alone?

The wire bodies are those that leave the real gateway.
"""

import json

import msgspec
import pytest

from foreshock.adapters.venues.kalshi.order_groups import groups_reading, read_groups, trigger
from foreshock.app.live_parts import live_venue
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.decisions import Halted, IncidentOpened, TradeRefused
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.operations import ResumeRequested
from foreshock.core.domain.units import Instant
from tests.scenarios.live_scene import Fuse, Scene
from tests.trading import START, cents, edge, leg, order, request

ORDERS = "/trade-api/v2/portfolio/events/orders"
GROUPS = "/trade-api/v2/portfolio/order_groups"
FUSE = Fuse("arb", 20)


def scene() -> Scene:
    made = Scene(fuse=FUSE)
    made.offer_both()
    return made.ready()


def trade_kalshi_first(at: Scene, name: str) -> str:
    at.see_books()
    first, second = leg(at.b, "no", 48, 10, 200_000), leg(at.a, "yes", 45, 10, 200_000)
    at.desk.tell(request(name, edge(first, second)))
    at.desk.run(10)
    return name


def blow(at: Scene, group: str) -> None:
    """Somebody triggers the group at the venue."""
    account = at.accounts[1]
    signed = account.signer.sign(trigger(group, 0), at.desk.now_us)
    assert account.trading.face.handle(signed, at.desk.now_us).status == 200
    at.desk.run(2)


def test_an_entry_names_the_fuse_of_its_strategy() -> None:
    at = scene()
    package = trade_kalshi_first(at, "arb:1")
    assert at.outcome(package) == "hedged"
    (body,) = [json.loads(r.body) for _, _, r in at.desk.sent if r.path == ORDERS]
    assert len(body["order_group_id"]) == 36


def test_a_blown_fuse_halts_the_venue_until_a_person_resumes_and_only_then_is_it_mended() -> None:
    at = scene()
    trade_kalshi_first(at, "arb:1")
    (body,) = [json.loads(r.body) for _, _, r in at.desk.sent if r.path == ORDERS]
    blow(at, body["order_group_id"])
    assert [m.scope for m in at.desk.said(Halted)] == ["kalshi"]
    trade_kalshi_first(at, "arb:2")
    assert at.desk.said(TradeRefused)[-1].refusal.code == "HALTED"
    assert at.desk.venue_calls("kalshi", "PUT", GROUPS) == 0
    at.desk.tell(ResumeRequested("kalshi", "a test"))
    at.desk.run(3)
    assert at.desk.venue_calls("kalshi", "PUT", GROUPS) == 1
    assert at.outcome(trade_kalshi_first(at, "arb:3")) == "hedged"


def test_a_reset_that_fails_is_told() -> None:
    at = scene()
    at.desk.rule("kalshi", effect="answer_instead", method="PUT", path=GROUPS, status=503)
    at.desk.tell(ResumeRequested("all", "a test"))
    at.desk.run(3)
    words = [m.words for m in at.desk.said(IncidentOpened) if "/fuse/" in m.id]
    assert words == ["the fuse may still be blown (answered 503): resume kalshi once more"]


def test_resuming_another_venue_mends_nothing() -> None:
    at = scene()
    at.desk.tell(ResumeRequested("polymarket", "a test"))
    at.desk.run(3)
    assert at.desk.venue_calls("kalshi", "PUT", GROUPS) == 0


@pytest.mark.parametrize(
    ("purpose", "force", "is_grouped", "is_reducing", "dies_in_a_pause"),
    [
        ("enter", "ioc", True, False, False),
        ("hedge", "ioc", False, False, False),
        ("unwind", "ioc", False, True, False),
        ("enter", "gtc", True, False, True),
        ("unwind", "gtc", False, False, True),
    ],
)
def test_what_leaves_says_fuse_pause_reduction_and_no_trade_with_ourselves(
    purpose: str,
    force: str,
    is_grouped: bool,
    is_reducing: bool,
    dies_in_a_pause: bool,
) -> None:
    """The venue takes reduce_only from immediate orders alone: a resting unwind cannot have it."""
    made = Scene(fuse=FUSE)
    account = msgspec.structs.replace(made.accounts[1].account, pulse=None)
    gateway = live_venue([account], lambda _order, _now_us: None)
    gateway.observe(MarketListed(made.ks.market), START)
    placed = order("o1", package_id="arb:1", market=made.b, purpose=purpose, time_in_force=force)
    gateway.perform(msgspec.structs.replace(placed, limit=cents(45)), START)
    (signing,) = gateway.take_jobs(START)
    signed = made.accounts[1].signer.sign(signing.unsigned, START)
    gateway.signed(signing.id, signed, "")
    gateway.perform(t.SendOrder("o1", made.b), START)
    (sending,) = gateway.take_jobs(Instant(START + 1))
    assert sending.request is not None
    body = json.loads(sending.request.body)
    assert ("order_group_id" in body) == is_grouped
    assert body.get("reduce_only", False) == is_reducing
    assert body.get("cancel_order_on_pause", False) == dies_in_a_pause
    assert body["self_trade_prevention_type"] == "taker_at_cross"


def test_the_venue_keeps_the_fuse_at_twice_the_largest_clip() -> None:
    at = Scene(fuse=FUSE)
    account = at.accounts[1]
    from_venue = account.trading.face.handle(account.signer.sign(groups_reading(), START), START)
    (group,) = read_groups(from_venue)
    assert group.limit == 40_000_000
