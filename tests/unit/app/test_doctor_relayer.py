"""Does the doctor say whether sets can be turned, and what to mend?"""

import msgspec
import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.app.doctor_relayer import relayer_of
from foreshock.app.signer_wire import PublicAccount
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.units import Money
from tests.scenarios.live_scene import SETS_MAX, WALLET, Scene
from tests.trading import START

SCENE = Scene(wallet=2)
ACCOUNT = PublicAccount(
    venue="polymarket",
    address=SCENE.holder.address,
    wallet=WALLET,
    signature_type=2,
    sets_max=SETS_MAX,
)


class Relayer:
    """The simulated relayer, or whatever a test says."""

    def __init__(self, answer: HttpResponse | None = None, *, is_silent: bool = False) -> None:
        self._answer = answer
        self._is_silent = is_silent

    async def send(self, request: HttpRequest) -> HttpResponse:
        if self._is_silent:
            raise VenueUnavailableError("no route to host")
        host = SCENE.accounts[0].relayer
        assert host is not None
        return self._answer or host.face.handle(request, START)


async def found(relayer: Relayer, account: PublicAccount = ACCOUNT) -> list[tuple[str, str]]:
    findings = await relayer_of(account, SCENE.accounts[0].signer.sign, relayer)
    return [(finding.state, finding.words) for finding in findings]


async def test_a_relayer_that_knows_the_wallet_is_fine() -> None:
    assert await found(Relayer()) == [("ok", "knows the wallet, turn 0; $100.00 at once")]


async def test_where_nothing_may_be_turned_nobody_is_asked() -> None:
    closed = msgspec.structs.replace(ACCOUNT, sets_max=Money(0))
    assert await found(Relayer(is_silent=True), closed) == []


@pytest.mark.parametrize(
    ("relayer", "cure"),
    [
        (Relayer(is_silent=True), "look at live.polymarket_relayer_url"),
        (Relayer(HttpResponse(401, b"{}")), "check live.polymarket_relayer_key"),
        (Relayer(HttpResponse(200, b"{}")), "check live.polymarket_relayer_key"),
    ],
)
async def test_each_problem_comes_with_its_cure(relayer: Relayer, cure: str) -> None:
    ((state, words),) = await found(relayer)
    assert state == "problem"
    assert cure in words
