"""A matcher that is told messages and hears itself, as inside the engine, with a clock."""

from collections.abc import Callable

import msgspec

from foreshock.core.domain.markets import Market, MarketId, Pair
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.engine import Engine
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.matcher import Matcher, MatcherSettings
from tests.samples import market
from tests.trading import START, A, B

TITLE = "Will the upper bound of the federal funds rate be above 3.75% after January 2027?"
RULES = "Resolves to Yes if the upper bound is above 3.75%."
Answer = Callable[[ContractText, ContractText], Comparison]


def poly(**changes: object) -> Market:
    return market(A, **{"title": TITLE, "rules": RULES, **changes})


def kalshi(**changes: object) -> Market:
    return market(B, **{"title": TITLE, "rules": RULES, **changes})


def found(a: MarketId = A, b: MarketId = B, **changes: object) -> Comparison:
    """Identity, proven; any field can be replaced."""
    plain = Comparison(
        a=a,
        b=b,
        relation="identity",
        decision="accept",
        confidence_ppm=990_000,
        clauses=(),
        payoffs=(),
        reason="every clause agrees",
        is_tradable=True,
        refusals=(),
        matcher="test",
    )
    return msgspec.structs.replace(plain, **changes)


def always(**changes: object) -> Answer:
    """A comparison that ends the same whatever it reads."""
    return lambda a, b: found(a.id, b.id, **changes)


UNSURE = always(decision="review", is_tradable=False, refusals=("one rule text is missing",))
APART = always(relation="disjoint", decision="reject", is_tradable=False, reason="other dates")


def filed(**changes: object) -> Pair:
    plain = Pair(
        id="fed",
        a=A,
        b=B,
        relation="identity",
        label="Fed above 3.75",
        confirmed_by="Ada",
        note="read",
    )
    return msgspec.structs.replace(plain, **changes)


class Told:
    """A matcher alone in an engine."""

    def __init__(self, compare: Answer = UNSURE, **settings: object) -> None:
        plain = msgspec.structs.replace(MatcherSettings(), **settings)
        self.matcher = Matcher(plain, compare)
        self.engine = Engine([self.matcher])
        self.now_us = START
        self.said: list[Message] = []
        self.slices_count = 0

    def tell(self, *messages: Message) -> list[Message]:
        """What it says to these, timers aside."""
        self.now_us = Instant(self.now_us + SECOND)
        entries = self.engine.step(messages, self.now_us).entries
        said = [e.message for e in entries if e.cause is not None]
        self.said += said
        return [message for message in said if not isinstance(message, SetTimer)]

    def wait(self) -> list[Message]:
        """Let the timer fire until there is nothing left to do."""
        said: list[Message] = []
        while isinstance(last := self._last_timer(), SetTimer):
            self.said.clear()
            self.slices_count += 1
            said += self.tell(TimerFired(last.timer_id))
        return said

    def list_both(self) -> list[Message]:
        """Both markets are listed and compared."""
        said = self.tell(MarketListed(poly()), MarketListed(kalshi()))
        return said + self.wait()

    def _last_timer(self) -> Message | None:
        timers = [m for m in self.said if isinstance(m, SetTimer)]
        return timers[-1] if timers else None
