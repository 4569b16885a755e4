"""Messages are read the same with the shared boundary as with their own."""

from random import Random

import pytest

from sitegen.importers.mail import message
from sitegen.importers.mail.boundary import SHARED, share_boundary
from sitegen.importers.mail.message import read_message

BOUNDARY = "x_1.y"
PIECES = (
    f"--{BOUNDARY}",
    f"--{BOUNDARY}--",
    f"--{BOUNDARY}\t ",
    f"--{BOUNDARY}-- ",
    f"--{BOUNDARY} text",
    f"--{BOUNDARY}--text",
    f"--{BOUNDARY}_1",
    f"a --{BOUNDARY}",
    BOUNDARY,
    f"--{SHARED}",
    "",
    "Content-Type: text/html",
    "Content-Type: text/plain; charset=utf-8",
    f'Content-Type: multipart/related; boundary="{BOUNDARY}_1"',
    f"Content-Type: multipart/mixed; boundary={BOUNDARY}",
    "Content-Type: message/rfc822",
    "Subject: Inside",
    "<p>Words</p>",
    "Wörter",
)
TYPES = (
    f"multipart/alternative; boundary={BOUNDARY}",
    f'multipart/alternative; boundary="{BOUNDARY}"',
    f'multipart/mixed; charset=utf-8; boundary="{BOUNDARY}"; x=y',
    f'multipart/mixed; name="boundary={BOUNDARY}"; boundary="{BOUNDARY}"',
    f'multipart/mixed; name="; boundary={BOUNDARY}"',
    f"multipart/mixed (; boundary={BOUNDARY})",
    f"multipart/mixed; boundary={BOUNDARY}; boundary=other",
    f"multipart/mixed; boundary={BOUNDARY}(comment)",
    f"multipart/mixed/more; boundary={BOUNDARY}",
    f"text/plain; boundary={BOUNDARY}",
    "multipart/mixed",
)
HEAD = "From: a@b.example\nSubject: Hello\nMIME-Version: 1.0\n"
PLAIN = f"--{BOUNDARY}\n\nText\n--{BOUNDARY}\nContent-Type: text/html\n\n<p>Text</p>\n--{BOUNDARY}--\n"


def read_unshared(data, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(message, "share_boundary", lambda content_type, body: (content_type, body))
        return read_message(data)


@pytest.mark.parametrize("seed", range(20))
def test_any_message_is_read_the_same(seed, monkeypatch):
    random = Random(seed)
    shared = 0
    for _ in range(200):
        content_type = random.choice(TYPES[:3] if seed % 2 else TYPES)
        pieces = PIECES if random.random() < 0.5 else (PIECES[0], PIECES[1], *PIECES[10:13], *PIECES[16:])
        lines = [random.choice(pieces) for _ in range(random.randrange(14))]
        body = random.choice(("\n", "\r\n", "\r")).join(lines)
        data = f"{HEAD}Content-Type: {content_type}\n\n{body}".encode()
        shared += share_boundary(content_type, body.encode())[1] != body.encode()
        assert read_message(data) == read_unshared(data, monkeypatch)
    assert shared or not seed % 2


@pytest.mark.parametrize("content_type", TYPES[:3])
def test_a_usual_message_gets_the_shared_boundary(content_type):
    renamed, body = share_boundary(content_type, PLAIN.encode())
    assert renamed.count(SHARED) == 1
    assert body.decode() == PLAIN.replace(BOUNDARY, SHARED)


@pytest.mark.parametrize("content_type", TYPES[3:])
def test_an_unusual_content_type_is_not_changed(content_type):
    assert share_boundary(content_type, PLAIN.encode()) == (content_type, PLAIN.encode())


@pytest.mark.parametrize("text", [f"see {BOUNDARY}", f"--{BOUNDARY}_1", f"--{BOUNDARY} text", f"--{SHARED}"])
def test_a_message_with_a_boundary_in_its_text_is_not_changed(text):
    body = PLAIN.replace("Text\n", f"{text}\n", 1).encode()
    assert share_boundary(TYPES[0], body) == (TYPES[0], body)
