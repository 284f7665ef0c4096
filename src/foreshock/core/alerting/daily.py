"""What did the day bring? Counted until midnight UTC, then told: proof of life as well."""

from foreshock.core.alerting.happening import Happening, cents_text
from foreshock.core.alerting.tiers import AT_ONCE_MIN
from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.messages.decisions import PackageClosed
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import DAY, SECOND, Duration, Instant, Rounding, dollar_text


class DayBook:
    """The numbers of one UTC day."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._notices: dict[int, int] = {}
        self._packages: dict[str, int] = {}
        self._realised = 0
        self._fees = 0

    def count(self, notice: Notice) -> None:
        """One more notice."""
        self._notices[notice.severity] = self._notices.get(notice.severity, 0) + 1

    def close(self, package: PackageClosed) -> None:
        """One more package."""
        self._packages[package.outcome] = self._packages.get(package.outcome, 0) + 1
        self._realised += package.realised
        self._fees += package.fees

    def end(self, now_us: Instant) -> Happening:
        """The day in words; the next one begins."""
        ended = " and ".join(f"{n} {outcome}" for outcome, n in sorted(self._packages.items()))
        urgent = sum(n for severity, n in self._notices.items() if severity >= AT_ONCE_MIN)
        figures = (
            Figure("realised", dollar_text(self._realised)),
            Figure("fees", dollar_text(self._fees)),
            Figure("notices", str(sum(self._notices.values()))),
            Figure("urgent", str(urgent)),
        )
        words = (
            f"The desk runs. Packages: {ended or 'none ended'}; realised "
            f"{cents_text(self._realised, Rounding.DOWN)} after "
            f"{cents_text(self._fees, Rounding.UP)} fees; {figures[2].value} notices, "
            f"{urgent} of them urgent."
        )
        self._start()
        return Happening(
            kind="day",
            case="ended",
            key=str(now_us // DAY),
            about="desk",
            subject="the last day",
            words=words,
            figures=figures,
        )


def until_midnight(now_us: Instant) -> Duration:
    """Time to the next UTC midnight, a second more so that it is surely over."""
    return Duration(DAY - now_us % DAY + SECOND)
