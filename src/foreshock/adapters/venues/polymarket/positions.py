"""How do dollars become contracts of both outcomes, and back? One call of a known contract each.

    split   1 pUSD -> 1 YES + 1 NO        spends what it splits
    merge   1 YES + 1 NO -> 1 pUSD
    redeem  all contracts of a resolved market -> what they pay

Only the venue's two collateral adapters are ever called, with arguments of fixed shape, so a call
is read back by encoding it again. Markets of Protocol V2 settle on another contract: refused.
Source: Polymarket documentation; SDK 0.14.0, whose bytes the tests hold these to.
"""

import msgspec

from foreshock.adapters.venues.polymarket.eip712 import (
    ADDRESS_BYTES,
    WORD_BYTES,
    hex_bytes,
    hex_text,
    keccak256,
)
from foreshock.adapters.venues.polymarket.exchange import is_position_id
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.core.domain.errors import InvariantError, OrderRejectedError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.conversions import ConversionKind
from foreshock.core.domain.units import Money, Quantity

PUSD = "0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB"
STANDARD_ADAPTER = "0xAdA100Db00Ca00073811820692005400218FcE1f"
NEG_RISK_ADAPTER = "0xadA2005600Dec949baf300f4C6120000bDB6eAab"
ADAPTERS = (STANDARD_ADAPTER, NEG_RISK_ADAPTER)
SIGNATURES: dict[ConversionKind, str] = {
    "split": "splitPosition(address,bytes32,bytes32,uint256[],uint256)",
    "merge": "mergePositions(address,bytes32,bytes32,uint256[],uint256)",
    "redeem": "redeemPositions(address,bytes32,bytes32,uint256[])",
}
SELECTOR_BYTES = 4
OUTCOME_SETS = (1, 2)
"""The index sets of YES and of NO: together the whole of a binary condition."""
CONDITION_AT, QUANTITY_AT = 2, 4
"""Words of the arguments, from 0."""


class PositionCall(msgspec.Struct, frozen=True, kw_only=True):
    """contract: the adapter. condition: 0x and 64 digits. quantity: contracts of each outcome.

    A redemption takes all there is and names no quantity: 0.
    """

    kind: ConversionKind
    contract: str
    condition: str
    quantity: Quantity

    def spend(self) -> Money:
        """The dollars it takes."""
        return Money(self.quantity if self.kind == "split" else 0)

    def words(self) -> str:
        """For people and for the relayer's list of transactions."""
        amount = f" {self.quantity}" if self.quantity else ""
        return f"{self.kind}{amount} {self.condition}"


def split(market: Market, quantity: Quantity) -> PositionCall:
    """Dollars into contracts. Raises OrderRejectedError for what no adapter takes."""
    return _call("split", market, quantity)


def merge(market: Market, quantity: Quantity) -> PositionCall:
    """Contracts of both outcomes into dollars. Raises OrderRejectedError as `split`."""
    return _call("merge", market, quantity)


def redeem(market: Market) -> PositionCall:
    """Everything held in a resolved market into its payout. Raises OrderRejectedError as `split`.

    Before the market is resolved the chain refuses it.
    """
    return _contract_call("redeem", market, Quantity(0))


def calldata(call: PositionCall) -> bytes:
    """The call as the contract reads it. Raises InvariantError for ids that are none."""
    heads = 4 if call.kind == "redeem" else 5
    words = [
        word(hex_bytes(PUSD, ADDRESS_BYTES)),
        word(0),
        hex_bytes(call.condition, WORD_BYTES),
        word(heads * WORD_BYTES),
    ]
    if call.kind != "redeem":
        words.append(word(call.quantity))
    words += [word(len(OUTCOME_SETS)), *map(word, OUTCOME_SETS)]
    return selector(SIGNATURES[call.kind]) + b"".join(words)


def read_call(contract: str, data: bytes) -> PositionCall:
    """What a call would do. Raises InvariantError unless it is one of ours, byte for byte."""
    if contract not in ADAPTERS:
        raise InvariantError(f"a call of {contract[:50]!r}, which is no collateral adapter")
    for kind, signature in SIGNATURES.items():
        if data[:SELECTOR_BYTES] != selector(signature):
            continue
        quantity = 0 if kind == "redeem" else int.from_bytes(_argument(data, QUANTITY_AT))
        call = PositionCall(
            kind=kind,
            contract=contract,
            condition=hex_text(_argument(data, CONDITION_AT).rjust(WORD_BYTES, b"\0")),
            quantity=Quantity(quantity),
        )
        if calldata(call) == data and (quantity or kind == "redeem"):
            return call
    raise InvariantError("a call that is no split, merge or redemption")


def selector(signature: str) -> bytes:
    """The four bytes that name a function."""
    return keccak256(signature.encode())[:SELECTOR_BYTES]


def word(value: int | bytes) -> bytes:
    """A number or an address in 32 bytes."""
    if isinstance(value, int):
        return value.to_bytes(WORD_BYTES, "big")
    return value.rjust(WORD_BYTES, b"\0")


def _call(kind: ConversionKind, market: Market, quantity: Quantity) -> PositionCall:
    if quantity <= 0:
        raise OrderRejectedError(f"cannot {kind} {quantity} contracts")
    return _contract_call(kind, market, quantity)


def _contract_call(kind: ConversionKind, market: Market, quantity: Quantity) -> PositionCall:
    if market.venue != VENUE:
        raise OrderRejectedError(f"{market.id} is no market of Polymarket")
    if any(is_position_id(int(token)) for token in market.outcome_ids):
        raise OrderRejectedError(f"{market.id} is of Protocol V2, whose contracts are not called")
    is_neg_risk = market.exclusive_group is not None
    return PositionCall(
        kind=kind,
        contract=NEG_RISK_ADAPTER if is_neg_risk else STANDARD_ADAPTER,
        condition=market.native_id,
        quantity=quantity,
    )


def _argument(data: bytes, index: int) -> bytes:
    start = SELECTOR_BYTES + index * WORD_BYTES
    return data[start : start + WORD_BYTES]
