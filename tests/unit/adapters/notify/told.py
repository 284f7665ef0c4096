"""Notices for the tests of channels."""

import msgspec

from foreshock.core.domain.alerts import Severity
from foreshock.core.domain.messages.alerting import Notify
from foreshock.core.domain.notices import Notice, Sink
from tests.unit.dashboard.alerting_told import notice

HOSTILE = (
    "@everyone <@&1> [free](https://evil.test) **b** `x` \u202egnp.exe\n# big <!channel> &amp;"
)
"""Mentions, a link, markup, text that turns the direction of reading, a line of its own."""


def a_notice(
    number: int = 1, severity: Severity = 3, *, words: str = "moved", topic: str = "Crypto"
) -> Notice:
    return msgspec.structs.replace(
        notice(), notice_id=f"n{number}", severity=severity, words=words, topic=topic
    )


def notify(number: int = 1, severity: Severity = 3, *, sink: Sink = "discord") -> Notify:
    told = a_notice(number, severity)
    return Notify(f"{sink}/{told.notice_id}", sink, told)
