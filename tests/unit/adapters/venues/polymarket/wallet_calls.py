"""Calls, hashes and signatures of wallet transactions, for this folder's tests.

Origin: computed 2026-11-21 with polymarket-client 0.14.0 for Hardhat's first public test key, a
split or merge of 5.25 sets or a redemption, nonce 7.
"""

from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.adapters.venues.polymarket.positions import STANDARD_ADAPTER, PositionCall
from foreshock.adapters.venues.polymarket.relayer import NOBODY, Submission, Turn
from foreshock.core.domain.units import Quantity
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, WALLET

CONDITION = "0x" + "c" * 64
QUANTITY = Quantity(5_250_000)
RELAY = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
DEADLINE_S = 1_791_241_800
_ARGUMENTS = (
    "000000000000000000000000c011a7e12a19f7b1f670d46f03b03f3342e82dfb" + "0" * 64 + "c" * 64
)
_SETS = "".join(f"{number:064x}" for number in (2, 1, 2))
_AMOUNT = "00000000000000000000000000000000000000000000000000000000000000a0" + (
    "0000000000000000000000000000000000000000000000000000000000501bd0"
)
SPLIT = "72ce4275" + _ARGUMENTS + _AMOUNT + _SETS
MERGE = "9e7212ad" + _ARGUMENTS + _AMOUNT + _SETS
REDEEM = "01b7037c" + _ARGUMENTS + f"{0x80:064x}" + _SETS
PROXY_DATA = (
    "34ee9791"
    + "".join(f"{number:064x}" for number in (0x20, 1, 0x20, 1))
    + "000000000000000000000000ada100db00ca00073811820692005400218fce1f"
    + "".join(f"{number:064x}" for number in (0, 0x80, 0x104))
    + SPLIT
    + "0" * 56
)
PROXY_HASH = "98f4333a0ca7d76525d73cc9d3afc5a410a7997db9e963f0c4dd4d532b41b06a"
SIGNATURES = {
    1: "0xea44bbe8b4790559549d10dc110a0b333aa82d33ed36d641a6e61d8b346dae6b"
    "6448c29302d26e582077516307bd6248760b74dba3c3aeeaaa16eaa0b8b038021b",
    2: "0x9025eb4dc624761a25dc180cd1bc6ee4261ae207a6e8305c96345fd114a2c577"
    "755ca922619960d28084385a22be18f5387f7adee170a6050f01163367819cbe20",
    3: "0x79f85bab350c21a45b20aec29297ecc50ccfcb646d9b8123e0d582eda97eb161"
    "00a780bee54581f6ea08379462f03fd5bb321a92b1a120af7bb75f12114d660c1c",
}
CALL = PositionCall(kind="split", contract=STANDARD_ADAPTER, condition=CONDITION, quantity=QUANTITY)


def holder_of(kind: int) -> Holder:
    return parse_holder(ADDRESS, WALLET, kind)


def made(kind: int, call: PositionCall = CALL) -> Submission:
    """What the vectors are of."""
    turn = Turn(7, RELAY if kind == 1 else NOBODY)
    deadline_s = DEADLINE_S if kind == 3 else 0
    return Submission(call=call, holder=holder_of(kind), turn=turn, deadline_s=deadline_s)
