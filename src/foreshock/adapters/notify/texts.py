"""How does a notice read on a channel? Foreign text never becomes a mention, a link or markup.

Titles and reasons are written by venues and strangers: they are shown, and nothing else.
"""

import re
import unicodedata
from datetime import UTC, datetime

from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import MICRO, Instant

FIRST_LINE_MAX = 280
"""What a phone shows of a message."""
DISCORD_MARKUP = re.compile(r"([\\`*_~|>#\[\]()<@:-])")
SLACK_MARKUP = re.compile(r"([*_~`])")
ZERO_WIDTH = "\u200b"
SIMULATED = "[SIMULATED] "
SHORTENED = "..."


def plain(text: str, chars_max: int) -> str:
    """One line without anything invisible or that turns the direction of reading."""
    shown = "".join(
        " " if unicodedata.category(char) in {"Zl", "Zp", "Zs", "Cc"} else char
        for char in text
        if unicodedata.category(char) not in {"Cf", "Cs", "Co", "Cn"}
    )
    return shortened(" ".join(shown.split()), chars_max)


def shortened(text: str, chars_max: int) -> str:
    """The beginning of a text that is too long, and a sign that it is one."""
    if len(text) <= chars_max:
        return text
    return text[: chars_max - len(SHORTENED)] + SHORTENED


def first_line(notice: Notice) -> str:
    """What happened and where, short enough for a phone."""
    label = SIMULATED if notice.is_simulated else ""
    times = f" (x{notice.count})" if notice.count > 1 and notice.kind != "digest" else ""
    head = f"{label}{notice.level.upper()} {notice.kind}: {notice.subject}{times}"
    return plain(head, FIRST_LINE_MAX)


def for_discord(text: str, chars_max: int) -> str:
    """Every character that could start markup is escaped; a link is not clickable any more."""
    escaped = DISCORD_MARKUP.sub(r"\\\1", plain(text, chars_max))
    return shortened(escaped, chars_max)


def for_slack(text: str, chars_max: int) -> str:
    """Slack's three characters as entities; emphasis and links are broken up."""
    shown = plain(text, chars_max).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    broken = SLACK_MARKUP.sub(rf"{ZERO_WIDTH}\1", shown).replace("://", f":{ZERO_WIDTH}//")
    return shortened(broken, chars_max)


def iso(at_us: Instant) -> str:
    """The time as both services and jq read it: UTC, to the millisecond."""
    seconds, micros = divmod(at_us, MICRO)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
