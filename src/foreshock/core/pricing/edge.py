"""What is a package of contracts worth after every cost?

    net = payout - cost - fees - frictions - lockup - hedge risk

Every rounding goes against us. What cannot be known (a fee, a friction, an empty book) gives a
`Refusal`, never a number.
"""

from collections.abc import Sequence

import msgspec

from foreshock.core.domain.books import BOOK_LEVELS_MAX, Levels
from foreshock.core.domain.edges import Edge, LegCost, Refusal
from foreshock.core.domain.markets import Market, Outcome
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    format_micros,
    per_contract,
    share,
)
from foreshock.core.pricing.completion import leg_completion_ppm
from foreshock.core.pricing.depth import demand, offers, total, walk, within, worth
from foreshock.core.pricing.fees import FeePacks, FeeUnknown, Fill, FillFee, order_fee
from foreshock.core.pricing.frictions import FrictionPack, leg_friction
from foreshock.core.pricing.lockup import annualised_ppm, locked_for, lockup_cost
from foreshock.core.pricing.sizing import ClipLimits, clip_sizes, common_step, order_minimum

ROUNDING_MAX = Money(20_000)
"""All roundings of one leg's cost and fee together take less than this."""


class Costs(msgspec.Struct, frozen=True):
    """Everything configured that a price does not say."""

    fees: FeePacks
    frictions: FrictionPack


class Package(msgspec.Struct, frozen=True):
    """What is bought together. paying_count: legs that pay a dollar in every outcome.

    order_words: why its first leg is the first, empty when the venues' fixed order says so.
    """

    id: str
    pair_id: str
    label: str
    paying_count: int = 1
    order_words: str = ""


class PackageLeg(msgspec.Struct, frozen=True):
    """One outcome of one market and its book; offers and demand are the book seen from it."""

    market: Market
    outcome: Outcome
    book: BookChanged
    offers: Levels
    demand: Levels


class _Part(msgspec.Struct, frozen=True):
    """A priced leg. slipped: cost and fee when every price is one tick worse."""

    leg: LegCost
    slipped: Money
    unwinding: Money
    completion_ppm: int


def leg_of(
    market: Market, outcome: Outcome, book: BookChanged, reach: Price = PAYOUT
) -> PackageLeg:
    """A leg as its book shows it, no deeper than decisions may see.

    reach: how far beyond the best offer a limit may lie; what is dearer counts as not there.
    """
    offered = offers(book, outcome)[:BOOK_LEVELS_MAX]
    return PackageLeg(
        market,
        outcome,
        book,
        within(offered, Price(offered[0][0] + reach)) if offered else offered,
        demand(book, outcome)[:BOOK_LEVELS_MAX],
    )


def smallest_clip(legs: Sequence[PackageLeg], frictions: FrictionPack) -> Quantity | Refusal:
    """The fewest packages that every leg's venue accepts."""
    step = common_step([leg.market.quantity_step for leg in legs])
    smallest = step
    for leg in legs:
        friction = frictions.venues.get(leg.market.venue)
        if friction is None:
            return _friction_unknown(leg.market.venue)
        if not leg.offers:
            return _nobody_sells(leg)
        best_price = leg.offers[0][0]
        needed = order_minimum(leg.market.quantity_min, friction.order_cost_min, best_price, step)
        smallest = max(smallest, needed)
    return smallest


def best_edge(
    package: Package,
    legs: Sequence[PackageLeg],
    smallest: Quantity,
    limits: ClipLimits,
    costs: Costs,
    now_us: Instant,
) -> Edge | Refusal:
    """The package at the clip that earns most, among those that pass the limits where any does.

    smallest: see `smallest_clip`; the only one priced when the best offers alone cost what the
    package pays. When depth or limits do not reach it, what they do reach is priced.
    """
    step = common_step([leg.market.quantity_step for leg in legs])
    ladders = [leg.offers for leg in legs]
    sizes = clip_sizes(ladders, smallest, step, limits, package.paying_count)
    if not sizes:
        return Refusal("BELOW_MINIMUM_SIZE", "what is offered is less than one step of quantity")
    best: Edge | None = None
    for quantity in sizes:
        edge = price_package(package, legs, quantity, costs, now_us)
        if isinstance(edge, Refusal):
            return edge
        if best is None or _rank(edge, limits) > _rank(best, limits):
            best = edge
        if _only_loses(best):
            break
    return best or _nobody_sells(legs[0])


def price_package(
    package: Package,
    legs: Sequence[PackageLeg],
    quantity: Quantity,
    costs: Costs,
    now_us: Instant,
) -> Edge | Refusal:
    """The whole sum at one clip, legs in the order given.

    Refused (BOOK_MISSING, FEE_UNKNOWN, FRICTION_UNKNOWN) when a part of it is not known.
    """
    parts: list[_Part] = []
    for leg in legs:
        part = _priced(leg, quantity, costs, now_us)
        if isinstance(part, Refusal):
            return part
        parts.append(part)
    return _summed(package, parts, [leg.market for leg in legs], costs.frictions, now_us)


def _summed(
    package: Package,
    parts: Sequence[_Part],
    markets: Sequence[Market],
    frictions: FrictionPack,
    now_us: Instant,
) -> Edge:
    quantity = parts[0].leg.quantity
    payout = Money(quantity * package.paying_count)  # a contract pays one dollar
    cost = sum(part.leg.cost for part in parts)
    fees = sum(part.leg.fee for part in parts)
    paid_besides = sum(part.leg.friction for part in parts)
    capital = Money(cost + fees + paid_besides)
    locked = locked_for(markets, frictions, now_us)
    lockup = lockup_cost(capital, locked, frictions)
    completion = MICRO
    for part in parts[1:]:
        completion = completion * part.completion_ppm // MICRO
    at_risk = Money(sum(part.unwinding for part in parts[:-1]))
    hedge_risk = share(at_risk, MICRO - completion, Rounding.UP)
    gain = Money(payout - capital - hedge_risk)
    net = Money(gain - lockup)
    slipped = sum(part.slipped - part.leg.cost - part.leg.fee for part in parts)
    return Edge(
        id=package.id,
        pair_id=package.pair_id,
        label=package.label,
        legs=tuple(part.leg for part in parts),
        quantity=quantity,
        payout=payout,
        cost=Money(cost),
        fees=Money(fees),
        frictions=Money(paid_besides),
        lockup=lockup,
        hedge_risk=hedge_risk,
        net=net,
        net_low=Money(net - max(0, slipped)),
        net_per_contract=per_contract(net, quantity, Rounding.DOWN),
        completion_ppm=completion,
        locked_for=locked,
        annualised_ppm=annualised_ppm(gain, capital, locked),
        friction_version=frictions.version,
        order_words=package.order_words,
    )


def _priced(leg: PackageLeg, quantity: Quantity, costs: Costs, now_us: Instant) -> _Part | Refusal:
    taken = walk(leg.offers, quantity)
    if not taken or total(taken) < quantity:
        return _nobody_sells(leg)
    friction = costs.frictions.venues.get(leg.market.venue)
    if friction is None:
        return _friction_unknown(leg.market.venue)
    fee = _fee(leg, taken, costs, now_us)
    if isinstance(fee, FeeUnknown):
        return Refusal("FEE_UNKNOWN", fee.words)
    cost, limit = worth(taken, Rounding.UP), taken[-1][0]
    book = leg.book
    completion = leg_completion_ppm(
        quantity,
        total(within(leg.offers, limit)),
        Duration(book.recv_us - book.event_us),
        Duration(now_us - book.recv_us),
    )
    priced = LegCost(
        market=leg.market.id,
        venue=leg.market.venue,
        outcome=leg.outcome,
        quantity=quantity,
        limit=limit,
        levels=taken,
        cost=cost,
        fee=fee.fee,
        friction=leg_friction(friction, cost),
        book_epoch=book.epoch,
        book_recv_us=book.recv_us,
        fee_version=fee.version,
    )
    slipped = _slipped(leg, taken, costs, now_us)
    return _Part(priced, slipped, _unwinding(leg, priced, costs, now_us), completion)


def _fee(leg: PackageLeg, taken: Levels, costs: Costs, now_us: Instant) -> FillFee | FeeUnknown:
    fills = tuple(Fill(price, quantity) for price, quantity in taken)
    return order_fee(costs.fees.get(leg.market.venue), leg.market.fee, fills, now_us)


def _slipped(leg: PackageLeg, taken: Levels, costs: Costs, now_us: Instant) -> Money:
    """Cost and fee when every level is one tick dearer (a dollar at most)."""
    tick = _tick(leg, taken[-1][0])
    dearer = tuple((Price(min(PAYOUT, price + tick)), quantity) for price, quantity in taken)
    fee = _fee(leg, dearer, costs, now_us)
    return Money(worth(dearer, Rounding.UP) + (0 if isinstance(fee, FeeUnknown) else fee.fee))


def _unwinding(leg: PackageLeg, priced: LegCost, costs: Costs, now_us: Instant) -> Money:
    """What buying this leg and selling it back at once would lose; what nobody buys is lost."""
    sold = walk(leg.demand, priced.quantity)
    fills = tuple(Fill(price, quantity, action="sell") for price, quantity in sold)
    fee = order_fee(costs.fees.get(leg.market.venue), leg.market.fee, fills, now_us)
    sale_fee = 0 if isinstance(fee, FeeUnknown) else fee.fee
    return Money(max(0, priced.cost + priced.fee + sale_fee - worth(sold, Rounding.DOWN)))


def _tick(leg: PackageLeg, price: Price) -> Price:
    """Step of the market's grid, which is in prices of YES, at a price of this outcome."""
    seen_from_yes = price if leg.outcome == "yes" else complement(price)
    return leg.market.grid.step_at(seen_from_yes) or leg.market.grid.finest()


def _only_loses(smallest: Edge) -> bool:
    """Whether no larger clip can gain: not even without what does not grow with the clip."""
    fixed = smallest.frictions + smallest.hedge_risk + ROUNDING_MAX * len(smallest.legs)
    return smallest.net + fixed <= 0


def _rank(edge: Edge, limits: ClipLimits) -> tuple[bool, int]:
    passes = (
        edge.net_per_contract >= limits.net_per_contract_min
        and edge.completion_ppm >= limits.completion_ppm_min
    )
    return passes, edge.net


def _nobody_sells(leg: PackageLeg) -> Refusal:
    offered = format_micros(total(leg.offers))
    name = f"{leg.outcome.upper()} at {leg.market.venue}"
    return Refusal("BOOK_MISSING", f"only {offered} contracts of {name} are offered")


def _friction_unknown(venue: str) -> Refusal:
    return Refusal("FRICTION_UNKNOWN", f"no frictions are configured for {venue}")
