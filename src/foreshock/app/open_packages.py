"""Which packages of real money did no run end? A small file, kept up to date.

No run carries on what another began: one leg may stand alone at a venue. So the next live run says
so and stays halted until a person has looked. What begins is written before its step is on record,
what ended after: whenever the desk crashes, a package may be named once too often, never once too
little. A conversion is kept beside them: the next run follows it to its end, unless the books that
knew of it are gone.
"""

from collections.abc import Collection

import msgspec

from foreshock.adapters.storage.journal import Place
from foreshock.adapters.storage.sealed import sealed, unsealed
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.conversions import (
    ConversionClosed,
    ConversionRefused,
    ConversionRequested,
    SendConversion,
)
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    PackageClosed,
    PackageOpened,
)
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder

FILE_NAME = "open-packages.json"
BY = "open-packages"
EVERYWHERE = "all"


class OpenPackages:
    """What is open of a data folder, with what each package or conversion is about."""

    hears: frozenset[type[Message]] = frozenset({
        PackageOpened,
        PackageClosed,
        ConversionRequested,
        SendConversion,
        ConversionClosed,
        ConversionRefused,
        Halted,
    })

    def __init__(self, home: Folder) -> None:
        self._home = home
        self._labels: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._carried: frozenset[str] = frozenset()
        self._left: frozenset[str] = frozenset()

    def carried(self, followed: Collection[str] = ()) -> list[Message]:
        """An incident for each that another run left, and one halt for them all.

        They leave the file with that halt, which stands until a person resumes. followed: by their
        names conversions that this run follows to their end, which stay until then. Raises
        ConfigError when the file cannot be read: nobody may trade beside a leg that he does not
        know of.
        """
        try:
            data = self._home.read(FILE_NAME)
            left = {} if data is None else msgspec.json.decode(unsealed(data), type=dict[str, str])
        except (StorageError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"cannot read the open packages in {self._home.where(FILE_NAME)}: {error}; if both "
                "venues hold what you want them to, remove the file"
            ) from error
        self._labels, self._kept, self._carried = dict(left), dict(left), frozenset(left)
        self._left = frozenset(left) - set(followed)
        said: list[Message] = [
            IncidentOpened(f"{name}/left", name, f"the desk ended while it was open: {label}")
            for name, label in left.items()
            if name in self._left
        ]
        if said:
            words = f"{len(said)} packages or conversions were open: compare both venues"
            said.append(HaltRequested(EVERYWHERE, BY, words))
        return said

    def named(self) -> tuple[str, ...]:
        """What this run has open now, each with what it is about: others' ends nobody waits for."""
        ours = (name for name in self._labels if name not in self._carried)
        return tuple(f"{name}: {self._labels[name]}" for name in ours)

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Follow them. Raises StorageError when one cannot be kept."""
        message = entry.message
        match message:
            case PackageOpened(package_id=package_id, request=request):
                self._begin(package_id, request.edge.label)
            case ConversionRequested(conversion_id=name):
                self._asked[name] = f"{message.kind} of {message.market}"
            case SendConversion(conversion_id=name):
                self._begin(name, self._asked.get(name, name))
            case PackageClosed(package_id=name):
                self._labels.pop(name, None)
            case ConversionClosed(conversion_id=name) | ConversionRefused(conversion_id=name):
                self._labels.pop(name, None)
            case Halted(by=by) if by == BY:
                kept = self._labels.items()
                self._labels = {name: label for name, label in kept if name not in self._left}
            case _:
                pass

    def recorded(self, _step: int, _now_us: Instant, _place: Place) -> None:
        """Everything heard is on record: what ended leaves the file. Raises StorageError."""
        if self._kept != self._labels:
            self._kept = dict(self._labels)
            self._write()

    def _begin(self, name: str, label: str) -> None:
        self._labels[name] = self._kept[name] = label
        self._write()

    def _write(self) -> None:
        try:
            self._home.replace(FILE_NAME, sealed(self._kept))
        except StorageError as error:
            raise StorageError(f"cannot keep the open packages: {error}") from error
