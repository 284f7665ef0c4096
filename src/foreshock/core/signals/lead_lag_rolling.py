"""Who leads in every pair right now, when one bar comes in and the oldest one falls out?

The sums behind every correlation are kept as whole numbers for each lag and pair: a bar adds its
products and takes those of the bar that leaves the window away, so nothing drifts and the result
equals `lead_lag.compute_lead_lag` on the same bars to the last digit.
"""

from typing import Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.core.signals.lead_lag import LeadLag, Rule, Verdict

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

NO_MID: Final = int(np.iinfo(np.int64).min)
"""Stands in an array of mids where a bar has none."""
_N, _A, _B, _AA, _BB, _AB, _TOGETHER = range(7)
_KINDS: Final = 7


class Readings(msgspec.Struct, frozen=True, eq=False):
    """What the last window says of every pair; arrays with one entry a pair.

    verdict, stable: numbers of `Verdict`. lag_bars: a's lead, negative when b leads.
    score: the correlation at that lag; NaN when no lag has one.
    """

    verdict: Ints
    stable: Ints
    lag_bars: Ints
    score: Floats
    known_count: Ints
    together_count: Ints
    a_changes_count: Ints
    b_changes_count: Ints

    def of(self, pair: int) -> LeadLag:
        """One pair's window as a value."""
        return LeadLag(
            Verdict(int(self.verdict[pair])),
            int(self.lag_bars[pair]),
            float(self.score[pair]),
            int(self.known_count[pair]),
            int(self.together_count[pair]),
            int(self.a_changes_count[pair]),
            int(self.b_changes_count[pair]),
        )


class RollingLeadLag:
    """The windows of a fixed number of pairs, all ending with the bar added last."""

    def __init__(self, pairs_count: int, rule: Rule) -> None:
        kept = rule.window_bars + rule.lag_bars + 1
        self._rule = rule
        self._bars_count = 0
        self._lags: Ints = np.arange(-rule.lag_bars, rule.lag_bars + 1)
        self._mids: Ints = np.full((2, pairs_count), NO_MID)
        self._changes: Ints = np.zeros((2, kept, pairs_count), np.int64)
        self._known: Ints = np.zeros((2, kept, pairs_count), np.int64)
        """1 where the change is known, else 0; an unknown change is kept as 0."""
        self._sums: Ints = np.zeros((_KINDS, len(self._lags), pairs_count), np.int64)
        self._moved: Ints = np.zeros((2, pairs_count), np.int64)
        self._judged: Ints = np.zeros((rule.stable_windows_count, pairs_count), np.int64)

    def add(self, a: Ints, b: Ints) -> None:
        """Close a bar: each pair's mids in one fixed unit a pair, NO_MID where there is none.

        Raises ValueError when an array has not one entry a pair.
        """
        mids = np.stack((a, b))
        if mids.shape != self._mids.shape:
            raise ValueError(f"{mids.shape[1]} mids for {self._mids.shape[1]} pairs")
        known = (mids != NO_MID) & (self._mids != NO_MID)
        bound = self._rule.change_max
        changes = np.where(known, np.where(known, mids, 0) - np.where(known, self._mids, 0), 0)
        at = self._bars_count % self._changes.shape[1]
        self._changes[:, at] = np.clip(changes, -bound, bound)
        self._known[:, at] = known
        self._mids = mids
        self._sums += self._products(self._bars_count)
        self._moved += self._changes[:, at] != 0
        self._drop(self._bars_count - self._rule.window_bars)
        self._bars_count += 1
        if self._bars_count % self._rule.stride_bars == 0:
            self._judged[:-1] = self._judged[1:]
            self._judged[-1] = self._window().verdict

    def clear(self, pair: int) -> None:
        """Forget everything about one pair, so that its place can serve another."""
        self._mids[:, pair] = NO_MID
        for kept in (self._changes, self._known, self._sums):
            kept[:, :, pair] = 0
        self._moved[:, pair] = 0
        self._judged[:, pair] = Verdict.UNKNOWN

    def widen(self, pairs_count: int) -> None:
        """Make room for more pairs."""
        fresh = RollingLeadLag(pairs_count, self._rule)
        for name, wide in vars(fresh).items():
            kept = getattr(self, name)
            if isinstance(wide, np.ndarray) and name != "_lags":
                wide[..., : kept.shape[-1]] = kept
                setattr(self, name, wide)

    def agreeing(self, pair: int) -> int:
        """How many of the last judged windows name what is stable."""
        stable = self._stable()[pair]
        return int((self._judged[:, pair] == stable).sum())

    def readings(self) -> Readings:
        """Judge the window that ends with the last bar, for every pair."""
        return self._window()

    def _drop(self, bar: int) -> None:
        if bar < 0:
            return
        self._sums -= self._products(bar)
        self._moved -= self._changes[:, bar % self._changes.shape[1]] != 0

    def _products(self, bar: int) -> Ints:
        """What the pairs of changes whose later one belongs to `bar` add to each sum."""
        lag_bars, kept = self._rule.lag_bars, self._changes.shape[1]
        now = bar % kept
        before = (bar - np.arange(lag_bars + 1)) % kept
        x, y = _by_lag(self._changes, now, before)
        x_known, y_known = _by_lag(self._known, now, before)
        found = np.empty_like(self._sums)
        np.multiply(x_known, y_known, out=found[_N])
        np.multiply(x, y_known, out=found[_A])
        np.multiply(y, x_known, out=found[_B])
        np.multiply(found[_A], x, out=found[_AA])
        np.multiply(found[_B], y, out=found[_BB])
        np.multiply(x, y, out=found[_AB])
        np.not_equal(found[_AB], 0, out=found[_TOGETHER], casting="unsafe")
        return found

    def _window(self) -> Readings:
        scores = _scores(self._sums)
        best = self._best(scores)
        pairs = np.arange(len(best), dtype=np.intp)
        score, lag = scores[best, pairs], self._lags[best]
        known, together = self._sums[_N, best, pairs], self._sums[_TOGETHER, best, pairs]
        margin = score - self._opposite(scores, lag)
        rule = self._rule
        with np.errstate(invalid="ignore"):
            is_seen = (
                (score >= rule.score_min)
                & (score * np.sqrt(known) >= rule.sigma_min)
                & (together >= rule.together_min)
                & (score * np.sqrt(together) >= rule.support_min)
                & ((lag == 0) | (margin >= rule.margin_min))
            )
        sides = (Verdict.B_LEADS, Verdict.TOGETHER, Verdict.A_LEADS)
        named = np.take(np.array(sides), np.sign(lag) + 1)
        is_enough = (known >= rule.known_min) & (self._moved.min(axis=0) >= rule.changes_min)
        verdict = np.where(is_enough, np.where(is_seen, named, Verdict.NONE), Verdict.UNKNOWN)
        return Readings(
            verdict.astype(np.int64),
            self._stable(),
            lag,
            score,
            known,
            together,
            self._moved[0].copy(),
            self._moved[1].copy(),
        )

    def _best(self, scores: Floats) -> NDArray[np.intp]:
        """Row of the highest score of each pair; of equal ones the one `Rule.lags` names first."""
        order: NDArray[np.intp] = np.array(self._rule.lags, np.intp) + self._rule.lag_bars
        ranked = np.where(np.isnan(scores), -np.inf, scores)[order]
        found: NDArray[np.intp] = order[ranked.argmax(axis=0)]
        return found

    def _opposite(self, scores: Floats, lag: Ints) -> Floats:
        """The best score of the direction that is not the leader's; -inf when it has none."""
        lag_bars = self._rule.lag_bars
        usable = np.where(np.isnan(scores), -np.inf, scores)
        b_leads: Floats = usable[:lag_bars].max(axis=0)
        a_leads: Floats = usable[lag_bars + 1 :].max(axis=0)
        return np.where(lag > 0, b_leads, a_leads)

    def _stable(self) -> Ints:
        rule, judged = self._rule, self._judged
        known = (judged != Verdict.UNKNOWN).sum(axis=0)
        found = np.where(known >= rule.stable_min, int(Verdict.NONE), int(Verdict.UNKNOWN))
        for verdict in (Verdict.A_LEADS, Verdict.B_LEADS, Verdict.TOGETHER):
            count = (judged == verdict).sum(axis=0)
            is_stable = (count >= rule.stable_min) & (2 * count > rule.stable_windows_count)
            found = np.where(is_stable, int(verdict), found)
        return found


def _by_lag(kept: Ints, now: int, before: NDArray[np.intp]) -> tuple[Ints, Ints]:
    """Both sides' entries for every lag from -L to L, the later one of each at `now`.

    kept: shape (2, bars, pairs). before: places of the bars 0, 1, ... L before `now`.
    """
    a, b = kept
    pairs_count = a.shape[1]
    lag_bars = len(before) - 1
    a_now = np.broadcast_to(a[now], (lag_bars, pairs_count))
    b_now = np.broadcast_to(b[now], (lag_bars + 1, pairs_count))
    return np.concatenate((a_now, a[before])), np.concatenate((b[before[:0:-1]], b_now))


def _scores(sums: Ints) -> Floats:
    """Pearson's correlation for every lag and pair; NaN where a side never changes its change."""
    n, a, b, aa, bb, ab = sums[:_TOGETHER]
    spread_a, spread_b, shared = n * aa - a * a, n * bb - b * b, n * ab - a * b
    with np.errstate(invalid="ignore", divide="ignore"):
        found = shared / (np.sqrt(spread_a) * np.sqrt(spread_b))
    return np.where((spread_a == 0) | (spread_b == 0), np.nan, found)
