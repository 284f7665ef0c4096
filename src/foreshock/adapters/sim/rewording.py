"""How does a venue change the words of a market that trades already? Without a word on any stream.

Both venues do it: a clarification is added, a source replaced. Whoever wants to know reads the
market again.
"""

from foreshock.adapters.sim.exchange import Exchange


def reword(exchange: Exchange, native_id: str, rules: str) -> None:
    """Publish other rules from now on. Raises KeyError for an unknown market."""
    state = exchange.ledger()
    state.markets[native_id].reword(rules, state.now_us)
