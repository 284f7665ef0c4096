"""Does the executor do the right thing next, one fact at a time?"""

from collections.abc import Sequence

import msgspec
import pytest

from foreshock.core.domain.budgets import leg_budgets
from foreshock.core.domain.edges import Edge, Refusal
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.account import FeesVaried
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    PackageClosed,
    PackageMoved,
    PackageOpened,
    TradeApproved,
)
from foreshock.core.domain.messages.market_data import BookLost, MarketListed
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    FillReverted,
    FillSettled,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
    SetTimer,
    TimerFired,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant, Money, Price, Quantity
from foreshock.core.engine import Engine
from foreshock.core.execution.executor import (
    DEADLINES,
    SETTLEMENT_ALARM,
    Executor,
    ExecutorSettings,
)
from tests.samples import market
from tests.trading import (
    START,
    A,
    B,
    book,
    cents,
    closed,
    contracts,
    edge,
    filled,
    leg,
    request,
)

A_CENT = cents(1)


class Bench:
    """The executor alone, with two listed markets and their books."""

    def __init__(
        self,
        wanted: Edge | None = None,
        a_bid: int = 43,
        b_bid: int = 52,
        allowed: Price = A_CENT,
        dust: int = 0,
        clip: int = 0,
    ) -> None:
        settings = ExecutorSettings(allowed, dust_max=Money(dust), clip_max=Money(clip))
        self.engine = Engine([Executor(settings)])
        self.now = START
        self.wanted = wanted or edge()
        self.say(MarketListed(market(A)), MarketListed(market(B)))
        self.say(book(A, a_bid, a_bid + 2), book(B, b_bid, b_bid + 2))

    def say(self, *messages: Message, after_us: int = 0) -> list[Message]:
        self.now = Instant(self.now + after_us)
        entries = self.engine.step(messages, self.now).entries
        return [entry.message for entry in entries if entry.cause is not None]

    def start(self) -> list[Message]:
        reserved = Money(sum(leg_budgets(self.wanted)))
        return self.say(TradeApproved(request("r1", self.wanted), reserved))

    def wait(self, answers: list[Message], after_us: int = 0) -> list[Message]:
        """Let the last timer among the answers fire."""
        timer = [a for a in answers if isinstance(a, SetTimer)][-1]
        return self.say(TimerFired(timer.timer_id), after_us=after_us or timer.after)


def placed(answers: Sequence[Message]) -> PlaceOrder:
    (only,) = [a for a in answers if isinstance(a, PlaceOrder)]
    return only


def end(answers: Sequence[Message]) -> PackageClosed:
    (only,) = [a for a in answers if isinstance(a, PackageClosed)]
    return only


def moves(answers: Sequence[Message]) -> list[str]:
    return [a.state for a in answers if isinstance(a, PackageMoved)]


def test_the_first_leg_goes_out_as_quoted() -> None:
    answers = Bench().start()
    assert isinstance(answers[0], PackageOpened)
    order = placed(answers)
    assert (order.market, order.outcome, order.action) == (A, "yes", "buy")
    assert (order.limit, order.quantity) == (cents(45), contracts(10))
    assert (order.time_in_force, order.purpose) == ("ioc", "enter")
    assert (order.order_id, order.book_epoch, order.decided_us) == ("r1/0.0", 1, START)
    assert answers[-1] == SetTimer("r1/0.0/deadline/0", DEADLINES[0])


def test_a_repeated_approval_opens_nothing_more() -> None:
    bench = Bench()
    bench.start()
    assert not bench.start()


@pytest.mark.parametrize("count", range(1, 11))
def test_the_second_leg_is_as_large_as_the_first_one_filled(count: int) -> None:
    """B1: leg 2 sized to the actual fill of leg 1, in contracts."""
    bench = Bench()
    bench.start()
    answers = bench.say(filled("r1/0.0", 1, count))
    if count < 10:
        assert not answers, "the rest may still trade"
        answers = bench.say(closed("r1/0.0", count))
    order = placed(answers)
    assert (order.market, order.outcome, order.purpose) == (B, "no", "hedge")
    assert order.quantity == contracts(count)


@pytest.mark.parametrize(
    ("charged", "allowed_cents", "told", "is_tolerated"),
    [
        (100_000, 1, 0, None),
        (100_001, 1, 1, True),
        (90_000, 1, 1, True),
        (200_000, 1, 1, True),
        (200_001, 1, 1, False),
        (100_001, 0, 1, False),
        (200_001, 2, 1, True),
    ],
)
def test_every_difference_in_fees_is_told_and_a_large_one_to_a_person(
    charged: int, allowed_cents: int, told: int, is_tolerated: bool | None
) -> None:
    bench = Bench(allowed=cents(allowed_cents))
    bench.start()
    hedge = placed(bench.say(filled("r1/0.0", 1, 10, 45, fee=100_000)))
    answers = bench.say(filled(hedge.order_id, 1, 10, 48, fee=charged))
    varied = [m for m in answers if isinstance(m, FeesVaried)]
    assert [m.market for m in varied] == [B] * told
    assert [m.is_tolerated for m in varied] == [is_tolerated] * told
    assert len([m for m in answers if isinstance(m, IncidentOpened)]) == (is_tolerated is False)


def test_both_legs_filled_is_hedged_with_the_whole_account() -> None:
    bench = Bench()
    bench.start()
    hedge = placed(bench.say(filled("r1/0.0", 1, 10, 45, fee=100_000)))
    answers = bench.say(filled(hedge.order_id, 1, 10, 48, fee=90_000), after_us=80_000)
    assert moves(answers) == ["settling", "closed"]
    closing = end(answers)
    assert closing.outcome == "hedged"
    assert closing.quantity == contracts(10)
    assert closing.paid == 9_300_000
    assert closing.fees == 190_000
    assert closing.locked == 10_000_000
    assert closing.realised == 510_000
    assert closing.naked_for == 80_000


@pytest.mark.parametrize(
    "answer",
    [
        closed("r1/0.0", 0),
        OrderRejected("r1/0.0", "no"),
        SendRefused("r1/0.0", Refusal("HALTED", "x")),
    ],
)
def test_nothing_filled_is_missed(answer: Message) -> None:
    bench = Bench()
    bench.start()
    closing = end(bench.say(answer))
    assert (closing.outcome, closing.quantity, closing.paid) == ("missed", 0, 0)


def test_silence_asks_to_cancel_and_adds_nothing_and_ends_nothing() -> None:
    """A1, A11: 250 ms act, 1,000 ms open an incident, the order stays unknown until proven."""
    bench = Bench()
    answers = bench.wait(bench.start())
    assert isinstance(answers[0], OrderUnknown)
    assert answers[1] == CancelOrder("r1/0.0", A)
    answers = bench.wait(answers)
    assert bench.now - START == 1_000_000
    incident = next(a for a in answers if isinstance(a, IncidentOpened))
    assert incident.about == "r1/0.0"
    assert incident.words.endswith("0 known to have traded, at worst 10")
    assert not [a for a in answers if isinstance(a, PlaceOrder)]
    for _ in DEADLINES[2:]:
        answers = bench.wait(answers)
        assert not [a for a in answers if isinstance(a, PlaceOrder | PackageClosed)]
    assert not [a for a in answers if isinstance(a, SetTimer)], "the chase is bounded"


def test_a_late_fill_is_honoured() -> None:
    """A10: the fill shows up long after the cancel was asked for."""
    bench = Bench()
    bench.wait(bench.start())
    answers = bench.say(filled("r1/0.0", 1, 7), closed("r1/0.0", 7), after_us=9_000_000)
    assert placed(answers).quantity == contracts(7)


def test_nothing_is_added_while_an_order_may_still_trade() -> None:
    """Part of leg 1 is known; the rest is not: the hedge waits."""
    bench = Bench()
    answers = bench.start()
    assert not bench.say(filled("r1/0.0", 1, 4))
    answers = bench.wait(answers)
    assert not [a for a in answers if isinstance(a, PlaceOrder)]
    assert placed(bench.say(closed("r1/0.0", 4))).quantity == contracts(4)


def test_a_short_second_leg_is_completed_within_break_even() -> None:
    """B2: three more attempts, 100, 200 and 500 ms apart, never above break-even."""
    bench = Bench()
    bench.start()
    first = placed(bench.say(filled("r1/0.0", 1, 10, 45, fee=100_000)))
    answers = bench.say(filled(first.order_id, 1, 4, 48), closed(first.order_id, 4))
    pauses: list[int] = []
    for _ in range(3):
        (timer,) = [a for a in answers if isinstance(a, SetTimer)]
        pauses.append(timer.after)
        answers = bench.wait(answers)
        order = placed(answers)
        assert order.quantity == contracts(6)
        # 1.00 pays 0.45 and 0.01 fee for leg 1, 0.01 fee for leg 2: 0.53 is break-even.
        assert order.limit <= cents(53)
        answers = bench.say(closed(order.order_id, 0))
    assert pauses == [100_000, 200_000, 500_000]
    # Buying still looks cheaper than selling, so it is tried once more; then the other side.
    last = placed(answers)
    assert (last.market, last.action, last.quantity) == (B, "buy", contracts(6))
    sale = placed(bench.wait(bench.say(closed(last.order_id, 0))))
    assert (sale.market, sale.action, sale.purpose) == (A, "sell", "unwind")
    assert sale.quantity == contracts(6)
    closing = end(bench.say(filled(sale.order_id, 1, 6, 43)))
    assert (closing.outcome, closing.quantity) == ("hedged", contracts(4))
    assert closing.paid == cents(45) * 10 + cents(48) * 4 - cents(43) * 6


def test_no_offer_within_break_even_is_not_chased() -> None:
    bench = Bench(b_bid=40)  # NO now costs 60
    bench.start()
    answers = bench.say(filled("r1/0.0", 1, 10))
    assert not [a for a in answers if isinstance(a, PlaceOrder)]
    for _ in range(3):
        answers = bench.wait(answers)
    sale = placed(answers)
    assert (sale.action, sale.quantity) == ("sell", contracts(10))
    closing = end(bench.say(filled(sale.order_id, 1, 10, 43)))
    assert (closing.outcome, closing.quantity, closing.locked) == ("unwound", 0, 0)
    assert closing.realised == -200_000


def test_the_cheaper_side_evens_the_legs_out() -> None:
    """The market of leg 1 collapsed: completing at a small loss beats selling at a large one."""
    wanted = edge(leg(A, "yes", 45, 10, 100_000), leg(B, "no", 48, 10, 200_000))
    bench = Bench(wanted)
    bench.start()
    hedge = placed(bench.say(filled("r1/0.0", 1, 10, 45, fee=100_000)))
    bench.say(book(A, 2, 60), book(B, 47, 49))  # YES bid 2, NO offered at 53: over break-even
    answers = bench.say(closed(hedge.order_id, 0))
    for _ in range(3):
        answers = bench.wait(answers)
    order = placed(answers)
    assert (order.market, order.action, order.purpose) == (B, "buy", "hedge")
    assert order.limit >= cents(53)
    closing = end(bench.say(filled(order.order_id, 1, 10, 53, fee=200_000)))
    assert closing.outcome == "hedged"
    assert closing.realised < 0


def test_a_refused_hedge_is_tried_again_and_then_unwound() -> None:
    bench = Bench()
    bench.start()
    answers = bench.say(filled("r1/0.0", 1, 10))
    for _ in range(3):
        refused = SendRefused(placed(answers).order_id, Refusal("PRICE_COLLAR", "x"))
        answers = bench.wait(bench.say(refused))
    for purpose in ("hedge", "unwind"):
        refused = SendRefused(placed(answers).order_id, Refusal("PRICE_COLLAR", "x"))
        answers = bench.say(refused)
        if purpose == "unwind":
            answers = bench.wait(answers)
        assert placed(answers).purpose == purpose


def stuck(bench: Bench) -> list[Message]:
    """Leg 1 filled, leg 2 too dear, leg 1 cannot be sold."""
    bench.start()
    answers = bench.say(filled("r1/0.0", 1, 10))
    for _ in range(30):
        orders = [a for a in answers if isinstance(a, PlaceOrder)]
        if any(isinstance(a, PackageClosed) for a in answers):
            return answers
        answers = bench.say(closed(orders[0].order_id, 0)) if orders else bench.wait(answers)
    raise AssertionError("it never gave up")


def test_a_package_that_cannot_be_evened_out_tells_its_residual_and_halts() -> None:
    answers = stuck(Bench(b_bid=40))
    assert "stuck" in moves(answers)
    incident = next(a for a in answers if isinstance(a, IncidentOpened))
    assert incident.words == (
        f"unhedged: 10 yes of {A}: at worst $4.50 is lost. "
        "Sell it at the venue, or hold until it pays"
    )
    halts = [a.scope for a in answers if isinstance(a, HaltRequested)]
    assert halts == ["polymarket", "kalshi"]
    closing = end(answers)
    assert (closing.outcome, closing.quantity) == ("residual", 0)
    assert closing.realised == -4_500_000


def dusty(bench: Bench, name: str = "r1") -> list[Message]:
    """Ten of A for good, nine and a half of B; nobody bids for A any more."""
    bench.say(TradeApproved(request(name), Money(0)))
    first = placed(bench.say(filled(f"{name}/0.0", 1, 10)))
    part = Quantity(9_500_000)
    fill = filled(first.order_id, 1, 9, 48)
    rest = filled(first.order_id, 2, 1, 48)
    half = msgspec.structs.replace(rest, quantity=Quantity(500_000))
    answers = bench.say(fill, half, OrderClosed(first.order_id, part, "ioc"))
    for _ in range(30):
        if any(isinstance(a, PackageClosed) for a in answers):
            return answers
        answers = bench.wait(answers)
    raise AssertionError("it never gave up")


@pytest.mark.parametrize(("dust", "count"), [(0, 1), (20, 1), (23, 2), (50, 3)])
def test_dust_halts_when_what_can_be_lost_by_all_of_it_is_too_much(dust: int, count: int) -> None:
    """B11: half a contract of A cost 22.5 cents; it is named, never snapped."""
    bench = Bench(dust=cents(dust))
    bench.say(msgspec.structs.replace(book(A, 43, 45), bids=()))
    for number in range(1, count + 1):
        answers = dusty(bench, f"r{number}")
        closing = end(answers)
        assert (closing.outcome, closing.quantity) == ("residual", Quantity(9_500_000))
        incident = next(a for a in answers if isinstance(a, IncidentOpened))
        assert incident.words == (
            f"unhedged: 0.5 yes of {A}: at worst $0.225 is lost. "
            "Hold until it pays, or buy up to 1 yes at the venue and sell them"
        )
        halts = [a.scope for a in answers if isinstance(a, HaltRequested)]
        assert halts == (["polymarket", "kalshi"] if number == count else [])
    bench.say(ResumeRequested("all", "a person"))
    answers = dusty(bench, "r9")
    is_within = dust >= 23
    assert any(isinstance(a, HaltRequested) for a in answers) is not is_within


def test_less_than_the_least_resting_order_is_sold_where_it_binds_only_what_rests() -> None:
    bench = Bench()
    bench.start()
    first = placed(bench.say(filled("r1/0.0", 1, 10)))
    fill = filled(first.order_id, 1, 9, 48)
    half = msgspec.structs.replace(filled(first.order_id, 2, 1, 48), quantity=Quantity(500_000))
    part = OrderClosed(first.order_id, Quantity(9_500_000), "ioc")
    unwind = placed(bench.say(fill, half, part))
    assert (unwind.market, unwind.action, unwind.quantity) == (A, "sell", 500_000)
    sold = msgspec.structs.replace(filled(unwind.order_id, 1, 1, 43), quantity=Quantity(500_000))
    answers = bench.say(sold)
    assert end(answers).outcome == "hedged"
    assert not [a for a in answers if isinstance(a, IncidentOpened)]


def test_no_order_costs_more_than_may_be_signed_at_once() -> None:
    """Ten at 45 cents are $4.50; of $3.01 only 6.66 are bought, and hedged in two orders."""
    bench = Bench(clip=3_010_000)
    entry = placed(bench.start())
    assert entry.quantity == 6_660_000
    bought = msgspec.structs.replace(filled("r1/0.0", 1, 1), quantity=entry.quantity)
    hedge = placed(bench.say(bought))
    assert (hedge.market, hedge.limit, hedge.quantity) == (B, cents(50), 5_660_000)
    part = msgspec.structs.replace(filled(hedge.order_id, 1, 1, 48), quantity=hedge.quantity)
    rest = placed(bench.wait(bench.say(part)))
    assert (rest.market, rest.quantity) == (B, contracts(1))
    closing = end(bench.say(filled(rest.order_id, 1, 1, 48)))
    assert (closing.outcome, closing.quantity) == ("hedged", entry.quantity)


def settling(bench: Bench) -> str:
    """Both legs filled, the first one provisionally; returns the hedge's order id."""
    bench.start()
    hedge = placed(bench.say(filled("r1/0.0", 1, 10, final=False)))
    answers = bench.say(filled(hedge.order_id, 1, 10, 48))
    assert moves(answers) == ["settling"]
    assert [a.after for a in answers if isinstance(a, SetTimer)] == [SETTLEMENT_ALARM]
    return hedge.order_id


def test_a_package_closes_only_when_its_fills_are_final() -> None:
    bench = Bench()
    settling(bench)
    assert end(bench.say(FillSettled("r1/0.0", "r1/0.0#1"))).outcome == "hedged"


def test_a_reverted_fill_is_bought_again() -> None:
    """B8."""
    bench = Bench()
    settling(bench)
    answers = bench.say(FillReverted("r1/0.0", "r1/0.0#1", "failed"), after_us=5_000_000)
    assert moves(answers) == ["second_leg"]
    again = placed(answers)
    assert (again.market, again.outcome, again.purpose) == (A, "yes", "hedge")
    assert again.quantity == contracts(10)
    closing = end(bench.say(filled(again.order_id, 1, 10, 46), after_us=100_000))
    assert closing.outcome == "hedged"
    assert closing.paid == cents(46) * 10 + cents(48) * 10
    assert closing.naked_for == 100_000


def test_a_reverted_fill_that_cannot_be_bought_again_unwinds_the_other_leg() -> None:
    bench = Bench()
    settling(bench)
    bench.say(book(A, 70, 72))
    answers = bench.say(FillReverted("r1/0.0", "r1/0.0#1", "failed"))
    for _ in range(3):
        answers = bench.wait(answers)
    sale = placed(answers)
    assert (sale.market, sale.outcome, sale.action) == (B, "no", "sell")
    assert end(bench.say(filled(sale.order_id, 1, 10, 46))).outcome == "unwound"


def test_what_may_be_reverted_is_not_sold() -> None:
    """B9: the sale waits for settlement instead of being refused for a balance of nothing."""
    bench = Bench(b_bid=40)
    bench.start()
    answers = bench.say(filled("r1/0.0", 1, 10, final=False))
    for _ in range(3):
        answers = bench.wait(answers)
    assert moves(answers) == ["unwinding"]
    assert not [a for a in answers if isinstance(a, PlaceOrder)]
    sale = placed(bench.say(FillSettled("r1/0.0", "r1/0.0#1"), after_us=4_000_000))
    assert (sale.action, sale.quantity) == ("sell", contracts(10))


def test_settlement_that_does_not_come_is_an_incident_and_is_asked_for() -> None:
    bench = Bench()
    settling(bench)
    answers = bench.say(TimerFired("r1/settlement/2.0"), after_us=SETTLEMENT_ALARM)
    assert any(isinstance(a, IncidentOpened) for a in answers)
    assert CancelOrder("r1/0.0", A) in answers
    again = [a for a in bench.wait(answers) if isinstance(a, IncidentOpened)]
    assert not again, "one incident is enough"


def test_a_lost_book_does_not_stop_a_hedge() -> None:
    bench = Bench()
    bench.start()
    bench.say(BookLost(B, 1, "gap"))
    assert placed(bench.say(filled("r1/0.0", 1, 10))).market == B


def test_repeated_and_foreign_facts_change_nothing() -> None:
    """B5."""
    bench = Bench()
    bench.start()
    fill = filled("r1/0.0", 1, 10)
    hedge = placed(bench.say(fill))
    assert not bench.say(fill, closed("r1/0.0", 10), filled("somebody else's", 1, 3))
    bench.say(filled(hedge.order_id, 1, 10, 48))
    assert not bench.say(fill, closed("r1/0.0", 10)), "the package is over"
    assert not bench.say(TimerFired("r1/0.0/deadline/0"), TimerFired("nobody's"))


def test_a_package_of_unlisted_markets_is_a_bug() -> None:
    engine = Engine([Executor()])
    with pytest.raises(InvariantError, match="unlisted"):
        engine.step([TradeApproved(request(), Money(0))], START)


def test_a_book_says_nothing() -> None:
    answer = Executor().handle(book(A, 43, 45), START)
    assert isinstance(answer, tuple)
    assert not answer
