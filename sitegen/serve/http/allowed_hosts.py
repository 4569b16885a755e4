"""Which names the server answers to: a page that a stranger's name leads here (DNS rebinding) gets nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
EVERYWHERE = frozenset({"0.0.0.0", "[::]"})  # noqa: S104 - the names of it; binding there is the user's own choice
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that a Host header may hold; with `addresses`, any address in digits too, which nobody can rebind."""

    names: frozenset[str]
    addresses: bool = False

    def allow(self, header: str) -> bool:
        """Say whether a Host header names this server."""
        match = HOST.fullmatch(header.lower())
        if match is None:
            return False
        return match[1] in self.names or (self.addresses and _is_address(match[1].strip("[]")))


def hosts_for(bound: str) -> Hosts:
    """Return the names for a server that is bound to a host."""
    name = f"[{bound.lower()}]" if ":" in bound else bound.lower()
    return Hosts(LOCAL | {name}, addresses=name in EVERYWHERE)


def is_own_origin(headers: Mapping[str, str]) -> bool:
    """Say whether a request comes from a page of this server itself, as far as a browser tells (Fetch standard)."""
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
