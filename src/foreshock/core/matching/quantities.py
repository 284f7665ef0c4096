"""Which number does a contract compare with, how, and in what unit? Exact, on plain integers.

Amounts are millionths of the unit. A threshold is a set of numbers between two ends; two of them
are compared on the grid on which the measured thing moves when that is known ("over 4.5" and "5+"
are one set of whole numbers), and end by end when it is not.
"""

import re
from typing import Literal, NamedTuple, TypeAlias

from foreshock.core.domain.units import MICRO, format_micros

Unit: TypeAlias = Literal["", "$", "%", "bps", "°", "°F", "°C"]
SetRelation: TypeAlias = Literal[
    "identity", "complement", "subset", "superset", "overlap", "disjoint", "unknown"
]
QUANTITIES_MAX = 8
DIGITS_MAX = 15

_SCALES = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mm": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
    "b": 1_000_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
    "t": 1_000_000_000_000,
    "tn": 1_000_000_000_000,
    "trillion": 1_000_000_000_000,
}
_UNITS: dict[str, Unit] = {
    "%": "%",
    "percent": "%",
    "bps": "bps",
    "bp": "bps",
    "basis points": "bps",
    "basis point": "bps",
    "°f": "°F",
    "°c": "°C",
    "°": "°",
    "degrees": "°",
    "degrees fahrenheit": "°F",
    "degrees celsius": "°C",
    "usd": "$",
    "dollars": "$",
}
_NUMBER = (
    r"(?P<value{n}>[-+]?\$?-?\d[\d,]*(?:\.\d+)?)"
    r"\s?(?P<scale{n}>(?:thousand|million|billion|trillion|bn|mm|mn|tn|[kmbt])(?![a-z]))?"
)
_UNIT = (
    r"\s?(?P<unit{n}>%|percent(?:age points)?\b|bps\b|bp\b|basis points?\b"
    r"|°\s?[fc]?\b|°|degrees(?: fahrenheit| celsius)?\b|usd\b|dollars\b)?"
)
_FIRST = (_NUMBER + _UNIT).replace("{n}", "1")
_SECOND = (_NUMBER + _UNIT).replace("{n}", "2")
_ABOVE = (
    r"more than|greater than|higher than|larger than|above|over|exceeds?|exceed|>(?!=)"
    r"|o/u|over/under"
)
_ATLEAST = (
    r"greater than or equal to|at least|no less than|not less than|reach(?:es)?|hits?|>="
    r"|minimum of"
)
_BELOW = r"less than|fewer than|lower than|below|under|<(?!=)"
_ATMOST = r"less than or equal to|at most|no more than|up to|<=|maximum of"
_ORMORE = r"\s?(?:\+|or (?:more|higher|above|greater|over|better)|and above)"
_ORLESS = r"\s?(?:or (?:less|lower|below|fewer|under)|and below)"
_RANGE = re.compile(
    r"(?<![\w.$#-])(?:(?:between|from)\s+)?"
    + _FIRST
    + r"(?:\s+and\s+|\s?-\s?|\s+to\s+)(?<!\d- )"
    + _SECOND
    + r"(?![\w.])(?!\s?-\s?\d)"
)
_BOUND = re.compile(
    rf"(?<![\w.#])(?:(?P<ge>{_ATLEAST})|(?P<le>{_ATMOST})|(?P<gt>{_ABOVE})|(?P<lt>{_BELOW}))\s*\(?"
    + _FIRST
    + rf"(?P<more>{_ORMORE})?(?![\w]|\.\d)"
)
_SUFFIX = re.compile(
    r"(?<![\w.#])"
    + _FIRST
    + rf"(?:(?P<more>{_ORMORE})|(?P<less>{_ORLESS}))(?![\w])"
    + _UNIT.replace("{n}", "2")
)
_EXACT = re.compile(r"(?<![\w.#])(?P<exactly>exactly\s+)?" + _FIRST + r"(?![\w]|\.\d)")


class Threshold(NamedTuple):
    """The numbers that make YES, in millionths of `unit`. None: no end on that side.

    start, end: the stretch of the text it was read from.
    """

    low: int | None
    is_low_in: bool
    high: int | None
    is_high_in: bool
    unit: Unit
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"= {format_micros(self.low)}{self.unit}"
        parts: list[str] = []
        if self.low is not None:
            parts.append(f"{'>=' if self.is_low_in else '>'} {format_micros(self.low)}{self.unit}")
        if self.high is not None:
            sign = "<=" if self.is_high_in else "<"
            parts.append(f"{sign} {format_micros(self.high)}{self.unit}")
        return " and ".join(parts)

    def same_numbers(self, other: "Threshold") -> bool:
        """Equal, wherever they were read."""
        return self[:5] == other[:5]


def at_least(amount: int, unit: Unit = "") -> Threshold:
    """That number and all above it."""
    return Threshold(amount, is_low_in=True, high=None, is_high_in=False, unit=unit)


def above(amount: int, unit: Unit = "") -> Threshold:
    """All numbers above that one."""
    return Threshold(amount, is_low_in=False, high=None, is_high_in=False, unit=unit)


def at_most(amount: int, unit: Unit = "") -> Threshold:
    """That number and all below it."""
    return Threshold(None, is_low_in=False, high=amount, is_high_in=True, unit=unit)


def below(amount: int, unit: Unit = "") -> Threshold:
    """All numbers below that one."""
    return Threshold(None, is_low_in=False, high=amount, is_high_in=False, unit=unit)


def between(low: int, high: int, unit: Unit = "") -> Threshold:
    """Both numbers and all between them."""
    return Threshold(low, is_low_in=True, high=high, is_high_in=True, unit=unit)


def find_thresholds(text: str) -> list[Threshold]:
    """Every comparison with a number in a folded text, in order, none read twice."""
    found: list[Threshold] = []
    for pattern, build in (
        (_RANGE, _range),
        (_BOUND, _bound),
        (_SUFFIX, _suffix),
        (_EXACT, _exact),
    ):
        for match in pattern.finditer(text):
            threshold = build(match)
            if threshold is None:
                continue
            found.append(threshold)
            start, end = threshold.start, threshold.end
            text = text[:start] + " " * (end - start) + text[end:]
    return sorted(found, key=lambda t: t.start)[:QUANTITIES_MAX]


def micros_of(text: str, scale: str | None = None) -> int | None:
    """Millionths of a number as written; None when it is absurd or finer than a millionth."""
    digits = text.replace("$", "").replace(",", "").replace("+", "")
    sign = -1 if digits.startswith("-") else 1
    whole, _, fraction = digits.lstrip("-").partition(".")
    if len(whole) > DIGITS_MAX or len(fraction) > DIGITS_MAX or not whole.isdecimal():
        return None
    factor = _SCALES.get(scale or "", 1)
    scaled = int(whole + fraction) * MICRO * factor
    micros, rest = divmod(scaled, 10 ** len(fraction))
    return None if rest else sign * micros


def relate(a: Threshold, b: Threshold, step: int | None) -> SetRelation:
    """How the two sets of numbers relate. step: distance between possible values, in millionths."""
    first, second = _on_grid(a, step), _on_grid(b, step)
    if first is None or second is None:
        return "disjoint"  # a set without any possible number
    if first == second:
        return "identity"
    a_in_b, b_in_a = _contains(second, first), _contains(first, second)
    if a_in_b or b_in_a:
        return "subset" if a_in_b else "superset"
    if _meet(first, second):
        return "overlap"
    return "complement" if _adjoin(first, second, step) else "disjoint"


End: TypeAlias = tuple[int, int] | None
"""(amount, side): side is -1 just below, 0 at, +1 just above the amount; None: endless."""


def _on_grid(t: Threshold, step: int | None) -> tuple[End, End] | None:
    """Lowest and highest possible number; None when no number of the grid is inside."""
    low: End = None if t.low is None else (t.low, 0 if t.is_low_in else 1)
    high: End = None if t.high is None else (t.high, 0 if t.is_high_in else -1)
    if step:
        low = None if low is None else (-(-(low[0] + low[1]) // step) * step, 0)
        high = None if high is None else ((high[0] + high[1]) // step * step, 0)
    if low is not None and high is not None and low > high:
        return None
    return low, high


def _contains(outer: tuple[End, End], inner: tuple[End, End]) -> bool:
    low = outer[0] is None or (inner[0] is not None and outer[0] <= inner[0])
    high = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return low and high


def _meet(a: tuple[End, End], b: tuple[End, End]) -> bool:
    return not (_is_left(a, b) or _is_left(b, a))


def _is_left(a: tuple[End, End], b: tuple[End, End]) -> bool:
    return a[1] is not None and b[0] is not None and a[1] < b[0]


def _adjoin(a: tuple[End, End], b: tuple[End, End], step: int | None) -> bool:
    """Whether together they hold every number: two rays that touch."""
    left, right = (a, b) if _is_left(a, b) else (b, a)
    if left[0] is not None or right[1] is not None or left[1] is None or right[0] is None:
        return False
    if step:
        return right[0][0] - left[1][0] == step
    return left[1][0] == right[0][0] and right[0][1] - left[1][1] == 1


def _unit(match: re.Match[str], n: int) -> Unit:
    written = match[f"unit{n}"]
    if written:
        written = re.sub(r"°\s", "°", written)
        return _UNITS.get(written, "%" if written.startswith("percent") else "")
    return "$" if "$" in match[f"value{n}"] else ""


def _amount(match: re.Match[str], n: int, scale: str | None = None) -> int | None:
    return micros_of(match[f"value{n}"], match[f"scale{n}"] or scale)


def _range(match: re.Match[str]) -> Threshold | None:
    unit = _unit(match, 2) or _unit(match, 1)
    low = _amount(match, 1, match["scale2"])
    high = _amount(match, 2)
    if low is None or high is None or low > high:
        return None
    return between(low, high, unit)._replace(start=match.start(), end=match.end())


def _bound(match: re.Match[str]) -> Threshold | None:
    amount = _amount(match, 1)
    if amount is None:
        return None
    unit, span = _unit(match, 1), match.span()
    if (match["ge"] or "").startswith(("reach", "hit")):
        span = (match.start("value1"), match.end())  # the verb stays to be read: touching counts
    if match["ge"] or (match["gt"] and match["more"]):
        found = at_least(amount, unit)
    elif match["gt"]:
        found = above(amount, unit)
    else:
        found = at_most(amount, unit) if match["le"] else below(amount, unit)
    return found._replace(start=span[0], end=span[1])


def _suffix(match: re.Match[str]) -> Threshold | None:
    amount = _amount(match, 1)
    if amount is None:
        return None
    unit = _unit(match, 1) or _UNITS.get(match["unit2"] or "", "")
    found = at_least(amount, unit) if match["more"] else at_most(amount, unit)
    return found._replace(start=match.start(), end=match.end())


def _exact(match: re.Match[str]) -> Threshold | None:
    """A number alone is a quantity only with a unit, a scale or the word "exactly"."""
    unit = _unit(match, 1)
    amount = _amount(match, 1)
    if amount is None or not (unit or match["scale1"] or match["exactly"]):
        return None
    return between(amount, amount, unit)._replace(start=match.start(), end=match.end())
