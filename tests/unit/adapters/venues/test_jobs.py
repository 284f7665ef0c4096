"""Row A12: who goes first when the budget of a venue is short?"""

import pytest

from foreshock.adapters.venues.budget import Bucket, BucketTerms, Budget, BudgetTerms, Lane
from foreshock.adapters.venues.jobs import About, Job, Jobs
from foreshock.adapters.venues.order_path import RequestKind, Unsigned
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START

TERMS = BucketTerms(capacity=30, per_second=10, left_by_entries=10, left_by_scans=20)
COSTS: dict[RequestKind, int] = {
    "place": 10,
    "cancel": 2,
    "amend": 10,
    "read": 10,
    "heartbeat": 2,
    "settle": 10,
}


def after(seconds: float) -> Instant:
    return Instant(START + int(seconds * SECOND))


def job(lane: Lane, kind: RequestKind = "place", order_id: str = "") -> Job:
    unsigned = Unsigned(venue="kalshi", kind=kind, method="POST", path=f"/{order_id}")
    return Job(
        venue="kalshi",
        lane=lane,
        task="call",
        unsigned=unsigned,
        about=About(what="place", order_id=order_id),
    )


def jobs() -> Jobs:
    return Jobs({"kalshi": Budget(BudgetTerms(read=TERMS, write=TERMS, costs=COSTS))})


def test_the_hedge_is_admitted_first_and_the_entry_leaves_room_for_the_next() -> None:
    waiting = jobs()
    for name in ("e1", "e2", "e3"):
        waiting.put(job("enter", order_id=name))
    waiting.put(job("reduce", order_id="h1"))
    assert [j.about.order_id for j in waiting.take(START)] == ["h1", "e1"]
    waiting.put(job("reduce", order_id="h2"))
    assert [j.about.order_id for j in waiting.take(START)] == ["h2"], "kept for it"
    assert waiting.take(START) == []
    assert [j.about.order_id for j in waiting.take(after(2))] == ["e2"]


def test_a_scan_waits_for_everything_else() -> None:
    waiting = jobs()
    waiting.put(job("scan", "read"))
    waiting.put(job("scan", "read"))
    assert len(waiting.take(START)) == 1
    assert waiting.next_us() == after(1)
    assert len(waiting.take(after(1))) == 1


def test_reads_and_writes_have_budgets_of_their_own() -> None:
    waiting = jobs()
    for _ in range(3):
        waiting.put(job("reduce"))
    waiting.put(job("reduce", "read"))
    assert len(waiting.take(START)) == 4


def test_a_venue_that_asks_for_patience_gets_it_from_everybody() -> None:
    waiting = jobs()
    waiting.pause("kalshi", "place", after(3))
    waiting.put(job("reduce"))
    assert waiting.take(after(2.9)) == []
    assert waiting.next_us() == after(3)
    assert len(waiting.take(after(3))) == 1


def test_a_dropped_order_never_leaves() -> None:
    waiting = jobs()
    waiting.pause("kalshi", "place", after(3))
    waiting.put(job("enter", order_id="e1"))
    waiting.drop("e1")
    assert waiting.next_us() is None
    assert waiting.take(after(9)) == []


@pytest.mark.parametrize("steps", [1, 7, 1_000])
def test_no_token_is_lost_between_two_looks(steps: int) -> None:
    bucket = Bucket(TERMS)
    assert bucket.take(30, "reduce", START)
    for step in range(1, steps + 1):
        bucket.free_us(1, "reduce", after(step / steps))
    assert bucket.take(10, "reduce", after(1))
    assert not bucket.take(1, "reduce", after(1))
