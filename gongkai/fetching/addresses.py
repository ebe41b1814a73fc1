"""Addresses that may be fetched: web addresses that can be published, on public hosts."""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote

import httpx

from gongkai.fetching.failures import FetchFailed
from gongkai.ontology.texts import translations

_MOST_CHARACTERS = 4000

# What RFC 3986 requires to be percent-encoded in path and query, and percent signs that encode
# nothing: with these encoded, a server sees the same address, and it is an IRI that can be
# published.
_TO_ENCODE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!$%&'()*+,./:;=?@A-Z_a-z~0-9-]")

# RFC 6052: an IPv4 address in the last 32 bits.
_NAT64 = IPv6Network("64:ff9b::/96")


def web_address(text: str) -> httpx.URL:
    """The address in ``text`` as it is requested: percent-encoded, without its fragment.

    Raises FetchFailed if it is not an http or https address, or if it carries a password, which
    would end up in records.
    """
    if len(text) > _MOST_CHARACTERS:
        raise FetchFailed(translations("fetching.address.too_long", most=_MOST_CHARACTERS))
    try:
        url = httpx.URL(text)
        port = url.port
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(translations("fetching.address.not_parsed", error=error)) from None
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchFailed(translations("fetching.address.not_http"))
    if re.search(r"[^\w.:~-]", url.host):
        raise FetchFailed(translations("fetching.address.host_characters"))
    if port is not None and not 0 < port < 65536:
        raise FetchFailed(translations("fetching.address.port"))
    if url.userinfo:
        raise FetchFailed(translations("fetching.address.password"))
    path = _TO_ENCODE.sub(lambda found: quote(found.group()), url.raw_path.decode("ascii"))
    return url.copy_with(raw_path=path.encode(), fragment=None)


def is_public(address: str) -> bool:
    """Whether an IP address, and any IPv4 address embedded in it, is on the public internet.

    Private, shared, loopback, link-local, multicast, reserved and documentation addresses are not
    (IANA special-purpose registries, as the standard library has them).
    """
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved
    inner = _inner(ip)
    if inner is not None and not is_public(str(inner)):
        return False
    if ip.ipv4_mapped or ip in _NAT64:
        return True
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_site_local)


def _inner(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which packets for ``ip`` are delivered in the end."""
    return ip.ipv4_mapped or ip.sixtofour or (IPv4Address(ip.packed[-4:]) if ip in _NAT64 else None)
