"""What does one frame of a source outside the venues say?"""

import msgspec

from foreshock.core.domain.messages.signals import OracleReported

SOURCE_PREFIX = "oracle:"
"""How a source is called where venues are named: it trades nothing, and nothing trades on it."""


class OracleFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame or an answer, read. Words are empty where there is nothing to say.

    skipped: messages are missing before this one. ended: the source is about to stop, or refuses.
    unknown: a kind of message that we do not know, by its name.
    """

    reports: tuple[OracleReported, ...] = ()
    skipped: str = ""
    ended: str = ""
    unknown: str = ""


NOTHING_SAID = OracleFrame()
