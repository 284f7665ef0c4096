"""A gap is told with its sum, only when it moves, and never where a number is missing."""

import math

import msgspec
import pytest

from foreshock.core.domain.coin_bets import CoinBet
from foreshock.core.domain.markets import CurveFee, Market, MarketId, Outcome
from foreshock.core.domain.messages.market_data import (
    BookLost,
    FeeChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.signals import OracleGapMeasured, OracleLost, OracleReported
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, PAYOUT, SECOND, Duration, Instant, Money, Rounding
from foreshock.core.pricing.fees import CurveRule, FeePack, FeeSchedule
from foreshock.core.signals.fair_value import above_probability, between_probability
from foreshock.core.signals.oracle_gap import OracleGaps, OracleGapSettings
from foreshock.core.signals.oracle_prices import MINUTE
from tests.samples import market
from tests.trading import START, A, B, book

BEGIN = Instant(START // MINUTE * MINUTE)
END = Instant(BEGIN + 15 * MINUTE)
STEP = 0.0004
VOLATILITY = STEP / math.sqrt(60)
UP = CoinBet(coin="BTC", ends_us=END, starts_us=BEGIN)
RULE = CurveRule(
    unit=Money(10), rounding=Rounding.UP, fee_min=Money(10), rate_ppm_max=250_000, exponents=(1,)
)
PACKS = {"polymarket": FeePack("polymarket", "v1", (FeeSchedule(Instant(0), "a test", RULE),))}


class Desk:
    """The agent, and a coin whose past hour is known."""

    def __init__(self, *bets: tuple[MarketId, CoinBet], is_trusted: bool = False) -> None:
        self.bets = dict(bets)
        settings = OracleGapSettings(is_trusted=is_trusted, bets_max=3)
        self.agent = OracleGaps(settings, PACKS, lambda m: self.bets.get(m.id))
        self.now_us = BEGIN
        for number in range(61):
            price = 97_000 * math.exp(STEP * (number % 2))
            self.report(price, BEGIN - (60 - number) * MINUTE, "coinbase minutes")
        for name in self.bets:
            self.hear(MarketListed(listed(name)))

    def hear(self, message: Message) -> list[OracleGapMeasured]:
        said = list(self.agent.handle(message, self.now_us))
        assert all(isinstance(m, OracleGapMeasured) for m in said)
        return [m for m in said if isinstance(m, OracleGapMeasured)]

    def report(
        self, price: float, at_us: int | None = None, source: str = "coinbase"
    ) -> list[OracleGapMeasured]:
        at = Instant(self.now_us if at_us is None else at_us)
        return self.hear(OracleReported(source, "BTC-USD", round(price * MICRO), at, at))

    def at(self, seconds: int) -> "Desk":
        self.now_us = Instant(BEGIN + seconds * SECOND)
        return self


def listed(name: MarketId, **changes: object) -> Market:
    return market(name, fee=CurveFee(70_000, 1), closes_us=END, **changes)


def quoted(desk: Desk, bid: int = 48, ask: int = 52, name: MarketId = A) -> None:
    desk.hear(book(name, bid, ask, at_us=desk.now_us))


def test_a_gap_is_fair_less_ask_less_fee() -> None:
    desk = Desk((A, UP)).at(300)
    quoted(desk)
    (gap,) = desk.report(97_100)
    chance = above_probability(97_100, 97_000, VOLATILITY, 600)
    assert gap.fair == pytest.approx(chance * PAYOUT, abs=2_000)
    assert (gap.outcome, gap.ask, gap.fee) == ("yes", 520_000, 17_472)
    assert gap.gap == gap.fair - gap.ask - gap.fee
    assert (gap.oracle, gap.spot, gap.strike) == (
        "coinbase BTC-USD",
        97_100 * MICRO,
        97_000 * MICRO,
    )
    assert gap.volatility_ppm == pytest.approx(VOLATILITY * 60 * MICRO, rel=0.01)
    assert (gap.market, gap.ends_us, gap.is_trusted) == (A, END, False)


@pytest.mark.parametrize(("price", "outcome"), [(97_200.0, "yes"), (96_800.0, "no")])
def test_the_better_outcome_is_told(price: float, outcome: Outcome) -> None:
    desk = Desk((A, UP)).at(300)
    quoted(desk)
    (gap,) = desk.report(price)
    assert gap.outcome == outcome
    assert gap.fair > PAYOUT // 2


def test_a_market_whose_yes_is_down_is_worth_the_opposite() -> None:
    down = msgspec.structs.replace(UP, is_inverted=True)
    desk = Desk((A, UP), (B, down)).at(300)
    desk.agent.handle(MarketListed(msgspec.structs.replace(listed(B), venue="polymarket")), BEGIN)
    for name in (A, B):
        quoted(desk, name=name)
    up, other = desk.report(97_200)
    assert (up.outcome, other.outcome) == ("yes", "no")
    assert up.fair == other.fair


def test_strikes_are_priced_by_the_sides_they_have() -> None:
    spot, left = 97_000.0, 900.0
    above = CoinBet(coin="BTC", ends_us=END, low=97_050 * MICRO)
    below = CoinBet(coin="BTC", ends_us=END, high=97_050 * MICRO)
    between = CoinBet(coin="BTC", ends_us=END, low=96_950 * MICRO, high=97_050 * MICRO)
    chance = above_probability(spot, 97_050, VOLATILITY, left)
    inside = between_probability(spot, (96_950, 97_050), VOLATILITY, left)
    for bet, expected in ((above, chance), (below, 1 - chance), (between, inside)):
        desk = Desk((A, bet))
        quoted(desk, 1, 2)
        (gap,) = desk.report(spot)
        assert gap.outcome == "yes"
        assert gap.fair == pytest.approx(expected * PAYOUT, abs=1_500)


def test_only_what_moves_is_told_again_and_not_too_often() -> None:
    desk = Desk((A, UP)).at(300)
    quoted(desk)
    assert len(desk.report(97_100)) == 1
    desk.now_us = Instant(desk.now_us + SECOND // 2)
    assert desk.report(97_150) == []
    desk.now_us = Instant(desk.now_us + SECOND)
    assert len(desk.report(97_150)) == 1
    desk.now_us = Instant(desk.now_us + 2 * SECOND)
    assert desk.report(97_150) == []
    desk.now_us = Instant(desk.now_us + 2 * SECOND)
    assert len(desk.hear(book(A, 48, 50, at_us=desk.now_us))) == 1


def test_an_average_that_settles_takes_its_time_away_and_its_minute_is_not_judged() -> None:
    averaged = msgspec.structs.replace(UP, averaged=Duration(60 * SECOND))
    desk = Desk((A, averaged)).at(300)
    quoted(desk)
    (gap,) = desk.report(97_100)
    chance = above_probability(97_100, 97_000, VOLATILITY, 600 - 40)
    assert gap.fair == pytest.approx(chance * PAYOUT, abs=2_000)
    assert desk.at(841).report(97_200) == []


def test_nothing_is_said_where_a_number_is_missing() -> None:
    desk = Desk((A, UP)).at(300)
    assert desk.report(97_100) == []  # no book
    quoted(desk)
    lost = Desk((A, UP)).at(300)
    quoted(lost)
    lost.report(97_100)
    lost.hear(OracleLost("coinbase", "BTC-USD", "silent"))
    assert lost.hear(book(A, 30, 32, at_us=lost.now_us)) == []
    later = Desk((A, CoinBet(coin="BTC", ends_us=Instant(END + 99 * MINUTE), starts_us=END)))
    quoted(later.at(300))
    assert later.report(97_100) == []  # the window has not begun
    unknown = Desk((A, UP)).at(300)
    unknown.hear(FeeChanged(A, None))
    quoted(unknown)
    assert unknown.report(97_100) == []  # no fee, no sum


def test_a_book_that_cannot_be_traded_on_gives_no_gap() -> None:
    desk = Desk((A, UP)).at(300)
    desk.report(97_100)
    desk.at(302)
    assert desk.hear(book(A, 48, 52, quality="polled", at_us=desk.now_us)) == []
    desk.report(97_100)
    quoted(desk.at(304))
    desk.hear(BookLost(A, 1, "gap"))
    assert desk.at(306).report(97_200) == []


def test_what_has_ended_is_forgotten() -> None:
    for end in (
        MarketResolved(A, PAYOUT, END),
        MarketStatusChanged(A, "closed", END),
        MarketListed(listed(A, status="settled", title="Another")),
    ):
        desk = Desk((A, UP)).at(300)
        quoted(desk)
        desk.hear(end)
        assert desk.report(97_100) == []
    over = Desk((A, UP)).at(300)
    quoted(over)
    assert over.at(900).report(97_100) == []


def test_no_more_markets_are_kept_than_allowed_those_that_end_first() -> None:
    names = [MarketId(f"polymarket:{number}") for number in range(5)]
    bets = [
        (name, msgspec.structs.replace(UP, ends_us=Instant(END + number * MINUTE)))
        for number, name in enumerate(names)
    ]
    desk = Desk(*bets).at(300)
    for name in names:
        quoted(desk, name=name)
    assert [gap.market for gap in desk.report(97_100)] == names[:3]


def test_trust_comes_from_the_settings_alone() -> None:
    desk = Desk((A, UP), is_trusted=True).at(300)
    quoted(desk)
    assert desk.report(97_100)[0].is_trusted


def test_terms_that_were_read_again_keep_the_bet_unless_they_changed() -> None:
    desk = Desk((A, UP)).at(300)
    quoted(desk)
    desk.hear(MarketListed(listed(A)))
    assert len(desk.report(97_100)) == 1
    desk.bets.clear()
    desk.hear(MarketListed(listed(A, title="Something else")))
    assert desk.at(310).report(97_200) == []


def test_a_market_that_is_listed_again_as_closed_is_priced_no_more() -> None:
    desk = Desk((A, UP)).at(300)
    quoted(desk)
    desk.hear(MarketListed(listed(A, status="closed")))
    assert desk.report(97_100) == []


def test_an_oracle_that_did_not_hear_the_start_leaves_the_word_to_one_that_did() -> None:
    desk = Desk((A, UP)).at(300)
    desk.report(97_000, BEGIN - SECOND, "binance")
    desk.report(97_000, BEGIN + SECOND, "binance")
    desk.report(97_050, source="binance")
    quoted(desk)
    later = CoinBet(coin="BTC", ends_us=END, starts_us=Instant(BEGIN - 200 * MINUTE))
    nobody = Desk((A, later)).at(300)
    quoted(nobody)
    assert nobody.report(97_100) == []
    desk.hear(OracleLost("coinbase", "BTC-USD", "gap"))
    (gap,) = desk.at(302).report(97_200, source="binance")
    assert (gap.oracle, gap.strike) == ("binance BTC-USD", 97_000 * MICRO)
