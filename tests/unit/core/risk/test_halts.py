"""Do halts stay, and do runs of rejects end?"""

from foreshock.core.domain.messages.decisions import Halted
from foreshock.core.risk.halts import Halts, Rejects


def test_a_halted_scope_keeps_its_first_reason_until_it_is_resumed() -> None:
    halts = Halts()
    assert halts.halt(Halted("kalshi", "executor", "residual"))
    assert not halts.halt(Halted("kalshi", "operator", "later")), "said once, until resumed"
    assert halts.words(["kalshi"]) == "kalshi was halted by executor: residual"
    assert halts.words(["polymarket"]) is None
    halts.resume("all")
    assert halts.words(["kalshi"]) is not None
    halts.resume("kalshi")
    assert halts.words(["kalshi"]) is None


def test_a_halt_of_everything_covers_every_venue() -> None:
    halts = Halts()
    halts.halt(Halted("all", "operator", "x"))
    assert halts.words(["polymarket"]) is not None
    assert halts.words([]) is not None


def test_a_run_of_rejects_is_told_once_and_counted_by_venue() -> None:
    rejects = Rejects(2)
    assert [rejects.add("a", "tick") for _ in range(3)] == [False, True, False]
    assert not rejects.add("b", "tick")
    rejects.clear("a")
    assert not rejects.add("a", "tick")
