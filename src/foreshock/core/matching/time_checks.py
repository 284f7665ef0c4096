"""Do two contracts look at the same time, and by the same deadline?

Written dates come first. A game without a written date is known by its kick-off, which one venue
gives as the market's end and the other as a close two weeks after it. Contracts without any date
are compared by their ends, and ends that differ leave the window unknown.
"""

from foreshock.core.domain.relations import ClauseAgreement, RelationKind, Span
from foreshock.core.domain.units import DAY, Instant
from foreshock.core.matching import civil
from foreshock.core.matching.checks import Check
from foreshock.core.matching.lexicon import COUNTED
from foreshock.core.matching.reading import Reading
from foreshock.core.matching.when import Days, Moment

Spans = tuple[Span, ...]
HOUR = DAY // 24
MINUTE = HOUR // 60
PLAYED_IN = "America/New_York"
"""Where the days of tickers and slugs are counted."""
KICKOFF_SLACK = 3 * HOUR
"""Kick-off and close of one game may differ by this much: the close may be the expected end."""
CLOSE_LAGS = (0, 14 * DAY)
"""How long after kick-off Kalshi closes a game's market: at once, or two weeks for safety."""
RESCHEDULED = 2 * DAY
"""Further apart than this, two games between the same teams are two games."""
SAME_END = 30 * HOUR
"""Ends of undated contracts that count as one: a day's end differs by venue and time zone."""


RELATIVE = ("today", "tonight", "tomorrow")


def check_window(a: Reading, b: Reading) -> Check:
    """The days that are measured."""
    if a.fixture is not None and b.fixture is not None:
        return _check_kickoff(a, b)
    if a.window.start is not None or b.window.start is not None:
        return _check_start(a, b)
    first, second = a.window.period, b.window.period
    if first is not None and second is not None:
        return _check_periods(a, b, first, second)
    written = (first is not None and "window" not in a.inferred) or (
        second is not None and "window" not in b.inferred
    )
    if written:
        return _of("unknown", a, b, "only one side says which days count")
    return _check_undated(a, b)


def check_deadline(a: Reading, b: Reading) -> Check:
    """The first day that no longer counts."""
    first, second = a.window.deadline, b.window.deadline
    shown = _deadline(first), _deadline(second)
    spans = _spans(a), _spans(b)
    holes = (*a.window.holes, *b.window.holes)
    if holes:
        return Check("deadline", "unknown", *shown, "; ".join(dict.fromkeys(holes)), *spans)
    if _rules_disagree(a, b):
        words = "the rule texts name other deadlines"
        return Check("deadline", "unknown", *_ruled(a, b), words, *_rule_spans(a, b))
    if first is None and second is None:
        return Check("deadline", "absent", "", "", "no deadline", (), (), "identity")
    if first is None or second is None:
        return Check("deadline", "unknown", *shown, "only one side has a deadline", *spans)
    return Check("deadline", *_two_deadlines(shown, first, second, spans))


def _rules_disagree(a: Reading, b: Reading) -> bool:
    """Whether both rule texts write deadlines, and none of them in common."""
    first, second = ({c.value for c in r.terms.deadlines} for r in (a, b))
    return bool(first and second) and not first & second


def _ruled(a: Reading, b: Reading) -> tuple[str, str]:
    shown = [", ".join(f"before {c.value}" for c in r.terms.deadlines) for r in (a, b)]
    return shown[0], shown[1]


def _rule_spans(a: Reading, b: Reading) -> tuple[Spans, Spans]:
    spans = [tuple(Span(c.field, c.start, c.end) for c in r.terms.deadlines) for r in (a, b)]
    return spans[0], spans[1]


def _two_deadlines(
    shown: tuple[str, str], first: Days, second: Days, spans: tuple[Spans, Spans]
) -> tuple[ClauseAgreement, str, str, str, Spans, Spans, RelationKind]:
    if first.first == second.first and first.has_year == second.has_year:
        return "agree", *shown, "the same deadline", *spans, "identity"
    if _same_but_year(first, second):
        return "unknown", *shown, "one side does not say the year", *spans, "unknown"
    earlier: RelationKind = "subset" if first.first < second.first else "superset"
    return "differ", *shown, "different deadlines", *spans, earlier


def check_moment(a: Reading, b: Reading) -> Check:
    """The time of day, in whatever zone it is written."""
    first, second = a.window.moment, b.window.moment
    shown = _moment(first), _moment(second)
    if (first is None and second is None) or a.fixture is not None:
        return Check("window", "absent", "", "", "no time of day", (), (), "identity")
    if first is None or second is None:
        return Check("window", "unknown", *shown, "only one side names a time of day")
    day = (a.window.period or b.window.period or Days(0, 1)).first
    if not first.zone or not second.zone:
        same = first.minute == second.minute and first.zone == second.zone
        words = "a time of day without its zone"
        return Check("window", "agree" if same else "unknown", *shown, words)
    one, two = (civil.utc_minute(day, m.minute, m.zone) for m in (first, second))
    if one != two:
        return Check("window", "differ", *shown, "different times of day")
    return Check("window", "agree", *shown, "the same time of day", (), (), "identity")


def is_same_kickoff(a: Reading, b: Reading) -> bool:
    """Whether the markets' ends fit one kick-off to the hour."""
    first, second = a.contract.closes_us, b.contract.closes_us
    if first is None or second is None:
        return False
    return _off(first, second) <= KICKOFF_SLACK


def _check_periods(a: Reading, b: Reading, first: Days, second: Days) -> Check:
    if first == second and a.window.is_week == b.window.is_week:
        return _of("agree", a, b, "the same days")
    if _same_but_year(first, second):
        return _of("unknown", a, b, "one side does not say the year")
    if a.window.is_season != b.window.is_season and abs(first.first - second.first) < 366 + 1:
        return _of("unknown", a, b, "a season against a calendar year")
    return _of("differ", a, b, "different days")


def _check_start(a: Reading, b: Reading) -> Check:
    if a.window.start == b.window.start:
        return _of("agree", a, b, "the same first day")
    if a.window.start is None or b.window.start is None:
        return _of("unknown", a, b, "only one side says from when it counts")
    return _of("differ", a, b, "different first days")


def _check_undated(a: Reading, b: Reading) -> Check:
    if a.window.deadline is not None or b.window.deadline is not None:
        return _of("absent", a, b, "the deadline says it")
    first, second = a.contract.closes_us, b.contract.closes_us
    if first is None and second is None:
        return _of("absent", a, b, "neither side gives a date")
    if first is None or second is None:
        return _of("unknown", a, b, "only one side gives its end")
    return _check_ends(a, b, first, second)


def _check_ends(a: Reading, b: Reading, first: Instant, second: Instant) -> Check:
    if a.has("measure", *COUNTED) and b.has("measure", *COUNTED):
        return _check_play(a, b) or _kickoff(a, b, first, second)
    if any(r.has("word", *RELATIVE) or r.has("name", *RELATIVE) for r in (a, b)):
        return _of("unknown", a, b, "a day that is named from the day of writing")
    if abs(first - second) <= SAME_END:
        return _of("agree", a, b, "the same end")
    return _of("unknown", a, b, "undated, and the markets end at different times")


def _check_kickoff(a: Reading, b: Reading) -> Check:
    written = a.window.period, b.window.period
    if written[0] is not None and written[1] is not None:
        return _check_periods(a, b, written[0], written[1])
    return _check_play(a, b) or _of("unknown", a, b, "the day of play is not known on both sides")


def _check_play(a: Reading, b: Reading) -> Check | None:
    """By day and hour of play where identifiers tell, else by the markets' ends; None: neither."""
    first, second = _play(a), _play(b)
    if first is not None and second is not None and (_is_dated(a) or _is_dated(b)):
        if first[0] != second[0]:
            return _of("differ", a, b, "different days of play")
        if _is_other_hour(first[1], second[1]):
            return _of("differ", a, b, "different hours of play")
        return _of("agree", a, b, "the same day of play")
    ends = a.contract.closes_us, b.contract.closes_us
    if ends[0] is None or ends[1] is None:
        return None
    return _kickoff(a, b, ends[0], ends[1])


def _is_other_hour(first: int | None, second: int | None) -> bool:
    return (
        None not in {first, second} and abs((first or 0) - (second or 0)) * MINUTE > KICKOFF_SLACK
    )


def _is_dated(reading: Reading) -> bool:
    return reading.evidence.day is not None


def _play(reading: Reading) -> tuple[int, int | None] | None:
    """Day and minute of play in New York: by ticker or slug; Polymarket's games end at kick-off."""
    closes = reading.contract.closes_us
    start = None
    if reading.contract.venue == "polymarket" and closes is not None and closes % DAY:
        start = civil.local_time(closes // MINUTE, PLAYED_IN)
    if reading.evidence.day is not None:
        return reading.evidence.day, reading.evidence.minute
    return start


def _kickoff(a: Reading, b: Reading, first: Instant, second: Instant) -> Check:
    off = _off(first, second)
    if off <= KICKOFF_SLACK:
        return _of("agree", a, b, "the same kick-off, by the markets' ends")
    if off <= RESCHEDULED:
        return _of("unknown", a, b, "the markets' ends nearly fit one kick-off")
    return _of("differ", a, b, "the markets' ends do not fit one kick-off")


def _off(first: Instant, second: Instant) -> int:
    gap = abs(first - second)
    return min(abs(gap - lag) for lag in CLOSE_LAGS)


def _of(agreement: ClauseAgreement, a: Reading, b: Reading, words: str) -> Check:
    shown = _window(a), _window(b)
    relation: RelationKind = "identity" if agreement in {"agree", "absent"} else "unknown"
    return Check("window", agreement, *shown, words, _spans(a), _spans(b), relation)


def _same_but_year(a: Days, b: Days) -> bool:
    if a.has_year == b.has_year:
        return False
    return civil.date_of(a.first)[1:] == civil.date_of(b.first)[1:]


def _window(reading: Reading) -> str:
    if reading.window.period is not None:
        return str(reading.window.period)
    ends = reading.contract.closes_us
    if reading.evidence.day is not None:
        return civil.text_of(reading.evidence.day)
    return "" if ends is None else f"ends {civil.text_of(civil.day_of(ends))}"


def _deadline(deadline: Days | None) -> str:
    return "" if deadline is None else f"before {deadline}"


def _moment(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return f"{moment.minute // 60:02d}:{moment.minute % 60:02d} {moment.zone or 'of no zone'}"


def _spans(reading: Reading) -> tuple[Span, ...]:
    return tuple(Span(*place) for place in reading.window.places)
