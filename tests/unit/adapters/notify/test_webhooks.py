"""Where a notice may go, and where it must not."""

import pytest

from foreshock.adapters.notify.webhooks import (
    AddressRules,
    Service,
    is_loopback,
    is_public,
    parse_routes,
    parse_webhook,
    webhook_for,
)
from foreshock.core.domain.errors import ConfigError

STRICT = AddressRules()
LOOSE = AddressRules(frozenset({"chat.example.org"}), allows_loopback=True)
SECRET = "s3cr3t-token"
DISCORD = f"https://discord.com/api/webhooks/123/{SECRET}"
SLACK = f"https://hooks.slack.com/services/T1/B1/{SECRET}"


@pytest.mark.parametrize(
    ("service", "url"),
    [
        ("discord", DISCORD),
        ("discord", f"https://canary.discord.com/api/v10/webhooks/123/{SECRET}"),
        ("slack", SLACK),
    ],
)
def test_the_services_own_addresses_are_good(service: Service, url: str) -> None:
    webhook = parse_webhook(service, "mine", url, STRICT)
    assert webhook.is_tls
    assert webhook.port == 443
    assert SECRET in webhook.path
    assert SECRET not in repr(webhook)


@pytest.mark.parametrize(
    "url",
    [
        f"http://discord.com/api/webhooks/123/{SECRET}",
        f"https://169.254.169.254/api/webhooks/123/{SECRET}",
        f"https://[::1]/api/webhooks/123/{SECRET}",
        f"http://127.0.0.1:80/api/webhooks/123/{SECRET}",
        f"https://localhost/api/webhooks/123/{SECRET}",
        f"https://discord.com.evil.test/api/webhooks/123/{SECRET}",
        f"https://evil.test/discord.com/api/webhooks/123/{SECRET}",
        f"https://discord.com@evil.test/api/webhooks/123/{SECRET}",
        f"https://discord.com:8443/api/webhooks/123/{SECRET}",
        f"https://discord.com:x/api/webhooks/123/{SECRET}",
        f"https://discord.com/api/users/123/{SECRET}",
        f"https://discord.com/api/webhooks/123/{SECRET}#x",
        f"https://discord.com/api/webhooks/123/../../{SECRET}",
        f"file:///etc/passwd?{SECRET}",
        f"https://discord.com/api/webhooks/123/{SECRET}\nHost: evil",
        SECRET,
        "https://" + SECRET * 200,
    ],
)
def test_any_other_address_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_webhook("discord", "discord", url, STRICT)
    assert SECRET not in str(refused.value)
    assert "discord" in str(refused.value)


def test_this_machine_and_a_named_host_are_for_those_who_ask_for_it() -> None:
    ours = parse_webhook("discord", "d", f"http://127.0.0.1:9/api/webhooks/1/{SECRET}", LOOSE)
    assert (ours.is_tls, ours.port) == (False, 9)
    named = parse_webhook("slack", "s", f"https://chat.example.org/hooks/{SECRET}", LOOSE)
    assert named.host == "chat.example.org"
    with pytest.raises(ConfigError):
        parse_webhook("slack", "s", f"https://10.0.0.1/hooks/{SECRET}", LOOSE)


@pytest.mark.parametrize("separator", [",", ";", " ; ", ",;", ";\n"])
def test_both_separators_of_routes_are_understood(separator: str) -> None:
    text = f"crypto={DISCORD}{separator}elections={DISCORD}2"
    assert [route.topic for route in parse_routes(text, STRICT)] == ["crypto", "elections"]


@pytest.mark.parametrize(
    "text",
    [DISCORD, f"={DISCORD}", f"crypto:{DISCORD}", f"a={SECRET}", ";".join([f"a={DISCORD}"] * 51)],
)
def test_a_route_that_is_none_is_named_by_its_place(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_routes(text, STRICT)
    assert SECRET not in str(refused.value)


def test_the_first_route_that_fits_a_word_of_the_topics_is_taken() -> None:
    routes = parse_routes(f"crypto={DISCORD};us elections={DISCORD}2;btc={DISCORD}3", STRICT)
    default = parse_webhook("discord", "discord", f"{DISCORD}4", STRICT)

    def taken(topics: str) -> str:
        found = webhook_for(topics, routes, default)
        assert found is not None
        return found.name

    assert taken("Crypto Will BTC rise? kalshi:KXBTC") == "discord (crypto)"
    assert taken("US Elections Who wins?") == "discord (us elections)"
    assert taken("Prices Will BTC rise?") == "discord (btc)"
    assert taken("Cryptography an exam") == "discord"
    assert webhook_for("Sports", routes, None) is None


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("162.159.137.232", True),
        ("2606:4700::6810:84e5", True),
        ("169.254.169.254", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("0.0.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("2002:0a00:0001::1", False),
        ("discord.com", False),
    ],
)
def test_inner_networks_are_known_in_every_dress(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("127.8.8.8")
    assert is_loopback("::1")
    assert not is_loopback("localhost.evil.test")
