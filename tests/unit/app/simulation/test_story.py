"""A seed is a whole run of the real desk: it trades, it is judged, and it happens again."""

import random

from foreshock.app.simulation.mix import TROUBLES, draw_mix
from foreshock.app.simulation.story import REPLAYED_EVERY, run_seed


def test_a_calm_seed_trades_at_both_venues_and_ends_at_rest() -> None:
    lines: list[str] = []
    report = run_seed(1, "calm", lines.append)
    assert report.violations == ()
    assert report.failures == ()
    assert report.reached["package hedged"] > 0
    filled = [line for line in lines if line.split(" ", 2)[1] == "TrueFill"]
    assert any("venue=polymarket" in line for line in filled)
    assert any("venue=kalshi" in line for line in filled)


def test_the_same_seed_is_the_same_run() -> None:
    assert run_seed(2, "calm").digest == run_seed(2, "calm").digest


def test_a_run_with_hostile_words_sends_no_order_that_silence_would_not() -> None:
    report = run_seed(4, "text")
    for fault in ("hostile words", "hostile voice", "hostile advice"):
        assert report.faults[fault] > 0
    assert report.reached["run silenced"] == 1
    assert report.violations == ()


def test_a_hundred_seeds_replay_every_trouble_from_its_record() -> None:
    replayed = range(0, 100, REPLAYED_EVERY)
    mixes = [draw_mix("swarm", random.Random(f"{seed} swarm")) for seed in replayed]
    assert {name for mix in mixes for name, _ in mix.troubles} == set(TROUBLES)


def test_a_run_whose_memory_was_damaged_is_replayed_all_the_same() -> None:
    """Only a journal in which a bit was turned says nothing any more."""
    reports = [run_seed(seed, "disk") for seed in (0, 24)]
    assert all(report.faults["bit flipped"] for report in reports)
    assert all(report.reached["run replayed"] for report in reports)
    assert not any(report.violations for report in reports)
