"""Do pages say how risky everything held is, why, and what is not known?"""

from msgspec.structs import replace

from foreshock.core.domain.messages.risk import PositionRisk, PositionsMeasured, RiskPart
from foreshock.core.domain.units import DAY, Duration, Instant
from foreshock.core.risk.volatility import CHANGES_MIN, INTERVALS_MIN
from foreshock.dashboard.position_risk import (
    CHANGES_NEEDED,
    INTERVALS_NEEDED,
    TITLES,
    UNKNOWN,
    basis_words,
    volatility_words,
)
from foreshock.dashboard.position_views import PositionRiskView, PositionsRiskView
from tests.trading import START, A
from tests.unit.dashboard.risk_told import positions_measured
from tests.unit.dashboard.told import Told


def shown(measured: PositionsMeasured) -> PositionsRiskView:
    found = Told([measured]).model.risk(START).measured
    assert found is not None
    return found


def alone(**changes: object) -> PositionRisk:
    return replace(positions_measured().positions[1], **changes)


def part(view: PositionRiskView, name: str) -> str:
    return next(one.words for one in view.parts if one.name == name)


def test_nothing_is_shown_before_anything_was_judged() -> None:
    assert Told().model.risk(START).measured is None


def test_the_riskiest_stands_first_with_its_legs_by_name() -> None:
    found = shown(positions_measured())
    package, bet = found.positions
    assert [leg.venue for leg in package.legs] == ["polymarket", "kalshi"]
    assert package.legs[0].market == A
    assert (package.score, bet.score) == (31, 10)
    assert (found.confidence_percent, found.value_at_risk_micros) == (95.0, 290_000)


def test_each_part_says_what_it_rests_on() -> None:
    package, bet = shown(positions_measured()).positions
    assert part(bet, "loss") == "at worst $1.76 of it is lost"
    assert part(bet, "volatility") == "0.90 c an hour, from 90 five-minute intervals"
    assert part(bet, "time") == UNKNOWN["time"]
    assert part(bet, "exit") == "selling now would lose $0.04, fees aside"
    assert part(bet, "platform") == "12.5 % of what may be at risk at polymarket is used"
    assert part(package, "clauses") == "5.0 % doubt that its legs are one bet"


def test_a_set_of_one_venue_has_no_doubt() -> None:
    sure = alone(parts=(RiskPart("clauses", 20, 0, 0),))
    (found,) = shown(replace(positions_measured(), positions=(sure,))).positions
    assert part(found, "clauses") == "one venue decides all of its legs"


def test_days_and_hours_until_it_pays() -> None:
    for left, words in ((40 * DAY, "40 days"), (DAY, "24 hours"), (0, "it may pay any moment")):
        risk = alone(parts=(RiskPart("time", 20, 50, left),))
        (found,) = shown(replace(positions_measured(), positions=(risk,))).positions
        assert part(found, "time") == words


def test_what_is_not_known_says_what_is_missing() -> None:
    early = alone(volatility=None, intervals_count=12, changes_count=9)
    assert volatility_words(early) == "not known yet: 12 of 30 five-minute intervals were seen"
    still = alone(volatility=None, changes_count=3)
    words = "not known: its mid moved in 3 minutes only, 5 are needed"
    assert volatility_words(still) == words
    unknown = replace(still, basis="unknown")
    assert basis_words(unknown, DAY) == f"{words}; it is no more than the worst loss"


def test_it_says_why_the_value_at_risk_is_so_much() -> None:
    soon = alone(basis="resolution", settles_us=Instant(START))
    assert "may pay within 24 h" in basis_words(soon, Duration(DAY))
    assert "carried on for 48 h" in basis_words(alone(), Duration(2 * DAY))
    package = positions_measured().positions[0]
    assert "disputes" in basis_words(package, DAY)
    assert "pay together" in volatility_words(package)


def test_the_pages_ask_for_as_much_as_the_desk_does() -> None:
    assert (INTERVALS_NEEDED, CHANGES_NEEDED) == (INTERVALS_MIN, CHANGES_MIN)
    assert set(UNKNOWN) == set(TITLES)
