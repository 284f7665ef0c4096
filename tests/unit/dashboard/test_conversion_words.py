from foreshock.core.domain.messages import conversions as c
from foreshock.dashboard.conversion_words import CONVERSION_SAYINGS, OUTCOMES, VERDICTS, deed
from foreshock.dashboard.words import say
from tests.trading import A, contracts
from tests.unit.dashboard.conversions_told import conversion_messages


def test_every_message_about_conversions_has_words() -> None:
    assert {type(message) for message in conversion_messages()} == set(CONVERSION_SAYINGS)


def test_what_is_done_is_said_with_its_dollars() -> None:
    assert deed("split", A, contracts(10)) == f"split $10 into YES and NO of {A}"
    assert deed("merge", A, contracts(2)) == f"merge 2 YES and NO of {A} into $2"
    assert deed("redeem", A, contracts(0)) == f"redeem everything held of {A}"


def test_a_person_reads_how_each_verdict_and_outcome_stands() -> None:
    for verdict, words in VERDICTS.items():
        told = c.ConversionTold(conversion_id="s1", verdict=verdict, words="STATE", tx_hash="0xab")
        about, said = say(told)
        assert about == "s1"
        assert words in said
        assert "0xab" in said
    assert all(OUTCOMES.values())
