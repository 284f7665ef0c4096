import pytest

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.units import Instant
from foreshock.core.execution.sender import SEND_AGE_MAX, Sender
from tests.trading import START, A, order

PREPARED = a.OrderPrepared("o1", "c1", None, "ab" * 32)


def holding() -> Sender:
    sender = Sender()
    assert not list(sender.handle(order("o1"), START))
    return sender


@pytest.mark.parametrize("age_us", [0, SEND_AGE_MAX])
def test_an_order_leaves_once_it_is_prepared_and_only_once(age_us: int) -> None:
    sender = holding()
    now_us = Instant(START + age_us)
    assert list(sender.handle(PREPARED, now_us)) == [t.SendOrder("o1", A)]
    assert not list(sender.handle(PREPARED, now_us))


def test_the_deadline_counts_from_the_decision() -> None:
    said = list(holding().handle(PREPARED, Instant(START + SEND_AGE_MAX + 1)))
    assert [type(m) for m in said] == [t.SendRefused]
    assert isinstance(said[0], t.SendRefused)
    assert said[0].refusal.code == "SIGNED_TOO_LATE"


def test_a_cancelled_order_never_leaves() -> None:
    sender = holding()
    said = list(sender.handle(t.CancelOrder("o1", A), START))
    assert isinstance(said[0], t.SendRefused)
    assert said[0].refusal.code == "CANCELLED_UNSENT"
    assert not list(sender.handle(PREPARED, START))


@pytest.mark.parametrize(
    "end",
    [
        t.SendRefused("o1", Refusal("HALTED", "halted")),
        a.OrderAnswered("o1", (t.OrderRejected("o1", "off the grid"),), ()),
    ],
)
def test_what_has_ended_is_not_released(end: t.SendRefused | a.OrderAnswered) -> None:
    sender = holding()
    sender.handle(end, START)
    assert not list(sender.handle(PREPARED, START))


def test_somebody_elses_order_is_not_released() -> None:
    assert not list(Sender().handle(PREPARED, START))
