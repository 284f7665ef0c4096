from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.dashboard.audit import Audit
from tests.trading import START
from tests.unit.dashboard.conversions_told import conversion_messages


def test_a_conversion_is_told_from_its_request_to_its_end() -> None:
    audit = Audit()
    for step, message in enumerate(conversion_messages(), 1):
        audit.hear(step, Entry(0, None, "outside", message), Instant(START + step))
    why = audit.why("s1")
    assert why.found
    assert [entry.kind for entry in why.chain] == [
        "ConversionRequested",
        "ConvertSets",
        "ConversionPrepared",
        "SendConversion",
        "ConversionTold",
        "ConversionClosed",
    ]
    assert [entry.kind for entry in audit.why("s2").chain] == ["ConversionRefused"]
