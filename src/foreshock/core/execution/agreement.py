"""Does the venue hold what we believe it holds? Positions and cash, compared while nothing moves.

    ours + external = the venue's      settled and provisional, per market YES less NO

Reads lag behind writes, so what differs must differ twice in a row, each time read well after the
last change. A difference below a hundredth of a contract is dust; anything else is an incident,
and the venue's number is taken over.
"""

from collections.abc import Iterator

from foreshock.core.domain.accounts import VenuePosition
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.account import (
    BalanceRead,
    DustBooked,
    ExternalHeld,
    PositionsRead,
)
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import Order
from foreshock.core.domain.positions import Token, venue_of
from foreshock.core.domain.units import (
    SECOND,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    dollar_text,
    format_micros,
    notional,
)
from foreshock.core.execution.account_book import AccountBook
from foreshock.core.execution.dues import Dues

GRACE = Duration(2 * SECOND)
"""A read sees what changed this long before it was asked."""
FINAL_AFTER = Duration(60 * SECOND)
"""A list of holdings counts a trade this long after it, when it became final."""
DUST = Quantity(10_000)
HIDDEN = Quantity(100_000)
"""Polymarket's list leaves out what is below a tenth of a contract: its absence says nothing."""
CASH_TOLERANCE = Money(10_000)
DIFFERENCES_MIN = 2
CASH = "cash"
WINDFALL = "windfall"
NETTING_VENUES = frozenset({"kalshi"})
"""Where YES and NO of one market cancel as they are bought and pay a dollar a set."""


class Agreement:
    """Compares one account book with the venue's lists."""

    def __init__(self, book: AccountBook) -> None:
        self._book = book
        self._changed_us: dict[MarketId | str, Instant] = {}
        self._differences: dict[MarketId | str, int] = {}
        self._opening_cash: int | None = None
        self._has_positions = False
        self._unseen: set[MarketId] = set()
        self._known: set[MarketId] = set()
        self._payouts: dict[MarketId, Price] = {}
        self._paid_out: dict[MarketId, int] = {}
        self._dues = Dues()
        self._windfall = 0
        self._converting: dict[str, MarketId] = {}
        self._handed_in: dict[MarketId, int] = {}
        self._listed: dict[Token, int] = {}

    @property
    def is_doubtful(self) -> bool:
        """Whether something differed at the last look and must be looked at again."""
        return bool(self._differences)

    def note_change(self, market: MarketId, now_us: Instant) -> None:
        """Something of ours moved in a market."""
        self._changed_us[market] = self._changed_us[CASH] = now_us

    def note_listing(self, market: MarketId) -> None:
        """Positions in a market can be read from now on: the next list is the first of it."""
        self._unseen.add(market)
        self._known.add(market)

    def note_resolution(self, market: MarketId, payout_yes: Price) -> None:
        """What a contract of YES pays from now on."""
        self._payouts[market] = payout_yes

    def note_payout(self, market: MarketId, received: Money) -> list[Message]:
        """A market resolved: the venue pays, and takes the contracts away, when it likes.

        It may have paid before we heard of it: then that was told as cash from nowhere.
        """
        netted = 0 if market in self._paid_out else self._sets().get(market, 0)
        self._paid_out[market] = self._paid_out.get(market, 0) + received
        self._dues.add(market, received - netted)  # what was netted was paid long ago
        known = min(self._dues.of(market), self._windfall)
        if not known:
            return []
        self._dues.add(market, -known)
        self._windfall -= known
        if self._windfall > CASH_TOLERANCE:
            return [self._tell_windfall()]
        words = f"{dollar_text(known)} of it was the payout of {market}"
        return [IncidentResolved(f"{self._book.venue}/drift/{WINDFALL}", words)]

    def begin_conversion(self, name: str, market: MarketId) -> None:
        """From now on cash may change at any moment."""
        self._converting[name] = market
        self._handed_in[market] = self._worth_listed(market)

    def end_conversion(self, name: str, now_us: Instant) -> None:
        """It is over; lists show what it did a little later."""
        market = self._converting.pop(name, None)
        if market is not None:
            self.note_change(market, now_us)

    def note_redemption(self, market: MarketId, most: Money) -> list[Message]:
        """A market was handed in; what a resolution told already is owed is owed once.

        Contracts that nobody had booked when it resolved are paid, too.
        """
        worth = self._handed_in.pop(market, most) if market in self._payouts else most
        more = min(worth, most) - self._paid_out.get(market, 0)
        if more > 0 or market not in self._paid_out:
            return self.note_payout(market, Money(max(0, more)))
        return []

    def take_cash_over(self) -> None:
        """The next balance counts as it is: nobody can say what it should be."""
        self._opening_cash = None

    def positions(self, read: PositionsRead) -> list[Message]:
        """Compare what is held; what is listed for the first time is taken over as it is."""
        theirs, self._listed = dict[MarketId, int](), dict[Token, int]()
        for position in read.positions:
            token: Token = (position.market, position.outcome)
            theirs[position.market] = theirs.get(position.market, 0) + signed(position)
            self._listed[token] = self._listed.get(token, 0) + position.quantity
        said: list[Message] = []
        ours, unseen = self._holdings(), set[MarketId]()
        for market in sorted({*theirs, *ours, *self._doubted()}):
            is_new = not self._has_positions or market in self._unseen
            if market in self._paid_out:
                self._differences.pop(market, None)
                continue
            if market in self._book.carried and market not in self._known:
                continue  # rows about it cannot be read yet; that it is missing proves nothing
            if not self._is_quiet(market, read.asked_us):
                unseen |= {market} if is_new else set()
                continue
            if market not in theirs and abs(ours.get(market, 0)) < HIDDEN:
                self._differences.pop(market, None)
                continue
            difference = theirs.get(market, 0) - ours.get(market, 0)
            is_foreign = is_new and market not in self._book.carried
            judge = self._adopt if is_foreign else self._judge
            told = [*judge(market, difference)]
            if any(isinstance(message, ExternalHeld) for message in told):
                self._book.take_over(market, Instant(read.asked_us - FINAL_AFTER))
            said += told
        self._has_positions, self._unseen = True, unseen
        return said

    def agrees_on(self, market: MarketId, held: int) -> bool:
        """Whether we believe to hold this of a market: YES, or NO when negative."""
        return self._holdings().get(market, 0) == held

    def balance(self, read: BalanceRead) -> list[Message]:
        """Compare the cash; the first balance of a run is taken over as it is."""
        if not self._is_quiet(CASH, read.asked_us):
            return []
        ours = self._book.ledger.cash(self._book.venue).total + self._book.external.cash
        ours += self._netted()
        opening = read.cash - ours
        if self._opening_cash is None:
            self._open_cash(opening, read.asked_us)
            return []
        difference = opening - self._opening_cash
        paid = self._dues.nearest(difference)
        unexplained = difference - self._dues.sum_of(paid)
        is_certain = self._is_certain(CASH, abs(unexplained) > CASH_TOLERANCE)
        if not is_certain and (self.is_doubtful or not paid):
            return []
        self._dues.settle(paid)
        self._open_cash(opening, read.asked_us)
        return self._tell_cash(unexplained) if is_certain else []

    def is_settled_before(self, order: Order, asked_us: Instant) -> bool:
        """Whether an order had ended well before a list was asked for."""
        return asked_us >= self._changed_us.get(order.placed.market, Instant(0)) + GRACE

    def _tell_cash(self, unexplained: int) -> list[Message]:
        if unexplained > 0:
            self._windfall += unexplained
            return [self._tell_windfall()]
        return [self._drift(CASH, _differs(unexplained))]

    def _tell_windfall(self) -> IncidentOpened:
        """All that came from nowhere, in one incident: a payout yet unknown may explain it."""
        return self._drift(WINDFALL, _differs(self._windfall))

    def _worth_listed(self, market: MarketId) -> int:
        """What the venue's last list of a resolved market pays; nothing while that is open."""
        payout = self._payouts.get(market)
        if payout is None:
            return 0
        sides: tuple[tuple[Token, Price], ...] = (
            ((market, "yes"), payout),
            ((market, "no"), complement(payout)),
        )
        counts = ((Quantity(self._listed.get(token, 0)), price) for token, price in sides)
        return sum(notional(price, count, Rounding.UP) for count, price in counts)

    def _doubted(self) -> set[MarketId]:
        """Markets that differed at the last look: one that left both lists differs no more."""
        return {MarketId(what) for what in self._differences if what != CASH}

    def _open_cash(self, opening: int, asked_us: Instant) -> None:
        """Take a balance over: what was traded well before it is paid."""
        self._opening_cash = opening
        self._book.take_cash_over(Instant(asked_us - GRACE))

    def _judge(self, market: MarketId, difference: int) -> Iterator[Message]:
        if self._is_certain(market, difference != 0):
            if abs(difference) <= DUST:
                yield DustBooked(market, "yes", -difference)
                return
            yield from self._adopt(market, difference)
            words = f"the venue holds {format_micros(difference)} YES more than we booked"
            yield self._drift(market, words)

    def _adopt(self, market: MarketId, difference: int) -> Iterator[Message]:
        """Take the venue's number over: of each outcome, where it lists both."""
        external = self._book.external
        if self._book.venue in NETTING_VENUES:
            yield from external.adopt_net(market, difference) if difference else ()
            return
        tokens: tuple[Token, Token] = ((market, "yes"), (market, "no"))
        for token in tokens:
            ours = self._book.ledger.tokens(*token).total + external.quantities.get(token, 0)
            missing = self._listed.get(token, 0) - ours
            yield from external.adopt(token, missing) if missing else ()

    def _holdings(self) -> dict[MarketId, int]:
        held: dict[MarketId, int] = {}
        ledger, external = self._book.ledger, self._book.external.quantities
        for token in dict.fromkeys((*ledger.held(), *external)):
            amount = ledger.tokens(*token).total + external.get(token, 0)
            held[token[0]] = held.get(token[0], 0) + with_sign(token, amount)
        return held

    def _netted(self) -> int:
        """Dollars that the venue paid for sets; who sold what he did not hold paid them."""
        return sum(self._sets().values())

    def _sets(self) -> dict[MarketId, int]:
        """YES and NO held together where they net, by market."""
        if self._book.venue not in NETTING_VENUES:
            return {}
        ledger, external = self._book.ledger, self._book.external.quantities
        sides: dict[MarketId, dict[Outcome, int]] = {}
        for token in dict.fromkeys((*ledger.held(), *external)):
            amount = ledger.tokens(*token).total + external.get(token, 0)
            sides.setdefault(token[0], {"yes": 0, "no": 0})[token[1]] = amount
        return {market: min(side["yes"], side["no"]) for market, side in sides.items()}

    def _is_quiet(self, what: MarketId | str, asked_us: Instant) -> bool:
        """Whether nothing moved since well before the question, nor may move at any moment."""
        if asked_us < self._changed_us.get(what, Instant(0)) + GRACE:
            return False
        if self._converting and (what == CASH or what in self._converting.values()):
            return False
        unsettled = self._book.unsettled()
        if what in unsettled or (what == CASH and unsettled):
            return False
        orders = self._book.orders.values()
        return all(o.is_final for o in orders if what in {CASH, o.placed.market})

    def _is_certain(self, what: MarketId | str, differs: bool) -> bool:  # noqa: FBT001 - a plain observation
        """Whether it differed often enough in a row."""
        if not differs:
            self._differences.pop(what, None)
            return False
        count = self._differences.get(what, 0) + 1
        self._differences[what] = count
        if count < DIFFERENCES_MIN:
            return False
        del self._differences[what]
        return True

    def _drift(self, what: str, words: str) -> IncidentOpened:
        venue = self._book.venue
        about = what if venue_of(MarketId(what)) == venue else venue
        return IncidentOpened(f"{venue}/drift/{what}", about, words)


def signed(position: VenuePosition) -> int:
    """Contracts, those of NO negative."""
    return with_sign((position.market, position.outcome), position.quantity)


def with_sign(token: Token, quantity: int) -> int:
    """Contracts of YES as they are, those of NO negative."""
    return quantity if token[1] == "yes" else -quantity


def _differs(amount: int) -> str:
    return f"the balance differs by {dollar_text(amount)} from what we booked"
