"""Who must know: one table, one scale."""

from typing import get_args

import pytest

from foreshock.core.alerting.tiers import (
    AT_ONCE_MIN,
    DESK,
    DETECTED,
    LABELS,
    TIERS,
    SinkRule,
    wants,
)
from foreshock.core.domain.alerts import SEVERITIES, Detector, Level, Severity
from foreshock.core.domain.notices import DeskEvent, Kind

DISCORD = SinkRule(sink="discord", severity_min=1, hourly_max=20)
SLACK = SinkRule(sink="slack", severity_min=3, hourly_max=20)


def test_every_level_of_every_detector_has_the_severity_of_the_one_scale() -> None:
    for detector in get_args(Detector):
        for level in get_args(Level):
            assert DETECTED[detector, level].severity == SEVERITIES[level]


def test_every_event_of_the_desk_has_a_row() -> None:
    assert {kind for kind, _ in DESK} == set(get_args(DeskEvent)) - {"digest"}


def test_labels_are_lower_case_for_the_filters_of_the_log() -> None:
    assert set(LABELS) == set(get_args(Severity))
    assert all(label == label.lower() for label in [*LABELS.values(), *get_args(Level)])


@pytest.mark.parametrize(
    ("kind", "case", "by_slack", "by_discord"),
    [
        ("volume", "watch", False, False),
        ("volume", "elevated", True, True),
        ("volume", "critical", True, True),
        ("spike", "watch", False, True),
        ("spike", "notable", False, True),
        ("spike", "high conviction flow", True, True),
        ("fill", "filled", False, False),
        ("package", "residual", True, True),
        ("halt", "of everything", True, True),
        ("test", "asked", True, True),
    ],
)
def test_a_channel_hears_what_its_threshold_lets_through(
    kind: Kind, case: str, by_slack: bool, by_discord: bool
) -> None:
    tier = TIERS[kind, case]
    assert wants(SLACK, kind, tier.severity, is_told=tier.is_told) is by_slack
    assert wants(DISCORD, kind, tier.severity, is_told=tier.is_told) is by_discord


def test_a_channel_that_hears_no_detector_still_hears_the_desk() -> None:
    rule = SinkRule(sink="discord", severity_min=1, hourly_max=20, hears_detectors=False)
    assert not wants(rule, "volume", 4, is_told=True)
    assert wants(rule, "halt", 4, is_told=True)


def test_only_what_threatens_the_desk_is_an_emergency() -> None:
    assert [place for place, tier in TIERS.items() if tier.severity > AT_ONCE_MIN] == [
        ("halt", "of everything")
    ]
