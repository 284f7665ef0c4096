import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.kalshi.account import KalshiReader
from foreshock.app.config import load_settings
from foreshock.app.doctor import Finding
from foreshock.app.doctor_live import (
    SKEW_MAX,
    Visit,
    clock_of,
    examine_live,
    examine_venue,
    skew_of,
    standing_of,
)
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.units import SECOND
from tests.scenarios.live_scene import Scene

AT = 1_795_000_000 * SECOND


@pytest.mark.parametrize(
    ("ours_us", "skew_us"),
    [
        (AT, 0),
        (AT + SECOND - 1, 0),
        (AT - 400_000, 400_000),
        (AT + SECOND + 700_000, 700_000),
    ],
)
def test_a_stamp_of_whole_seconds_accuses_no_honest_clock(ours_us: int, skew_us: int) -> None:
    assert abs(skew_of(AT, ours_us, ours_us)) == skew_us


class Host:
    """Kalshi's face under a clock that may be wrong."""

    def __init__(self, scene: Scene, skew_us: int = 0, status: int = 0) -> None:
        self._scene = scene
        self._skew_us = skew_us
        self._status = status

    async def send(self, request: HttpRequest) -> HttpResponse:
        if request.path.endswith("/exchange/status"):
            stamp = (wall_clock_us() + self._skew_us) // SECOND
            return HttpResponse(200, str(stamp).encode())
        if self._status:
            return HttpResponse(self._status, b"{}")
        face = self._scene.accounts[1].trading.face
        return face.handle(request, wall_clock_us())


class Clob:
    """Polymarket's face."""

    def __init__(self, scene: Scene) -> None:
        self._face = scene.clob

    async def send(self, request: HttpRequest) -> HttpResponse:
        return self._face.handle(request, wall_clock_us())


def buyer(scene: Scene) -> Visit:
    host, account = Clob(scene), scene.accounts[0]
    return Visit("polymarket", account.account.reader, account.signer.sign, host, host, host)


async def findings(skew_us: int = 0, status: int = 0) -> dict[str, Finding]:
    scene = Scene()
    host = Host(scene, skew_us, status)
    visit = Visit("kalshi", KalshiReader(), scene.accounts[1].signer.sign, host, host)
    return {f.check: f for f in await examine_venue(visit, load_settings({}))}


async def test_an_account_in_order_is_green() -> None:
    found = await findings()
    assert {f.state for f in found.values()} == {"ok"}
    assert found["kalshi balance"].words == "readable, $10000.00"


async def test_a_clock_that_is_off_is_a_problem_with_its_cure() -> None:
    clock = (await findings(skew_us=SKEW_MAX + 2 * SECOND))["kalshi clock"]
    assert clock.state == "problem"
    assert "NTP" in clock.words


async def test_a_stamp_that_was_looked_up_a_while_ago_accuses_no_honest_clock() -> None:
    asked = list[HttpRequest]()

    class Late(Host):
        async def send(self, request: HttpRequest) -> HttpResponse:
            asked.append(request)
            lag = 0 if len(asked) == 3 else 2 * SECOND
            return HttpResponse(200, str((wall_clock_us() - lag) // SECOND).encode())

    assert (await clock_of("kalshi", Late(Scene()))).state == "ok"
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("lever", "body", "account", "place"),
    [
        ("condition", {"name": "open"}, "ok", "ok"),
        ("condition", {"name": "geoblocked"}, "ok", "problem"),
        ("standing", {"is_closed_only": True}, "problem", "ok"),
    ],
)
async def test_it_is_said_whether_the_account_may_buy_from_here(
    lever: str, body: dict[str, object], account: str, place: str
) -> None:
    scene = Scene()
    named = {"wallet": scene.holder.wallet} if lever == "standing" else {}
    scene.lever("polymarket", lever, **body, **named)
    found = {one.check: one.state for one in await standing_of(buyer(scene))}
    assert found == {"polymarket account": account, "polymarket place": place}


async def test_a_website_that_does_not_tell_is_no_problem() -> None:
    class Silent:
        async def send(self, request: HttpRequest) -> HttpResponse:
            raise VenueUnavailableError("no answer")

    visit = msgspec.structs.replace(buyer(Scene()), website=Silent())
    place = (await standing_of(visit))[1]
    assert place.state == "note"
    assert "refuses blocked places in its answers" in place.words


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_refused_credentials_are_a_problem(status: int) -> None:
    found = await findings(status=status)
    assert found["kalshi orders"].state == "problem"
    assert "kalshi fills" not in found, "the first one says enough"


async def test_a_shape_that_has_changed_is_a_problem() -> None:
    found = await findings(status=200)
    assert "shape" in found["kalshi orders"].words


async def test_without_a_key_there_is_nothing_to_examine() -> None:
    found = await examine_live(load_settings({}))
    assert [f.state for f in found] == ["problem"]
    assert "live.kalshi_key" in found[0].words
