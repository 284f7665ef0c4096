"""May a limit become another one, and what are the limits then?

Tighter acts at once. Looser needs a person who has said that it is meant. Both are on record.
"""

import msgspec

from foreshock.core.domain.gate_limits import GateLimits, with_gate_limit
from foreshock.core.domain.limit_keys import flattened, is_looser, key_of, nonsense
from foreshock.core.domain.messages.risk import LimitChanged, LimitChangeRequested, LimitKept
from foreshock.core.risk.limits import Limits

GATE = "gate."
CONFIRM = "that is looser: it needs to be confirmed"


def values(limits: Limits, gate: GateLimits | None) -> dict[str, int | None]:
    """Every limit by its name."""
    return flattened(msgspec.to_builtins(limits), msgspec.to_builtins(gate) or {})


def judge_change(
    in_force: dict[str, int | None], request: LimitChangeRequested
) -> LimitChanged | LimitKept:
    """What becomes of a wish."""
    key = key_of(request.key)
    if key is None or request.key not in in_force:
        words = "there is no such limit"
        return LimitKept(request.key, None, request.value, request.by, words)
    before = in_force[request.key]
    words = nonsense(key, request.value)
    if words is None and request.value == before:
        words = "it is that already"
    if words is None and is_looser(key, before, request.value) and not request.is_confirmed:
        words = CONFIRM
    if words is not None:
        return LimitKept(request.key, before, request.value, request.by, words)
    return LimitChanged(request.key, before, request.value, request.by)


def with_limit(limits: Limits, name: str, value: int | None) -> Limits:
    """The limits with one value replaced; a key of the gate changes nothing here."""
    part, _, field = name.rpartition(".")
    if part == "" and field in limits.__struct_fields__:
        return msgspec.structs.replace(limits, **{field: value})
    holder = getattr(limits, part, None)
    if not isinstance(holder, msgspec.Struct) or field not in holder.__struct_fields__:
        return limits
    changed = msgspec.structs.replace(holder, **{field: value})
    return msgspec.structs.replace(limits, **{part: changed})


def with_limits(
    limits: Limits, gate: GateLimits, changes: dict[str, int | None]
) -> tuple[Limits, GateLimits]:
    """Both with these values in place of theirs."""
    for name, value in changes.items():
        if name.startswith(GATE):
            gate = with_gate_limit(gate, name.removeprefix(GATE), value)
        else:
            limits = with_limit(limits, name, value)
    return limits, gate
