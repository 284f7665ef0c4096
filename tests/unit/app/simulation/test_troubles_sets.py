"""Sets are turned in seeds by a wallet, behind the desk's own doors, and the books hold."""

import pytest

from foreshock.app.simulation.ground import SETS_MAX, WALLET, ground, with_wallet
from foreshock.app.simulation.story import run_seed
from foreshock.app.simulation.troubles_sets import FATES, KINDS, MARKETS_COUNT, SETS_COUNT_MAX
from foreshock.core.domain.units import MICRO


def test_a_seed_turns_sets_and_its_books_are_the_exchanges() -> None:
    lines: list[str] = []
    report = run_seed(3, "sets", lines.append)
    assert report.violations == ()
    assert report.failures == ()
    assert report.reached["conversion"] > 0
    assert any(" settle POST /submit " in line for line in lines)
    assert any("TrueTransfer" in line and "kind=split" in line for line in lines)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_the_desk_of_such_a_seed_has_a_wallet_beside_its_key(kind: int) -> None:
    base = with_wallet(ground(), kind)
    (account,) = [one for one in base.config.accounts if one.venue == "polymarket"]
    assert account.signature_type == kind == base.holder.signature_type
    assert account.sets_max == SETS_MAX
    assert base.holder.owns(WALLET)
    assert ground().holder.signature_type == 0


def test_some_wishes_are_refused_and_some_transactions_fail() -> None:
    assert SETS_COUNT_MAX * MICRO > SETS_MAX
    assert {"split", "merge", "redeem"} == set(KINDS)
    assert "fail" in FATES
    assert MARKETS_COUNT > 1
