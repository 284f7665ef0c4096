"""Does the guard of conftest.py hold, and only where it should?"""

import asyncio
import socket

import pytest

from tests.conftest import NetworkForbiddenError, NetworkGuard, is_loopback

REMOTE = "192.0.2.1"  # reserved for documentation, RFC 5737


def test_connecting_to_a_remote_address_is_refused_and_remembered(
    network_guard: NetworkGuard,
) -> None:
    with socket.socket() as client, pytest.raises(NetworkForbiddenError, match="loopback only"):
        client.connect((REMOTE, 443))
    assert network_guard.attempts == [REMOTE]
    network_guard.attempts.clear()


async def test_asyncio_cannot_look_up_a_remote_name(network_guard: NetworkGuard) -> None:
    with pytest.raises(NetworkForbiddenError):
        await asyncio.open_connection("venue.invalid", 443)
    network_guard.attempts.clear()


async def test_loopback_works() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("host", [None, "", "localhost", "127.0.0.53", "::1", b"127.0.0.1"])
def test_this_machine_is_loopback(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["example.invalid", REMOTE, "10.0.0.1", "2001:db8::1", 7])
def test_everything_else_is_not(host: object) -> None:
    assert not is_loopback(host)
