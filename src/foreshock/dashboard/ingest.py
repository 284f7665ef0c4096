"""Who may tell us something from outside, how often, and was it told before? The door of ingest.

Programs come here, not browsers: a bearer token of their own, none of the desk's. What they tell is
looked at by detectors and never by whoever trades.
"""

import hmac
from collections import OrderedDict, deque
from collections.abc import Mapping
from hashlib import sha256
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.units import SECOND, Duration, Instant

Turned: TypeAlias = Literal["no token", "not signed", "too old"]
"""Why a caller is turned away."""
RESERVED = frozenset({"kalshi", "polymarket", "foreshock", "demo", "polyalerthub"})
"""Names that nobody outside may speak under without a token of that very name."""
WINDOW = Duration(60 * SECOND)
SIGNED_FOR = Duration(300 * SECOND)
"""How far a signature's time may be from ours."""
SEEN_MAX = 20_000
TIMESTAMP_DIGITS_MAX = 12


class TokenRule(msgspec.Struct, frozen=True):
    """source: the only one this token speaks for; "" for any that is not reserved."""

    source: str
    token: str

    def __repr__(self) -> str:
        """Everything but the token."""
        return f"TokenRule({self.source!r})"


class IngestRules(msgspec.Struct, frozen=True, kw_only=True):
    """is_open: without a token, whoever is on this machine may tell us something."""

    tokens: tuple[TokenRule, ...] = ()
    relay_token: str = ""
    is_relay_signed: bool = False
    is_open: bool = False
    is_simulated: bool = False
    per_minute_max: int = 600

    def __repr__(self) -> str:
        """Everything but the tokens."""
        return f"IngestRules({len(self.tokens)} tokens)"


class IngestDoor:
    """Judges callers; remembers what was told, and when."""

    def __init__(self, rules: IngestRules) -> None:
        self.rules = rules
        self._taken_us: deque[Instant] = deque()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def sources(self, bearer: str, *, is_local: bool) -> tuple[str, ...] | None:
        """The sources that a caller may speak for, ("",) for any; None turns it away."""
        offered = bearer.encode()
        found = tuple(
            rule.source
            for rule in self.rules.tokens
            if hmac.compare_digest(rule.token.encode(), offered)
        )
        if found:
            return found
        return ("",) if self.rules.is_open and is_local and not bearer else None

    def turned_away(
        self, bearer: str, headers: Mapping[str, str], body: bytes, now_us: Instant
    ) -> Turned | None:
        """Why the relay may not come in, None when it may."""
        known = self.rules.relay_token
        if not known or not hmac.compare_digest(known.encode(), bearer.encode()):
            return "no token"
        stamp = headers.get("x-signature-timestamp", "")
        signature = headers.get("x-signature", "")
        if not (stamp or signature or self.rules.is_relay_signed):
            return None
        digest = hmac.new(known.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
        if not hmac.compare_digest(digest, signature.lower()):
            return "not signed"
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= TIMESTAMP_DIGITS_MAX):
            return "too old"
        return "too old" if abs(int(stamp) * SECOND - now_us) > SIGNED_FOR else None

    def wait_us(self, now_us: Instant) -> int:
        """0 when one more may come in, and it is counted; else how long to wait."""
        while self._taken_us and now_us - self._taken_us[0] >= WINDOW:
            self._taken_us.popleft()
        if len(self._taken_us) >= self.rules.per_minute_max:
            return self._taken_us[0] + WINDOW - now_us
        self._taken_us.append(now_us)
        return 0

    def is_new(self, key: str) -> bool:
        """Whether this was not told before; it was from now on."""
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)
        return True


def digest_of(*parts: bytes) -> str:
    """A short name for what was told."""
    return sha256(b"\x00".join(parts)).hexdigest()[:24]


def may_speak_for(sources: tuple[str, ...], source: str) -> bool:
    """Whether a caller's token lets it speak under this name."""
    return source in sources or ("" in sources and source not in RESERVED)
