"""Downloads many URLs, each host one after the other and several hosts at the same time."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Full, Queue
from urllib.parse import urlsplit

from sitegen.check.external.link_checker import find_copy
from sitegen.formats.image_origins import find_originals
from sitegen.importers.output.images import MAX_FILE_BYTES
from sitegen.system.polite_http import HostLocks, fetch
from sitegen.system.request_policy import RequestPolicy

DOWNLOAD_POLICY = RequestPolicy(
    timeout=120.0,
    pause=0.2,
    parallel_hosts=8,
    body_bytes=MAX_FILE_BYTES,
    truncate=False,
    accept="image/*,*/*;q=0.5",
    agent="Mozilla/5.0 (compatible; sitegen images; fetches the images of its owner's posts)",
)
_PERMANENT = frozenset(range(400, 500)) - {401, 403, 407, 408, 421, 425, 429}
"""Statuses that a later attempt will get again."""


@dataclass(frozen=True, slots=True)
class Download:
    """The bytes of a URL and their media type; or why there are none, and whether another attempt would fail too."""

    url: str
    data: bytes = b""
    type: str = ""
    reason: str = ""
    is_permanent: bool = False


def download_all(urls: Sequence[str], policy: RequestPolicy = DOWNLOAD_POLICY) -> Iterator[Download]:
    """Yield each URL's download as it arrives; of an image, its original if the platform still has it.

    Threads send the requests, and end with the iterator. Each waits until its last download was taken, so that few are
    in memory.
    """
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        hosts[_host_of(find_originals(url)[0])].append(url)
    results: Queue[Download | None] = Queue(maxsize=policy.parallel_hosts)
    stopped = threading.Event()
    free = threading.Semaphore(policy.parallel_hosts)
    locks = HostLocks()

    def deliver(result: Download | None) -> None:
        while not stopped.is_set():
            with suppress(Full):
                results.put(result, timeout=1)
                return

    def download_host(found: list[str]) -> None:
        with free:
            for url in found:
                if not stopped.is_set():
                    deliver(_download(url, policy, locks))
        deliver(None)

    for found in hosts.values():
        threading.Thread(target=download_host, args=(found,), daemon=True).start()
    running = len(hosts)
    try:
        while running:
            result = results.get()
            if result is None:
                running -= 1
            else:
                yield result
    finally:
        stopped.set()


def _download(url: str, policy: RequestPolicy, locks: HostLocks) -> Download:
    failed = Download(url)
    for candidate in find_originals(url):
        answer = fetch(candidate, policy, locks, "GET")
        if answer.status == 200 and answer.body:
            return Download(url, answer.body, answer.type)
        if answer.status == 200:
            failed = Download(url, reason="the server sends nothing")
        elif answer.status >= 400:
            reason = f"the server answers {answer.status} {answer.reason}".strip()
            failed = Download(url, reason=reason, is_permanent=answer.status in _PERMANENT)
        else:
            failed = Download(url, reason=answer.reason, is_permanent=not answer.is_transient)
    return failed


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


Downloader = Callable[[Sequence[str]], Iterator[Download]]
"""Yields a download for each URL, in any order."""


def find_copies(urls: Sequence[str], policy: RequestPolicy = DOWNLOAD_POLICY) -> dict[str, str]:
    """Return the URL of a copy in the Internet Archive for each URL that has one."""
    locks = HostLocks()
    copies = {url: find_copy(url, policy, locks)[0] for url in dict.fromkeys(urls)}
    return {url: copy for url, copy in copies.items() if copy}
