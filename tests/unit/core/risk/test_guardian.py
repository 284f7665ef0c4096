"""Is exposure bounded at every step, and are halts sticky?"""

import pytest

from foreshock.core.domain.budgets import leg_budgets
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import ExternalHeld
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    LimitsMeasured,
    PackageClosed,
    PositionSettled,
    Resumed,
    TradeApproved,
    TradeRefused,
)
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.trading import (
    FillReverted,
    OrderAccepted,
    OrderRejected,
    PlaceOrder,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Money
from foreshock.core.risk.guardian import RiskGuardian
from foreshock.core.risk.halts import BY_LEASE
from foreshock.core.risk.limits import Limits
from tests.trading import (
    START,
    A,
    B,
    cents,
    contracts,
    dollars,
    edge,
    filled,
    leg,
    order,
    request,
)
from tests.unit.core.risk.desk import RiskDesk, healthy, limits


def package_closed(package_id: str, realised: int = 0) -> PackageClosed:
    return PackageClosed(
        package_id,
        "pair-1",
        "hedged",
        contracts(10),
        Money(9_300_000),
        Money(0),
        dollars(10),
        Money(realised),
        Duration(0),
    )


def used(answers: list[Message], code: str, scope: str) -> int:
    measured = [a for a in answers if isinstance(a, LimitsMeasured)]
    return next(u.used for u in measured[-1].uses if (u.code, u.scope) == (code, scope))


def test_approving_reserves_the_worst_cost() -> None:
    wanted = request()
    answers = RiskDesk().say(wanted)
    approved = next(a for a in answers if isinstance(a, TradeApproved))
    assert approved.reserved == sum(leg_budgets(wanted.edge))
    assert used(answers, "PORTFOLIO_LIMIT", "all") == approved.reserved
    assert used(answers, "PACKAGES_OPEN_MAX", "all") == 1
    assert used(answers, "CASH_SHORT", "kalshi") == leg_budgets(wanted.edge)[1]


def test_a_missed_package_frees_everything() -> None:
    desk = RiskDesk()
    desk.say(request())
    answers = desk.say(package_closed("r1"))
    assert used(answers, "PORTFOLIO_LIMIT", "all") == 0
    assert used(answers, "PACKAGES_OPEN_MAX", "all") == 0


def test_a_closed_package_counts_with_what_it_holds_until_that_settles() -> None:
    desk = RiskDesk()
    desk.say(request(), order("o1"), filled("o1", 1, 10, 44, fee=50_000))
    answers = desk.say(package_closed("r1"))
    assert used(answers, "MARKET_LIMIT", A) == cents(44) * 10
    answers = desk.say(PositionSettled(A, "yes", contracts(10), dollars(10)))
    assert used(answers, "PORTFOLIO_LIMIT", "all") == 0


def test_a_reverted_fill_returns_to_the_reservation() -> None:
    desk = RiskDesk()
    reserved = used(desk.say(request()), "PORTFOLIO_LIMIT", "all")
    desk.say(order("o1"), filled("o1", 1, 10, 44, final=False), FillReverted("o1", "o1#1", "x"))
    answers = desk.say(request("r2"))
    assert used(answers, "PORTFOLIO_LIMIT", "all") == 2 * reserved


def test_limits_are_told_only_when_their_use_changes() -> None:
    desk = RiskDesk()
    assert [type(a) for a in desk.say(request())] == [TradeApproved, LimitsMeasured]
    assert not desk.say(package_closed("not ours"))


def test_halts_are_sticky_and_exact() -> None:
    desk = RiskDesk()
    assert desk.say(HaltRequested("kalshi", "operator", "a")) == [Halted("kalshi", "operator", "a")]
    assert desk.say(HaltRequested("all", "operator", "b")) == [Halted("all", "operator", "b")]
    assert desk.say(ResumeRequested("all", "operator")) == [Resumed("all", "operator")]
    assert desk.ask(request()) == "HALTED"
    desk.say(ResumeRequested("kalshi", "operator"))
    assert desk.ask(request()) == "APPROVED"


def test_what_another_folders_desk_left_is_told_once_each_and_only_to_its_heir() -> None:
    left = ExternalHeld(A, "yes", contracts(7), dollars(7))
    assert not any(isinstance(m, IncidentOpened) for m in RiskDesk().say(left))
    desk = RiskDesk()
    desk.say(HaltRequested("all", BY_LEASE, "k was traded from /b: look there, then resume"))
    desk.say(ResumeRequested("all", "a person"))
    (told,) = (m for m in desk.say(left) if isinstance(m, IncidentOpened))
    assert told.about == A
    assert told.words.startswith(f"not bought by this desk: 7 yes of {A};")
    assert not any(isinstance(m, IncidentOpened) for m in desk.say(left))


def rejects(desk: RiskDesk, *reasons: str, first: int = 0) -> list[Message]:
    answers: list[Message] = []
    for number, reason in enumerate(reasons, start=first):
        answers += desk.say(order(f"x{number}"), OrderRejected(f"x{number}", reason))
    return answers


def test_three_identical_rejects_halt_their_venue() -> None:
    desk = RiskDesk()
    (halted,) = rejects(desk, "bad tick", "bad tick", "bad tick")
    assert isinstance(halted, Halted)
    assert (halted.scope, halted.by) == ("polymarket", "risk-guardian")
    assert desk.ask(request()) == "HALTED"


@pytest.mark.parametrize("reasons", [("a", "a"), ("a", "b", "a", "b", "a"), ("a", "a", "b")])
def test_other_rejects_do_not_halt(reasons: tuple[str, ...]) -> None:
    assert not rejects(RiskDesk(), *reasons)


def test_a_repeated_reject_counts_once_and_a_success_ends_the_run() -> None:
    desk = RiskDesk()
    desk.say(order("x0"), *[OrderRejected("x0", "a")] * 5)
    assert desk.ask(request()) == "APPROVED"
    rejects(desk, "a", first=1)
    desk.say(order("good"), OrderAccepted("good", "v"))
    assert not rejects(desk, "a", "a", first=2)


# ---- small scope, every interleaving -------------------------------------------------------

C = MarketId("polymarket:0xc")
FEE = 20_000
PLANS = {"r1": (A, 45), "r2": (A, 44), "r3": (C, 45)}
"""First market and price of each request; the second leg is always B at 48 cents."""


def steps(name: str) -> list[list[Message]]:
    """Ask; buy the first leg; buy the second; close."""
    first, price = PLANS[name]
    wanted = edge(leg(first, "yes", price, 10, 20_000), leg(B, "no", 48, 10, 20_000))
    buys = (
        (order(f"{name}/0", package_id=name, market=first), price),
        (order(f"{name}/1", package_id=name, market=B, outcome="no"), 48),
    )
    filling: list[list[Message]] = [
        [placed, filled(placed.order_id, 1, 10, at, fee=FEE)] for placed, at in buys
    ]
    return [[request(name, wanted)], *filling, [package_closed(name)]]


class Model:
    """What is committed, computed anew from approvals and fills alone."""

    def __init__(self) -> None:
        self.budgets: dict[str, dict[MarketId, int]] = {}
        self.costs: dict[str, dict[MarketId, int]] = {}
        self.open: set[str] = set()

    def see(self, step: list[Message], answers: list[Message]) -> None:
        for message in (*step, *answers):
            match message:
                case TradeApproved(request=wanted):
                    legs = zip(wanted.edge.legs, leg_budgets(wanted.edge), strict=True)
                    self.budgets[wanted.id] = {quoted.market: cost for quoted, cost in legs}
                    self.costs[wanted.id] = {}
                    self.open.add(wanted.id)
                case PlaceOrder():
                    first, price = PLANS[message.package_id]
                    at = price if message.market == first else 48
                    self.costs[message.package_id][message.market] = cents(at) * 10
                case PackageClosed():
                    self.open.discard(message.package_id)
                case _:
                    pass

    def committed(self, market_id: MarketId) -> int:
        """An open package counts with its budget; a fee that was paid is no longer at risk."""
        total = 0
        for name, budget in self.budgets.items():
            cost = self.costs[name].get(market_id, 0)
            open_cost = budget.get(market_id, 0) - (FEE if cost else 0)
            total += open_cost if name in self.open else cost
        return total


def explore(
    wanted: Limits, names: tuple[str, ...] = tuple(PLANS)
) -> tuple[int, set[tuple[str, ...]]]:
    """Run every order of the steps that remain possible; returns runs and sets of approvals.

    A request that was refused has no further steps, so runs that would differ in nothing else are
    run once.
    """
    runs, approved_sets = 0, set[tuple[str, ...]]()
    choices: list[tuple[int, int]] = []
    while True:
        runs += 1
        choices, approved = run(wanted, names, [chosen for chosen, _ in choices])
        approved_sets.add(approved)
        while choices and choices[-1][0] + 1 == choices[-1][1]:
            choices.pop()
        if not choices:
            return runs, approved_sets
        choices[-1] = (choices[-1][0] + 1, choices[-1][1])


def run(
    wanted: Limits, requests: tuple[str, ...], prefix: list[int]
) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """One run: follow the prefix of choices, then always the first. Checks after every step."""
    guardian, model = RiskGuardian(wanted), Model()
    for message in WORLD:
        list(guardian.handle(message, START))
    left = {name: steps(name) for name in requests}
    taken: list[tuple[int, int]] = []
    while left:
        names = list(left)
        chosen = prefix[len(taken)] if len(taken) < len(prefix) else 0
        taken.append((chosen, len(names)))
        name = names[chosen]
        step = left[name].pop(0)
        answers = [answer for message in step for answer in guardian.handle(message, START)]
        model.see(step, answers)
        check(wanted, model, answers)
        if not left[name] or any(isinstance(a, TradeRefused) for a in answers):
            del left[name]
    return taken, tuple(sorted(model.budgets))


def check(wanted: Limits, model: Model, answers: list[Message]) -> None:
    by_market = {one: model.committed(one) for one in (A, B, C)}
    assert max(by_market.values()) <= wanted.market_max
    assert max(by_market[A] + by_market[C], by_market[B]) <= wanted.platform_max
    assert sum(by_market.values()) <= wanted.portfolio_max
    assert len(model.open) <= wanted.packages_open_max
    for answer in answers:
        if isinstance(answer, LimitsMeasured):
            assert used([answer], "PORTFOLIO_LIMIT", "all") == sum(by_market.values())


WORLD = [*healthy(), *healthy((A, C, B))]


@pytest.mark.parametrize(
    "wanted",
    [
        limits(packages_open_max=1),
        limits(packages_open_max=2),
        limits(market_max=dollars(10)),
        limits(market_max=dollars(11)),
        limits(platform_max=dollars(10)),
        limits(portfolio_max=dollars(20)),
    ],
    ids=["one package", "two packages", "market 10", "market 11", "platform", "portfolio"],
)
def test_no_limit_is_exceeded_at_any_step_of_any_interleaving(wanted: Limits) -> None:
    runs, approved_sets = explore(wanted)
    assert runs > 50
    assert len(approved_sets) > 1, "the limit never decided anything"


def test_the_explorer_leaves_no_interleaving_out() -> None:
    runs, approved_sets = explore(limits(), ("r1", "r2"))
    assert runs == 70  # (2 x 4)! / (4! x 4!)
    assert approved_sets == {("r1", "r2")}
