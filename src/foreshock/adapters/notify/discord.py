"""What does Discord get for a notice? One embed, no mentions, within its documented lengths.

Source: Discord's documentation of webhooks, August 2026.
"""

from collections.abc import Mapping

import msgspec

from foreshock.adapters.notify.texts import first_line, for_discord, iso, plain
from foreshock.adapters.notify.webhooks import Webhook
from foreshock.adapters.seams import HttpRequest
from foreshock.core.domain.alerts import Severity
from foreshock.core.domain.notices import Notice

CONTENT_MAX, TITLE_MAX, DESCRIPTION_MAX = 2_000, 256, 4_096
FIELDS_MAX, FIELD_NAME_MAX, FIELD_VALUE_MAX = 25, 256, 1_024
FOOTER_MAX, EMBED_MAX = 2_048, 6_000
WORDS_MAX = 2_000
"""Of the description: escaping may double it, and title, fields and footer need room too."""
FIGURES_MAX = 6
COLOURS: Mapping[Severity, int] = {
    1: 0x95A5A6,
    2: 0x3498DB,
    3: 0xF1C40F,
    4: 0xE67E22,
    5: 0xE74C3C,
}
SUPPRESS_NOTIFICATIONS = 4_096
"""A message with this flag rings nobody's phone: for what is only to be read some time."""
JSON = (("content-type", "application/json"),)


def discord_request(webhook: Webhook, notice: Notice) -> HttpRequest:
    """The request; `wait` has Discord say whether it was kept."""
    embed: dict[str, object] = {
        "title": for_discord(notice.subject, TITLE_MAX),
        "description": for_discord(notice.words, WORDS_MAX),
        "color": COLOURS[notice.severity],
        "fields": [
            {
                "name": for_discord(figure.name, FIELD_NAME_MAX) or "-",
                "value": for_discord(figure.value, FIELD_NAME_MAX) or "-",
                "inline": True,
            }
            for figure in notice.figures[:FIGURES_MAX]
        ],
        "footer": {"text": plain(f"{notice.about} | id {notice.notice_id}", FIELD_NAME_MAX)},
        "timestamp": iso(notice.event_us),
    }
    body: dict[str, object] = {
        "content": for_discord(first_line(notice), CONTENT_MAX),
        "embeds": [embed],
        "allowed_mentions": {"parse": []},
    }
    if notice.severity == 1:
        body["flags"] = SUPPRESS_NOTIFICATIONS
    separator = "&" if "?" in webhook.path else "?"
    path = f"{webhook.path}{separator}wait=true"
    return HttpRequest("POST", path, JSON, msgspec.json.encode(body))
