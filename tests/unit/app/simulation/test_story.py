"""A seed is a whole run of the real desk: it trades, it is judged, and it happens again."""

from foreshock.app.simulation.story import run_seed


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


def test_a_run_with_hostile_words_sends_the_orders_of_its_twin_without_them() -> None:
    report = run_seed(4, "text")
    assert report.faults["hostile words"] > 0
    assert report.reached["twin without words"] == 1
    assert report.violations == ()
