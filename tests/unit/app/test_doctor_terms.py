"""Does the doctor say which fees cannot be told, and how often Kalshi may be asked?"""

import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.app.config import config_folder
from foreshock.app.doctor import Finding
from foreshock.app.doctor_terms import fees_of, tier_of
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.venues import KalshiLink
from foreshock.core.domain.markets import CurveFee, FeeTerms, Market, MarketId, SeriesFee
from foreshock.core.domain.units import MICRO, Instant
from tests.samples import market
from tests.scenarios.live_scene import Scene
from tests.trading import START
from tests.unit.adapters.test_streams import ScriptedHost
from tests.unit.app.test_catalogue import ScriptedLink

PACK = load_fee_packs(config_folder() / "fees")["kalshi"]


def priced(name: str, fee: FeeTerms | None) -> Market:
    return msgspec.structs.replace(market(name), fee=fee)


async def fees(*reads: Market | str, wanted: tuple[str, ...] = ()) -> Finding:
    words = [read for read in reads if isinstance(read, str)]
    markets = tuple(read for read in reads if not isinstance(read, str))
    link = ScriptedLink(words[0] if words else markets)
    return await fees_of(link, [MarketId(name) for name in wanted], PACK, START)


KNOWN = SeriesFee("quadratic", MICRO)


async def test_markets_that_the_file_explains_are_in_order() -> None:
    found = await fees(priced("kalshi:A", KNOWN), priced("kalshi:B", KNOWN))
    assert found.state == "ok"
    assert found.words == "2 markets are explained by fees/kalshi.toml"


@pytest.mark.parametrize("terms", [None, SeriesFee("unheard_of", MICRO), CurveFee(1, 1)])
async def test_a_market_without_a_known_fee_is_a_problem_that_names_file_and_market(
    terms: FeeTerms | None,
) -> None:
    found = await fees(priced("kalshi:A", KNOWN), priced("kalshi:B", terms))
    assert found.state == "problem"
    assert "1 of 2 markets" in found.words
    assert "fees/kalshi.toml" in found.words
    assert "kalshi:B" in found.words
    assert "kalshi:A" not in found.words


async def test_a_day_before_every_schedule_is_a_problem() -> None:
    found = await fees_of(ScriptedLink((priced("kalshi:A", KNOWN),)), [], PACK, Instant(1))
    assert found.state == "problem"
    assert "in force" in found.words


async def test_a_market_of_a_pair_that_is_gone_is_noted() -> None:
    found = await fees(priced("kalshi:A", KNOWN), wanted=("kalshi:A", "kalshi:GONE"))
    assert (found.state, "kalshi:GONE" in found.words) == ("note", True)


async def test_a_venue_that_does_not_answer_is_a_problem() -> None:
    assert "connection" in (await fees("refused")).words


class Host:
    """Kalshi's face; a body is spoilt where the path ends so."""

    def __init__(self, spoilt: str = "", old: bytes = b"", new: bytes = b"") -> None:
        self.scene = Scene()
        self._spoilt, self._old, self._new = spoilt, old, new

    async def send(self, request: HttpRequest) -> HttpResponse:
        answer = self.scene.accounts[1].trading.face.handle(request, wall_clock_us())
        if self._spoilt and self._spoilt in request.path:
            body = answer.body.replace(self._old, self._new)
            assert body != answer.body
            return HttpResponse(answer.status, body, answer.headers)
        return answer


async def shapes(host: Host) -> Finding:
    link = KalshiLink(host, ScriptedHost([]), None)
    return await fees_of(link, [host.scene.b], PACK, START)


async def test_the_lists_of_the_simulated_venue_are_in_order() -> None:
    assert (await shapes(Host())).state == "ok"


async def test_a_list_that_lost_a_field_is_a_problem_that_names_it() -> None:
    found = await shapes(Host("/series/", b'"fee_type"', b'"fee_kind"'))
    assert found.state == "problem"
    assert "fee_type" in found.words


async def test_the_rate_limits_are_told() -> None:
    host = Host()
    found = await tier_of(host, host.scene.accounts[1].signer.sign)
    assert found.state == "ok"
    assert found.words.startswith("100 write tokens a second, 10 orders;")


async def test_rate_limits_that_cannot_be_read_are_noted() -> None:
    host = Host("/account/limits", b'"refill_rate"', b'"rate"')
    found = await tier_of(host, host.scene.accounts[1].signer.sign)
    assert found.state == "note"
    assert "lowest tier" in found.words
