"""What is held now, and what does the desk know around it: all that risks are judged from?"""

from collections.abc import Iterable, Mapping

from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.memory import HedgedSet
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.messages.risk import PositionRisk, PositionsMeasured
from foreshock.core.domain.positions import Token, venue_of
from foreshock.core.domain.units import (
    MICRO,
    NOTHING,
    PAYOUT,
    Instant,
    Money,
    Quantity,
    Rounding,
    divide,
    notional,
)
from foreshock.core.pricing.depth import demand, offers, total, walk, worth
from foreshock.core.risk.facts import Facts, sum_by_venue
from foreshock.core.risk.position_risk import Measures, Standing, judged, lost, worst_loss
from foreshock.core.risk.volatility import INTERVALS_MIN, Volatility, together, volatility_of

DECIDED = frozenset({"closed", "proposed", "disputed", "settled"})
"""Statuses of a market that trades no longer: it may pay any moment."""
UNSEEN = Volatility(0, 0, 0)


def positions_measured(facts: Facts, measures: Measures, now_us: Instant) -> PositionsMeasured:
    """The risk of every hedged package and of every contract beyond them."""
    used = _platforms_used(facts)
    packages = facts.valuation.hedged
    standings = [_package(facts, held, used, now_us) for held in packages]
    for (token, *_), quantity in facts.valuation.held()[len(packages) :]:
        pays_by_us = Instant(now_us + measures.horizon)
        standings.append(_alone(facts, (token, quantity), used, pays_by_us, now_us))
    risks = [judged(standing, measures, now_us) for standing in standings]
    return PositionsMeasured(
        confidence_ppm=measures.confidence_ppm,
        horizon=measures.horizon,
        positions=tuple(risks),
        value_at_risk=_at_risk(facts, risks, measures),
        unknown_count=sum(risk.basis == "unknown" for risk in risks),
        worst_loss=Money(sum(risk.worst_loss for risk in risks)),
        measured_us=now_us,
    )


def _alone(
    facts: Facts,
    held: tuple[Token, Quantity],
    used: Mapping[str, int],
    pays_by_us: Instant,
    now_us: Instant,
) -> Standing:
    token, quantity = held
    price = facts.valuation.price(token, facts.books)
    value = notional(price, quantity, Rounding.DOWN)
    gained = _flattened(facts, token, quantity, now_us)
    settles_us = _settles_us(facts, (token,))
    pays_soon = settles_us is not None and settles_us <= pays_by_us
    return Standing(
        tokens=(token,),
        is_package=False,
        quantity=quantity,
        worth=value,
        worst_loss=worst_loss(quantity, price),
        volatility=volatility_of(facts.moves.mids(token[0])),
        settles_us=settles_us,
        may_pay=pays_soon or facts.statuses.get(token[0]) in DECIDED,
        exit_cost=None if gained is None else Money(max(0, value - gained)),
        doubt_ppm=None,
        loss_full=facts.limits.market_max,
        platform_ppm=used.get(venue_of(token[0])),
    )


def _package(facts: Facts, held: HedgedSet, used: Mapping[str, int], now_us: Instant) -> Standing:
    gains = [_flattened(facts, token, held.quantity, now_us) for token in held.tokens]
    known = [gained for gained in gains if gained is not None]
    shares = [used.get(venue_of(market)) for market, _ in held.tokens]
    told = [share for share in shares if share is not None]
    is_whole = len(known) == len(gains)
    return Standing(
        tokens=held.tokens,
        is_package=True,
        quantity=held.quantity,
        worth=held.worth,
        worst_loss=held.worth,
        volatility=UNSEEN,
        settles_us=_settles_us(facts, held.tokens),
        may_pay=False,
        exit_cost=Money(max(0, held.worth - sum(known))) if is_whole else None,
        doubt_ppm=_doubt(facts, held.tokens),
        loss_full=facts.limits.market_max,
        platform_ppm=max(told) if len(told) == len(shares) else None,
    )


def _at_risk(facts: Facts, risks: Iterable[PositionRisk], measures: Measures) -> Money:
    """Of everything together: what moves, as it moved together, and all that may be lost at once.

    Never more than the sum, which is what it would be if everything fell in the same moment.
    """
    moving = [risk for risk in risks if risk.basis == "moves"]
    apart = sum(risk.value_at_risk or NOTHING for risk in moving)
    fixed = sum(_fixed(risk) for risk in risks if risk.basis != "moves")
    parts = [(_toward_yes(risk), facts.moves.mids(risk.tokens[0][0])) for risk in moving]
    seen = volatility_of(together(parts))
    if len(moving) > 1 and seen.intervals_count >= INTERVALS_MIN:
        apart = min(apart, lost(seen.deviation(measures.horizon), 1, measures))
    return Money(apart + fixed)


def _fixed(risk: PositionRisk) -> Money:
    return risk.worst_loss if risk.value_at_risk is None else risk.value_at_risk


def _toward_yes(risk: PositionRisk) -> int:
    """Contracts that gain when the mid of YES rises, below nothing when they lose."""
    ((_, outcome),) = risk.tokens
    return risk.quantity if outcome == "yes" else -risk.quantity


def _flattened(facts: Facts, token: Token, quantity: Quantity, now_us: Instant) -> Money | None:
    """What selling contracts at once brings, or buying back those owed costs, below nothing.

    By what the book shows, fees aside: what nobody is seen to buy brings nothing, what nobody is
    seen to sell costs a dollar. None without a fresh book.
    """
    book = facts.books.get(token[0])
    if book is None or not _is_fresh(facts, book, now_us):
        return None
    if quantity >= 0:
        return worth(walk(demand(book, token[1]), quantity), Rounding.DOWN)
    owed = Quantity(-quantity)
    taken: Levels = walk(offers(book, token[1]), owed)
    missing = Quantity(owed - total(taken))
    return Money(-worth(taken, Rounding.UP) - notional(PAYOUT, missing, Rounding.UP))


def _is_fresh(facts: Facts, book: BookChanged, now_us: Instant) -> bool:
    is_open = facts.statuses.get(book.market) == "open"
    stale = facts.feeds.stale_words(book.market, book.recv_us, now_us)
    return is_open and book.quality == "live" and stale is None


def _settles_us(facts: Facts, tokens: Iterable[Token]) -> Instant | None:
    """When the last of them should have paid; None while one of them names no day."""
    latest = Instant(0)
    for market, _ in tokens:
        terms = facts.terms.get(market)
        if terms is None or terms.settles_us is None:
            return None
        latest = max(latest, terms.settles_us)
    return latest


def _doubt(facts: Facts, tokens: tuple[Token, ...]) -> int | None:
    """Chance in millionths that the legs are not the same bet; none within one venue's own set."""
    markets: list[MarketId] = sorted({market for market, _ in tokens})
    if len({venue_of(market) for market in markets}) == 1 and len(tokens) > 1:
        return 0
    return facts.doubts.get(tuple(markets))


def _platforms_used(facts: Facts) -> dict[str, int]:
    """Share in millionths of the most that may be at risk at each venue with money."""
    by_venue, most = sum_by_venue(facts.exposure.by_market()), facts.limits.platform_max
    if most <= 0:
        return {}
    return {
        venue: divide(by_venue.get(venue, NOTHING) * MICRO, most, Rounding.UP)
        for venue in facts.limits.bankroll
    }
