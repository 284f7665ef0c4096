"""What crossed a seam is in the hash; what only the process knows is not."""

import msgspec

from foreshock.app.simulation.chronicle import Chronicle, line
from foreshock.app.simulation.observed import Durable, FaultHappened, Onlooker, Said, Sent
from foreshock.core.domain.messages.trading import TimerFired
from foreshock.core.domain.units import Instant

NOW = Instant(5)
SAID = Said(NOW, 1, 2, "outside", TimerFired("t"), is_input=True)
SENT = Sent(
    at_us=NOW,
    process=1,
    number=3,
    venue="v",
    kind="place",
    method="POST",
    path="/order",
    body=b"{}",
)


def digest(*observed: Said | Sent | Durable) -> str:
    chronicle = Chronicle(Onlooker([]))
    for one in observed:
        chronicle.see(one)
    return chronicle.digest


def test_the_wire_and_the_disk_decide_the_hash() -> None:
    nothing = digest()
    assert digest(SAID) == nothing
    assert digest(SENT) != nothing
    assert digest(SENT) != digest(msgspec.structs.replace(SENT, body=b"{ }"))
    assert digest(Durable(NOW, 1, "runs/1/journal.fsj", 0, b"a")) != nothing
    assert digest(Durable(NOW, 1, "runs/1/tape-000001.fst", 0, b"a")) == nothing


def test_frames_are_hashed_where_they_leave() -> None:
    one, other = Chronicle(Onlooker([])), Chronicle(Onlooker([]))
    one.frame(NOW, 1, b"a")
    other.frame(NOW, 1, b"b")
    assert one.digest != other.digest


def test_faults_and_rare_states_are_counted() -> None:
    lines: list[str] = []
    chronicle = Chronicle(Onlooker([]), lines.append)
    chronicle.fault(NOW, "power lost", "3 bytes gone")
    chronicle.reach("damaged file refused")
    assert chronicle.faults == {"power lost": 1}
    assert chronicle.reached == {"damaged file refused": 1}
    assert lines == ["5 FaultHappened kind=power lost words=3 bytes gone"]
    assert chronicle.events_count == 1


def test_a_line_says_who_and_what() -> None:
    assert line(SAID) == "5 step 2 outside: TimerFired(timer_id='t')"
    assert line(SENT) == "5 sent #3 place POST /order {}"
    assert line(Durable(NOW, 1, "j", 7, b"abc")) == "5 durable j 7+3"
    assert line(FaultHappened(NOW, "x", "y")) == "5 FaultHappened kind=x words=y"


def test_what_nobody_hears_is_counted_all_the_same_and_traced_where_somebody_traces() -> None:
    silent = Chronicle(Onlooker([]))
    assert not silent.is_heard(SAID.message)
    assert silent.events_count == 1
    assert Chronicle(Onlooker([]), lambda _: None).is_heard(SAID.message)
