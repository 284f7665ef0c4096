"""Words around the limits become notices that name who did what."""

from typing import get_args

from foreshock.core.alerting.events import happening_of
from foreshock.core.alerting.risk_events import HEALTH
from foreshock.core.alerting.tiers import TIERS
from foreshock.core.domain.messages.risk import Health, LimitChanged, RiskReviewed
from tests.trading import START


def test_every_health_has_its_row() -> None:
    assert set(HEALTH) == set(get_args(Health))
    assert all(("venue", case) in TIERS for case, _ in HEALTH.values())


def test_a_changed_limit_names_who_changed_it_and_how() -> None:
    changed = happening_of(LimitChanged("market_max", 250, None, "a person"), START)
    assert changed is not None
    assert changed.words == "a person changed market_max from 250 to none."


def test_a_review_is_told_with_what_was_found() -> None:
    reviewed = happening_of(RiskReviewed("a person", "a wrong fee file"), START)
    assert reviewed is not None
    assert "a wrong fee file" in reviewed.words
