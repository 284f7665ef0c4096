"""One fold of what facts say of a market, for everybody who keeps its terms or its status."""

import msgspec
import pytest

from foreshock.core.domain.market_facts import (
    STATUS_FACTS,
    TERMS_FACTS,
    StatusFact,
    TermsFact,
    changed,
    status_of,
)
from foreshock.core.domain.markets import Market, MarketStatus
from tests.samples import market
from tests.trading import A
from tests.unit.dashboard.told import one_of_each

TERMS = [message for message in one_of_each() if isinstance(message, TERMS_FACTS)]
STATUSES = [message for message in one_of_each() if isinstance(message, STATUS_FACTS)]


def differing(before: Market, after: Market) -> set[str]:
    ours, theirs = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    return {name for name in ours if ours[name] != theirs[name]}


def test_there_is_a_sample_of_every_fact() -> None:
    assert {type(fact) for fact in TERMS} == set(TERMS_FACTS)
    assert {type(fact) for fact in STATUSES} == set(STATUS_FACTS)


@pytest.mark.parametrize("fact", TERMS, ids=lambda fact: type(fact).__name__)
def test_a_fact_changes_what_it_names_and_nothing_else(fact: TermsFact) -> None:
    before = msgspec.structs.replace(market(A), status="listed", grid=None, fee=None)
    names = {"MarketResolved": "status", "MarketStatusChanged": "status"}
    name = names.get(type(fact).__name__) or type(fact).__struct_fields__[1]
    after = changed(before, fact)
    assert differing(before, after) == {name}
    assert getattr(after, name) == getattr(fact, name, "settled")


@pytest.mark.parametrize("fact", STATUSES, ids=lambda fact: type(fact).__name__)
def test_a_status_is_that_of_the_market_the_fact_is_about(fact: StatusFact) -> None:
    listed = getattr(fact, "market", None)
    expected: MarketStatus = getattr(listed, "status", getattr(fact, "status", "settled"))
    assert status_of(fact) == (getattr(listed, "id", listed), expected)
