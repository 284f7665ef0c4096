"""A second message says what explains an alert, and rests on items."""

from foreshock.core.alerting.router import AlertSettings
from foreshock.core.domain.messages.signals import AlertExplained, AlertRaised, NewsSeen
from foreshock.core.domain.units import SECOND, Duration
from tests.trading import START
from tests.unit.core.alerting.told import DISCORD, FILE, SLACK, Routed, alert

NEWS = NewsSeen(
    item_id="n1",
    source="Reuters",
    title="Fed cuts rates",
    url="https://example.org/1",
    published_us=START,
    recv_us=START,
    is_scheduled=False,
)
EXPLAINED = AlertExplained(alert_id="alert-1", explanation="explained", items=("n1",), lead=None)
PRECEDED = AlertExplained(
    alert_id="alert-1",
    explanation="preceded",
    items=("n1", "n2", "n3", "n4"),
    lead=Duration(720 * SECOND),
)


def told_desk(*, tells_explanations: bool = True) -> Routed:
    sinks = (FILE, DISCORD, SLACK)
    desk = Routed(settings=AlertSettings(sinks=sinks, tells_explanations=tells_explanations))
    desk.hear(NEWS, AlertRaised(alert()))
    desk.later(10)
    return desk


def test_discord_is_told_what_explains_an_alert() -> None:
    (said,) = told_desk().hear(EXPLAINED)
    assert said.sink == "discord"
    assert said.notice.words == "News explain the alert: Reuters: Fed cuts rates"
    assert said.dedupe_key == "discord/alert-1:explained"


def test_a_lead_is_told_with_its_evidence() -> None:
    (said,) = told_desk().hear(PRECEDED)
    assert said.notice.words.startswith("The alert came 12 minutes before the news: Reuters")
    assert said.notice.words.endswith("item n2 | item n3 and 1 more")


def test_nothing_follows_what_was_not_told_or_is_not_wanted() -> None:
    assert told_desk(tells_explanations=False).hear(EXPLAINED) == []
    desk = told_desk()
    nobodys = AlertExplained(alert_id="other", explanation="explained", items=("n1",), lead=None)
    unexplained = AlertExplained(alert_id="alert-1", explanation="unexplained", items=(), lead=None)
    assert desk.hear(nobodys, unexplained) == []
