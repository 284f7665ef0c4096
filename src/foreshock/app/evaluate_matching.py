"""How often is the matcher right on labelled pairs, and would it fall for a naive scanner's rows?

Precision and recall are of accepting: an accepted pair is right when its label is `equivalent`, or
`inverse` and it was accepted as a complement. `recall` counts a pair sent to review as half found,
`auto_recall` not at all. `unsure` rows are shown and not counted.
"""

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from foreshock.app.exits import CommandError, Exit
from foreshock.app.labelled_rows import LabelledPair, labelled_pairs, scanned_pairs
from foreshock.core.domain.relations import Comparison
from foreshock.core.matching.calibration import Tier, posterior_ppm
from foreshock.core.matching.compare import ACCEPT_PPM, MATCHER, Comparer, tier_of
from foreshock.core.matching.reading import read
from foreshock.core.matching.text import fold, words

POSITIVE = ("equivalent", "inverse")
ERROR_TARGET = 0.005
"""A false-match rate of 0.5 %, at 95 % confidence: what the matcher has to prove."""
CONFIDENCE = 0.95
SHOWN_MAX = 200
"""False accepts and missed pairs that are listed."""
_HALVINGS = 60


class Shown(msgspec.Struct, frozen=True):
    """One pair worth reading. line: of the file."""

    line: int
    family: str
    label: str
    decision: str
    relation: str
    title_a: str
    title_b: str
    reason: str


class Score(msgspec.Struct, frozen=True):
    """Counts and rates of one family, or of all. Rates are None where nothing can be divided."""

    family: str
    decided_count: int
    positive_count: int
    unsure_count: int
    accepted_count: int
    false_accepts: int
    review_count: int
    tradable_count: int
    precision: float | None
    recall: float | None
    auto_recall: float | None


class Baseline(msgspec.Struct, frozen=True):
    """The best that shared title words alone can do, with the threshold chosen on these rows."""

    threshold: float
    precision: float
    recall: float
    f1: float
    false_accepts: int


class HeldOut(msgspec.Struct, frozen=True):
    """The same rows, each family judged by a calibration that has not seen it.

    demoted_families: those whose accepted pairs then fall short of acceptance, and go to review.
    """

    recall: float | None
    auto_recall: float | None
    false_accepts: int
    demoted_families: tuple[str, ...]


class PairEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What `evaluate matching` says about labelled pairs; top-level rates are micro-averages."""

    file: str
    matcher: str
    rows_count: int
    decided_count: int
    unsure_count: int
    accepted_count: int
    false_accepts: int
    precision: float | None
    recall: float | None
    auto_recall: float | None
    macro_precision: float | None
    macro_recall: float | None
    macro_auto_recall: float | None
    review_share: float | None
    tradable_count: int
    unsure_accepted_count: int
    error_bound: float | None
    is_error_proven: bool
    error_words: str
    not_compared: dict[str, int]
    families: tuple[Score, ...]
    baseline: Baseline | None
    held_out: HeldOut
    false_accept_rows: tuple[Shown, ...]
    missed_rows: tuple[Shown, ...]


class ScanEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What `evaluate matching` says about a scanner's rows, none of which was executable."""

    file: str
    matcher: str
    rows_count: int
    claimed_count: int
    opportunities: int
    review_count: int
    tradable_count: int
    relations: dict[str, int]
    opportunity_rows: tuple[Shown, ...]


class _Judged(msgspec.Struct, frozen=True):
    row: LabelledPair
    found: Comparison

    @property
    def is_positive(self) -> bool:
        return self.row.label in POSITIVE

    @property
    def is_accepted(self) -> bool:
        return self.found.decision == "accept"

    @property
    def is_right(self) -> bool:
        is_turned = self.row.label == "inverse" and self.found.relation == "identity"
        return self.is_accepted and self.is_positive and not is_turned


def evaluate(path: Path) -> PairEvaluation | ScanEvaluation:
    """Score labelled pairs (.jsonl) or a scanner's rows (.csv, or a folder of them).

    Raises CommandError when there is nothing to score or a row cannot be read.
    """
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        if not files:
            raise CommandError(
                Exit.USAGE,
                "NO_ROWS",
                f"{path} holds no .csv file",
                "give a folder of a scanner's .csv files, or a .jsonl file of labelled pairs",
            )
        return _scan(path, files)
    if path.suffix == ".csv":
        return _scan(path, [path])
    return score_pairs(path.name, labelled_pairs(path))


def score_pairs(name: str, rows: Iterable[LabelledPair]) -> PairEvaluation:
    """Compare every row and score the decided ones. Raises CommandError when there are none."""
    comparer = Comparer()
    judged = [_Judged(row, comparer(row.a, row.b)) for row in rows]
    decided = [each for each in judged if each.row.label != "unsure"]
    if not decided:
        raise CommandError(
            Exit.USAGE, "NO_ROWS", f"{name} holds no decided row", "label at least one row"
        )
    families = tuple(
        _score(family, [j for j in judged if j.row.family == family])
        for family in sorted({j.row.family for j in judged})
    )
    total = _score("all", judged)
    bound = error_bound(total.false_accepts, total.accepted_count)
    absent = Counter(c.clause for j in judged for c in j.found.clauses if c.agreement == "absent")
    return PairEvaluation(
        file=name,
        matcher=MATCHER,
        rows_count=len(judged),
        decided_count=len(decided),
        unsure_count=total.unsure_count,
        accepted_count=total.accepted_count,
        false_accepts=total.false_accepts,
        precision=total.precision,
        recall=total.recall,
        auto_recall=total.auto_recall,
        macro_precision=_mean(f.precision for f in families),
        macro_recall=_mean(f.recall for f in families),
        macro_auto_recall=_mean(f.auto_recall for f in families),
        review_share=_ratio(total.review_count, len(decided)),
        tradable_count=total.tradable_count,
        unsure_accepted_count=sum(j.is_accepted for j in judged if j.row.label == "unsure"),
        error_bound=bound,
        is_error_proven=bound is not None and bound <= ERROR_TARGET,
        error_words=error_words(total.false_accepts, total.accepted_count),
        not_compared=dict(absent.most_common()),
        families=families,
        baseline=_baseline(decided),
        held_out=_held_out(decided),
        false_accept_rows=_shown(j for j in decided if j.is_accepted and not j.is_right),
        missed_rows=_shown(j for j in decided if j.is_positive and not j.is_accepted),
    )


def error_bound(errors: int, accepts: int) -> float | None:
    """Upper end of the one-sided 95 % interval of the false-match rate; None without accepts.

    Clopper-Pearson: the rate at which `errors` or fewer would be seen with probability 5 %. For
    no error it is 1 - 0.05 ** (1 / accepts), about 3 / accepts.
    """
    if accepts == 0:
        return None
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _at_most(errors, accepts, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def error_words(errors: int, accepts: int) -> str:
    """The error rate as it may be published."""
    bound = error_bound(errors, accepts)
    if bound is None:
        return "not yet provable: nothing was accepted"
    said = f"{errors} of {accepts} accepted were wrong; at most {bound:.2%} with 95 % confidence"
    if bound <= ERROR_TARGET:
        return said
    needed = math.ceil(math.log(1 - CONFIDENCE) / math.log(1 - ERROR_TARGET))
    return (
        f"{said}. {ERROR_TARGET:.1%} is not yet provable: that takes {needed} accepts without error"
    )


def _at_most(errors: int, accepts: int, rate: float) -> float:
    if rate >= 1:
        return float(errors >= accepts)
    logs = [
        math.lgamma(accepts + 1)
        - math.lgamma(k + 1)
        - math.lgamma(accepts - k + 1)
        + (k * math.log(rate) if k else 0.0)
        + (accepts - k) * math.log1p(-rate)
        for k in range(min(errors, accepts) + 1)
    ]
    return sum(map(math.exp, logs))


def _score(family: str, judged: list[_Judged]) -> Score:
    decided = [j for j in judged if j.row.label != "unsure"]
    positive = [j for j in decided if j.is_positive]
    accepted = [j for j in decided if j.is_accepted]
    right = sum(j.is_right for j in accepted)
    reviewed = sum(j.found.decision == "review" for j in positive)
    return Score(
        family=family,
        decided_count=len(decided),
        positive_count=len(positive),
        unsure_count=len(judged) - len(decided),
        accepted_count=len(accepted),
        false_accepts=len(accepted) - right,
        review_count=sum(j.found.decision == "review" for j in decided),
        tradable_count=sum(j.found.is_tradable for j in decided),
        precision=_ratio(right, len(accepted)),
        recall=_ratio(2 * right + reviewed, 2 * len(positive)),
        auto_recall=_ratio(right, len(positive)),
    )


def _held_out(decided: list[_Judged]) -> HeldOut:
    """Recalibrate on the other families, and see what would still be accepted."""
    accepted = [j for j in decided if j.is_accepted]
    tiers: list[Tier] = [tier_of(read(j.row.a), read(j.row.b)) for j in accepted]
    counts: Counter[tuple[str, Tier, bool]] = Counter()
    for judged, tier in zip(accepted, tiers, strict=True):
        counts[judged.row.family, tier, judged.is_right] += 1
    kept: list[_Judged] = []
    demoted: set[str] = set()
    for judged, tier in zip(accepted, tiers, strict=True):
        right, seen = _others(counts, judged.row.family, tier)
        if posterior_ppm(right, seen) >= ACCEPT_PPM:
            kept.append(judged)
        else:
            demoted.add(judged.row.family)
    positives = sum(j.is_positive for j in decided)
    right = sum(j.is_right for j in kept)
    reviewed = sum(j.is_positive and j.found.decision == "review" for j in decided)
    reviewed += sum(j.is_right for j in accepted) - right
    return HeldOut(
        recall=_ratio(2 * right + reviewed, 2 * positives),
        auto_recall=_ratio(right, positives),
        false_accepts=len(kept) - right,
        demoted_families=tuple(sorted(demoted)),
    )


def _others(counts: Counter[tuple[str, Tier, bool]], family: str, tier: Tier) -> tuple[int, int]:
    others = [(key[2], n) for key, n in counts.items() if key[0] != family and key[1] == tier]
    return sum(n for is_right, n in others if is_right), sum(n for _, n in others)


def _baseline(decided: list[_Judged]) -> Baseline | None:
    """Accept above a share of common title words; the share with the best F1 on these rows."""
    scored = sorted(((_likeness(j.row), j.is_positive) for j in decided), key=lambda pair: -pair[0])
    positives = sum(is_positive for _, is_positive in scored)
    best: Baseline | None = None
    right = 0
    for count, (likeness, is_positive) in enumerate(scored, start=1):
        right += is_positive
        if count < len(scored) and scored[count][0] == likeness:
            continue
        f1 = 2 * right / (count + positives)
        if right and (best is None or f1 > best.f1):
            best = Baseline(likeness, right / count, right / positives, f1, count - right)
    return best


def _likeness(row: LabelledPair) -> float:
    first, second = ({w.text for w in words(fold(c.title))} for c in (row.a, row.b))
    return len(first & second) / len(first | second) if first | second else 0.0


def _scan(path: Path, files: list[Path]) -> ScanEvaluation:
    comparer = Comparer()
    relations: Counter[str] = Counter()
    rows = claimed = reviewed = tradable = opportunities = 0
    shown: list[Shown] = []
    for file in files:
        for row in scanned_pairs(file):
            found = comparer(row.a, row.b)
            rows += 1
            claimed += row.is_claimed
            relations[found.relation] += 1
            reviewed += found.decision == "review"
            tradable += found.is_tradable
            if found.decision == "accept" or found.is_tradable:
                opportunities += 1
                shown.append(
                    _row(row.line, file.name, "scanner", found, (row.a.title, row.b.title))
                )
    return ScanEvaluation(
        file=path.name,
        matcher=MATCHER,
        rows_count=rows,
        claimed_count=claimed,
        opportunities=opportunities,
        review_count=reviewed,
        tradable_count=tradable,
        relations=dict(relations.most_common()),
        opportunity_rows=tuple(shown[:SHOWN_MAX]),
    )


def _shown(judged: Iterable[_Judged]) -> tuple[Shown, ...]:
    rows = [
        _row(j.row.line, j.row.family, j.row.label, j.found, (j.row.a.title, j.row.b.title))
        for j in judged
    ]
    return tuple(rows[:SHOWN_MAX])


def _row(line: int, family: str, label: str, found: Comparison, titles: tuple[str, str]) -> Shown:
    decision, relation = found.decision, found.relation
    return Shown(line, family, label, decision, relation, titles[0], titles[1], found.reason)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
