"""Which short strings say what a contract is about, so that its twin elsewhere has them too?

Each feature has a prefix for its kind: `w:` word, `b:` two words in a row, `p:` beginning of a
word, `n:` number, `d:` month and day, `y:` year, `t:` tag. The weight says how much a kind counts
beside its rarity.
"""

import re
import unicodedata
from decimal import ROUND_CEILING, Decimal
from typing import Final

from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.index_names import (
    CLUB_CITIES,
    MONTH_OF,
    PHRASE_ALIASES,
    PHRASES,
    WORD_ALIASES,
)

FEATURES_MAX: Final = 64
TEXT_MAX: Final = 400
"""Characters of a field that are read."""
TAGS_MAX: Final = 8

WORD, PAIR, PREFIX, CITY = 100, 60, 50, 70
NUMBER, BORDER, DAY, MONTH, YEAR, TAG = 140, 60, 120, 72, 60, 20
WEIGHT_MAX = 255
"""Weights in percent of a word's."""
OWN_PERCENT, EVENT_PERCENT = 100, 40
"""What the event's title counts beside the contract's own."""
PREFIX_LETTERS = 5
DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Last day of each month, as titles have it in most years."""
DAYS_MAX = 31
DIGITS_MAX = 15
"""A longer number is a serial number: it stays a word."""

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_LONG_MONTH = _MONTH + r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
_MONTH_DAY = re.compile(
    rf"(before +)?(?<![a-z]){_LONG_MONTH}\.? +(\d\d?)(?:st|nd|rd|th)?(?![\d.])"
    r"(?:,? +(20\d\d)(?!\d))?"
)
_DAY_MONTH = re.compile(rf"(?<![\d.])(\d\d?)(?:st|nd|rd|th)? +{_LONG_MONTH}(?![a-z])")
_END_OF = re.compile(rf"end of (?:the +)?(?:{_LONG_MONTH}|year|(20\d\d))(?![a-z\d])")
_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_TICKER_DAY = re.compile(rf"(?<!\d)(\d\d){_MONTH}(\d\d)")
_TICKER_STRIKE = re.compile(r"-[a-z]?(\d+(?:\.\d+)?)$")
_YEAR = re.compile(r"20\d\d")
_SCORE = re.compile(r"(?<![\d.-])(\d{1,2}) ?- ?(\d{1,2})(?![\d.-])")
_TOKEN = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)(?: ?(k|m|bn|b|tn|t|thousand|million|billion|trillion)|bps?|c|f|pct)?"
    r"(?![a-z0-9])"
    r"|[^\W_]+"
)
_INITIAL = re.compile(r"(?<![a-z0-9])([a-z])\.(?=[a-z]\b|[ -]|$)")
_POWERS = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
    "t": 12,
    "tn": 12,
    "trillion": 12,
}
_PLAIN_LABELS = frozenset({"", "yes", "no"})


def features_of(contract: ContractText) -> dict[str, int]:
    """Weight of each feature, at most FEATURES_MAX, own words first. Never raises on any text."""
    found: dict[str, int] = {}
    for text in _own_texts(contract):
        _read(text, OWN_PERCENT, found)
    _read_reference(contract, found)
    if contract.event_title and contract.event_title != contract.title:
        _read(contract.event_title, EVENT_PERCENT, found)
    if contract.series:
        _keep(found, f"t:{contract.venue} {contract.series[:TEXT_MAX]}", TAG)
    for tag in (contract.category, *contract.tags)[:TAGS_MAX]:
        for word in _folded(tag).split():
            _keep(found, f"t:{_stem(word)}", TAG)
    return dict(list(found.items())[:FEATURES_MAX])


def text_of(contract: ContractText) -> str:
    """What a contract says of itself, as a whole: for embeddings."""
    return " ".join(_own_texts(contract))[:TEXT_MAX]


def _own_texts(contract: ContractText) -> list[str]:
    """The title and whatever a label adds to it."""
    labels = [
        label
        for label in (contract.group_item, contract.yes_label)
        if label.strip().lower() not in _PLAIN_LABELS and label not in contract.title
    ]
    return [contract.title, *labels]


def _read(text: str, percent: int, found: dict[str, int]) -> None:
    """Dates first, so that a day of the month is no threshold; then scores, numbers and words."""
    folded = _folded(text)
    folded = _INITIAL.sub(r"\1", PHRASES.sub(lambda m: PHRASE_ALIASES[m[0]], folded))
    folded = _without_dates(folded, percent, found)
    for home, away in _SCORE.findall(folded):
        _keep(found, f"s:{home}-{away}", NUMBER * percent // 100)
    before = ""
    for match in _TOKEN.finditer(folded):
        digits, power = match[1], match[2]
        if digits and len(digits) <= DIGITS_MAX:
            _read_number(digits, power, percent, found)
            before = ""
            continue
        word = _stem(match[0])
        if word in MONTH_OF:
            _keep(found, f"m:{MONTH_OF[word]}", MONTH * percent // 100)
        _keep(found, f"w:{word}", WORD * percent // 100)
        if before:
            _keep(found, f"b:{before} {word}", PAIR * percent // 100)
        before = word
        for city in CLUB_CITIES.get(word, ()):
            _keep(found, f"w:{_stem(city)}", CITY * percent // 100)
        if len(word) > PREFIX_LETTERS:
            _keep(found, f"p:{word[:PREFIX_LETTERS]}", PREFIX * percent // 100)


def _read_number(digits: str, power: str | None, percent: int, found: dict[str, int]) -> None:
    """A number and its neighbour across a strict border: 4.5 also as 5, 59,099.99 also as 59,100.

    Whether the border counts is for the comparison to say; here both spellings must meet.
    """
    if _YEAR.fullmatch(digits) and not power:
        _keep(found, f"y:{digits}", YEAR * percent // 100)
        return
    value = Decimal(digits.replace(",", "")).scaleb(_POWERS.get(power or "", 0))
    whole = value.to_integral_value(rounding=ROUND_CEILING)
    is_border = value != whole and (value % 1 in _BORDERS)
    if not is_border:
        _keep(found, f"n:{_plain(value)}", NUMBER * percent // 100)
        return
    _keep(found, f"n:{_plain(whole)}", NUMBER * percent // 100)
    _keep(found, f"n:{_plain(value)}", BORDER * percent // 100)


_BORDERS = frozenset({Decimal("0.5"), Decimal("0.99"), Decimal("0.999"), Decimal("0.9999")})


def _read_reference(contract: ContractText, found: dict[str, int]) -> None:
    """What a ticker or slug adds: the day and the strike."""
    native = contract.id.partition(":")[2].lower()[:TEXT_MAX]
    for year, month, day in _TICKER_DAY.findall(native):
        _keep_day(found, MONTH_OF[month], day, DAY)
        _keep(found, f"y:20{year}", YEAR)
    for year, month, day in _ISO.findall(f"{contract.slug[:TEXT_MAX]} {contract.event[:TEXT_MAX]}"):
        _keep_day(found, int(month), day, DAY)
        _keep(found, f"y:{year}", YEAR)
    strike = _TICKER_STRIKE.search(native) if "-" in native and contract.venue == "kalshi" else None
    if strike and "." in strike[1] and len(strike[1]) <= DIGITS_MAX:
        _read_number(strike[1], None, OWN_PERCENT, found)
    for text in (contract.strike_floor, contract.strike_cap):
        if text and len(text) <= DIGITS_MAX and re.fullmatch(r"\d+(\.\d+)?", text):
            _read_number(text, None, OWN_PERCENT, found)


def _without_dates(text: str, percent: int, found: dict[str, int]) -> str:
    """The text with each day of a month taken out and kept as a feature.

    "before July 1" is also June 30, "end of June" too: which of them counts the comparison says.
    """

    def month_day(match: re.Match[str]) -> str:
        before, name, day, year = match.groups()
        month = MONTH_OF[name]
        _keep_day(found, month, day, DAY * percent // 100)
        if year:
            _keep(found, f"y:{year}", YEAR * percent // 100)
        if before and int(day) == 1:
            _keep_last_day(found, month - 1 or len(DAYS), DAY * percent // 100)
            if year and month == 1:
                _keep(found, f"y:{int(year) - 1}", YEAR * percent // 100)
        return " "

    def day_month(match: re.Match[str]) -> str:
        _keep_day(found, MONTH_OF[match[2]], match[1], DAY * percent // 100)
        return " "

    def end_of(match: re.Match[str]) -> str:
        _keep_last_day(found, MONTH_OF[match[1]] if match[1] else len(DAYS), DAY * percent // 100)
        if match[2]:
            _keep(found, f"y:{match[2]}", YEAR * percent // 100)
        return " "

    text = _END_OF.sub(end_of, text) if "end of" in text else text
    return _DAY_MONTH.sub(day_month, _MONTH_DAY.sub(month_day, text))


def _keep_last_day(found: dict[str, int], month: int, weight: int) -> None:
    _keep_day(found, month, str(DAYS[month - 1]), weight)


def _keep_day(found: dict[str, int], month: int, day: str, weight: int) -> None:
    if 1 <= month <= len(MONTH_OF) and 1 <= int(day) <= DAYS_MAX:
        _keep(found, f"d:{month}-{int(day)}", weight)
        _keep(found, f"m:{month}", weight * MONTH // DAY)


def _keep(found: dict[str, int], feature: str, weight: int) -> None:
    if weight > found.get(feature, 0):
        found[feature] = weight


def _folded(text: str) -> str:
    """Lower case without accents; compatibility forms spelt out."""
    text = text[:TEXT_MAX]
    if not text.isascii():
        spelt = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in spelt if not unicodedata.combining(c)).replace("\u2019", "'")
    return text.lower().replace("'s ", " ").replace("'", "")


def _stem(word: str) -> str:
    """Without a plural s, then as its alias."""
    if len(word) > 3 and word[-1] == "s" and word[-2] != "s":  # noqa: PLR2004 - three letters: a word of its own
        word = WORD_ALIASES.get(word, word[:-1])
    return WORD_ALIASES.get(word, word)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
