from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.positions import Ledger
from foreshock.core.risk.exposure import Exposure
from tests.trading import A, contracts, dollars


def test_what_a_split_made_counts_as_held_and_what_a_merge_gave_back_does_not() -> None:
    ledger = Ledger()
    ledger.deposit("polymarket", dollars(100))
    exposure = Exposure(ledger)
    split = ConversionClosed(
        conversion_id="s1",
        kind="split",
        market=A,
        quantity=contracts(10),
        ours=contracts(10),
        outcome="confirmed",
        words="",
    )
    exposure.convert(split)
    assert exposure.by_market() == {A: dollars(10)}
    assert exposure.cash_at("polymarket") == dollars(90)
    merge = ConversionClosed(
        conversion_id="m1",
        kind="merge",
        market=A,
        quantity=contracts(10),
        ours=contracts(10),
        outcome="confirmed",
        words="",
    )
    exposure.convert(merge)
    assert exposure.by_market() == {}
    assert exposure.cash_at("polymarket") == dollars(100)
