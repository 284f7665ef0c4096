"""One valid message of every kind about splits, merges and redemptions."""

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.union import Message
from tests.trading import START, A, contracts


def conversion_messages() -> list[Message]:
    """In an order in which they could come."""
    return [
        c.ConversionRequested("s1", "split", A, contracts(10), "command line"),
        c.ConvertSets("s1", "split", A, contracts(10), START),
        c.ConversionPrepared("s1", 4, "ab" * 32),
        c.SendConversion("s1", A),
        c.ConversionTold(
            conversion_id="s1", verdict="pending", words="STATE_NEW", transaction_id="t-1"
        ),
        c.ConversionClosed(
            conversion_id="s1",
            kind="split",
            market=A,
            quantity=contracts(10),
            ours=contracts(10),
            outcome="confirmed",
            words="STATE_CONFIRMED",
        ),
        c.ConversionRefused("s2", Refusal("HALTED", "all was halted")),
    ]
