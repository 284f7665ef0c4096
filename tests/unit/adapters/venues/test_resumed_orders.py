"""Is an order of an earlier run asked about until the venue's last word, and never sent again?"""

import pytest

from foreshock.adapters.venues.order_path import OrderRef
from foreshock.adapters.venues.tracking import LATE_ARRIVAL, LOOK_WAIT, RESENDS_MAX, resumed
from foreshock.core.domain.memory import OrderWord
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.trading import OrderAccepted, OrderUnknown
from foreshock.core.domain.units import Instant
from tests.trading import START, A, closed, filled, order

PREPARED = OrderPrepared("o1", "client-1", "0xhash", "digest")
LATER = Instant(START + 60_000_000)


def test_what_was_never_on_record_never_left() -> None:
    assert resumed([order("o1")], LATER) is None
    assert resumed([closed("o1", 1)], LATER) is None


@pytest.mark.parametrize(
    "words",
    [
        [],
        [OrderUnknown("o1", "silence")],
        [OrderAccepted("o1", "0xhash")],
        [OrderAccepted("o1", "0xhash"), filled("o1", 1, 4)],
    ],
)
def test_what_may_have_left_is_asked_about_soon(words: list[OrderWord]) -> None:
    tracked = resumed([order("o1"), PREPARED, *words], LATER)
    assert tracked is not None
    assert tracked.next_look_us == LATER + LOOK_WAIT
    assert tracked.ref == OrderRef("o1", "client-1", "0xhash", A)
    assert tracked.since_us < START
    assert tracked.was_accepted == any(isinstance(word, OrderAccepted) for word in words)


def test_the_venues_own_name_counts() -> None:
    words: list[OrderWord] = [
        order("o1"),
        OrderPrepared("o1", "client-1", None, "digest"),
        OrderAccepted("o1", "venue-7"),
    ]
    tracked = resumed(words, LATER)
    assert tracked is not None
    assert tracked.venue_order_id == "venue-7"


def test_what_is_over_but_not_final_is_followed_and_not_asked_about() -> None:
    words: list[OrderWord] = [order("o1"), PREPARED, filled("o1", 1, 10, final=False)]
    tracked = resumed([*words, closed("o1", 10)], LATER)
    assert tracked is not None
    assert tracked.next_look_us is None


def test_absence_is_proven_only_when_no_request_can_still_arrive() -> None:
    """The process died at a moment nobody knows: the last possible one counts."""
    tracked = resumed([order("o1"), PREPARED], LATER)
    assert tracked is not None
    for early in (0, 1, 2):
        tracked.begin_round(Instant(LATER + early * 1_000_000))
        assert not tracked.end_round(Instant(LATER + early * 1_000_000), is_absent=True)
    rounds = [Instant(LATER + LATE_ARRIVAL + n * 1_000_000) for n in range(2)]
    proven = list[bool]()
    for at_us in rounds:
        tracked.begin_round(at_us)
        proven.append(tracked.end_round(at_us, is_absent=True))
    assert proven == [False, True]
    assert tracked.resends_count == RESENDS_MAX, "its bytes are gone: it is never sent again"
