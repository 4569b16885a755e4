"""The host names that the server accepts: a request with another name (DNS rebinding) is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
EVERYWHERE = frozenset({"0.0.0.0", "[::]"})  # noqa: S104 - the names of it; binding there is the user's own choice
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that a Host header may have; with `addresses`, also any IP address, which cannot be rebound."""

    names: frozenset[str]
    addresses: bool = False

    def allow(self, header: str) -> bool:
        """Return whether a Host header names this server."""
        match = HOST.fullmatch(header.lower())
        if match is None:
            return False
        return match[1] in self.names or (self.addresses and _is_address(match[1].strip("[]")))


def hosts_for(bound: str) -> Hosts:
    """Return the names for a server that is bound to a host."""
    name = f"[{bound.lower()}]" if ":" in bound else bound.lower()
    return Hosts(LOCAL | {name}, addresses=name in EVERYWHERE)


def is_own_origin(headers: Mapping[str, str]) -> bool:
    """Return whether a request comes from a page of this server, by the headers of browsers (Fetch standard)."""
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{headers.get('host', '')}".lower():
        return False
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
