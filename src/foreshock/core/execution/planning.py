"""At which price, and on which side, is a leg evened out now?

A book that was lost is still the best guess of what rests there, so the last one seen is used: the
limits below bound what a wrong guess can cost, and the venue says what really traded.
"""

from collections.abc import Mapping

import msgspec

from foreshock.core.domain.markets import Action, Market, MarketId, Outcome, PriceGrid
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.messages.trading import Purpose
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    divide,
)
from foreshock.core.execution.package import Package, tradable
from foreshock.core.pricing.depth import demand, offers, total, walk, worth

REACH_MAX = Price(20_000)
"""A limit may lie two cents beyond the best price: an order takes level prices anyway."""

CENT = Money(10_000)
"""A purchase may be rounded up to whole cents."""

Books = Mapping[MarketId, BookChanged]


class Plan(msgspec.Struct, frozen=True):
    """One order to send for a leg. limit is a price of the leg's outcome."""

    leg: int
    action: Action
    limit: Price
    quantity: Quantity
    purpose: Purpose


def completion(package: Package, leg: int, books: Books) -> Plan | None:
    """Buy what a leg lacks to the target at break-even or better; None when nobody offers that."""
    quantity = package.wanted(leg)
    cap = min(break_even(package, leg), affordable_price(package, leg, quantity))
    return _buy(package, leg, quantity, cap, books)


def evening(package: Package, books: Books) -> Plan | None:
    """Even the legs out on the side that leaves more; None when neither side can trade now.

    Either what some legs hold beyond the others is sold, or what the others lack is bought, at a
    loss if need be but never beyond the leg's budget. Both are costed through the books. Every
    second attempt takes the other side: what looks cheaper may not be there. A sale waits until
    what is sold has settled.
    """
    selling, buying = _selling_worth(package, books), _buying_worth(package, books)
    prefers_buying = buying is not None and (selling is None or buying > selling)
    if package.awaits_settlement():
        return _buy_plan(package, books) if prefers_buying else None
    plans = (_buy_plan(package, books), _sell_plan(package, books))
    takes_other = package.unwinds_count > 0 and package.unwinds_count % 2 == 0
    first, second = plans if prefers_buying != takes_other else plans[::-1]
    return first or second


def break_even(package: Package, leg: int) -> Price:
    """Price of a leg at which the whole package neither gains nor loses. May be negative."""
    edge, quoted = package.edge, package.edge.legs[leg]
    payout = divide(edge.payout * MICRO, edge.quantity, Rounding.DOWN)
    others = sum(
        package.cost_per_contract(other) for other in range(len(edge.legs)) if other != leg
    )
    frictions = divide(edge.frictions * MICRO, edge.quantity, Rounding.UP)
    fee = divide(quoted.fee * MICRO, quoted.quantity, Rounding.UP)
    return Price(payout - others - frictions - fee)


def affordable_price(package: Package, leg: int, quantity: Quantity) -> Price:
    """Highest price at which `quantity` more, its fee included, stays within the leg's budget."""
    quoted = package.edge.legs[leg]
    left = package.budgets[leg] - package.spent(leg)
    fee = divide(quoted.fee * MICRO, quoted.quantity, Rounding.UP)
    return Price(divide(left * MICRO, quantity, Rounding.DOWN) - fee)


def on_grid(grid: PriceGrid, outcome: Outcome, price: int, rounding: Rounding) -> Price | None:
    """The nearest price an order may carry, going up or down; None when there is none."""
    if outcome == "no":
        turned = Rounding.DOWN if rounding is Rounding.UP else Rounding.UP
        found = on_grid(grid, "yes", complement(Price(price)), turned)
        return None if found is None else complement(found)
    price = max(price, grid.finest()) if rounding is Rounding.UP else min(price, PAYOUT - 1)
    snapped = [
        r.start + divide(price - r.start, r.step, rounding) * r.step
        for r in grid.ranges
        if r.start <= price <= r.end
    ]
    accepted = [p for p in snapped if grid.accepts(Price(p))]
    if not accepted:
        return None
    return Price(min(accepted) if rounding is Rounding.UP else max(accepted))


def signable(plan: Plan, market: Market, clip_max: Money) -> Plan:
    """The plan, smaller where it could cost more than one order may; the rest is tried again.

    clip_max: nothing for no ceiling. The rest is never less than can be bought. A plan whose least
    order costs more is left as it is.
    """
    if not clip_max or plan.action == "sell":
        return plan
    most = Quantity(divide(max(0, clip_max - CENT) * MICRO, plan.limit, Rounding.DOWN))
    if most < plan.quantity:
        most = min(most, Quantity(plan.quantity - market.quantity_min))
    quantity = tradable(market, min(plan.quantity, most))
    return msgspec.structs.replace(plan, quantity=quantity) if quantity else plan


def _sell_plan(package: Package, books: Books) -> Plan | None:
    for leg, quoted in enumerate(package.edge.legs):
        quantity = package.excess(leg)
        bids = demand_of(package, leg, books)
        if quantity and bids:
            lowest = bids[0][0] - REACH_MAX
            grid = package.markets[leg].grid
            limit = on_grid(grid, quoted.outcome, lowest, Rounding.UP)
            if limit is not None:
                return Plan(leg, "sell", limit, quantity, "unwind")
    return None


def _buy_plan(package: Package, books: Books) -> Plan | None:
    for leg in range(len(package.edge.legs)):
        quantity = package.missing(leg)
        if quantity:
            plan = _buy(package, leg, quantity, affordable_price(package, leg, quantity), books)
            if plan is not None:
                return plan
    return None


def _buy(package: Package, leg: int, quantity: Quantity, cap: Price, books: Books) -> Plan | None:
    asks = offers_of(package, leg, books)
    if not asks or not quantity:
        return None
    outcome = package.edge.legs[leg].outcome
    highest = min(cap, asks[0][0] + REACH_MAX)
    limit = on_grid(package.markets[leg].grid, outcome, highest, Rounding.DOWN)
    if limit is None or limit > cap or limit < asks[0][0]:
        return None
    return Plan(leg, "buy", limit, quantity, "hedge")


def _selling_worth(package: Package, books: Books) -> Money | None:
    """What selling all excess brings, None when some of it finds no buyer."""
    gained = 0
    for leg, quantity in enumerate(package.surplus()):
        taken = walk(demand_of(package, leg, books), quantity)
        if package.excess(leg) != quantity or total(taken) < quantity:
            return None
        gained += worth(taken, Rounding.DOWN) - _fee_of(package, leg, quantity)
    return Money(gained)


def _buying_worth(package: Package, books: Books) -> Money | None:
    """What completing all legs gains over holding nothing more, None when it cannot be done."""
    fullest = max(package.all_held())
    gained = package.payout_of(Quantity(fullest - package.hedged()))
    for leg, held in enumerate(package.all_held()):
        quantity = Quantity(fullest - held)
        taken = walk(offers_of(package, leg, books), quantity)
        if package.missing(leg) != quantity or total(taken) < quantity:
            return None
        cost = worth(taken, Rounding.UP) + _fee_of(package, leg, quantity)
        if package.spent(leg) + cost > package.budgets[leg]:
            return None
        gained = Money(gained - cost)
    return gained


def _fee_of(package: Package, leg: int, quantity: Quantity) -> Money:
    """The quoted fee, in proportion."""
    quoted = package.edge.legs[leg]
    return Money(divide(quoted.fee * quantity, quoted.quantity, Rounding.UP))


def offers_of(package: Package, leg: int, books: Books) -> tuple[tuple[Price, Quantity], ...]:
    """What is offered of a leg's outcome; nothing without a book."""
    quoted = package.edge.legs[leg]
    book = books.get(quoted.market)
    return () if book is None else offers(book, quoted.outcome)


def demand_of(package: Package, leg: int, books: Books) -> tuple[tuple[Price, Quantity], ...]:
    """What is bid for a leg's outcome; nothing without a book."""
    quoted = package.edge.legs[leg]
    book = books.get(quoted.market)
    return () if book is None else demand(book, quoted.outcome)


def regridded(market: Market, grid: PriceGrid) -> Market:
    """The market with another grid."""
    return msgspec.structs.replace(market, grid=grid)
