"""The names and addresses that a server answers to, by the host that it is bound to."""

import pytest

from sitegen.serve.http.allowed_hosts import Hosts, hosts_for, is_own_origin

LOCAL = {"127.0.0.1", "localhost", "[::1]"}


@pytest.mark.parametrize(
    ("bound", "name", "addresses"),
    [
        ("127.0.0.1", "127.0.0.1", False),
        ("Desk.local", "desk.local", False),
        ("::1", "[::1]", False),
        ("FE80::1", "[fe80::1]", False),
        ("0.0.0.0", "0.0.0.0", True),
        ("::", "[::]", True),
    ],
)
def test_a_server_answers_to_the_local_names_and_the_one_it_is_bound_to(bound, name, addresses):
    assert hosts_for(bound) == Hosts(frozenset({*LOCAL, name}), addresses)


@pytest.mark.parametrize(
    ("header", "named", "any_address"),
    [
        ("desk.local", True, True),
        ("DESK.local:8000", True, True),
        ("desk.local:", False, False),
        ("desk.local:123456", False, False),
        ("desk.local/", False, False),
        ("other.local", False, False),
        ("192.168.0.1:80", False, True),
        ("[fe80::1]:80", False, True),
        ("[fe80::1", False, False),
        ("1.2.3.4.5", False, False),
        ("", False, False),
    ],
)
def test_a_host_header_is_one_of_the_names_or_an_address(header, named, any_address):
    names = frozenset({"desk.local"})
    assert Hosts(names).allow(header) is named
    assert Hosts(names, addresses=True).allow(header) is any_address


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"host": "a:1"}, True),
        ({"host": "a:1", "origin": "http://a:1"}, True),
        ({"host": "A:1", "origin": "HTTP://a:1"}, True),
        ({"host": "a:1", "origin": "https://a:1"}, False),
        ({"host": "a:1", "origin": "http://a:2"}, False),
        ({"origin": "http://"}, True),
        ({"host": "a:1", "sec-fetch-site": "same-origin"}, True),
        ({"host": "a:1", "sec-fetch-site": "none"}, True),
        ({"host": "a:1", "sec-fetch-site": "cross-site"}, False),
        ({"host": "a:1", "origin": "http://a:1", "sec-fetch-site": "same-site"}, False),
        ({"host": "a:1", "origin": "http://b", "sec-fetch-site": "none"}, False),
    ],
    ids=str,
)
def test_a_request_of_another_page_is_recognised_by_its_headers(headers, own):
    assert is_own_origin(headers) is own
