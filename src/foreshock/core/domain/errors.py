"""Who must act when something is wrong?

* ForeshockError
  x ConfigError        a person: fix the configuration; raised before anything starts
  x DataError          the feed: discard and resynchronise; carries what was wrong, never a default
  x VenueError
    + VenueUnavailableError   safe to retry with back-off
    + OrderRejectedError      final; do not retry
    + OrderUnknownError       sent, no answer: never resend, reconcile first
  x StorageError       the disk: stop entering trades, cancelling still works
  x InvariantError     a bug: halt trading

A refused trade, a missed fill or a timeout is not an error but a message.
"""


class ForeshockError(Exception):
    """Base of all errors raised by this package."""


class ConfigError(ForeshockError):
    """A person must change the configuration; the text says what to change."""


class DataError(ForeshockError):
    """The venue sent what we cannot trust."""


class VenueError(ForeshockError):
    """A venue did not do what was asked."""


class VenueUnavailableError(VenueError):
    """No usable answer; asking again later is safe because nothing was ordered."""


class OrderRejectedError(VenueError):
    """The venue refused an order for good."""


class OrderUnknownError(VenueError):
    """An order was sent and its fate is not known."""


class StorageError(ForeshockError):
    """Bytes could not be made durable or are damaged."""


class InvariantError(ForeshockError):
    """Something that cannot happen happened."""
