"""How does a message reach a webhook without the desk being led astray? Resolve, look, connect.

The name is resolved first and every address of it looked at; the connection goes to the address
that was looked at, with the name for TLS, so a name that changes its mind in between leads nowhere.
Redirects are not followed, and no proxy of the environment is asked.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

import httpx2

from foreshock.adapters.notify.webhooks import Webhook, is_loopback, is_public
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.core.domain.errors import ConfigError, VenueUnavailableError

TIMEOUT_S = 10.0
BODY_BYTES_MAX = 64 * 1024
USER_AGENT = "foreshock (notices)"
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Every address of a name."""


class Sender(Protocol):
    """Brings a request to a webhook."""

    async def send(self, webhook: Webhook, request: HttpRequest) -> HttpResponse:
        """Raises VenueUnavailableError without an answer, ConfigError for a forbidden address."""
        ...

    async def close(self) -> None: ...


class GuardedSender:
    """Requests over the network. Close it when done."""

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._resolve = resolve or _resolve
        self._client = httpx2.AsyncClient(
            timeout=TIMEOUT_S,
            follow_redirects=False,
            headers={"user-agent": USER_AGENT},
            trust_env=False,
        )

    async def send(self, webhook: Webhook, request: HttpRequest) -> HttpResponse:
        """Raises VenueUnavailableError without an answer, ConfigError for a forbidden address.

        No error quotes the address: it is the secret.
        """
        address = await self._address(webhook)
        scheme = "https" if webhook.is_tls else "http"
        host = f"[{address}]" if ":" in address else address
        try:
            async with self._client.stream(
                request.method,
                f"{scheme}://{host}:{webhook.port}{request.path}",
                headers=[("host", webhook.host), *request.headers],
                content=request.body,
                extensions={"sni_hostname": webhook.host},
            ) as answer:
                body = await _body(answer)
                return HttpResponse(answer.status_code, body, tuple(answer.headers.items()))
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise VenueUnavailableError(
                f"{webhook.name} gave no answer: {type(error).__name__}"
            ) from None

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    async def _address(self, webhook: Webhook) -> str:
        """The address to connect to: of this machine only where the webhook names it outright."""
        try:
            found = await self._resolve(webhook.host, webhook.port)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise VenueUnavailableError(f"{webhook.name} has no address: {reason}") from error
        if not found:
            raise VenueUnavailableError(f"{webhook.name} has no address")
        is_ours = is_loopback(webhook.host)
        allowed = [is_loopback(each) if is_ours else is_public(each) for each in found]
        if not all(allowed):
            raise ConfigError(
                f"the host of {webhook.name} leads into an inner network: nothing is sent there"
            )
        return found[0]


async def _resolve(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def _body(answer: httpx2.Response) -> bytes:
    """The beginning of the answer: nothing in it matters beyond that."""
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk[: BODY_BYTES_MAX - len(body)]
        if len(body) >= BODY_BYTES_MAX:
            break
    return bytes(body)
