"""What the gateway itself refuses, whatever it is told to send."""

import msgspec

from foreshock.adapters.venues.jobs import Job
from foreshock.adapters.venues.live import JudgeAgain, LiveVenue
from foreshock.app.live_parts import live_venue
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.units import Instant, Quantity
from tests.scenarios.live_scene import Scene
from tests.trading import START, order

SCENE = Scene()


def passes(_order: t.PlaceOrder, _now_us: Instant) -> None:
    return None


def gateway(judge_again: JudgeAgain = passes) -> LiveVenue:
    account = msgspec.structs.replace(SCENE.accounts[1].account, pulse=None)
    made = live_venue([account], judge_again)
    made.observe(MarketListed(SCENE.ks.market), START)
    return made


def prepare(at: LiveVenue, name: str) -> None:
    """An order of the package's one leg, signed and ready to leave."""
    placed = order(name, market=SCENE.b, outcome="no", purpose="hedge")
    at.observe(placed, START)
    at.perform(placed, START)
    (job,) = at.take_jobs(START)
    at.signed(job.id, SCENE.accounts[1].signer.sign(job.unsigned, START), "")
    assert [type(m) for m in at.due(START)] == [OrderPrepared]


def release(at: LiveVenue, name: str) -> list[Job]:
    at.perform(t.SendOrder(name, SCENE.b), START)
    return at.take_jobs(START)


def refusals(at: LiveVenue) -> list[str]:
    return [m.refusal.code for m in at.due(START) if isinstance(m, t.SendRefused)]


def test_a_released_order_is_handed_out_once() -> None:
    at = gateway()
    prepare(at, "o1")
    assert [job.task for job in release(at, "o1")] == ["place"]
    assert release(at, "o1") == []


def test_no_second_order_of_a_leg_while_the_first_may_trade() -> None:
    at = gateway()
    prepare(at, "o1")
    prepare(at, "o2")
    assert len(release(at, "o1")) == 1
    assert release(at, "o2") == []
    assert refusals(at) == ["LEG_BUSY"]


def test_the_next_order_may_leave_once_the_first_is_over() -> None:
    at = gateway()
    prepare(at, "o1")
    prepare(at, "o2")
    release(at, "o1")
    at.observe(t.OrderUnknown("o1", "no answer"), START)
    at.observe(t.OrderClosed("o1", Quantity(0), "killed"), START)
    assert len(release(at, "o2")) == 1


def test_the_gate_has_the_last_word() -> None:
    def closed(placed: t.PlaceOrder, _now_us: Instant) -> t.SendRefused:
        return t.SendRefused(placed.order_id, Refusal("HALTED", "just now"))

    at = gateway(closed)
    prepare(at, "o1")
    assert release(at, "o1") == []
    assert refusals(at) == ["HALTED"]


def test_an_order_that_the_venue_can_never_take_is_rejected_here() -> None:
    at = gateway()
    at.perform(order("o1", market=SCENE.b, outcome="no", limit=455_001), START)
    (answered,) = at.due(START)
    assert "RejectedError" not in str(answered)
    assert "OrderRejected" in str(answered)
    assert at.take_jobs(START) == []


def test_a_cancel_of_an_order_that_never_left_asks_nobody() -> None:
    at = gateway()
    prepare(at, "o1")
    at.perform(t.CancelOrder("o1", SCENE.b), START)
    assert at.take_jobs(START) == []
