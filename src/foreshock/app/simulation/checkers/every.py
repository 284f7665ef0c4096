"""Who looks on? Every checker of one simulated run, in the order in which they hear."""

from collections.abc import Sequence

from foreshock.app.simulation.checkers.bounds import BoundedWork
from foreshock.app.simulation.checkers.conversions import ConvertedOnce
from foreshock.app.simulation.checkers.data import UsableData
from foreshock.app.simulation.checkers.halts import HaltIsTotal
from foreshock.app.simulation.checkers.ledger import LedgerBalances, LedgerIsTheVenues
from foreshock.app.simulation.checkers.limits import WithinLimits
from foreshock.app.simulation.checkers.orders import NoSilentResidual, OneLiveOrder
from foreshock.app.simulation.checkers.reached import Reached
from foreshock.app.simulation.checkers.records import DiskReader, RecordedFirst
from foreshock.app.simulation.checkers.secrets import SecretsStay
from foreshock.app.simulation.checkers.trace import Trace
from foreshock.app.simulation.observed import Onlooker

NETTING_VENUES = frozenset({"kalshi"})
INVARIANTS = {
    "I1": "No silent residual: what a pair holds unevenly at rest stands in an open incident",
    "I2": "One live order a leg, and never more bought than the package asked for",
    "I3": "The ledger balances: every asset sums to zero, cash is what came, traded and was paid",
    "I4": "The ledger is the venues': contracts, dollars and each fill once, at rest",
    "I5": "A halt is sticky and total: from its record on nothing that adds risk leaves",
    "I6": "No entry on unusable data: whole, fresh by three clocks, open and unpaused when sent",
    "I7": "Limits hold at any interleaving, everything under way counted at its worst",
    "I8": "Every decision is on the disk before its effect; every refusal has its reason",
    "I9": "The journal alone replays to the same messages; same seed and build, same hash",
    "I10": "Work is bounded: sends, rejects, minutes, and the way back to rest",
    "I11": "Words of models, news and markets never cause an order",
    "I12": "Keys are in no log, journal, answer, prompt or error text",
}
"""I9 and I11 are asked of whole runs: see `replays.py` and `silence.py`."""


def onlooker(canaries: Sequence[bytes] = ()) -> tuple[Onlooker, Reached]:
    """Everybody who judges a run while it goes on, and the counter of rare states."""
    trace, disk = Trace(), DiskReader()
    converted = ConvertedOnce()
    reached = Reached(trace, converted)
    checkers = (
        trace,
        converted,
        reached,
        NoSilentResidual(trace),
        OneLiveOrder(trace),
        LedgerBalances(),
        LedgerIsTheVenues(trace, NETTING_VENUES, converted),
        HaltIsTotal(trace, disk),
        UsableData(trace),
        WithinLimits(trace),
        RecordedFirst(disk),
        BoundedWork(trace),
        SecretsStay(canaries),
    )
    return Onlooker(checkers), reached
