"""How does a person write a limit, and how is one shown? Text on one side, whole numbers here."""

from foreshock.core.domain.limit_keys import LimitUnit
from foreshock.core.domain.units import MICRO, dollar_text, format_micros, parse_micros

UNWATCHED = "none"
MILLISECOND = 1_000
HUNDREDTH = 100
SIGNS: dict[LimitUnit, str] = {
    "dollars": "$",
    "cents": " cents",
    "contracts": " contracts",
    "percent": " %",
    "milliseconds": " ms",
    "count": "",
}


def parsed(text: str, unit: LimitUnit) -> int | None:
    """The number behind a text; None for `none`. Raises ValueError when it is no such amount."""
    plain = text.strip().removeprefix("$").removesuffix("%").strip()
    if plain == UNWATCHED:
        return None
    micros = parse_micros(plain)
    match unit:
        case "dollars" | "contracts":
            return micros
        case "cents" | "percent":
            return _exactly(micros, HUNDREDTH, text)
        case "milliseconds":
            return _exactly(micros, MICRO, text) * MILLISECOND
        case "count":
            return _exactly(micros, MICRO, text)


def shown(value: int | None, unit: LimitUnit) -> str:
    """An amount as people read it; what is not watched says so."""
    if value is None:
        return "not watched"
    if unit == "count":
        return str(value)
    if unit == "dollars":
        return dollar_text(value)
    factors = {"cents": HUNDREDTH, "percent": HUNDREDTH, "milliseconds": MILLISECOND}
    return f"{format_micros(value * factors.get(unit, 1))}{SIGNS[unit]}"


def _exactly(micros: int, divisor: int, text: str) -> int:
    if micros % divisor:
        raise ValueError(f"finer than can be kept: {text!r}")
    return micros // divisor
