"""What does an event come to, before anybody is told?"""

import msgspec

from foreshock.core.alerting.tiers import Case
from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.notices import Kind


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is worth a notice. case: its row of the table of tiers.

    key: makes the notice's id together with its kind; different for every event that differs.
    """

    kind: Kind
    case: Case
    key: str
    about: str
    subject: str
    words: str
    figures: tuple[Figure, ...] = ()
