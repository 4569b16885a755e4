"""Check whether IP addresses belong to the public internet."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Own tables: those of `ipaddress` change with the version of Python, and let several of these pass.
_RESERVED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network (RFC 791)
            "10.0.0.0/8",  # private (RFC 1918)
            "100.64.0.0/10",  # shared, behind a provider's NAT (RFC 6598)
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local, and the metadata of cloud servers (RFC 3927)
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # IETF protocol assignments (RFC 6890)
            "192.0.2.0/24",  # documentation (RFC 5737)
            "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks (RFC 2544)
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_UNICAST_V6 = IPv6Network("2000::/3")
"""Global unicast: all that IANA allocates. Loopback, site-local (fec0::/10), unique local, multicast are outside."""

_RESERVED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # IETF protocol assignments, among them Teredo and benchmarks (RFC 2928, RFC 4380)
            "2001:db8::/32",  # documentation (RFC 3849)
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
_WRAPPED = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped (RFC 4291)
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64 (RFC 6052): how a network without IPv4 reaches every IPv4 server
    (IPv6Network("2002::/16"), 80),  # 6to4 (RFC 3056)
)
"""Networks whose addresses contain an IPv4 address, and by how many bits it is shifted."""


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to a server of the public internet.

    Follows IANA's special-purpose registries of 2024. An IPv6 address with an embedded IPv4 address is public if that
    one is: mapped, NAT64 and 6to4. Compatible (::/96) and translated (::ffff:0:0:0/96) addresses and NAT64 networks of
    a site's own (64:ff9b:1::/48) are outside of global unicast and never public; nor is an address with a zone.
    """
    if "%" in address:
        return False
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _RESERVED_V4)
    for network, shift in _WRAPPED:
        if parsed in network:
            return is_public(str(IPv4Address(int(parsed) >> shift & 0xFFFFFFFF)))
    return parsed in _UNICAST_V6 and not _is_isatap(parsed) and not any(parsed in network for network in _RESERVED_V6)


def _is_isatap(address: IPv6Address) -> bool:
    """Return whether an address is one of a tunnel within a site (RFC 5214)."""
    return int(address) >> 32 & 0xFDFFFFFF == 0x00005EFE
