"""What does an event come to, before anybody is told?"""

import msgspec

from foreshock.core.alerting.tiers import Case
from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.notices import Kind
from foreshock.core.domain.units import Rounding, divide, dollar_text

CENT = 10_000
TAIL_CHARS = 6


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


def tail_of(package_id: str) -> str:
    """Enough of a package's id to tell it from others; the notice is about the whole one."""
    return package_id if len(package_id) <= TAIL_CHARS else f"...{package_id[-TAIL_CHARS:]}"


def cents_text(amount: int, rounding: Rounding) -> str:
    """Money to the cent, for reading: what is finer is in the figures."""
    return dollar_text(divide(amount, CENT, rounding) * CENT)
