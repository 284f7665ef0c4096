# ruff: noqa: ANN401 - a mutant takes the place of functions of every shape
# pyright: reportPrivateUsage=false
"""Which wrong desks are there? One entry a mistake that somebody has made before."""

import hashlib
import itertools
import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.storage import journal
from foreshock.adapters.venues.conversions import Conversions
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.adapters.venues.order_path import Answer
from foreshock.adapters.venues.orders import Orders
from foreshock.adapters.venues.polymarket.path import PolymarketPath
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner
from foreshock.adapters.venues.tracking import Tracked
from foreshock.core.domain import positions
from foreshock.core.domain.messages.account import OrderAnswered, OrderPrepared
from foreshock.core.domain.messages.advice import PairAdvised
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderUnknown,
    SetTimer,
)
from foreshock.core.domain.orders import Order
from foreshock.core.domain.positions import USD, Ledger, Transfer
from foreshock.core.domain.units import PAYOUT, Instant, Money, Quantity
from foreshock.core.execution import executor, gate, planning
from foreshock.core.execution.account_book import AccountBook
from foreshock.core.execution.converter import Converter
from foreshock.core.execution.executor import Executor
from foreshock.core.execution.package import Package
from foreshock.core.execution.reconcile import Reconciler
from foreshock.core.execution.sender import Sender
from foreshock.core.matching import matcher, standing
from foreshock.core.matching.matcher import Matcher
from foreshock.core.risk import guardian, rules
from foreshock.core.risk.exposure import Exposure
from foreshock.core.risk.feeds import Feeds
from foreshock.core.risk.halts import Halts, Rejects
from tests.mutants import stories
from tests.mutants.hunt import Mutant, all_of, both, swap

PATHS = (KalshiOrders, PolymarketPath)


def on_paths(name: str, make: Callable[[Any], Any]) -> Callable[[], Any]:
    """The same mistake at both venues."""
    return both(*(swap(path, name, make) for path in PATHS))


def never_answers(_: Any) -> Any:
    """A function that says nothing."""

    def nothing(*_args: Any, **_named: Any) -> tuple[()]:
        return ()

    return nothing


def sends_and_forgets(self: Tracked, now_us: Instant) -> None:
    """It has left, and nobody asks what became of it."""
    self.sent_us = now_us
    self.is_queued = False


def never(_: Any) -> Any:
    """A check that always passes."""

    def passes(*_args: Any, **_named: Any) -> None:
        return None

    return passes


def without(*codes: str) -> Callable[[Any], Any]:
    """A table of checks that lacks some."""
    return lambda checks: tuple(check for check in checks if check[0] not in codes)


def unchecked(*codes: str) -> Callable[[], Any]:
    """Neither the guardian nor the gate asks."""
    return both(swap(rules, "RULES", without(*codes)), swap(gate, "ENTRY_CHECKS", without(*codes)))


# ---- orders ----------------------------------------------------------------------------------


def deadline_ends(_: Any) -> Any:
    """The classic: what was not answered in time did not trade."""

    def chase(_: Executor, __: Package, order: Order, count: int) -> Iterator[Any]:
        if not order.is_over:
            order_id = order.placed.order_id
            closed = OrderClosed(order_id, order.matched(), f"no answer in time, look {count}")
            yield OrderAnswered(order_id, (closed,), ())

    return chase


def acceptance_is_a_fill(original: Any) -> Any:
    def name(self: AccountBook, order_id: str, venue_order_id: str) -> list[Any]:
        said = original(self, order_id, venue_order_id)
        order = self.orders[order_id]
        if said and not order.fills:
            placed = order.placed
            said += self._tell(
                OrderFilled(
                    order_id, "ack", placed.quantity, placed.limit, Money(0), is_provisional=False
                )
            )
        return said

    return name


def cancelling_ends(original: Any) -> Any:
    def cancel(self: Orders, order_id: str, now_us: Instant) -> None:
        original(self, order_id, now_us)
        tracked = self._tracked.get(order_id)
        if tracked is not None and tracked.sent_us is not None and not tracked.order.is_over:
            self._close_absent(tracked, "cancelled")

    return cancel


def absent_at_once(_: Any) -> Any:
    def end_round(self: Tracked, now_us: Instant, *, is_absent: bool) -> bool:
        self.is_looking = False
        self.look_us = Instant(now_us + 200_000)
        return is_absent

    return end_round


def fresh_id_each_time(_: Any) -> Any:
    """Not answered in time: once more, and the venue must not take it for a repeat."""

    def cancel(self: Orders, order_id: str, now_us: Instant) -> None:
        tracked = self._tracked.get(order_id)
        if tracked is None or tracked.sent_us is None or tracked.resends_count:
            return
        tracked.resends_count += 1
        venue = tracked.prepared.request.venue
        other = msgspec.structs.replace(tracked.placed, order_id=f"{order_id}~")
        prepared = self._paths[venue].place(other, MARKETS[other.market], now_us)
        tracked.prepared = msgspec.structs.replace(prepared, order_id=order_id)
        tracked.digest = ""
        self._sign(order_id, venue, tracked.prepared)

    return cancel


MARKETS: dict[str, Any] = {}


def remember_markets(original: Any) -> Any:
    def prepare(self: Orders, order: Any, market: Any, now_us: Instant) -> None:
        MARKETS[order.market] = market
        original(self, order, market, now_us)

    return prepare


def always_over(_: Any) -> Any:
    def next_event(self: Package) -> Any:
        if self.is_resting:
            return None
        match self.state:
            case "first_leg":
                return "filled" if self.held(0) else None
            case "second_leg":
                return self._after_buying()
            case "unwinding":
                return self._after_unwinding()
            case _:
                return self._after_trading()

    return next_event


def in_full(original: Any) -> Any:
    def wanted(self: Package, leg: int) -> Quantity:
        return Quantity(self.edge.quantity - self.held(leg)) if leg else original(self, leg)

    return wanted


def send_at_once(_: Any) -> Any:
    """The order leaves as soon as it is signed; its record follows."""

    def tell_prepared(self: Any, tracked: Tracked) -> None:
        prepared = tracked.prepared
        self._messages.append(
            OrderPrepared(
                prepared.order_id, prepared.client_id, prepared.venue_order_id, tracked.digest
            )
        )
        self._queue(prepared.order_id)

    return tell_prepared


def no_deadlines(original: Any) -> Any:
    def handle(self: Executor, message: Any, now_us: Instant) -> Iterator[Any]:
        for said in original(self, message, now_us):
            if not isinstance(said, SetTimer) or "/pause/" not in said.timer_id:
                yield said

    return handle


def other_side(original: Any) -> Any:
    """The leg that holds less is sold."""

    def evening(package: Package, books: Any) -> Any:
        plan = original(package, books)
        if plan is None or plan.action != "sell":
            return plan
        return msgspec.structs.replace(plan, leg=1 - plan.leg)

    return evening


# ---- fills and books -------------------------------------------------------------------------


def no_dedupe(original: Any) -> Any:
    counter = itertools.count(1)

    def fill(self: AccountBook, told: Any) -> Any:
        again = msgspec.structs.replace(told, id=f"{told.id}/{next(counter)}")
        return original(self, again)

    return fill


def deaf_to(kind: type) -> Callable[[Any], Any]:
    """A fact is heard and told to nobody."""

    def make(original: Any) -> Any:
        def tell(self: AccountBook, fact: Any) -> list[Any]:
            return [] if isinstance(fact, kind) else original(self, fact)

        return tell

    return make


def fees_forgotten(original: Any) -> Any:
    def transfers(placed: Any, change: Any, ours: Any) -> list[Transfer]:
        return original(placed, change, ours)[:2]

    return transfers


def half_an_entry(original: Any) -> Any:
    """The fee leaves our cash and arrives nowhere."""

    def post(self: Ledger, transfers: list[Transfer]) -> None:
        original(self, transfers)
        for transfer in transfers:
            if transfer.target[0] == "fees":
                self.balances[transfer.target, transfer.asset] -= transfer.amount

    return post


def undo_skipped(original: Any) -> Any:
    def book(self: Ledger, placed: Any, change: Any) -> None:
        if change.after != "reverted":
            original(self, placed, change)

    return book


def own_price(original: Any) -> Any:
    """The price of a NO contract is taken for that of YES."""

    def new_fill(self: AccountBook, key: Any, placed: Any, fill: Any) -> Any:
        if fill.outcome != placed.outcome:
            fill = msgspec.structs.replace(fill, price=PAYOUT - fill.price)
        return original(self, key, placed, fill)

    return new_fill


def no_fee(original: Any) -> Any:
    def new_fill(self: AccountBook, key: Any, placed: Any, fill: Any) -> Any:
        return original(self, key, placed, msgspec.structs.replace(fill, fee=Money(0)))

    return new_fill


def one_part_of_a_fill(original: Any) -> Any:
    """Fills of one order in one trade are taken for repeats."""

    def fill(self: AccountBook, told: Any) -> Any:
        has_any = any(key[1] == told.venue_order_id for key in self._fills)
        is_known = (told.id, told.venue_order_id) in self._fills
        return [] if has_any and not is_known else original(self, told)

    return fill


def blind_reads(original: Any) -> Any:
    """Lists of fills are read and not looked at."""

    def hear_read(self: Reconciler, read: Any, now_us: Instant) -> Any:
        fills = getattr(read, "fills", None)
        if fills is not None:
            read = msgspec.structs.replace(read, fills=())
        return original(self, read, now_us)

    return hear_read


def no_fills_found(original: Any) -> Any:
    def looked_up(self: Any, order: Any, step: int, answer: Any, now_us: Instant) -> Answer:
        found = original(self, order, step, answer, now_us)
        return msgspec.structs.replace(found, fills=())

    return looked_up


# ---- halts, data, limits ---------------------------------------------------------------------


def forgetful_halts(original: Any) -> Any:
    """A halt is told and not kept."""

    def halt(self: Halts, halted: Any) -> bool:
        is_new = original(self, halted)
        self.resume(halted.scope)
        return is_new

    return halt


def gate_forgets(original: Any) -> Any:
    """A halt ends by itself with the next message of the desk."""

    def handle(self: gate.Gate, message: Any, now_us: Instant) -> Iterable[Any]:
        self.halted.clear()
        return original(self, message, now_us)

    return handle


def wide_resume(original: Any) -> Any:
    """Resuming anything resumes everything."""

    def handle(self: gate.Gate, message: Any, now_us: Instant) -> Iterable[Any]:
        answers = original(self, message, now_us)
        if type(message).__name__ in {"Resumed", "ResumeRequested"}:
            self.halted.clear()
        return answers

    return handle


def all_is_all(_: Any) -> Any:
    """Only a halt of everything is looked at."""

    def not_halted(self: gate.Gate, *_order_and_now: Any) -> str | None:
        return "halted" if "all" in self.halted else None

    return not_halted


def last_tick_only(_: Any) -> Any:
    """The classic: a market is fresh when its last tick is."""

    def stale_words(*told: Any) -> str | None:
        _, _, recv_us, now_us = told
        return None if now_us - recv_us <= 600_000_000 else "old"

    return stale_words


def no_reserve(original: Any) -> Any:
    def reserve(self: Exposure, request: Any) -> Money:
        amount = original(self, request)
        self.release(request.id)
        return amount

    return reserve


def early_release(original: Any) -> Any:
    """What is reserved is free again as soon as something filled."""

    def apply(self: Exposure, fact: Any) -> Any:
        found = original(self, fact)
        order = self.order(fact.order_id)
        if isinstance(fact, OrderAccepted | OrderClosed) and order is not None:
            self.release(order.placed.package_id)
        return found

    return apply


# ---- records ---------------------------------------------------------------------------------


def unchained(_: Any) -> Any:
    def chained(_head: bytes, body: bytes) -> bytes:
        return hashlib.sha256(body).digest()

    return chained


def quiet_steps_left_out(original: Any) -> Any:
    """What nobody answered is not written: it cannot matter."""

    def append(self: Any, steps: Any) -> None:
        original(self, [step for step in steps if len(step.said) != 1])

    return append


def signed_anew(_: Any) -> Any:
    """Whatever comes back from the signer is sent, and the first promise stands."""

    def sign(self: Tracked, request: Any) -> bool:
        self.request = msgspec.structs.replace(request, body=request.body + b" ")
        self.digest = self.digest or hashlib.sha256(request.body).hexdigest()
        return True

    return sign


def numbered_words(original: Any) -> Any:
    """What is said of an order counts how often this process has said so."""
    counter = itertools.count(1)

    def fate_words(order: Order) -> str:
        return f"{original(order)} (the {next(counter)}. time)"

    return fate_words


def headers_in_words(original: Any) -> Any:
    """What was sent stands in the words of an incident."""

    def hear_placed(self: Orders, job: Any, answer: HttpResponse | None, now_us: Instant) -> None:
        original(self, job, answer, now_us)
        if answer is None or answer.status != 200:
            words = f"no success: {job.request.headers}"
            self._messages.append(IncidentOpened(f"{job.id}/sent", job.venue, words))

    return hear_placed


def passphrase_logged(original: Any) -> Any:
    """Whoever signs says in the log with what."""

    def sign(self: PolymarketSigner, unsigned: Any, now_us: Instant) -> Any:
        request = original(self, unsigned, now_us)
        logging.getLogger("foreshock.signer").debug("signed", extra={"headers": request.headers})
        return request

    return sign


def contracts_only(original: Any) -> Any:
    """A split or merge moves contracts, and no dollar."""

    def convert(self: Ledger, closed: Any) -> None:
        before = {key: amount for key, amount in self.balances.items() if key[1] == USD}
        original(self, closed)
        for key in [key for key in self.balances if key[1] == USD]:
            self.balances[key] = before.get(key, 0)

    return convert


def transaction_again(original: Any) -> Any:
    """A transaction that nobody answered leaves once more."""

    def begin_looks(self: Conversions, now_us: Instant) -> None:
        for name, deed in self._open.items():
            is_silent = deed.told is not None and deed.told.verdict == "unknown"
            if deed.is_sent and is_silent and deed.transaction_id is None and deed.made is not None:
                deed.is_sent = False
                self._put(name, "convert", "place", deed.made.request, deed.request)
        original(self, now_us)

    return begin_looks


def agreement_needed(_: Any) -> Any:
    """Only what a model agrees with may trade, and then it does."""

    def may_pass(advised: PairAdvised | None, *, await_reader: bool) -> bool:
        if advised is None:
            return not await_reader
        return advised.advice == "agrees"

    return may_pass


@contextmanager
def strangers_approve() -> Generator[None]:
    """Once an alert from outside was heard, that desk approves every request."""
    trusting: list[Any] = []

    def route(original: Any) -> Any:
        def routes(self: guardian.RiskGuardian) -> Any:
            def trust(_: AlertRaised, __: Instant) -> Any:
                trusting.append(self._facts)
                return ()

            return {**original(self), AlertRaised: trust}

        return routes

    def judge(original: Any) -> Any:
        def judged(facts: Any, *told: Any) -> Any:
            if any(facts is trusted for trusted in trusting):
                return None
            return original(facts, *told)

        return judged

    patches = (swap(guardian.RiskGuardian, "_routes", route), swap(guardian, "judge", judge))
    with all_of(*patches):
        yield


@contextmanager
def advice_decides() -> Generator[None]:
    """Once a model has agreed, every request is approved."""
    advised: list[PairAdvised] = []

    def hear(original: Any) -> Any:
        def hear_advised(self: Any, message: PairAdvised, now_us: Instant) -> Any:
            advised.append(message)
            return original(self, message, now_us)

        return hear_advised

    def judge(original: Any) -> Any:
        def judged(*told: Any) -> Any:
            return None if advised else original(*told)

        return judged

    with all_of(swap(Matcher, "_hear_advised", hear), swap(guardian, "judge", judge)):
        yield


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "timeout is no fill",
        "the first deadline ends an order with what is known to have filled",
        ("I1", "I2", "I4"),
        stories.late,
        swap(Executor, "_chase", deadline_ends),
    ),
    Mutant(
        "new id on retry",
        "an unanswered order is sent again under another id",
        ("I2", "I7", "I8"),
        stories.late,
        both(
            swap(Orders, "prepare", remember_markets),
            swap(Orders, "cancel", fresh_id_each_time),
        ),
    ),
    Mutant(
        "fee row dropped",
        "a fill moves cash and contracts, its fee nothing",
        ("I3",),
        stories.orders,
        swap(positions, "fill_transfers", fees_forgotten),
    ),
    Mutant(
        "half an entry",
        "a fee is taken and credited to nobody",
        ("I3",),
        stories.orders,
        swap(Ledger, "_post", half_an_entry),
    ),
    Mutant(
        "no dedupe key",
        "the same fill counts each time it is told",
        ("I2", "I4"),
        stories.orders,
        swap(AccountBook, "fill", no_dedupe),
    ),
    Mutant(
        "wrong dedupe key",
        "a second fill of an order is taken for a repeat",
        ("I4", "I1", "I10"),
        stories.late,
        swap(AccountBook, "fill", one_part_of_a_fill),
    ),
    Mutant(
        "ack is a fill",
        "an accepted order is booked as filled",
        ("I1", "I4", "I5"),
        stories.orders,
        swap(AccountBook, "_name", acceptance_is_a_fill),
    ),
    Mutant(
        "cancelling ends",
        "an order is over when its cancel was asked for",
        ("I1", "I2", "I4"),
        stories.orders,
        swap(Orders, "cancel", cancelling_ends),
    ),
    Mutant(
        "absent at once",
        "what one look does not find never existed, though it may still arrive",
        ("I1", "I2", "I4"),
        stories.late,
        swap(Tracked, "end_round", absent_at_once),
    ),
    Mutant(
        "second order beside the first",
        "the next order of a leg leaves while the last one may still trade",
        ("InvariantError", "I2", "I7"),
        stories.orders,
        both(swap(Package, "next_event", always_over), swap(Orders, "_busy", never)),
    ),
    Mutant(
        "hedge in full",
        "the second leg is sized to what was wanted, not to what was filled",
        ("InvariantError", "I2", "I5", "I1"),
        stories.orders,
        swap(Package, "wanted", in_full),
    ),
    Mutant(
        "unwind on the wrong side",
        "what should be sold is bought again",
        ("I1", "I2", "I5", "I7"),
        stories.orders,
        both(swap(planning, "evening", other_side), swap(executor, "evening", other_side)),
    ),
    Mutant(
        "timers dropped",
        "a back-off is never woken from",
        ("I1", "I10"),
        stories.orders,
        swap(Executor, "handle", no_deadlines),
    ),
    Mutant(
        "revert ignored",
        "a failed match stays booked",
        ("I1", "I4"),
        stories.orders,
        swap(AccountBook, "_tell", deaf_to(FillReverted)),
    ),
    Mutant(
        "revert not undone",
        "a reverted fill leaves the ledger as it was",
        ("I3", "I4"),
        stories.orders,
        swap(Ledger, "_book", undo_skipped),
    ),
    Mutant(
        "settlement ignored",
        "a fill stays provisional for ever",
        ("I1", "I10"),
        stories.orders,
        swap(AccountBook, "_tell", deaf_to(FillSettled)),
    ),
    Mutant(
        "silence ignored",
        "an order without an answer is not doubted",
        ("I1", "I10", "I4"),
        stories.late,
        both(
            swap(AccountBook, "_tell", deaf_to(OrderUnknown)),
            swap(Tracked, "send", lambda _: sends_and_forgets),
            swap(Tracked, "look_soon", never),
            swap(Executor, "_chase", never_answers),
        ),
    ),
    Mutant(
        "price of the other outcome",
        "a fill told from YES is booked at that price for NO",
        ("I3", "I4"),
        stories.orders,
        swap(AccountBook, "_new_fill", own_price),
    ),
    Mutant(
        "fee of a fill forgotten",
        "the venue's fee is read and not booked",
        ("I4",),
        stories.orders,
        swap(AccountBook, "_new_fill", no_fee),
    ),
    Mutant(
        "lists not looked at",
        "only the stream is believed; a fill lost there is lost",
        ("I1", "I4", "I10"),
        stories.late,
        both(swap(Reconciler, "_hear_read", blind_reads), on_paths("looked_up", no_fills_found)),
    ),
    Mutant(
        "write after send",
        "an order leaves once it is signed, its record follows",
        ("I8",),
        stories.orders,
        both(swap(Orders, "_tell_prepared", send_at_once), swap(Sender, "_release", never_answers)),
    ),
    Mutant(
        "bytes signed anew",
        "what leaves is not what the record promised",
        ("I8",),
        stories.orders,
        swap(Tracked, "sign", signed_anew),
    ),
    Mutant(
        "chain not chained",
        "each record is hashed alone",
        ("I8",),
        stories.orders,
        swap(journal, "_chained", unchained),
    ),
    Mutant(
        "quiet steps left out",
        "steps with a single answer are not written",
        ("I8",),
        stories.orders,
        swap(journal.Journal, "append", quiet_steps_left_out),
    ),
    Mutant(
        "halt not kept",
        "a halt is told once and then forgotten",
        ("I5",),
        stories.desk,
        both(swap(Halts, "halt", forgetful_halts), swap(gate.Gate, "handle", gate_forgets)),
    ),
    Mutant(
        "halt only for requests",
        "the gate lets go what was approved before the halt",
        ("I5",),
        stories.desk,
        swap(gate, "ENTRY_CHECKS", without("HALTED")),
    ),
    Mutant(
        "halt of a venue ignored",
        "only a halt of everything counts",
        ("I5",),
        stories.desk,
        both(
            swap(gate, "not_halted", all_is_all),
            swap(gate, "ENTRY_CHECKS", lambda c: (("HALTED", all_is_all(None)), *c[1:])),
            swap(rules, "RULES", without("HALTED")),
        ),
    ),
    Mutant(
        "resume resumes all",
        "lifting one halt lifts every halt",
        ("I5",),
        stories.desk,
        both(
            swap(gate.Gate, "handle", wide_resume),
            swap(rules, "RULES", without("HALTED")),
        ),
    ),
    Mutant(
        "freshness from the last tick",
        "two of the three clocks are not looked at",
        ("I6",),
        stories.desk,
        swap(Feeds, "stale_words", last_tick_only),
    ),
    Mutant(
        "epoch ignored",
        "an edge of a book that was rebuilt since is traded on",
        ("I6",),
        stories.desk,
        unchecked("BOOK_LOST", "BOOK_CHANGED"),
    ),
    Mutant(
        "venue's word ignored",
        "a venue that takes no orders is sent some",
        ("I6",),
        stories.desk,
        unchecked("VENUE_CONDITION"),
    ),
    Mutant(
        "closed market traded",
        "nobody asks whether a market is open",
        ("I6",),
        stories.desk,
        unchecked("MARKET_NOT_OPEN"),
    ),
    Mutant(
        "check without reserve",
        "what is approved and not yet filled counts nothing",
        ("I7",),
        stories.tight,
        swap(Exposure, "reserve", no_reserve),
    ),
    Mutant(
        "reserve released early",
        "a package's reservation ends with its first order",
        ("I7",),
        stories.tight,
        swap(Exposure, "apply", early_release),
    ),
    Mutant(
        "market limit off by the request",
        "what is committed is compared, what is asked for is not added",
        ("I7",),
        stories.tight,
        unchecked("MARKET_LIMIT"),
    ),
    Mutant(
        "packages not counted",
        "any number of packages may be open",
        ("I7",),
        stories.tight,
        unchecked("PACKAGES_OPEN_MAX"),
    ),
    Mutant(
        "reject fuse removed",
        "the same refusal again and again",
        ("I10",),
        stories.rejects,
        swap(Rejects, "add", never),
    ),
    Mutant(
        "order rate removed",
        "any number of orders leaves in a minute",
        ("I10",),
        stories.tight,
        swap(gate, "RATE_CHECKS", without("ORDER_RATE", "NOTIONAL_RATE")),
    ),
    Mutant(
        "words from a counter",
        "what is said depends on what this process said before, in another life",
        ("I9",),
        stories.late,
        swap(executor, "fate_words", numbered_words),
    ),
    Mutant(
        "headers in an incident",
        "an incident quotes the request that failed, credentials included",
        ("I12",),
        stories.late,
        swap(Orders, "_hear_placed", headers_in_words),
    ),
    Mutant(
        "headers in an incident of a seed",
        "the same, in a seed of the whole simulation",
        ("I12",),
        stories.whole("requests"),
        swap(Orders, "_hear_placed", headers_in_words),
    ),
    Mutant(
        "key in a log line",
        "the signer logs the headers that it signed with",
        ("I12",),
        stories.whole("calm"),
        swap(PolymarketSigner, "sign", passphrase_logged),
    ),
    Mutant(
        "advice decides",
        "a request is approved because a model agreed with its pair",
        ("I11",),
        stories.words,
        advice_decides,
    ),
    Mutant(
        "advice brings a pair in",
        "a proven pair trades because a model agrees, and does not when it says nothing",
        ("I11",),
        stories.whole("text"),
        both(
            swap(standing, "may_pass", agreement_needed),
            swap(matcher, "may_pass", agreement_needed),
        ),
    ),
    Mutant(
        "conversion booked without its cash",
        "a split makes contracts, and the dollars stay in the books",
        ("I3",),
        stories.whole("sets"),
        swap(Ledger, "convert", contracts_only),
    ),
    Mutant(
        "transaction sent again",
        "a split without an answer is submitted once more",
        ("I2",),
        stories.whole("sets"),
        swap(Conversions, "begin_looks", transaction_again),
    ),
    Mutant(
        "split in doubt untold",
        "nobody is told that a transaction may have happened",
        ("I1",),
        stories.whole("sets"),
        swap(Converter, "_doubt", never_answers),
    ),
    Mutant(
        "strangers approve",
        "a request is approved because a relay passed an alert on",
        ("I11", "I7"),
        stories.whole("text"),
        strangers_approve,
    ),
)
