"""Which channels are set up, and what does each want? Settings in, rules and addresses out.

The rules are part of the run's recorded configuration; the addresses are secrets and never are.
"""

from collections.abc import Mapping

import msgspec

from foreshock.adapters.notify.webhooks import (
    AddressRules,
    Route,
    Webhook,
    parse_routes,
    parse_webhook,
)
from foreshock.app.config import AlertsSection
from foreshock.core.alerting.router import AlertSettings
from foreshock.core.alerting.tiers import SinkRule
from foreshock.core.domain.alerts import Severity
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import SECOND, Duration

LOG_RULE = SinkRule(sink="file", severity_min=1, hourly_max=1_000_000)
CONSOLE_HOURLY_MAX = 200
SEVERITY_BY_NUMBER: Mapping[int, Severity] = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}


class Addresses(msgspec.Struct, frozen=True):
    """Where notices go. discord: for topics without a route; None drops them, said so."""

    discord: Webhook | None = None
    routes: tuple[Route, ...] = ()
    slack: Webhook | None = None

    def __repr__(self) -> str:
        """How many there are."""
        return f"Addresses({len(self.routes)} routes)"


def alert_settings(section: AlertsSection, *, is_simulated: bool) -> AlertSettings:
    """The rules of every channel that is set up."""
    sinks = [LOG_RULE]
    if not section.quiet:
        least = SEVERITY_BY_NUMBER[section.console_severity_min]
        rule = SinkRule(sink="console", severity_min=least, hourly_max=CONSOLE_HOURLY_MAX)
        sinks.append(rule)
    if section.discord_webhook or section.discord_routes:
        sinks.append(
            SinkRule(
                sink="discord",
                severity_min=SEVERITY_BY_NUMBER[section.discord_severity_min],
                hourly_max=section.hourly_max,
                hears_detectors=section.discord_mode != "analyst-signals-only",
            )
        )
    if section.slack_webhook:
        least = SEVERITY_BY_NUMBER[section.slack_severity_min]
        sinks.append(SinkRule(sink="slack", severity_min=least, hourly_max=section.hourly_max))
    return AlertSettings(
        sinks=tuple(sinks),
        is_simulated=is_simulated,
        tells_trades=section.tell_trades,
        tells_explanations=section.discord_mode == "all" and section.discord_followup,
        group_wait=Duration(section.group_wait_s * SECOND),
        cooldown=Duration(section.cooldown_s * SECOND),
    )


def addresses(section: AlertsSection) -> Addresses:
    """The webhooks. Raises ConfigError that names the wrong one and quotes no address."""
    rules = AddressRules(_hosts(section.webhook_hosts), section.allow_loopback)
    discord = slack = None
    if section.discord_webhook:
        discord = parse_webhook("discord", "discord", section.discord_webhook, rules)
    if section.slack_webhook:
        slack = parse_webhook("slack", "slack", section.slack_webhook, rules)
    return Addresses(discord, parse_routes(section.discord_routes, rules), slack)


def _hosts(text: str) -> frozenset[str]:
    hosts = frozenset(name.strip().lower() for name in text.split(",") if name.strip())
    wrong = [host for host in hosts if "/" in host or ":" in host or "." not in host]
    if wrong:
        raise ConfigError(f"alerts.webhook_hosts: {wrong[0]!r} is not the name of a host")
    return hosts
