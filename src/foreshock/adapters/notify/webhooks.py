"""To which addresses may a notice go? Those of the services, over TLS; to this machine in tests.

An address in a setting must never make the desk call a machine inside somebody's network. Its path
holds the secret, so an address is never printed: a webhook shows its name and its host.
"""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec

from foreshock.core.domain.errors import ConfigError

Service: TypeAlias = Literal["discord", "slack"]
HOSTS: Mapping[Service, frozenset[str]] = {
    "discord": frozenset({
        "discord.com",
        "discordapp.com",
        "ptb.discord.com",
        "canary.discord.com",
    }),
    "slack": frozenset({"hooks.slack.com", "hooks.slack-gov.com"}),
}
PATHS: Mapping[Service, re.Pattern[str]] = {
    "discord": re.compile(r"/api(/v\d{1,2})?/webhooks/\d{1,20}/[\w-]{1,200}"),
    "slack": re.compile(r"/(services|workflows|triggers)(/[\w-]{1,200}){1,5}"),
}
"""What an address of the service looks like. Source: their documentation, August 2026."""
HTTPS_PORT, HTTP_PORT = 443, 80
URL_CHARS_MAX = 1_000
ROUTES_MAX = 50
ROUTE_SEPARATOR = re.compile(r"[;,]")
HELP = "copy it again from the settings of the channel"


class Webhook(msgspec.Struct, frozen=True):
    """One address. name: what it is called wherever it is mentioned. path: the secret part."""

    service: Service
    name: str
    is_tls: bool
    host: str
    port: int
    path: str

    def __repr__(self) -> str:
        """Everything but the secret."""
        return f"Webhook({self.name!r}, {self.host!r})"


class Route(msgspec.Struct, frozen=True):
    """Notices whose topic has this word go to this webhook. topic: lower case."""

    topic: str
    webhook: Webhook


class AddressRules(msgspec.Struct, frozen=True):
    """hosts: allowed beside the services' own. allows_loopback: plain HTTP to this machine."""

    hosts: frozenset[str] = frozenset()
    allows_loopback: bool = False


def parse_webhook(service: Service, name: str, url: str, rules: AddressRules) -> Webhook:
    """The webhook at an address. Raises ConfigError that names it and never quotes the address."""
    what = f"the {name} webhook"
    parts = urlsplit(url.strip()) if len(url) <= URL_CHARS_MAX and url.isprintable() else None
    try:
        host, port = (parts.hostname, parts.port) if parts is not None else (None, None)
    except ValueError:
        host, port = None, None
    if parts is None or host is None or parts.username is not None or parts.fragment:
        raise ConfigError(f"{what} is not an address: {HELP}")
    if rules.allows_loopback and is_loopback(host):
        is_tls = parts.scheme == "https"
        return Webhook(service, name, is_tls, host, port or _port(is_tls), _path(parts))
    if parts.scheme != "https" or port not in {None, HTTPS_PORT}:
        raise ConfigError(f"{what} does not start with https:// at the usual port: {HELP}")
    known = HOSTS[service] | rules.hosts
    if host not in known:
        raise ConfigError(
            f"{what} is at none of {', '.join(sorted(known))}: {HELP}, or name its host in "
            "alerts.webhook_hosts if you trust it"
        )
    if host in HOSTS[service] and not PATHS[service].fullmatch(parts.path):
        raise ConfigError(f"{what} is not the address of a webhook of {service}: {HELP}")
    return Webhook(service, name, True, host, HTTPS_PORT, _path(parts))  # noqa: FBT003 - the struct's own order


def parse_routes(text: str, rules: AddressRules) -> tuple[Route, ...]:
    """Topics with an address of Discord each: `crypto=https://...;elections=https://...`.

    Both `,` and `;` separate. Raises ConfigError that names the topic and quotes no address.
    """
    entries = [entry.strip() for entry in ROUTE_SEPARATOR.split(text) if entry.strip()]
    if len(entries) > ROUTES_MAX:
        raise ConfigError(f"{len(entries)} routes of webhooks; the most is {ROUTES_MAX}")
    routes: list[Route] = []
    for number, entry in enumerate(entries, 1):
        topic, equals, url = (part.strip() for part in entry.partition("="))
        if not equals or not topic or "://" in topic:
            raise ConfigError(f"route {number} of the webhooks is not of the form topic=address")
        webhook = parse_webhook("discord", f"discord ({topic})", url, rules)
        routes.append(Route(topic.lower(), webhook))
    return tuple(routes)


def webhook_for(topics: str, routes: Sequence[Route], default: Webhook | None) -> Webhook | None:
    """The first route whose topic is a word of `topics`, else the default; None: nowhere to go."""
    words = set(re.findall(r"[\w-]+", topics.lower()))
    for route in routes:
        if route.topic in words or route.topic == topics.lower() or _spans(route.topic, topics):
            return route.webhook
    return default


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine, by address or by its one sure name."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether an address belongs to no inner network: nothing private, local, shared or reserved.

    Addresses of IPv4 in the clothes of IPv6 count as what they are.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    for inner in (getattr(found, "ipv4_mapped", None), getattr(found, "sixtofour", None)):
        found = inner or found
    return found.is_global and not found.is_multicast


def _spans(topic: str, topics: str) -> bool:
    """A topic of several words, as categories have them."""
    return " " in topic and topic in topics.lower()


def _port(is_tls: bool) -> int:  # noqa: FBT001 - the scheme, and nothing else to confuse it with
    return HTTPS_PORT if is_tls else HTTP_PORT


def _path(parts: object) -> str:
    path, query = getattr(parts, "path", "") or "/", getattr(parts, "query", "")
    return f"{path}?{query}" if query else path
