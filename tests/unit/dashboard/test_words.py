from typing import get_args

import pytest

from foreshock.core.domain.messages.decisions import EdgeQuoted, Halted, PackageOpened
from foreshock.core.domain.messages.trading import OrderUnknown
from foreshock.core.domain.messages.union import Message
from foreshock.dashboard.quoting import TEXT_MAX
from foreshock.dashboard.words import SAYINGS, cents, contracts, dollars, say
from tests.trading import edge, order, request
from tests.unit.dashboard.told import one_of_each, watching

EVERY_TYPE = frozenset(get_args(Message))


def test_every_type_of_message_has_words_and_a_sample() -> None:
    assert set(SAYINGS) == EVERY_TYPE
    assert {type(message) for message in one_of_each()} == EVERY_TYPE


@pytest.mark.parametrize("message", one_of_each(), ids=lambda x: type(x).__name__)
def test_words_are_a_line_about_something(message: Message) -> None:
    about, words = say(message)
    assert about
    assert words
    assert "\n" not in words
    assert "Money(" not in words
    assert "<" not in words


@pytest.mark.parametrize(
    ("micros", "text"), [(0, "$0.00"), (1_250_000, "$1.25"), (-34_000, "-$0.034"), (1, "$0.000001")]
)
def test_money_is_exact_with_its_sign_in_front(micros: int, text: str) -> None:
    assert dollars(micros) == text


@pytest.mark.parametrize(("micros", "text"), [(560_000, "56¢"), (-4_000, "-0.4¢"), (100, "0.01¢")])
def test_prices_are_cents(micros: int, text: str) -> None:
    assert cents(micros) == text


def test_one_contract_is_singular() -> None:
    assert contracts(1_000_000) == "1 contract"
    assert contracts(500_000) == "0.5 contracts"


def test_an_order_is_told_with_price_size_and_purpose() -> None:
    about, words = say(order())
    assert about == "o1"
    assert words == "buy 10 contracts of YES of polymarket:0xa at 45¢ or better (ioc, to enter)"


def test_a_halt_of_one_venue_does_not_sound_like_one_of_all() -> None:
    assert say(Halted("kalshi", "dashboard", "odd"))[1].startswith("trading on kalshi is halted")
    assert say(Halted("all", "dashboard", "odd"))[1].startswith("all trading is halted")


def test_what_a_venue_says_is_cut_to_a_bearable_length() -> None:
    words = say(OrderUnknown("o1", "x" * 100_000))[1]
    assert len(words) < 2 * TEXT_MAX


def test_a_request_a_package_and_its_edge_say_why_a_leg_goes_first() -> None:
    words = "first leg: polymarket, because kalshi leads by 0.6 s"
    asked = request("r1", edge(order_words=words))
    assert say(asked)[1].endswith(f"; {words}")
    assert "first leg" not in say(request("r1"))[1]
    told = watching()
    told.tell(EdgeQuoted(asked.edge, ()), PackageOpened("r1", asked))
    (package,) = told.model.packages(told.now_us)
    (quoted,) = told.model.edges(told.now_us)
    assert (package.order_words, quoted.order_words) == (words, words)
