"""What happens on our accounts that we did not do? Hands, other programs, what was there before.

It is no error, but it is exposure: limits count it, and the comparison with the venue's positions
and cash takes it into account.
"""

from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.account import ExternalHeld
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Token
from foreshock.core.domain.units import (
    NOTHING,
    PAYOUT,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    divide,
    notional,
)


class External:
    """Contracts and dollars of one account that are not of our doing."""

    def __init__(self) -> None:
        self.quantities: dict[Token, int] = {}
        self.cash = 0
        self._worths: dict[Token, int] = {}
        self._open: dict[str, tuple[Token, Money]] = {}

    def trade(
        self, fill: VenueFill, *, undo: bool = False, is_paid: bool = False, is_held: bool = False
    ) -> list[Message]:
        """A fill of an order that is not ours, or its end.

        is_paid, is_held: the cash, the contracts that were taken over as they are include it.
        """
        token: Token = (fill.market, fill.outcome)
        is_buy = fill.action == "buy"
        rounding = Rounding.UP if is_buy else Rounding.DOWN
        amount = notional(fill.price, fill.quantity, rounding)
        sign = (1 if is_buy else -1) * (-1 if undo else 1)
        if not is_paid:
            self.cash += -sign * amount + (fill.fee if undo else -fill.fee)
        if is_held:
            return []
        cost = sign * (amount + fill.fee) if is_buy else -self._cost_of(token, fill.quantity)
        return self._change(token, sign * fill.quantity, cost)

    def adopt(self, token: Token, quantity: int) -> list[Message]:
        """The venue holds this much more than anybody explained; at worst it cost its payout.

        Less than explained, when negative: that was never there, or is gone.
        """
        if quantity < 0:
            return self._change(token, quantity, -self._cost_of(token, Quantity(-quantity)))
        gained = max(0, min(quantity, self.quantities.get(token, 0) + quantity))
        return self._change(token, quantity, notional(PAYOUT, Quantity(gained), Rounding.UP))

    def adopt_net(self, market: MarketId, difference: int) -> list[Message]:
        """The same of YES less NO: what was held of the other outcome goes first."""
        outcome: Outcome = "yes" if difference > 0 else "no"
        other: Outcome = "no" if difference > 0 else "yes"
        gone = min(abs(difference), max(0, self.quantities.get((market, other), 0)))
        said = self.adopt((market, other), -gone) if gone else []
        left = abs(difference) - gone
        return said + (self.adopt((market, outcome), left) if left else [])

    def settle(self, market: MarketId, payout_yes: Price) -> tuple[Money, list[Message]]:
        """A market resolved: nothing of it is left. Returns what the venue will pay."""
        received = NOTHING
        for token, quantity in [*self.quantities.items()]:
            if token[0] != market or not quantity:
                continue
            # Fewer than none of an outcome is the other outcome.
            is_yes = (token[1] == "yes") == (quantity > 0)
            payout = payout_yes if is_yes else complement(payout_yes)
            paid = notional(payout, Quantity(abs(quantity)), Rounding.DOWN)
            received = Money(received + paid)
        return received, self.redeem(market)

    def merge(self, market: MarketId, quantity: Quantity) -> list[Message]:
        """Contracts of both outcomes that we had not booked became dollars again.

        YES less NO stays as it is: what is known of both sides goes, the rest was never told.
        """
        self.cash += quantity
        yes, no = self.quantities.get((market, "yes"), 0), self.quantities.get((market, "no"), 0)
        known = min(quantity, yes, no)
        if known <= 0:
            return []
        said: list[Message] = []
        tokens: tuple[Token, Token] = ((market, "yes"), (market, "no"))
        for token in tokens:
            cost = self._cost_of(token, Quantity(known))
            said += self._change(token, -known, -cost)
        return said

    def redeem(self, market: MarketId) -> list[Message]:
        """Nothing of a market is left: it was handed in for what it pays."""
        said: list[Message] = []
        for token, quantity in [*self.quantities.items()]:
            if token[0] == market and quantity:
                said += self._change(token, -quantity, -self._worths.get(token, 0))
        return said

    def see_order(self, order: VenueOrder) -> list[Message]:
        """An order that is not ours; while it can trade, limits count what it may still buy."""
        token: Token = (order.market, order.outcome)
        left = Quantity(order.quantity - order.filled)
        known = self._open.pop(order.venue_order_id, None)
        if order.is_open and order.action == "buy":
            worth = notional(order.limit, left, Rounding.UP)
            self._open[order.venue_order_id] = (token, worth)
        now = self._open.get(order.venue_order_id)
        return [] if known == now else [self._told(token)]

    def see_open(self, orders: list[VenueOrder]) -> list[Message]:
        """All orders that are not ours and can trade: those that are gone count no more."""
        listed = {order.venue_order_id for order in orders}
        gone = [(name, token) for name, (token, _) in self._open.items() if name not in listed]
        for name, _ in gone:
            del self._open[name]
        said: list[Message] = [self._told(token) for token in {t: None for _, t in gone}]
        for order in orders:
            said += self.see_order(order)
        return said

    def _change(self, token: Token, quantity: int, worth: int) -> list[Message]:
        self.quantities[token] = self.quantities.get(token, 0) + quantity
        self._worths[token] = max(0, self._worths.get(token, 0) + worth)
        if self.quantities[token] <= 0:
            self._worths[token] = 0
        return [self._told(token)]

    def _cost_of(self, token: Token, quantity: Quantity) -> int:
        """What a part of the contracts cost on average."""
        held = self.quantities.get(token, 0)
        if held <= 0:
            return 0
        sold = min(held, quantity)
        return divide(self._worths.get(token, 0) * sold, held, Rounding.DOWN)

    def _told(self, token: Token) -> ExternalHeld:
        may_buy = sum(worth for at, worth in self._open.values() if at == token)
        worth = Money(self._worths.get(token, 0) + may_buy)
        return ExternalHeld(token[0], token[1], self.quantities.get(token, 0), worth)
