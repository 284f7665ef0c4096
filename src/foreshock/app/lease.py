"""May this desk trade on this account, or does another one already? One lease an account.

A lease is a locked file beside the data folders, so that desks of different folders meet in it. It
tells which process of which build holds it, and a number that grows with every holder: the fencing
token. The lock goes when its process dies. Right before each order the gateway reads the number
again: whoever was replaced in spite of the lock (a file server forgets its locks, a person removes
the file) finds out there, and sends nothing any more.

On two computers without a common folder nothing of this helps: there the venues' own lists show
orders of somebody else, and the desk says so.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

import msgspec

from foreshock.app.signer_wire import PublicAccount
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.conversions import ConversionRefused, ConvertSets
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import PlaceOrder, SendRefused
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.risk.halts import BY_LEASE

NAME_DIGITS = 16
RECORD_BYTES = 512
CODE = "FENCED"
EVERYWHERE = "all"
JudgeAgain: TypeAlias = Callable[[PlaceOrder, Instant], SendRefused | None]
JudgeConversion: TypeAlias = Callable[[ConvertSets, Instant], ConversionRefused | None]


class Holder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who holds a lease, or held it last. fence: grows by one with each. home: the data folder.

    unseen: the folder of an earlier holder whose halts no later one has taken over yet.
    """

    fence: int
    build: str
    process: str
    home: str
    since_us: Instant
    unseen: str = ""


class Heirs:
    """Takes over what leases inherit: says the halts, and acknowledges once they are on record."""

    def __init__(self, leases: "Sequence[Lease]", venues: Sequence[str]) -> None:
        self._leases = [lease for lease in leases if lease.inherited is not None]
        self._scopes = (EVERYWHERE, *venues)
        self._left = len(self._leases) * len(self._scopes)
        self._last_step: int | None = None

    def carried(self) -> Iterator[HaltRequested]:
        """Where another folder's desk traded before, its halts are not ours to know."""
        for lease in self._leases:
            for scope in self._scopes:
                yield HaltRequested(scope, BY_LEASE, lease.inherited or "")

    def listen(self, step: int, entry: Entry, _now_us: Instant) -> None:
        """The step after the last of these halts: it is kept. Raises StorageError."""
        message = entry.message
        if isinstance(message, HaltRequested) and message.by == BY_LEASE:
            self._left -= 1
            self._last_step = step
        elif self._leases and not self._left and step != self._last_step:
            for lease in self._leases:
                lease.acknowledge()
            self._leases = []


class LeaseFile(Protocol):
    """A file with a lock that its process takes along when it dies."""

    def lock(self) -> bool:
        """Take the lock; False when another process has it."""
        ...

    def read(self) -> bytes:
        """Nothing when it was never written. Raises OSError."""
        ...

    def write(self, data: bytes) -> None:
        """Durable when this returns. Raises OSError."""
        ...

    def release(self) -> None:
        """Give the lock back."""
        ...


class Claimant(msgspec.Struct, frozen=True):
    """Who asks for a lease."""

    build: str
    process: str
    home: str


class Lease:
    """One account's lease, held by this process.

    inherited: words, when a desk with another data folder traded the account before: its halts and
    open packages lie there.
    """

    def __init__(self, account: str, file: LeaseFile, holder: Holder) -> None:
        self.account = account
        self.fence = holder.fence
        self.inherited: str | None = None
        if holder.unseen:
            self.inherited = f"{account} was traded from {holder.unseen}: look there, then resume"
        self._file = file
        self._holder = holder

    def lost(self) -> str | None:
        """Why this process holds the lease no longer; None when it does."""
        try:
            found = _read(self._file)
        except ConfigError as error:
            return str(error)
        if found is None:
            return f"the lease of {self.account} is gone"
        # A removed file begins counting anew: the number alone may be the same by chance.
        mine = self._holder
        if (found.fence, found.process, found.since_us) != (
            mine.fence,
            mine.process,
            mine.since_us,
        ):
            return f"{self.account} is traded by {found.process} of build {found.build} now"
        return None

    def acknowledge(self) -> None:
        """The halts for what is inherited are on record: nobody need be warned again.

        Raises StorageError.
        """
        if self._holder.unseen and self.lost() is None:
            self._holder = msgspec.structs.replace(self._holder, unseen="")
            try:
                self._file.write(msgspec.json.encode(self._holder))
            except OSError as error:
                raise StorageError(f"cannot write the lease of {self.account}: {error}") from error

    def release(self) -> None:
        """Let somebody else have it."""
        self._file.release()


def take_lease(account: str, file: LeaseFile, claimant: Claimant, now_us: Instant) -> Lease:
    """Take an account's lease. Raises ConfigError naming who holds it."""
    if not file.lock():
        raise ConfigError(_held(account, file, claimant.build))
    try:
        before = _read(file)
        fence = 1 if before is None else before.fence + 1
        unseen = _unseen(before, claimant.home)
        holder = Holder(fence, claimant.build, claimant.process, claimant.home, now_us, unseen)
        file.write(msgspec.json.encode(holder))
    except (ConfigError, OSError) as error:
        file.release()
        raise ConfigError(f"cannot take the lease of {account}: {error}") from error
    return Lease(account, file, holder)


def fenced(leases: Sequence[Lease], judge: JudgeAgain) -> JudgeAgain:
    """The gate's last look, after one at the leases: whoever lost one sends no order at all."""

    def judge_again(order: PlaceOrder, now_us: Instant) -> SendRefused | None:
        words = _lost(leases)
        if words is not None:
            return SendRefused(order.order_id, Refusal(CODE, words))
        return judge(order, now_us)

    return judge_again


def fenced_conversions(leases: Sequence[Lease], judge: JudgeConversion) -> JudgeConversion:
    """The same before a split, merge or redemption leaves."""

    def judge_again(command: ConvertSets, now_us: Instant) -> ConversionRefused | None:
        words = _lost(leases)
        if words is not None:
            return ConversionRefused(command.conversion_id, Refusal(CODE, words))
        return judge(command, now_us)

    return judge_again


def _lost(leases: Sequence[Lease]) -> str | None:
    found = (lease.lost() for lease in leases)
    return next((words for words in found if words is not None), None)


def account_name(account: PublicAccount, key_id: str) -> str:
    """What the file is called: the same for every desk of the account, and no secret.

    key_id: of Kalshi, which tells nothing else of an account before it is asked.
    """
    told = account.wallet or account.address or key_id
    digest = hashlib.sha256(f"{account.venue} {told.lower()}".encode()).hexdigest()
    return f"{account.venue}-{digest[:NAME_DIGITS]}"


class DiskLease:
    """A lease on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def lock(self) -> bool:
        """Take the lock. Raises ConfigError when the folder cannot be used."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        except OSError as error:
            raise ConfigError(f"cannot use the lease {self._path}: {error.strerror}") from error
        return True

    def read(self) -> bytes:
        """By its name: a file that was removed or replaced is not the one that is open."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""

    def write(self, data: bytes) -> None:
        """In place, for the lock is on this very file; always the same length, so never torn."""
        if self._descriptor is None:
            raise OSError("not locked")
        os.pwrite(self._descriptor, data.ljust(RECORD_BYTES), 0)
        os.fsync(self._descriptor)

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _unseen(before: Holder | None, home: str) -> str:
    """The folder whose halts a new holder must take over; its own are no news to it."""
    if before is None:
        return ""
    folder = before.unseen or before.home
    return "" if folder == home else folder


def _read(file: LeaseFile) -> Holder | None:
    """Who is written there. Raises ConfigError for what nobody can read."""
    try:
        data = file.read()
        return msgspec.json.decode(data, type=Holder) if data else None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConfigError(f"a lease cannot be read: {error}; no desk runs? remove it") from error


def _held(account: str, file: LeaseFile, build: str) -> str:
    holder = _read(file)
    words = f"another desk trades on {account}"
    if holder is not None:
        words += f": {holder.process}, build {holder.build}"
        if holder.build != build:
            words += f" (this is build {build})"
    return f"{words}; stop it first: two desks on one account undo each other's limits"
