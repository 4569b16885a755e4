"""A web server whose root is exchanged under load: no request fails, and no answer is of two versions."""

import http.client
import subprocess
import threading
import time

import pytest

from sitegen.publish.targets.folder import FolderPublisher
from tests.support.programs import require_program
from tests.support.publish_servers import start_server
from tests.support.publishing import contents, make_context, publish_output, rewrite
from tests.support.waiting import TIMEOUT_SECONDS

TIMES = 200
READERS = 3
PATHS = ("/", "/posts/one/", "/posts/two/", "/feed.xml")
CONFIG = """
daemon off; master_process off; pid "{folder}/pid"; error_log "{folder}/error.log";
events {{}}
http {{
  access_log off; sendfile on; default_type text/html;
  client_body_temp_path "{folder}/t1"; proxy_temp_path "{folder}/t2"; fastcgi_temp_path "{folder}/t3";
  uwsgi_temp_path "{folder}/t4"; scgi_temp_path "{folder}/t5";
  server {{ listen 127.0.0.1:{port}; root "{root}"; index index.html; gzip_static on; }}
}}
"""


@pytest.fixture
def port(tmp_path):
    nginx = require_program("nginx", "/usr/sbin", "/usr/local/sbin")
    folder = tmp_path / "nginx"
    folder.mkdir()
    command = [nginx, "-c", str(folder / "conf"), "-e", str(folder / "error.log")]

    def start(port):
        (folder / "conf").write_text(CONFIG.format(folder=folder, port=port, root=tmp_path / "www"))
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    port, process = start_server(start)
    yield port
    process.terminate()
    process.wait()


def make_version(number: int) -> dict[str, str]:
    text = f"{number}\n" * 4000
    names = ("index.html", "posts/one/index.html", "posts/two/index.html", "feed.xml")
    return dict.fromkeys(names, text) | {f"assets/style.{number:08x}.css": "p{}"}


def read_until_done(port: int, done: threading.Event, answers: list[tuple[int, set[bytes]]], errors: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        while not done.is_set():
            for path in PATHS:
                connection.request("GET", path)
                answer = connection.getresponse()
                answers.append((answer.status, set(answer.read().split())))
    except (OSError, http.client.HTTPException) as error:
        errors.append(repr(error))
    finally:
        connection.close()


def find_versions(answers: list[tuple[int, set[bytes]]]) -> set[bytes]:
    """Return the versions in some answers, to which other threads may add."""
    return {version for _, versions in tuple(answers) for version in versions}


def test_two_hundred_exchanges_under_load_give_no_failed_and_no_mixed_answer(port, tmp_path):
    output = rewrite(tmp_path / "output", make_version(0))
    publisher = FolderPublisher(tmp_path / "www", make_context(tmp_path).record, time.time_ns)
    publish_output(publisher, output)
    done, answers, errors = threading.Event(), [], []
    readers = [threading.Thread(target=read_until_done, args=(port, done, answers, errors)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    number = 0
    # The readers may be slow to start, or the publishes quick.
    while number < TIMES or (not errors and len(find_versions(answers)) <= TIMES / 10):
        number += 1
        publish_output(publisher, rewrite(output, make_version(number)))
    done.set()
    for reader in readers:
        reader.join()
    assert contents(tmp_path / "www") == contents(output)
    assert errors == []
    assert {status for status, _ in answers} == {200}
    assert [versions for _, versions in answers if len(versions) != 1] == []
