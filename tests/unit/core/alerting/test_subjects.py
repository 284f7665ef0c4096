"""A person reads the title of a bet, not the ids of what was done about it."""

import msgspec
import pytest

from foreshock.core.alerting import subjects as module
from foreshock.core.alerting.events import SUBJECT_MAX
from foreshock.core.alerting.happening import cents_text, tail_of
from foreshock.core.alerting.subjects import Subjects
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import PackageOpened
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import Rounding
from tests.samples import market
from tests.trading import A, order, request
from tests.unit.dashboard.alerting_told import notice

PACKAGE = "atomic-arb:fed-27JAN-3.25:yes-no@10000087.1795257210218386@13000340.1795257210712519"


def about(name: str) -> Notice:
    return msgspec.structs.replace(notice(), about=name, subject="package unwound")


def opened(name: str) -> PackageOpened:
    return PackageOpened(name, request())


def test_a_package_is_called_by_its_bet_and_stays_what_the_notice_is_about() -> None:
    subjects = Subjects()
    subjects.open_package(opened(PACKAGE))
    named = subjects.of_package(about(PACKAGE))
    assert named.subject == f"package unwound: {request().edge.label}"
    assert named.about == PACKAGE


def test_a_package_of_an_earlier_run_keeps_what_is_known_of_it() -> None:
    assert Subjects().of_package(about(PACKAGE)) == about(PACKAGE)


def test_a_long_bet_is_cut() -> None:
    subjects, asked = Subjects(), request()
    long = msgspec.structs.replace(asked.edge, label="x" * 9_000)
    subjects.open_package(PackageOpened(PACKAGE, msgspec.structs.replace(asked, edge=long)))
    named = subjects.of_package(about(PACKAGE))
    assert len(named.subject) == SUBJECT_MAX
    assert named.subject.startswith("package unwound: x")


def test_a_market_nobody_lists_is_called_as_whoever_told_of_it_does() -> None:
    subjects, other = Subjects(), MarketId("elsewhere:x")
    subjects.observe(other, "theirs")
    subjects.list_market(market(A))
    subjects.observe(A, "theirs")
    assert subjects.place(other).title == "theirs"
    assert subjects.place(A).title == market(A).title


def test_a_fill_is_about_the_market_of_its_order() -> None:
    subjects = Subjects()
    subjects.place_order(order("o1"))
    assert subjects.of_fill(about("o1")).subject == A
    subjects.list_market(market(A))
    assert (subjects.of_fill(about("o1")).about, subjects.of_fill(about("o1")).subject) == (
        A,
        market(A).title,
    )
    assert subjects.of_fill(about("o2")) == about("o2")


def test_only_the_newest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGES_MAX", 1)
    monkeypatch.setattr(module, "ORDERS_MAX", 1)
    subjects = Subjects()
    for name in ("p1", "p2"):
        subjects.open_package(opened(name))
        subjects.place_order(order(name))
    assert subjects.of_package(about("p1")) == about("p1") == subjects.of_fill(about("p1"))
    assert subjects.of_package(about("p2")) != about("p2")
    assert subjects.of_fill(about("p2")) != about("p2")


def test_words_have_the_tail_of_an_id_and_whole_cents_against_us() -> None:
    assert (tail_of(PACKAGE), tail_of("p1")) == ("...712519", "p1")
    assert cents_text(-11_926_740, Rounding.DOWN) == "-$11.93"
    assert cents_text(6_118_740, Rounding.UP) == "$6.12"
