"""Who may ask? Host, Origin and session are looked at before any route sees a request.

The dashboard listens on a machine where a browser shows other people's pages. So a request must
name this server (no DNS rebinding), must not come from another site, and for everything under
/api must carry a session cookie or the instance token. Every answer carries a policy under which
a page runs nothing but the files shipped with it.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Literal, TypeAlias

import msgspec
from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import DAY, SECOND
from foreshock.dashboard.views import ErrorView

Clock: TypeAlias = Callable[[], int]
Caller: TypeAlias = Literal["dashboard", "command line"]
"""By which door an authenticated request came."""

COOKIE = "foreshock_session"
SECRET_BYTES_MIN = 16
TOKEN_BYTES = 32
TOKENS_MAX = 16
TOKEN_LIFE_US = DAY
SESSIONS_MAX = 32
SESSION_LIFE_US = 7 * DAY
ATTEMPTS_MAX = 10
ATTEMPTS_WINDOW_US = 60 * SECOND

API = "/api/"
PROGRAM_DOORS = frozenset({"/api/events", "/api/alerts/polyalerthub"})
"""Here programs tell us something, each with a token of its own; the routes judge them."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
ADDRESS_HINT = "open the dashboard under the address that the desk printed"
LOGIN_HINT = "open the link that the desk printed, or make another: foreshock login"
WRONG_HOST = ErrorView("WRONG_HOST", "this server has no such name", ADDRESS_HINT, retryable=False)
WRONG_ORIGIN = ErrorView(
    "WRONG_ORIGIN", "another site's page asked, or nobody knows who", ADDRESS_HINT, retryable=False
)
NOT_LOGGED_IN = ErrorView(
    "NOT_LOGGED_IN", "this needs a session or a token", LOGIN_HINT, retryable=False
)

HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class OneTimeTokens:
    """Tokens that open a session once. Kept as digests: memory holds none that could be read."""

    def __init__(self) -> None:
        self._digests: dict[bytes, int] = {}

    def mint(self, now_us: int) -> str:
        """A new token of 256 random bits; the oldest unused one beyond the ceiling dies."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._digests[_digest(token)] = now_us + TOKEN_LIFE_US
        while len(self._digests) > TOKENS_MAX:
            self._digests.pop(next(iter(self._digests)))
        return token

    def redeem(self, token: str, now_us: int) -> bool:
        """Whether the token is good; it is not any more afterwards. Constant time a token."""
        offered = _digest(token)
        found = [known for known in self._digests if hmac.compare_digest(known, offered)]
        return any(self._digests.pop(known) > now_us for known in found)


class Sessions:
    """Logged-in browsers. The cookie is a signed id; what it is worth stands here."""

    def __init__(self, secret: bytes) -> None:
        self._signer = Signer(secret, salt="foreshock.dashboard.session")
        self._expiries: dict[str, int] = {}

    def open(self, now_us: int) -> str:
        """The cookie of a new session; the oldest session beyond the ceiling ends."""
        session = secrets.token_urlsafe(TOKEN_BYTES)
        self._expiries[session] = now_us + SESSION_LIFE_US
        while len(self._expiries) > SESSIONS_MAX:
            self._expiries.pop(next(iter(self._expiries)))
        return self._signer.sign(session).decode()

    def is_open(self, cookie: str, now_us: int) -> bool:
        """Whether a cookie is ours, not closed and not expired."""
        session = self._session(cookie)
        return session is not None and self._expiries.get(session, 0) > now_us

    def close(self, cookie: str) -> None:
        """End a session at the server: a copy of its cookie is worth nothing from now on."""
        self._expiries.pop(self._session(cookie) or "", None)

    def _session(self, cookie: str) -> str | None:
        try:
            return self._signer.unsign(cookie).decode()
        except BadSignature:
            return None


class Attempts:
    """How often somebody may try to log in: too often and even a right token has to wait."""

    def __init__(self) -> None:
        self._failed_us: list[int] = []

    def wait_us(self, now_us: int) -> int:
        """How long to wait before the next attempt; 0 when it may be made."""
        self._failed_us = [at for at in self._failed_us if now_us - at < ATTEMPTS_WINDOW_US]
        if len(self._failed_us) < ATTEMPTS_MAX:
            return 0
        return self._failed_us[0] + ATTEMPTS_WINDOW_US - now_us

    def fail(self, now_us: int) -> None:
        """Count a wrong token."""
        self._failed_us.append(now_us)


class Keys(msgspec.Struct, frozen=True):
    """Everything that opens the door, and how often it was tried."""

    instance_token: str
    tokens: OneTimeTokens
    sessions: Sessions
    attempts: Attempts


def make_keys(instance_token: str, secret: bytes | None = None) -> Keys:
    """New keys; without a secret the sessions end with this process.

    Raises ConfigError for a secret or token that is empty or could be guessed.
    """
    secret = secrets.token_bytes(TOKEN_BYTES) if secret is None else secret
    if len(secret) < SECRET_BYTES_MIN or len(instance_token) < SECRET_BYTES_MIN:
        raise ConfigError(
            f"the dashboard's secret and instance token need at least {SECRET_BYTES_MIN} bytes: "
            "leave them out and the desk makes its own"
        )
    return Keys(instance_token, OneTimeTokens(), Sessions(secret), Attempts())


class Addresses:
    """Under which names this server may be asked. The port is known once it listens."""

    def __init__(self, named: tuple[str, ...], *, is_tls: bool) -> None:
        self.is_tls = is_tls
        self._hosts = {host.lower() for host in named}

    def listen(self, host: str, port: int) -> None:
        """Accept the loopback names and the bound address at this port."""
        names = {"127.0.0.1", "localhost", "[::1]", bracketed(host)}
        self._hosts |= {f"{name}:{port}" for name in names}
        if port == (443 if self.is_tls else 80):
            self._hosts |= names

    def has_host(self, host: str) -> bool:
        """Whether a Host header names this server."""
        return host.lower() in self._hosts

    def has_origin(self, origin: str) -> bool:
        """Whether an Origin header names a page of this server."""
        scheme, separator, host = origin.partition("://")
        schemes = {"https"} if self.is_tls else {"http"}
        return bool(separator) and scheme in schemes and self.has_host(host)


class Gate:
    """ASGI: lets through what is asked of this server, by its own page or its own user."""

    def __init__(self, app: ASGIApp, addresses: Addresses, keys: Keys, clock: Clock) -> None:
        self._app = app
        self._addresses = addresses
        self._keys = keys
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with `scope["state"]["caller"]` set where one is known."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks WebSocket
            await send({"type": "websocket.close", "code": 1008})
            return
        sealed = _sealed(send)
        refusal = self._judge(scope)
        if refusal is None:
            await self._app(scope, receive, sealed)
        else:
            await refusal(scope, receive, sealed)

    def _judge(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._addresses.has_host(hosts[0]):
            return error(HTTPStatus.MISDIRECTED_REQUEST, WRONG_HOST)
        caller = self._caller(headers)
        is_program = _is_program(scope, headers)
        if not is_program and not self._is_own_page(scope["method"], headers, caller):
            return error(HTTPStatus.FORBIDDEN, WRONG_ORIGIN)
        scope.setdefault("state", {})["caller"] = caller
        if scope["path"].startswith(API) and caller is None and not is_program:
            return error(HTTPStatus.UNAUTHORIZED, NOT_LOGGED_IN)
        return None

    def _caller(self, headers: Headers) -> Caller | None:
        """A token that is offered decides: a wrong one is not made good by a cookie."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme:
            known = self._keys.instance_token.encode()
            is_ours = scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), known)
            return "command line" if is_ours else None
        cookie = session_cookie(headers)
        if cookie is not None and self._keys.sessions.is_open(cookie, self._clock()):
            return "dashboard"
        return None

    def _is_own_page(self, method: str, headers: Headers, caller: Caller | None) -> bool:
        """Whether no other site's page can be behind this request."""
        origins = headers.getlist("origin")
        if origins:
            return all(self._addresses.has_origin(origin) for origin in origins)
        if headers.get("sec-fetch-site", "none") in {"cross-site", "same-site"}:
            # Following a link to us is fine; a picture, frame or fetch of another site is not.
            return method in READING and headers.get("sec-fetch-dest") == "document"
        return method in READING or caller == "command line"


def session_cookie(headers: Headers) -> str | None:
    """The value of our cookie, None when the browser has none."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)


def error(status: HTTPStatus, view: ErrorView) -> Response:
    """An error of the API."""
    return Response(msgspec.json.encode(view), status, media_type="application/json")


def bracketed(host: str) -> str:
    """An address as it stands in a URL."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host.lower()


def seal(headers: MutableHeaders) -> None:
    """Add the headers every answer carries; what a route wants not to be kept, nobody keeps."""
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("cache-control", "no-store")


def _is_program(scope: Scope, headers: Headers) -> bool:
    """Whether another program speaks at a door that judges it itself, and no browser does."""
    is_browser = "origin" in headers or "sec-fetch-site" in headers or "cookie" in headers
    return scope["path"] in PROGRAM_DOORS and scope["method"] == "POST" and not is_browser


def _sealed(send: Send) -> Send:
    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            seal(MutableHeaders(scope=message))
        await send(message)

    return sealed


def _digest(token: str) -> bytes:
    return hmac.digest(b"foreshock one-time token", token.encode(), "sha256")
