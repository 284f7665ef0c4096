"""Is this title about one game, between whom, and which side does it pick?

Both venues write games as "A vs B", "A at B", with the market after a colon and the side after a
dash. Club names are shortened by one venue or the other: a short name is part of a long one, and
only together with the same kick-off is that proof.
"""

import re
from typing import Literal, NamedTuple, TypeAlias

from foreshock.core.matching.lexicon import STOP
from foreshock.core.matching.quantities import find_thresholds
from foreshock.core.matching.teams import Club, clubs_of
from foreshock.core.matching.text import Folded, words
from foreshock.core.matching.when import find_dates

SIDE_WORDS_MAX = 7
"""Words of one side: more is a sentence, not a club."""
STEM_MIN = 5
"""Letters after which a longer word is the same place's: Brest, Brestois."""
NameMatch: TypeAlias = Literal["same", "short", "differ"]

_KIND = (
    r"(?:\s+(?:(?:wo)?men's\s+)?"
    r"(?:(?:pro|professional|college)\s+\w+|league of legends|\w+ soccer))?"
    r"\s+(?:game|match|fight|series)"
)
"""What Kalshi puts behind the teams: "women's Pro Basketball game", "college football game"."""
_GAME = re.compile(
    r"^\s*(?:(?P<league>[^:?]{2,30}):\s+)?(?P<one>[^:?]+?)\s+(?P<join>vs?\.?|at|@)\s+"
    rf"(?P<two>[^:?]+?)(?:{_KIND})?"
    r"(?P<rest>:\s.*|\s+-\s+.*|\s+(?:winner|spread|total|moneyline)\b.*)?\s*\??\s*$"
)
_WON_GAME = re.compile(
    r"^\s*will (?P<pick>[^:?]+?) win the (?P<one>[^:?]+?)\s+(?P<join>vs?\.?)\s+"
    rf"(?P<two>[^:?]+?)(?::[^:?]{{2,60}})?(?:{_KIND})\s*\??\s*$"
)
_BEATS = re.compile(r"^\s*will (?P<one>[^:?]+?) (?:beat|defeat) (?P<two>[^:?]+?)\s*\??\s*$")
_SCORE = re.compile(
    r"^\s*exact score:\s+(?P<one>.+?)\s+(?P<score>\d+\s?-\s?\d+)\s+(?P<two>[^?]+?)\s*\??\s*$"
)
_PICK = re.compile(r"(?:\s-\s+(?P<pick>[^?]+?)|:\s+(?P<winner>[^:?]+?)\s+wins?)\s*\??\s*$")
_SENTENCE = re.compile(r"^\s*(?:will|who|what|when|which|how|does|is|are|if)\b|\b(?:win|price)\b")
_AFFIXES_WORDS = """
fc cf sc afc ac acf cfc bc ud cd sd ca rc rcd ssc ss us as ogc osc sco losc sv bv vfb vfl tsg sk
jk fk if bk kv krc rsc psv nk gnk hnk ks club calcio de the rb bsc cp sl 1 04 05 09 1846 1899
1900 1901 1903 1904 1907 1909 1913 29
"""
_AFFIXES = frozenset(_AFFIXES_WORDS.split())
"""What clubs add to their names in full and drop in short."""
_MARKS_WORDS = """
b ii iii u17 u18 u19 u20 u21 u23 w wfc lfc women womens ladies femenino feminino feminine femeni
femminile frauen reserves youth jets
state tech oh fl southern northern western eastern central am
"""
_MARKS = frozenset(_MARKS_WORDS.split())
"""What makes it another team of the same name."""
_ALIASES = {"munchen": "munich", "utd": "united", "athletico": "atletico", "st": "saint"}
_LAST_ALIASES = {**_ALIASES, "st": "state"}


class Side(NamedTuple):
    """One team. club: when a league's table knows it."""

    words: tuple[str, ...]
    club: Club | None

    def __str__(self) -> str:
        return " ".join(self.words)


class Fixture(NamedTuple):
    """One game. pick: 0 or 1 for the side YES pays on, None when the title names none.

    rest: what follows the teams, as stretches of the folded title still to be read. score: of an
    exact-score market, the first side's goals first. start, end: the two
    sides, as written. is_two_way: the market's two labels are the two sides, so no draw pays.
    """

    sides: tuple[Side, Side]
    league: str
    pick: int | None
    score: tuple[int, int] | None
    rest: tuple[int, int]
    start: int
    end: int
    is_two_way: bool = False


def find_fixture(folded: Folded, league: str) -> Fixture | None:
    """The game a title is about; None when it is about something else."""
    all_read = len(folded.text), len(folded.text)
    if match := _SCORE.match(folded.text):
        return _fixture(folded, match, league, all_read)
    if match := _WON_GAME.match(folded.text):
        found = _fixture(folded, match, league, all_read)
        return found._replace(pick=pick_of(found, match["pick"]))
    if (match := _BEATS.match(folded.text)) and not any(map(_is_clause, match.groups())):
        return _fixture(folded, match, league, all_read)._replace(pick=0)
    match = None if _SENTENCE.search(folded.text) else _GAME.match(folded.text)
    if match is None or any(_is_no_side(match[side]) for side in ("one", "two")):
        return None
    found = _fixture(folded, match, league, match.span("rest"))
    is_place = match["join"] in {"at", "@"} and not (match["rest"] or found.league)
    return None if is_place else found  # "protests at a place" is no game


def pick_of(fixture: Fixture, label: str) -> int | None:
    """The side a label names: "Los Angeles L", "Lakers"; None when neither or both."""
    side = _side(label, None, fixture.league)
    fits = [i for i, each in enumerate(fixture.sides) if same_side(each, side) != "differ"]
    return fits[0] if len(fits) == 1 and side.words else None


def same_side(a: Side, b: Side) -> NameMatch:
    """Whether two names are one team. short: one is an abbreviation of the other."""
    if a.club is not None and b.club is not None:
        return "same" if a.club == b.club else "differ"
    if a.words == b.words:
        return "same"
    if _MARKS & (set(a.words) ^ set(b.words)):
        return "differ"
    if not a.words or not b.words:
        return "differ"
    return "short" if _shortens(a.words, b.words) or _shortens(b.words, a.words) else "differ"


def is_shortened(a: Fixture, b: Fixture) -> bool:
    """Whether neither team has the same name on both sides, only a part of it."""
    straight = [same_side(a.sides[i], b.sides[i]) for i in (0, 1)]
    crossed = [same_side(a.sides[i], b.sides[1 - i]) for i in (0, 1)]
    return ["short", "short"] in (straight, crossed) and ["same", "same"] not in (straight, crossed)


def turned(a: Fixture, b: Fixture, pick: int) -> int:
    """Which side of `a`'s game is side `pick` of `b`'s, when they are one game."""
    cost = {"same": 0, "short": 1, "differ": 4}
    straight = sum(cost[same_side(a.sides[i], b.sides[i])] for i in (0, 1))
    crossed = sum(cost[same_side(a.sides[i], b.sides[1 - i])] for i in (0, 1))
    return 1 - pick if crossed < straight else pick


def _fixture(folded: Folded, match: re.Match[str], league: str, rest: tuple[int, int]) -> Fixture:
    named = match.groupdict().get("league") or ""
    league = league or named.strip()
    sides = (_words_of(match["one"]), _words_of(match["two"]))
    clubs = clubs_of(sides, league)
    first, second = (Side(s, clubs[i] if clubs else None) for i, s in enumerate(sides))
    score = match.groupdict().get("score")
    goals = tuple(int(g) for g in score.split("-")) if score else ()
    league = clubs[0].league if clubs else league
    fixture = Fixture(
        (first, second),
        league,
        None,
        (goals[0], goals[1]) if goals else None,
        rest,
        *folded.place(match.start("one"), match.end("two")),
    )
    chosen = _PICK.search(folded.text, match.end("two"))
    if chosen is None:
        return fixture
    pick = pick_of(fixture, chosen["pick"] or chosen["winner"])
    if pick is None:
        return fixture
    return fixture._replace(pick=pick, rest=(rest[0], chosen.start()))


def _is_clause(side: str) -> bool:
    """Whether a side says more than a name: "Harris in Ohio"."""
    return _is_no_side(side) or bool(STOP & set(side.split()))


def _is_no_side(name: str) -> bool:
    plain = name.strip()
    count = len(plain.split())
    has_numbers = any(d.month for d in find_dates(plain)) or any(
        t.unit for t in find_thresholds(plain)
    )
    return not 1 <= count <= SIDE_WORDS_MAX or has_numbers


def _side(name: str, club: Club | None, league: str) -> Side:
    found = _words_of(name.lower())
    clubs = clubs_of((found,), league) if club is None and league else None
    return Side(found, clubs[0] if clubs else club)


def _words_of(name: str) -> tuple[str, ...]:
    folded = Folded(name, None, name)
    found = [w.text for w in words(folded)]
    ends = len(found) - 1
    plain = [
        (_LAST_ALIASES if index == ends > 0 else _ALIASES).get(word, word)
        for index, word in enumerate(found)
    ]
    kept = tuple(w for w in plain if w not in _AFFIXES and (w not in STOP or len(w) == 1))
    return kept or tuple(plain)


def _shortens(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of `short` is one of `long`, a lone last letter a word's beginning."""
    left = list(long)
    for index, word in enumerate(short):
        is_letter = len(word) == 1 and index == len(short) - 1 and index > 0
        fits = next((w for w in left if w == word), None) or next(
            (w for w in left if (is_letter or len(word) >= STEM_MIN) and w.startswith(word)), None
        )
        if fits is None:
            return False
        left.remove(fits)
    return True
