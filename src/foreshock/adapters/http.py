"""How do requests leave? One network transport per host: never retries, never follows redirects.

Reading is retried by the callers that know it is safe (`read_with_retry`); placing orders never is.
"""

import asyncio
import random

import httpx2

from foreshock.adapters.clock import monotonic_us
from foreshock.adapters.seams import FRAME_BYTES_MAX, HttpRequest, HttpResponse, HttpTransport
from foreshock.core.domain.errors import VenueUnavailableError

TIMEOUT_S = 10.0
CONNECTIONS_MAX = 20
ATTEMPTS_MAX = 4
RETRY_WAIT_S = 0.25
RETRY_WAIT_S_MAX = 5.0
TOO_MANY_REQUESTS = 429
RESTARTING = 425
SERVER_ERRORS = range(500, 600)
USER_AGENT = "foreshock"


class NetworkTransport:
    """One host over HTTP. Close it when done."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._client = httpx2.AsyncClient(
            base_url=base_url,
            timeout=TIMEOUT_S,
            follow_redirects=False,
            headers={"user-agent": USER_AGENT},
            limits=httpx2.Limits(max_connections=CONNECTIONS_MAX),
            trust_env=False,
        )

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Raises VenueUnavailableError when no answer came, or one longer than we read."""
        try:
            async with self._client.stream(
                request.method,
                request.path,
                headers=list(request.headers),
                content=request.body or None,
            ) as answer:
                body = await _body(answer)
                return HttpResponse(answer.status_code, body, tuple(answer.headers.items()))
        except httpx2.HTTPError as error:
            raise VenueUnavailableError(
                f"{self.base_url} gave no answer: {type(error).__name__} {error}".strip()
            ) from error

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()


async def read_with_retry(transport: HttpTransport, request: HttpRequest) -> HttpResponse:
    """Ask until a final answer comes: any status but 425, 429 and 5xx, back-off with full jitter.

    Only for requests without effect; POST /books is one. Raises VenueUnavailableError after
    ATTEMPTS_MAX attempts.
    """
    rng = random.Random(f"{request.path} {monotonic_us()}")  # noqa: S311 - spreads the attempts
    for attempt in range(ATTEMPTS_MAX - 1):
        try:
            return await _read_once(transport, request)
        except VenueUnavailableError:
            await asyncio.sleep(jittered_s(attempt, RETRY_WAIT_S, RETRY_WAIT_S_MAX, rng))
    return await _read_once(transport, request)


def jittered_s(attempt: int, base_s: float, cap_s: float, rng: random.Random) -> float:
    """Full-jitter back-off: a uniform share of base x 2^attempt, capped."""
    return rng.random() * min(cap_s, base_s * 2 ** min(attempt, 16))


async def _read_once(transport: HttpTransport, request: HttpRequest) -> HttpResponse:
    """A final answer. Raises VenueUnavailableError when it is none, or none came."""
    answer = await transport.send(request)
    if answer.status in (RESTARTING, TOO_MANY_REQUESTS) or answer.status in SERVER_ERRORS:
        raise VenueUnavailableError(f"{request.path} answered {answer.status}")
    return answer


async def _body(answer: httpx2.Response) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > FRAME_BYTES_MAX:
            raise VenueUnavailableError(f"{answer.url} answered more than {FRAME_BYTES_MAX} bytes")
    return bytes(body)
