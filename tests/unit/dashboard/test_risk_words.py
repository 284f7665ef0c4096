from foreshock.dashboard.risk_words import RISK_SAYINGS
from foreshock.dashboard.words import say
from tests.unit.dashboard.risk_told import risk_messages


def test_every_message_around_the_limits_has_words() -> None:
    assert {type(message) for message in risk_messages()} == set(RISK_SAYINGS)


def test_the_room_on_the_disk_is_told_in_gibibytes() -> None:
    disk = next(m for m in risk_messages() if type(m).__name__ == "DiskMeasured")
    assert say(disk) == ("disk", "5 GiB are free, entries need 1")


def test_what_is_at_risk_is_told_with_its_confidence_and_time() -> None:
    told = next(m for m in risk_messages() if type(m).__name__ == "PositionsMeasured")
    words = "2 positions and packages: $0.29 at risk within 24 h at 95 %, at worst $11.76"
    assert say(told) == ("positions", words)
