"""Which packages are priced now, and what is each one's whole sum?"""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.edges import Edge, LegCost, Refusal
from foreshock.core.domain.messages.decisions import EdgeQuoted, EdgeWithdrawn
from foreshock.core.domain.units import Instant
from foreshock.dashboard.badges import worst
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.halts import Freshness
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.views import EdgeView, LegView, RefusalView

EDGES_MAX = 2_000
LEGS_SPELLED_OUT_MAX = 3
MICROS_PER_CENT = 10_000
CENTS_DECIMALS = 4
VENUE_NAMES = {"polymarket": "Polymarket", "kalshi": "Kalshi"}


class Seen(msgspec.Struct):
    """The last sum of a package. is_withdrawn: it cannot be priced any more."""

    edge: Edge
    refusals: tuple[Refusal, ...]
    quoted_us: Instant
    first_seen_us: Instant
    is_withdrawn: bool = False

    def status(self) -> str:
        """open, refused or withdrawn."""
        if self.is_withdrawn:
            return "withdrawn"
        return "refused" if self.refusals else "open"


class Edges:
    """The last quote of every package; the oldest withdrawn ones are forgotten first."""

    def __init__(self, markets: Markets, freshness: Freshness) -> None:
        self._markets = markets
        self._freshness = freshness
        self._seen: dict[str, Seen] = {}

    def quote(self, message: EdgeQuoted, now_us: Instant) -> None:
        """A package has a new sum."""
        edge = message.edge
        known = self._seen.get(edge.id)
        first_us = now_us if known is None else known.first_seen_us
        self._seen[edge.id] = Seen(edge, message.refusals, now_us, first_us)
        if len(self._seen) > EDGES_MAX:
            evict(self._seen, EDGES_MAX, lambda seen: seen.is_withdrawn)
            evict(self._seen, EDGES_MAX)

    def withdraw(self, message: EdgeWithdrawn) -> None:
        """A package lost its price; one that never had one has nothing to show."""
        known = self._seen.get(message.edge_id)
        if known is not None:
            known.is_withdrawn = True
            known.refusals = (message.refusal,)

    def count(self, status: str) -> int:
        """How many packages stand like this."""
        return sum(seen.status() == status for seen in self._seen.values())

    def views(
        self, now_us: Instant, status: str | None, pair: str | None, limit: int
    ) -> list[EdgeView]:
        """The best by net, withdrawn ones last."""
        chosen = [
            seen
            for seen in self._seen.values()
            if status in {None, seen.status()} and pair in {None, seen.edge.pair_id}
        ]
        chosen.sort(key=lambda seen: (seen.is_withdrawn, -seen.edge.net, seen.edge.id))
        return [self._view(seen, now_us) for seen in chosen[:limit]]

    def view(self, edge_id: str, now_us: Instant) -> EdgeView | None:
        """One package; None when it was never priced."""
        seen = self._seen.get(edge_id)
        return None if seen is None else self._view(seen, now_us)

    def best(self) -> dict[str, Edge]:
        """The best package that has a price, for each pair."""
        best: dict[str, Edge] = {}
        for seen in self._seen.values():
            known = best.get(seen.edge.pair_id)
            if not seen.is_withdrawn and (
                known is None or seen.edge.net_per_contract > known.net_per_contract
            ):
                best[seen.edge.pair_id] = seen.edge
        return best

    def _view(self, seen: Seen, now_us: Instant) -> EdgeView:
        edge = seen.edge
        legs = [self._leg(leg, now_us) for leg in edge.legs]
        return EdgeView(
            id=edge.id,
            pair_id=edge.pair_id,
            label=edge.label,
            package=package_words(edge.legs),
            status="withdrawn" if seen.is_withdrawn else "refused" if seen.refusals else "open",
            refusals=[RefusalView(refusal.code, refusal.words) for refusal in seen.refusals],
            legs=legs,
            quantity_micros=edge.quantity,
            payout_micros=edge.payout,
            cost_micros=edge.cost,
            fees_micros=edge.fees,
            frictions_micros=edge.frictions,
            lockup_micros=edge.lockup,
            hedge_risk_micros=edge.hedge_risk,
            net_micros=edge.net,
            net_low_micros=edge.net_low,
            net_per_contract_micros=edge.net_per_contract,
            net_cents_per_contract=round(edge.net_per_contract / MICROS_PER_CENT, CENTS_DECIMALS),
            completion_ppm=edge.completion_ppm,
            locked_for_us=edge.locked_for,
            annualised_ppm=edge.annualised_ppm,
            friction_version=edge.friction_version,
            order_words=edge.order_words,
            quoted_us=seen.quoted_us,
            first_seen_us=seen.first_seen_us,
            badge=worst(leg.badge for leg in legs),
        )

    def _leg(self, leg: LegCost, now_us: Instant) -> LegView:
        return LegView(
            market=leg.market,
            venue=leg.venue,
            title=self._markets.title(leg.market),
            outcome=leg.outcome,
            quantity_micros=leg.quantity,
            limit_micros=leg.limit,
            levels=list(leg.levels),
            cost_micros=leg.cost,
            fee_micros=leg.fee,
            friction_micros=leg.friction,
            book_epoch=leg.book_epoch,
            book_recv_us=leg.book_recv_us,
            fee_version=leg.fee_version,
            badge=self._freshness.of_market(leg.market, now_us),
        )


def package_words(legs: Iterable[LegCost]) -> str:
    """What is bought where: `YES Kalshi + NO Polymarket`; large sets are counted."""
    found = [f"{leg.outcome.upper()} {VENUE_NAMES.get(leg.venue, leg.venue)}" for leg in legs]
    if len(found) <= LEGS_SPELLED_OUT_MAX:
        return " + ".join(found)
    return f"{len(found)} legs: {', '.join(dict.fromkeys(found))}"
