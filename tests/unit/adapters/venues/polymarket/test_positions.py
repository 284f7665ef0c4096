"""Do splits, merges and redemptions read as the venue's own client writes them, and nothing else?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.polymarket.positions import (
    NEG_RISK_ADAPTER,
    STANDARD_ADAPTER,
    PositionCall,
    calldata,
    merge,
    read_call,
    redeem,
    split,
)
from foreshock.core.domain.errors import InvariantError, OrderRejectedError
from foreshock.core.domain.messages.conversions import ConversionKind
from foreshock.core.domain.units import Money, Quantity
from tests.unit.adapters.venues.polymarket.builders import market
from tests.unit.adapters.venues.polymarket.vectors import POSITION
from tests.unit.adapters.venues.polymarket.wallet_calls import (
    CALL,
    CONDITION,
    MERGE,
    QUANTITY,
    REDEEM,
    SPLIT,
)

ALONE = msgspec.structs.replace(market(), native_id=CONDITION, exclusive_group=None)
ONE_OF_MANY = msgspec.structs.replace(ALONE, exclusive_group="0x" + "1" * 64)


def test_calls_are_byte_for_byte_those_of_the_official_client() -> None:
    assert calldata(split(ALONE, QUANTITY)).hex() == SPLIT
    assert calldata(merge(ALONE, QUANTITY)).hex() == MERGE
    assert calldata(redeem(ALONE)).hex() == REDEEM


def test_a_neg_risk_market_has_an_adapter_of_its_own() -> None:
    assert split(ALONE, QUANTITY).contract == STANDARD_ADAPTER
    for call in (split(ONE_OF_MANY, QUANTITY), redeem(ONE_OF_MANY)):
        assert call.contract == NEG_RISK_ADAPTER


def test_only_a_split_spends_dollars() -> None:
    assert split(ALONE, QUANTITY).spend() == QUANTITY
    assert merge(ALONE, QUANTITY).spend() == redeem(ALONE).spend() == Money(0)


def test_what_no_adapter_takes_is_refused() -> None:
    newer = msgspec.structs.replace(ALONE, outcome_ids=(str(POSITION), str(POSITION + 1)))
    for refused in (
        lambda: split(ALONE, Quantity(0)),
        lambda: merge(ALONE, Quantity(-1)),
        lambda: split(newer, QUANTITY),
        lambda: redeem(newer),
        lambda: redeem(msgspec.structs.replace(ALONE, venue="kalshi")),
    ):
        with pytest.raises(OrderRejectedError):
            refused()


@given(
    kind=st.sampled_from(["split", "merge", "redeem"]),
    contract=st.sampled_from([STANDARD_ADAPTER, NEG_RISK_ADAPTER]),
    condition=st.binary(min_size=32, max_size=32),
    quantity=st.integers(1, 1 << 62),
)
def test_a_call_reads_back_as_what_it_was(
    kind: ConversionKind, contract: str, condition: bytes, quantity: int
) -> None:
    call = PositionCall(
        kind=kind,
        contract=contract,
        condition=f"0x{condition.hex()}",
        quantity=Quantity(0 if kind == "redeem" else quantity),
    )
    assert read_call(contract, calldata(call)) == call


@given(at=st.integers(0, len(SPLIT) // 2 - 1), by=st.integers(1, 255))
def test_no_byte_can_be_changed_without_notice(at: int, by: int) -> None:
    data = bytearray(bytes.fromhex(SPLIT))
    data[at] ^= by
    try:
        found = read_call(STANDARD_ADAPTER, bytes(data))
    except InvariantError:
        return
    assert calldata(found) == data
    assert found != CALL


@pytest.mark.parametrize(
    ("contract", "data"),
    [
        ("0x4D97DCd97eC945f40cF65F87097ACe5EA0476045", SPLIT),
        (STANDARD_ADAPTER.lower(), SPLIT),
        (STANDARD_ADAPTER, SPLIT + "00"),
        (STANDARD_ADAPTER, SPLIT[:-64]),
        (STANDARD_ADAPTER, SPLIT[:8]),
        (STANDARD_ADAPTER, SPLIT.replace("501bd0", "000000")),
        (STANDARD_ADAPTER, ""),
        (STANDARD_ADAPTER, "a9059cbb" + SPLIT[8:]),
    ],
)
def test_a_foreign_call_is_refused(contract: str, data: str) -> None:
    with pytest.raises(InvariantError):
        read_call(contract, bytes.fromhex(data))
