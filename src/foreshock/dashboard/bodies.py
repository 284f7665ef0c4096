"""What does an operator send, and what comes back beside views? The commands on the whole desk."""

import msgspec


class HaltBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/halt. confirm: the word `halt`, typed by a person."""

    scope: str
    reason: str
    confirm: str


class ResumeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/resume. confirm: the word `resume`."""

    scope: str
    confirm: str


class LoginLink(msgspec.Struct, frozen=True):
    """A link that opens the dashboard once."""

    url: str


class Healthy(msgspec.Struct, frozen=True):
    """GET /healthz: the server answers."""

    ok: bool = True
