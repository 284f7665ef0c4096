"""Should this opportunity be asked for? Both legs or none, one open package per pair."""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.messages.account import FeesVaried
from foreshock.core.domain.messages.decisions import (
    Opportunity,
    PackageClosed,
    PackageMoved,
    PairListed,
    PairUnlisted,
    TradeRefused,
    TradeRequest,
)
from foreshock.core.domain.messages.operations import DeskStopping, ResumeRequested
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant

ASKED_PAIRS_MAX = 10_000
"""Pairs remembered; the one asked for longest ago is forgotten first, unless it is open."""


class AtomicArbSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How long a pair rests after a refusal, and after a package that did not end hedged.

    revert_cooldown: after a match that the venue took back, however the package ended.
    """

    refusal_cooldown: Duration = Duration(5 * SECOND)
    miss_cooldown: Duration = Duration(10 * SECOND)
    revert_cooldown: Duration = Duration(600 * SECOND)


class _Asked(msgspec.Struct):
    """The last request for a pair. is_open: it was neither refused nor closed."""

    request_id: str
    is_open: bool
    rests_until_us: Instant


class AtomicArb:
    """Turns an opportunity into a trade request unless its pair is busy or resting."""

    name = "atomic-arb"
    hears = frozenset({
        Opportunity,
        TradeRefused,
        PackageClosed,
        PairUnlisted,
        PairListed,
        FeesVaried,
        ResumeRequested,
        PackageMoved,
        DeskStopping,
        DeskRestored,
    })

    def __init__(self, settings: AtomicArbSettings) -> None:
        self._settings = settings
        self._asked: dict[str, _Asked] = {}
        self._stopped: set[str] = set()
        self._mischarged: set[str] = set()
        self._is_ending = False

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        match message:
            case Opportunity():
                return self._consider(message, now_us)
            case TradeRefused(request=request):
                rest = self._settings.refusal_cooldown
                self._end(request.edge.pair_id, request.id, now_us, rest)
            case PackageClosed():
                is_hedged = message.outcome == "hedged"
                rest = Duration(0) if is_hedged else self._settings.miss_cooldown
                self._end(message.pair_id, message.package_id, now_us, rest)
            case _:
                self._hear_pair(message, now_us)
        return ()

    def _hear_pair(self, message: Message, now_us: Instant) -> None:
        """Which pairs are not asked for, whatever is found."""
        match message:
            case PairUnlisted(pair_id=pair_id):
                self._stopped.add(pair_id)
            case PairListed(pair=pair):
                self._stopped.discard(pair.id)
            case FeesVaried(pair_id=pair_id, is_tolerated=False):
                self._mischarged.add(pair_id)
            case ResumeRequested():
                self._mischarged.clear()
            case DeskStopping():
                self._is_ending = True
            case DeskRestored():
                self._recall(message.memory)
            case PackageMoved(reason="reverted"):
                self._cool(message.package_id, now_us)
            case _:
                pass

    def _recall(self, memory: DeskMemory) -> None:
        """Pairs rest on, and those whose fees differed wait on, across a restart."""
        self._mischarged.update(memory.mischarged)
        for pair_id, until_us in memory.cooled.items():
            self._asked[pair_id] = _Asked("", is_open=False, rests_until_us=until_us)

    def _cool(self, package_id: str, now_us: Instant) -> None:
        """Whoever takes a match back may do so again: its pair rests longer."""
        for asked in self._asked.values():
            if asked.request_id == package_id:
                asked.rests_until_us = Instant(now_us + self._settings.revert_cooldown)

    def _consider(self, found: Opportunity, now_us: Instant) -> Iterable[TradeRequest]:
        pair_id = found.edge.pair_id
        # Mischarged: its sum is wrong until a person has looked and resumed. Stopped: found in the
        # very step that stopped the pair.
        if self._is_ending or pair_id in self._mischarged or pair_id in self._stopped:
            return ()
        request_id = f"{self.name}:{found.id}"
        asked = self._asked.get(pair_id)
        if asked is not None:
            is_busy = asked.is_open or now_us < asked.rests_until_us
            if is_busy or asked.request_id == request_id:
                return ()
        self._asked.pop(pair_id, None)
        self._asked[pair_id] = _Asked(request_id, is_open=True, rests_until_us=now_us)
        self._forget_oldest()
        return (TradeRequest(request_id, self.name, found.edge, found.found_us),)

    def _end(self, pair_id: str, request_id: str, now_us: Instant, rest: Duration) -> None:
        asked = self._asked.get(pair_id)
        if asked is not None and asked.request_id == request_id:
            asked.is_open = False
            asked.rests_until_us = Instant(max(asked.rests_until_us, now_us + rest))

    def _forget_oldest(self) -> None:
        if len(self._asked) > ASKED_PAIRS_MAX:
            oldest = next((pair for pair, asked in self._asked.items() if not asked.is_open), None)
            if oldest is not None:
                del self._asked[oldest]
