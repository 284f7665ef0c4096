"""Which messages are worth a notice, and what does it say? One pure function a message.

What a notice is called follows from what happened and when, so a replay makes the same ones.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from foreshock.core.alerting.happening import Happening, cents_text, tail_of
from foreshock.core.alerting.risk_events import RISK_EVENTS
from foreshock.core.alerting.tiers import LABELS, TIERS, Case
from foreshock.core.domain.alerts import Alert, Figure
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import VenueArmed, VenueDisarmed, VenueStateChanged
from foreshock.core.domain.messages.alerting import NotifierFound, NotifierLost
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    IncidentResolved,
    PackageClosed,
    PackageMoved,
    Resumed,
)
from foreshock.core.domain.messages.matching import PairReopened
from foreshock.core.domain.messages.operations import DeskStarted, DeskStopped
from foreshock.core.domain.messages.trading import FillReverted, OrderFilled, OrderUnknown
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import Instant, Rounding, dollar_text, format_micros

PERSONS = frozenset({"dashboard", "command line"})
"""By these doors a person comes; everybody else who halts is a fuse."""
EVERYWHERE = "all"
WORDS_MAX, SUBJECT_MAX = 1_000, 280
"""Longest texts that travel: venues and strangers write some of them."""


class Place(msgspec.Struct, frozen=True):
    """What is known of a market: its title and category."""

    title: str
    category: str


UNKNOWN_PLACE = Place("", "")


def happening_of(message: Message, now_us: Instant) -> Happening | None:
    """What there is to tell of a message; None for one that is not told by itself."""
    describe = EVENTS.get(type(message))
    return None if describe is None else describe(message, now_us)


def notice_of(happening: Happening, now_us: Instant, *, is_simulated: bool) -> Notice:
    """The notice of something that happened to the desk."""
    tier = TIERS[happening.kind, happening.case]
    return Notice(
        notice_id=f"{happening.kind}:{happening.key}",
        kind=happening.kind,
        level=LABELS[tier.severity],
        severity=tier.severity,
        is_told=tier.is_told,
        about=happening.about,
        subject=happening.subject[:SUBJECT_MAX],
        topic="",
        words=happening.words[:WORDS_MAX],
        figures=happening.figures,
        related=(),
        is_simulated=is_simulated,
        event_us=now_us,
    )


def alert_notice(alert: Alert, place: Place, *, is_simulated: bool) -> Notice:
    """The notice of a detector's alert; it keeps the alert's own id."""
    tier = TIERS[alert.detector, alert.level]
    return Notice(
        notice_id=alert.alert_id,
        kind=alert.detector,
        level=alert.level,
        severity=tier.severity,
        is_told=tier.is_told,
        about=alert.market,
        subject=(place.title or alert.market)[:SUBJECT_MAX],
        topic=place.category,
        words=alert.words[:WORDS_MAX],
        figures=alert.figures,
        related=alert.related,
        is_simulated=is_simulated,
        event_us=alert.event_us,
    )


# ---- what each event says --------------------------------------------------------------------


def _halted(x: Halted, now_us: Instant) -> Happening:
    scope = "all trading" if x.scope == EVERYWHERE else f"trading on {x.scope}"
    by_fuse: Case = "of everything" if x.scope == EVERYWHERE else "of a venue"
    return Happening(
        kind="halt",
        case="by a person" if x.by in PERSONS else by_fuse,
        key=f"{x.scope}:{now_us}",
        about=x.scope,
        subject=f"{scope} is halted",
        words=f"{scope} is halted by {x.by}: {x.reason}. Nothing that adds risk leaves until a "
        "person resumes; hedges and cancels still pass.",
    )


def _resumed(x: Resumed, now_us: Instant) -> Happening:
    return Happening(
        kind="resume",
        case="resumed",
        key=f"{x.scope}:{now_us}",
        about=x.scope,
        subject=f"trading resumes ({x.scope})",
        words=f"{x.by} resumed trading for {x.scope}.",
    )


def _incident(x: IncidentOpened, now_us: Instant) -> Happening:
    words = f"{x.words} (about {x.about}). A person must look at it: foreshock why {x.about}"
    return Happening(
        kind="incident", case="opened", key=x.id, about=x.about, subject="an incident", words=words
    )


def _incident_over(x: IncidentResolved, now_us: Instant) -> Happening:
    return Happening(
        kind="incident",
        case="resolved",
        key=f"{x.id}:resolved",
        about=x.id,
        subject="an incident is over",
        words=x.words,
    )


def _package_closed(x: PackageClosed, now_us: Instant) -> Happening:
    figures = (
        Figure("contracts", format_micros(x.quantity)),
        Figure("paid", dollar_text(x.paid)),
        Figure("fees", dollar_text(x.fees)),
        Figure("realised", dollar_text(x.realised)),
    )
    return Happening(
        kind="package",
        case=x.outcome,
        key=x.package_id,
        about=x.package_id,
        subject=f"package {x.outcome}",
        words=f"Package {tail_of(x.package_id)} ended {x.outcome}: {figures[0].value} contracts, "
        f"{cents_text(x.realised, Rounding.DOWN)} realised after "
        f"{cents_text(x.fees, Rounding.UP)} fees.",
        figures=figures,
    )


def _package_moved(x: PackageMoved, now_us: Instant) -> Happening | None:
    if x.state != "stuck":
        return None
    return Happening(
        kind="package",
        case="stuck",
        key=f"{x.package_id}:stuck:{now_us}",
        about=x.package_id,
        subject="a package is stuck",
        words=f"Package {tail_of(x.package_id)} is stuck with unequal legs: {x.reason}.",
    )


def _filled(x: OrderFilled, now_us: Instant) -> Happening:
    standing = "provisional" if x.is_provisional else "final"
    words = f"{format_micros(x.quantity)} contracts at {dollar_text(x.price)} ({standing})."
    return Happening(
        kind="fill",
        case="filled",
        key=x.fill_id,
        about=x.order_id,
        subject="a fill",
        words=words,
    )


def _reverted(x: FillReverted, now_us: Instant) -> Happening:
    return Happening(
        kind="fill",
        case="reverted",
        key=f"{x.fill_id}:reverted",
        about=x.order_id,
        subject="a fill was taken back",
        words=f"Fill {x.fill_id} of order {x.order_id} never happened: {x.reason}.",
    )


def _unknown(x: OrderUnknown, now_us: Instant) -> Happening:
    words = f"Nobody knows the fate of order {x.order_id}: {x.reason}. It counts at its worst."
    return Happening(
        kind="order",
        case="unknown",
        key=x.order_id,
        about=x.order_id,
        subject="an order of unknown fate",
        words=words,
    )


def _venue_state(x: VenueStateChanged, now_us: Instant) -> Happening | None:
    if x.state != "reducing":
        return None
    return Happening(
        kind="venue",
        case="reducing",
        key=f"{x.venue}:reducing:{now_us}",
        about=x.venue,
        subject=f"{x.venue} takes no new risk",
        words=f"The desk only reduces at {x.venue} until a person resumes: {x.reason}.",
    )


def _armed(x: VenueArmed, now_us: Instant) -> Happening:
    return Happening(
        kind="arming",
        case="armed",
        key=f"{x.venue}:{x.until_us}",
        about=x.venue,
        subject=f"{x.venue} is armed",
        words=f"{x.by} armed {x.venue} for real money. {x.words}",
    )


def _disarmed(x: VenueDisarmed, now_us: Instant) -> Happening:
    return Happening(
        kind="arming",
        case="disarmed",
        key=f"{x.venue}:off:{now_us}",
        about=x.venue,
        subject=f"{x.venue} is disarmed",
        words=f"{x.by} disarmed {x.venue}.",
    )


def _pair_reopened(x: PairReopened, now_us: Instant) -> Happening:
    return Happening(
        kind="pair",
        case="reopened",
        key=f"{x.pair_id}:{x.reopened_us}",
        about=x.pair_id,
        subject="a pair is to be reviewed again",
        words=f"{x.market} changed after the verdict: {x.reason}. The pair trades no longer.",
    )


def _notifier_lost(x: NotifierLost, now_us: Instant) -> Happening:
    return Happening(
        kind="notifier",
        case="lost",
        key=f"{x.sink}:lost:{now_us}",
        about=x.sink,
        subject=f"{x.sink} takes no notices",
        words=f"Notices do not arrive by {x.sink}: {x.reason}. Nobody reads them there.",
    )


def _notifier_found(x: NotifierFound, now_us: Instant) -> Happening:
    return Happening(
        kind="notifier",
        case="found",
        key=f"{x.sink}:found:{now_us}",
        about=x.sink,
        subject=f"{x.sink} takes notices again",
        words=f"Notices arrive by {x.sink} again.",
    )


def _started(x: DeskStarted, now_us: Instant) -> Happening:
    return Happening(
        kind="desk",
        case="started",
        key=f"started:{now_us}",
        about="desk",
        subject=f"the desk runs ({x.mode})",
        words=f"Foreshock {x.version} runs in mode {x.mode}.",
    )


def _stopped(x: DeskStopped, now_us: Instant) -> Happening:
    return Happening(
        kind="desk",
        case="stopped",
        key=f"stopped:{now_us}",
        about="desk",
        subject="the desk ends",
        words=f"The desk ends in order: {x.reason}.",
    )


EVENTS: Mapping[type[Message], Callable[[Any, Instant], Happening | None]] = {
    Halted: _halted,
    Resumed: _resumed,
    IncidentOpened: _incident,
    IncidentResolved: _incident_over,
    PackageClosed: _package_closed,
    PackageMoved: _package_moved,
    OrderFilled: _filled,
    FillReverted: _reverted,
    OrderUnknown: _unknown,
    VenueStateChanged: _venue_state,
    VenueArmed: _armed,
    VenueDisarmed: _disarmed,
    PairReopened: _pair_reopened,
    NotifierLost: _notifier_lost,
    NotifierFound: _notifier_found,
    DeskStarted: _started,
    DeskStopped: _stopped,
    **RISK_EVENTS,
}


def place_of(places: Mapping[MarketId, Place], market: MarketId) -> Place:
    """What is known of a market."""
    return places.get(market, UNKNOWN_PLACE)
