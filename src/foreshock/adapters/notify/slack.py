"""What does Slack get for a notice? Blocks of plain text and a fallback line.

Source: Slack's documentation of incoming webhooks and Block Kit, 2026.
"""

import msgspec

from foreshock.adapters.notify.texts import first_line, for_slack, iso, plain
from foreshock.adapters.notify.webhooks import Webhook
from foreshock.adapters.seams import HttpRequest
from foreshock.core.domain.notices import Notice

HEADER_MAX, SECTION_MAX, FIELD_MAX = 150, 3_000, 2_000
WORDS_MAX = 2_000
FIGURES_MAX = 8
"""Slack takes ten fields of a section at most."""
JSON = (("content-type", "application/json"),)


def slack_request(webhook: Webhook, notice: Notice) -> HttpRequest:
    """The request; Slack answers `ok` in plain text."""
    section: dict[str, object] = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": for_slack(notice.words, WORDS_MAX) or "-"},
    }
    if notice.figures:
        section["fields"] = [
            {
                "type": "mrkdwn",
                "text": f"*{for_slack(figure.name, 200)}*\n{for_slack(figure.value, 200)}",
            }
            for figure in notice.figures[:FIGURES_MAX]
        ]
    context = f"{iso(notice.event_us)} | {notice.about} | id {notice.notice_id}"
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": plain(first_line(notice), 150)}},
        section,
        {"type": "context", "elements": [{"type": "plain_text", "text": plain(context, 300)}]},
    ]
    body = {"text": for_slack(first_line(notice), SECTION_MAX), "blocks": blocks}
    return HttpRequest("POST", webhook.path, JSON, msgspec.json.encode(body))
