"""What do Discord and Slack answer to a webhook? Stand-ins that check what they are sent.

They hold messages to the documented lengths, count them against the documented rates, know which
webhooks exist, and fail on order. Sources: both services' documentation, August 2026.
"""

from collections import deque
from typing import Any

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.wire_text import Query, answer
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant

DISCORD_RATE, DISCORD_WINDOW = 5, Duration(2 * SECOND)
"""Messages a webhook takes in a window, as its headers say."""
SLACK_RATE, SLACK_WINDOW = 1, Duration(SECOND)
KEPT_MAX = 10_000
CONTENT_MAX, EMBEDS_MAX, FIELDS_MAX, EMBED_CHARS_MAX = 2_000, 10, 25, 6_000
LENGTHS = {"title": 256, "description": 4_096}
BLOCKS_MAX, HEADER_MAX, SECTION_MAX, SECTION_FIELDS_MAX = 50, 150, 3_000, 10


class Failure(msgspec.Struct):
    """The next `count` requests get this status. retry_after_s: with 429; None is not said."""

    status: int
    count: int
    retry_after_s: float | None = None


class Rate:
    """Messages within a moving window."""

    def __init__(self, count_max: int, window: Duration) -> None:
        self._count_max = count_max
        self._window = window
        self._taken_us: deque[Instant] = deque()

    def wait_us(self, now_us: Instant) -> int:
        """0 when one more fits, and it is counted; else how long to wait."""
        while self._taken_us and now_us - self._taken_us[0] >= self._window:
            self._taken_us.popleft()
        if len(self._taken_us) >= self._count_max:
            return self._taken_us[0] + self._window - now_us
        self._taken_us.append(now_us)
        return 0


class DiscordStandIn:
    """`POST /api/webhooks/{id}/{token}`. messages: bodies that were taken, oldest first.

    webhooks: token by id; whatever is not here was deleted. is_patient: no rate applies.
    """

    def __init__(self, webhooks: dict[str, str], *, is_patient: bool = False) -> None:
        self.webhooks = webhooks
        self.messages: deque[tuple[str, dict[str, Any]]] = deque(maxlen=KEPT_MAX)
        self.failure: Failure | None = None
        self.requests_count = 0
        self._rates: dict[str, Rate] = {}
        self._is_patient = is_patient

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Answer one request."""
        self.requests_count += 1
        parts = [part for part in Query(request).parts if part not in {"v9", "v10"}]
        match parts:
            case ["api", "webhooks", webhook, token] if self.webhooks.get(webhook) == token:
                return self._execute(request, webhook, now_us)
            case ["api", "webhooks", webhook, _] if webhook in self.webhooks:
                return answer(401, {"message": "Invalid Webhook Token", "code": 50_027})
            case _:
                return answer(404, {"message": "Unknown Webhook", "code": 10_015})

    def _execute(self, request: HttpRequest, webhook: str, now_us: Instant) -> HttpResponse:
        failed = _failed(self.failure)
        if failed is not None:
            return failed
        rate = self._rates.setdefault(webhook, Rate(DISCORD_RATE, DISCORD_WINDOW))
        wait_us = 0 if self._is_patient else rate.wait_us(now_us)
        if wait_us > 0:
            return _limited(wait_us / MICRO)
        body = _object(request.body)
        wrong = "not JSON" if body is None else _wrong_for_discord(body)
        if body is None or wrong:
            return answer(400, {"message": wrong, "code": 50_035})
        self.messages.append((webhook, body))
        if Query(request).flag("wait"):
            return answer(200, {"id": str(now_us), "webhook_id": webhook, **body})
        return HttpResponse(204, b"")


class SlackStandIn:
    """`POST /services/T/B/token`. messages: bodies that were taken, oldest first."""

    def __init__(self, paths: set[str], *, is_patient: bool = False) -> None:
        self.paths = paths
        self.messages: deque[tuple[str, dict[str, Any]]] = deque(maxlen=KEPT_MAX)
        self.failure: Failure | None = None
        self.requests_count = 0
        self._rate = Rate(SLACK_RATE, SLACK_WINDOW)
        self._is_patient = is_patient

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Answer one request; in plain text, as Slack does."""
        self.requests_count += 1
        path = request.path.partition("?")[0]
        if path not in self.paths:
            return HttpResponse(404, b"no_service")
        failed = _failed(self.failure)
        if failed is not None:
            return failed
        wait_us = 0 if self._is_patient else self._rate.wait_us(now_us)
        if wait_us > 0:
            seconds = str(-(-wait_us // MICRO))
            return HttpResponse(429, b"rate_limited", (("retry-after", seconds),))
        body = _object(request.body)
        if body is None or _wrong_for_slack(body):
            return HttpResponse(400, b"invalid_payload" if body is None else b"invalid_blocks")
        self.messages.append((path, body))
        return HttpResponse(200, b"ok")


def _failed(failure: Failure | None) -> HttpResponse | None:
    """The ordered failure, counted down."""
    if failure is None or failure.count <= 0:
        return None
    failure.count -= 1
    if failure.status == 429:  # noqa: PLR2004 - the one status that has more to say
        return _limited(failure.retry_after_s)
    return answer(failure.status, {"message": "ordered to fail", "code": 0})


def _limited(seconds: float | None) -> HttpResponse:
    """Discord says it twice: rounded up in the header, exactly in the body."""
    body: dict[str, object] = {"message": "You are being rate limited.", "global": False}
    if seconds is None:
        return answer(429, body)
    header = ("retry-after", str(int(-(-seconds // 1))))
    plain = answer(429, body | {"retry_after": seconds})
    return HttpResponse(plain.status, plain.body, (*plain.headers, header))


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return None


def _wrong_for_discord(body: dict[str, Any]) -> str:
    """What Discord would refuse, "" when nothing."""
    embeds = body.get("embeds", [])
    if not body.get("content") and not embeds:
        return "Cannot send an empty message"
    if len(body.get("content", "")) > CONTENT_MAX or len(embeds) > EMBEDS_MAX:
        return "Must be 2000 or fewer in length"
    return next((wrong for wrong in map(_wrong_embed, embeds) if wrong), "")


def _wrong_embed(embed: dict[str, Any]) -> str:
    fields = embed.get("fields", [])
    texts = [str(embed.get(name, "")) for name in LENGTHS] + [
        part for field in fields for part in (field["name"], field["value"])
    ]
    texts.append(embed.get("footer", {}).get("text", ""))
    too_long = [n for n, most in LENGTHS.items() if len(str(embed.get(n, ""))) > most]
    if too_long or len(fields) > FIELDS_MAX or sum(map(len, texts)) > EMBED_CHARS_MAX:
        return "Embed size exceeds maximum"
    bare = [f for f in fields if not 0 < len(f["name"]) <= 256 or not 0 < len(f["value"]) <= 1_024]  # noqa: PLR2004 - the documented lengths, used once
    return "A field is empty or too long" if bare else ""


def _wrong_for_slack(body: dict[str, Any]) -> str:
    """What Slack would refuse, "" when nothing."""
    blocks = body.get("blocks", [])
    if not body.get("text") or len(blocks) > BLOCKS_MAX:
        return "no_text"
    return next((wrong for wrong in map(_wrong_block, blocks) if wrong), "")


def _wrong_block(block: dict[str, Any]) -> str:
    most = {"header": HEADER_MAX, "section": SECTION_MAX}.get(block["type"])
    if most is None:
        return ""
    text = block["text"]["text"]
    is_long = not 0 < len(text) <= most or len(block.get("fields", [])) > SECTION_FIELDS_MAX
    return "invalid_blocks" if is_long else ""
