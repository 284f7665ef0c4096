"""Does the desk's double entry add up, and does it say what the exchanges say? I3 and I4."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping

from foreshock.app.simulation.checkers.books import FEES, OURS, Books, Token, signed_sets, venue_of
from foreshock.app.simulation.checkers.conversions import TURNED, ConvertedOnce
from foreshock.app.simulation.checkers.trace import Trace
from foreshock.app.simulation.observed import (
    FaultHappened,
    Hearing,
    LedgerShown,
    PhaseBegan,
    ProcessStarted,
    Said,
    TrueHoldings,
    TrueTransfer,
    Violation,
)
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import DustBooked, ExternalHeld
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    IncidentResolved,
    PositionSettled,
)
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.trading import FillReverted, OrderFilled, PlaceOrder
from foreshock.core.domain.positions import USD, Account, Asset
from foreshock.core.domain.units import MICRO, PAYOUT, Instant, parse_micros

FACTS = (PlaceOrder, OrderFilled, FillReverted, PositionSettled, ConversionClosed)
UNNAMED = {"market fee"}
"""Faults after which a venue takes cash and says nowhere for what."""
UNEXPLAINED = re.compile(r"the balance differs by (-?)\$([\d.]+) from")


class LedgerBalances:
    """I3: every asset sums to zero, and ours is what went in, was traded, paid and charged."""

    invariant = "I3"

    def __init__(self) -> None:
        self._books: dict[int, Books] = {}
        self._deposits: dict[tuple[int, str, str], int] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        facts = (*FACTS, DustBooked)
        return {
            **dict.fromkeys(facts, self._hear),
            DeskRestored: self._recall,
            LedgerShown: self._judge,
        }

    def _recall(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, DeskRestored):
            books = self._books.setdefault(said.process, Books())
            books.recall(said.message.memory.ledger)
        return ()

    def _hear(self, said: Said) -> Iterable[Violation]:
        self._books.setdefault(said.process, Books()).hear(said.message)
        return ()

    def _judge(self, shown: LedgerShown) -> Iterator[Violation]:
        sums: dict[Asset, int] = {}
        for (_, asset), amount in shown.balances.items():
            sums[asset] = sums.get(asset, 0) + amount
        for asset, total in sums.items():
            if total:
                words = f"{shown.owner}: {asset} sums to {total} over all accounts"
                yield Violation(shown.at_us, self.invariant, words)
        books = self._books.setdefault(shown.process, Books())
        yield from self._judge_cash(shown, books)
        for (market, outcome), count in books.contracts().items():
            ours = held_of(shown.balances, venue_of(market), Asset(f"{market}/{outcome}"))
            if ours != count:
                words = f"{shown.owner}: {ours} {outcome} of {market}, the facts say {count}"
                yield Violation(shown.at_us, self.invariant, words)

    def _judge_cash(self, shown: LedgerShown, books: Books) -> Iterator[Violation]:
        """A ledger may begin with capital, so it is its first showing that the rest adds to."""
        cash, fees = books.cash(), books.fees()
        for venue in sorted(cash):
            ours = held_of(shown.balances, venue, USD)
            capital = -shown.balances.get((("capital", venue), USD), 0)
            if ours != capital + cash[venue]:
                words = f"{shown.owner}: ${ours} at {venue}, the facts say ${capital + cash[venue]}"
                yield Violation(shown.at_us, self.invariant, words)
            charged = sum(shown.balances.get(((kind, venue), USD), 0) for kind in FEES)
            if charged != fees.get(venue, 0):
                words = f"{shown.owner}: {charged} fees at {venue}, charged {fees.get(venue, 0)}"
                yield Violation(shown.at_us, self.invariant, words)


class LedgerIsTheVenues:
    """I4: at rest we hold what the exchange says, in contracts and dollars, each fill once.

    A fee that the venue charges and never names only a person can explain: once that happened, the
    difference must stand in an incident to the last micro-dollar. What a resolved market owes
    counts as paid. nets: venues where opposite contracts of a market cancel and pay a dollar a set.
    A split or merge of which nobody can say whether it happened leaves YES less NO of its market as
    it was: only that is compared there, and its dollars are those of the exchange.
    """

    invariant = "I4"

    def __init__(self, trace: Trace, nets: frozenset[str], converted: ConvertedOnce) -> None:
        self._trace = trace
        self._converted = converted
        self._nets = nets
        self._books = Books()
        self._processes_count = 0
        self._truth: dict[str, TrueHoldings] = {}
        self._given: dict[str, int] = {}
        self._by_hand: set[str] = set()
        self._told: dict[str, int] = {}
        self._windfalls: dict[str, int] = {}
        self._is_unexplained = False
        self._payouts: dict[MarketId, int] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        facts = (*FACTS, DustBooked, ExternalHeld)
        return {
            **dict.fromkeys(facts, self._hear),
            DeskRestored: self._recall,
            ProcessStarted: self._start,
            TrueHoldings: self._hold,
            TrueTransfer: self._give,
            IncidentOpened: self._tell,
            IncidentResolved: self._explain,
            FaultHappened: self._doubt,
            MarketResolved: self._resolve,
            PhaseBegan: self._judge,
        }

    def _start(self, _: ProcessStarted) -> Iterable[Violation]:
        """A new process knows what it is told, and what an earlier one left it."""
        self._processes_count += 1
        self._books = Books()
        return ()

    def _recall(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, DeskRestored):
            self._books.recall(said.message.memory.ledger)
        return ()

    def _hear(self, said: Said) -> Iterable[Violation]:
        self._books.hear(said.message)
        return ()

    def _hold(self, held: TrueHoldings) -> Iterable[Violation]:
        self._truth[held.venue] = held
        return ()

    def _give(self, given: TrueTransfer) -> Iterable[Violation]:
        if given.kind in TURNED:  # of these the desk itself has to tell
            return ()
        self._given[given.venue] = self._given.get(given.venue, 0) + given.amount
        if given.kind in {"hand", "lie"}:
            self._by_hand.add(given.venue)
        return ()

    def _doubt(self, fault: FaultHappened) -> Iterable[Violation]:
        self._is_unexplained = self._is_unexplained or fault.kind in UNNAMED
        return ()

    def _tell(self, said: Said) -> Iterable[Violation]:
        """How much cash the desk itself says it cannot explain, once there is such cash."""
        if self._is_unexplained and isinstance(said.message, IncidentOpened):
            venue, _, about = said.message.id.partition("/")
            found = UNEXPLAINED.search(said.message.words)
            if found is not None:
                amount = parse_micros(found[1] + found[2])
                if about == "drift/windfall":
                    self._windfalls[venue] = amount
                elif about == "drift/cash":
                    self._told[venue] = self._told.get(venue, 0) + amount
        return ()

    def _explain(self, said: Said) -> Iterable[Violation]:
        """What came from nowhere was a payout that nobody had heard of."""
        if isinstance(said.message, IncidentResolved):
            venue, _, about = said.message.id.partition("/")
            if about == "drift/windfall":
                self._windfalls.pop(venue, None)
        return ()

    def _resolve(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, MarketResolved):
            self._payouts[said.message.market] = said.message.payout_yes
        return ()

    def _judge(self, began: PhaseBegan) -> Iterator[Violation]:
        if began.phase != "rest":
            return
        for venue, truth in sorted(self._truth.items()):
            if venue not in self._by_hand:
                yield from self._judge_contracts(venue, truth, began.at_us)
                yield from self._judge_cash(venue, truth, began.at_us)
        yield from self._judge_fills(began.at_us)

    def _judge_contracts(
        self, venue: str, truth: TrueHoldings, at_us: Instant
    ) -> Iterator[Violation]:
        ours = self._ours(venue)
        theirs: dict[Token, int] = {
            (m, o): count for m, o, count in truth.contracts if m not in self._payouts
        }
        if venue in self._nets:
            ours, theirs = _netted(ours), _netted(theirs)
        unproven = self._converted.unproven_at(venue)
        ours, theirs = _netted(ours, unproven), _netted(theirs, unproven)
        for token in sorted({*ours, *theirs}):
            if ours.get(token, 0) != theirs.get(token, 0):
                words = f"{token}: we say {ours.get(token, 0)}, the exchange {theirs.get(token, 0)}"
                yield Violation(at_us, self.invariant, words)

    def _ours(self, venue: str) -> dict[Token, int]:
        """Booked and external contracts of markets that are not resolved."""
        ours = {t: n for t, n in self._books.contracts().items() if venue_of(t[0]) == venue}
        for token, count in self._books.external.items():
            if venue_of(token[0]) == venue:
                ours[token] = ours.get(token, 0) + count
        return {t: count for t, count in ours.items() if count and t[0] not in self._payouts}

    def _judge_cash(self, venue: str, truth: TrueHoldings, at_us: Instant) -> Iterator[Violation]:
        """Only a single process knows all of the cash that ever moved."""
        if self._processes_count != 1:
            return
        held = {t: n for t, n in self._books.contracts().items() if venue_of(t[0]) == venue}
        sets = sum(_sets(held).values()) if venue in self._nets else 0
        ours = self._given.get(venue, 0) + self._books.cash().get(venue, 0) + sets
        ours += self._told.get(venue, 0) + self._windfalls.get(venue, 0) + self._turned(venue)
        theirs = truth.cash + self._owed(truth)
        if ours != theirs:
            words = f"{venue}: we say {ours} micro-dollars, the exchange {theirs}"
            yield Violation(at_us, self.invariant, words)

    def _turned(self, venue: str) -> int:
        """Dollars of splits and merges beyond what our own books say of them."""
        told = self._books.foreign_cash().get(venue, 0)
        if not self._converted.unproven_at(venue):
            return told
        ours = sum(-signed_sets(c) for c in self._books.converted if venue_of(c.market) == venue)
        return self._converted.true_cash.get(venue, 0) - ours

    def _owed(self, truth: TrueHoldings) -> int:
        """What contracts of resolved markets are still to bring."""
        owed = 0
        for market, outcome, count in truth.contracts:
            if market in self._payouts:
                payout = self._payouts[market]
                owed += (payout if outcome == "yes" else PAYOUT - payout) * count // MICRO
        return owed

    def _judge_fills(self, at_us: Instant) -> Iterator[Violation]:
        true: dict[str, int] = {}
        for fill in self._trace.fills.values():
            order_id = self._trace.owner((fill.venue, fill.venue_order_id))
            if order_id in self._books.placed and fill.status != "reverted":
                true[order_id] = true.get(order_id, 0) + fill.quantity
        told: dict[str, int] = {}
        for fill in self._books.lasting():
            told[fill.order_id] = told.get(fill.order_id, 0) + abs(fill.contracts)
        for order_id in sorted({*true, *told}):
            if true.get(order_id, 0) != told.get(order_id, 0):
                words = (
                    f"{order_id}: booked {told.get(order_id, 0)}, traded {true.get(order_id, 0)}"
                )
                yield Violation(at_us, self.invariant, words)


def held_of(balances: Mapping[tuple[Account, Asset], int], venue: str, asset: Asset) -> int:
    """What is ours of an asset at a venue, settled or not."""
    return sum(amount for (a, at), amount in balances.items() if at == asset and _is(a, venue))


def _is(account: Account, venue: str) -> bool:
    return account[0] in OURS and account[1] == venue


def _netted(held: dict[Token, int], markets: Container[MarketId] | None = None) -> dict[Token, int]:
    """YES less NO, as if it were all YES, of each market or of some; flat ones left out."""
    nets: dict[Token, int] = {}
    for (market, outcome), count in held.items():
        if markets is not None and market not in markets:
            nets[market, outcome] = count
            continue
        token: Token = (market, "yes")
        nets[token] = nets.get(token, 0) + (count if outcome == "yes" else -count)
    return {token: count for token, count in nets.items() if count}


def _sets(held: dict[Token, int]) -> dict[MarketId, int]:
    """YES and NO held together, by market: each set is a dollar in cash where contracts net."""
    markets = {market for market, _ in held}
    return {m: min(held.get((m, "yes"), 0), held.get((m, "no"), 0)) for m in sorted(markets)}
