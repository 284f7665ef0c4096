import msgspec

from foreshock.dashboard.signal_words import SIGNAL_SAYINGS
from foreshock.dashboard.words import say
from tests.unit.dashboard.signals_told import signal_messages


def test_every_message_about_signals_has_a_sample() -> None:
    assert {type(message) for message in signal_messages()} == set(SIGNAL_SAYINGS)


def test_a_gap_that_nobody_trusts_says_so() -> None:
    gap = next(m for m in signal_messages() if type(m).__name__ == "OracleGapMeasured")
    about, words = say(gap)
    assert about == "polymarket:0xa"
    assert words.startswith("YES is worth 60¢ by binance, asked 50¢, 8.25¢ after fees")
    assert "never traded on" in words
    assert "never traded on" not in say(msgspec.structs.replace(gap, is_trusted=True))[1]


def test_an_alert_before_the_news_tells_its_lead_and_evidence() -> None:
    explained = next(m for m in signal_messages() if type(m).__name__ == "AlertExplained")
    assert say(explained) == ("a1", "the alert came before the news by 1 m (1 items)")
