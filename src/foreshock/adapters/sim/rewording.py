"""How does a venue change the words of a market that trades already? Without a word on any stream.

Both venues do it: a clarification is added, a source replaced. Whoever wants to know reads the
market again.
"""

import msgspec

from foreshock.adapters.sim.control import Lever
from foreshock.adapters.sim.exchange import Exchange
from foreshock.core.domain.units import Instant


class WordingOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """market: a ticker, or a condition id."""

    market: str
    rules: str


def reword(exchange: Exchange, native_id: str, rules: str) -> None:
    """Publish other rules from now on. Raises KeyError for an unknown market."""
    state = exchange.ledger()
    state.markets[native_id].reword(rules, state.now_us)


def wording_lever(exchange: Exchange) -> Lever:
    """The same as a lever of the control host."""

    def pull(body: bytes, _now_us: Instant) -> object:
        order = msgspec.json.decode(body, type=WordingOrder)
        reword(exchange, order.market, order.rules)
        return {}

    return pull
