"""Few messages for many notices, and every number accounted for."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.alerting.grouping import (
    GROUP_MAX,
    HOUR,
    Budget,
    Cooldowns,
    Group,
    Remembered,
    digest_of,
)
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import SECOND, Duration, Instant
from tests.trading import START
from tests.unit.dashboard.alerting_told import notice

COOLDOWN = Duration(300 * SECOND)


def notices(count: int) -> list[Notice]:
    return [
        msgspec.structs.replace(notice(), notice_id=f"n{n}", about=f"m{n}") for n in range(count)
    ]


def test_what_is_remembered_has_an_end() -> None:
    seen = Remembered(count_max=2)
    assert [seen.is_new(key) for key in "aabca"] == [True, False, True, True, True]


@given(st.lists(st.integers(0, 200), max_size=40))
def test_no_notice_of_a_cooldown_gets_lost_from_the_count(gaps_s: list[int]) -> None:
    cooldowns, now_us, told, heard = Cooldowns(COOLDOWN), int(START), 0, 0
    for gap_s in [*gaps_s, 10_000]:
        now_us += gap_s * SECOND
        heard += 1
        admitted = cooldowns.admit(notice(), Instant(now_us))
        told += 0 if admitted is None else admitted.count
    assert told == heard


@given(st.lists(st.integers(0, 3_000), max_size=60), st.integers(1, 5))
def test_a_budget_is_never_exceeded_within_an_hour(gaps_s: list[int], most: int) -> None:
    budget, now_us, taken = Budget(most), int(START), list[int]()
    for gap_s in gaps_s:
        now_us += gap_s * SECOND
        if budget.take(Instant(now_us)):
            taken.append(now_us)
        else:
            assert now_us < budget.fits_again_us(Instant(now_us)) <= now_us + HOUR
    for at_us in taken:
        assert sum(at_us - HOUR < other <= at_us for other in taken) <= most


def test_a_group_keeps_so_many_and_counts_the_rest() -> None:
    group = Group()
    for each in notices(GROUP_MAX + 7):
        group.add(each)
    assert (len(group.waiting), group.more_count) == (GROUP_MAX, 7)


def test_a_digest_counts_everything_and_quotes_a_few() -> None:
    many = [*notices(9), msgspec.structs.replace(notice(), notice_id="loud", severity=4)]
    digest = digest_of(many, "discord", "many at once", START, more_count=5)
    assert digest.count == 15
    assert digest.severity == 4
    assert digest.words.startswith("many at once: B?: 4 times")
    assert digest.words.endswith("and 10 more")
    assert digest_of(many, "slack", "x", START).notice_id != digest.notice_id
