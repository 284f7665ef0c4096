"""What do detectors, news and oracles say, in plain English? Their rows of `words`."""

from collections.abc import Callable, Mapping
from typing import Any

from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import format_micros
from foreshock.dashboard.badges import duration
from foreshock.dashboard.quoting import quoted

CENTS_PER_DOLLAR = 100
EXPLAINED = {
    "explained": "news explain the alert",
    "unexplained": "no news explain the alert",
    "preceded": "the alert came before the news",
}


def _volume_measured(x: s.VolumeMeasured) -> tuple[str, str]:
    ready = x.markets_count - x.warming_count
    refused = ", ".join(f"{count} {why}" for why, count in x.refused.items())
    words = f"volume of {x.markets_count} markets measured, {ready} with a usable baseline"
    return "volume", f"{words}; counted nowhere: {refused}" if refused else words


def _recalled(x: s.VolumeRecalled) -> tuple[str, str]:
    return x.market, f"its past volume is known from {quoted(x.source)}"


def _pictured(x: s.VolumePictured) -> tuple[str, str]:
    return x.market, "its volume of the last day stands beside the alert"


def _volume_gap(x: s.VolumeGapMeasured) -> tuple[str, str]:
    gap = _times(x.gap_ppm)
    return x.pair_id, f"over {x.horizon} the two markets' volumes accelerate {gap} apart"


def _lead(x: s.LeadMeasured) -> tuple[str, str]:
    if x.leader is None or x.followed is None:
        return x.pair_id, "nobody leads stably any more"
    return x.pair_id, f"{x.leader} moves {duration(x.lag)} before {x.followed}"


def _alert(x: s.AlertRaised) -> tuple[str, str]:
    alert = x.alert
    return alert.market, f"{alert.detector} alert, {alert.level}: {quoted(alert.words)}"


def _acknowledged(x: s.AlertAcknowledged) -> tuple[str, str]:
    return x.alert_id, f"{quoted(x.by)} has seen the alert"


def _explained(x: s.AlertExplained) -> tuple[str, str]:
    lead = "" if x.lead is None else f" by {duration(x.lead)}"
    evidence = f" ({len(x.items)} items)" if x.items else ""
    return x.alert_id, f"{EXPLAINED[x.explanation]}{lead}{evidence}"


def _graded(x: s.AlertGraded) -> tuple[str, str]:
    if x.price_then is None or x.price_after is None:
        return x.alert_id, f"what came {duration(x.after)} after the alert is not known"
    moved = f"from {_cents(x.price_then)} to {_cents(x.price_after)}"
    return x.alert_id, f"{duration(x.after)} after the alert the price had gone {moved}"


def _remembered(x: s.AlertRemembered) -> tuple[str, str]:
    about, words = _explained(x.explained)
    return about, f"of an earlier run, {words}"


def _news(x: s.NewsSeen) -> tuple[str, str]:
    kind = "in the calendar" if x.is_scheduled else "news"
    return x.item_id, f"{kind}, {quoted(x.source)}: {quoted(x.title)}"


def _news_asked(x: s.NewsAsked) -> tuple[str, str]:
    if x.problem:
        return x.source, f"no news: {quoted(x.problem)}"
    return x.source, f"answered with {x.items_count} items"


def _oracle_reported(x: s.OracleReported) -> tuple[str, str]:
    return x.symbol, f"{x.source} says {format_micros(x.value)}"


def _oracle_lost(x: s.OracleLost) -> tuple[str, str]:
    return x.symbol, f"{x.source} is not to be relied on: {quoted(x.reason)}"


def _oracle_gap(x: s.OracleGapMeasured) -> tuple[str, str]:
    trust = "" if x.is_trusted else " (the model does not beat the market: never traded on)"
    worth = f"{x.outcome.upper()} is worth {_cents(x.fair)} by {x.oracle}"
    words = f"{worth}, asked {_cents(x.ask)}, {_cents(x.gap)} after fees"
    return x.market, words + trust


def _reset(x: s.BaselinesReset) -> tuple[str, str]:
    what = "of all markets" if x.market is None else f"of {x.market}"
    return x.reset_id, f"{quoted(x.by)} discarded what is usual {what}"


def _restored(x: s.BaselinesRestored) -> tuple[str, str]:
    return x.reset_id, f"{quoted(x.by)} took the reset back"


def _times(ppm: int) -> str:
    return f"{format_micros(ppm)} times"


def _cents(micros: int) -> str:
    return f"{format_micros(micros * CENTS_PER_DOLLAR)}¢"


SIGNAL_SAYINGS: Mapping[type[Message], Callable[[Any], tuple[str, str]]] = {
    s.VolumeMeasured: _volume_measured,
    s.VolumeRecalled: _recalled,
    s.VolumePictured: _pictured,
    s.VolumeGapMeasured: _volume_gap,
    s.LeadMeasured: _lead,
    s.AlertRaised: _alert,
    s.AlertAcknowledged: _acknowledged,
    s.AlertExplained: _explained,
    s.AlertGraded: _graded,
    s.AlertRemembered: _remembered,
    s.NewsSeen: _news,
    s.NewsAsked: _news_asked,
    s.OracleReported: _oracle_reported,
    s.OracleLost: _oracle_lost,
    s.OracleGapMeasured: _oracle_gap,
    s.BaselinesReset: _reset,
    s.BaselinesRestored: _restored,
}
ROUTINE_SIGNALS: tuple[type[Message], ...] = (
    s.VolumeMeasured,
    s.VolumeGapMeasured,
    s.LeadMeasured,
    s.OracleGapMeasured,
    s.NewsSeen,
    s.NewsAsked,
    s.VolumeRecalled,
    s.VolumePictured,
)
"""What is said so often that the audit keeps fewer of it."""
