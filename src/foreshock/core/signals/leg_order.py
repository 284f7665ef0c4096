"""Which leg of a pair is bought first? The one whose price is about to move.

    a stable leader is known   the follower's leg: its price is the old one and goes first; a first
                               leg that is missed costs nothing, a second one must be unwound
    nobody leads stably        the venues' fixed order

Whether fills of a venue can still be taken back does not enter: that happens seconds after both
legs were bought, whichever went first (docs/decisions/0014-the-followers-leg-goes-first.md).
"""

from collections.abc import Sequence

import msgspec

from foreshock.core.domain.markets import Pair
from foreshock.core.domain.messages.signals import LeadMeasured
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import Duration, format_micros
from foreshock.core.pricing.edge import Package
from foreshock.core.pricing.packages import Legs, in_order, pair_packages


class LegOrder:
    """The leaders of pairs, as far as they lead long enough to matter.

    lead_min: shorter leads are over before a second order could arrive; None: leads do not count.
    """

    def __init__(self, venue_order: Sequence[str], lead_min: Duration | None) -> None:
        self._venue_order = venue_order
        self._lead_min = lead_min
        self._leads: dict[str, LeadMeasured] = {}

    def hear(self, lead: LeadMeasured) -> bool:
        """Whether the legs of the pair may stand in another order from now on."""
        before = self._leads.pop(lead.pair_id, None)
        is_lasting = self._lead_min is not None and lead.lag >= self._lead_min
        if lead.leader is not None and is_lasting:
            self._leads[lead.pair_id] = lead
        return before != self._leads.get(lead.pair_id)

    def forget(self, pair_id: str) -> None:
        """A pair takes part no longer."""
        self._leads.pop(pair_id, None)

    def packages(self, pair: Pair) -> list[tuple[Package, Legs]]:
        """Both packages of a pair."""
        return [self.arranged(*found) for found in pair_packages(pair, self._venue_order)]

    def arranged(self, package: Package, legs: Legs) -> tuple[Package, Legs]:
        """The package with its legs in the order in which they are bought, and why so."""
        lead = self._leads.get(package.pair_id)
        leader = None if lead is None else lead.leader
        ordered = sorted(in_order(legs, self._venue_order), key=lambda leg: leg[0] == leader)
        words = ""
        if lead is not None and ordered[-1][0] == leader:
            first, last = (venue_of(market) for market in (ordered[0][0], ordered[-1][0]))
            words = f"first leg: {first}, because {last} leads by {format_micros(lead.lag)} s"
        return msgspec.structs.replace(package, order_words=words), tuple(ordered)
