"""Publishes to a bucket of any S3-compatible service, through obstore."""

import configparser
import re
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from hashlib import md5
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from sitegen.config.schema import Target
from sitegen.errors import Problem, SiteError
from sitegen.feeds.types import MEDIA_TYPES
from sitegen.formats.mime_types import content_type
from sitegen.formats.urls import hide_credentials
from sitegen.publish.files import SourceFile
from sitegen.site.headers_file import IMMUTABLE, SHORT_CACHE_CONTROL, is_immutable
from sitegen.system.installation import install_hint

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import S3Config, S3Store

Result = TypeVar("Result")

AT_ONCE = 8
LARGE = 64 * 1024 * 1024
"""A larger file is uploaded in parts, and its ETag is not an MD5."""

_NAMES = {
    "access_key_id": "AWS_ACCESS_KEY_ID",
    "secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "token": "AWS_SESSION_TOKEN",
}
_LINE = re.compile(r"HTTP error|error sending request|response body|connection|timed out", re.IGNORECASE)
_LENT = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
"""Variables by which a cloud lends credentials to what runs in it; obstore fetches these itself."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a request may take, how often it is tried again, and the first pause, all in seconds; pauses double."""

    timeout: float = 60.0
    retries: int = 8
    first_pause: float = 0.25


class Bucket:
    """A folder of a bucket as a remote: the mark of a file is its ETag, its MD5 if it was uploaded in one piece."""

    def __init__(
        self,
        target: Target,
        environment: Mapping[str, str],
        pause: Callable[[float], None],
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self.label, self.pause, self.retry_policy = target.url, pause, retry_policy or RetryPolicy()
        self.store = _open_store(target, environment, self.retry_policy)

    def read(self) -> dict[str, str]:
        """Return the ETags of all files in the folder, by their paths."""
        import obstore  # noqa: PLC0415 - an extra

        def read() -> dict[str, str]:
            return {found["path"]: _plain(found["e_tag"]) for chunk in obstore.list(self.store) for found in chunk}

        return self._try(read)

    def mark_of(self, file: SourceFile) -> str:
        """Return the MD5 of a file's bytes."""
        return md5(file.path.read_bytes(), usedforsecurity=False).hexdigest() if file.size <= LARGE else ""

    def is_leftover(self, path: str) -> bool:  # noqa: ARG002 - S3 lists no file before its upload is complete
        """Return False: the service never has partial files."""
        return False

    def send(self, files: Mapping[str, SourceFile], sent: Callable[[int], None]) -> None:
        """Upload files, some at a time, each with its media type and cache lifetime."""
        import obstore  # noqa: PLC0415 - an extra

        def send(item: tuple[str, SourceFile]) -> None:
            path, file = item
            large, headers = file.size > LARGE, attributes(path)
            self._try(lambda: obstore.put(self.store, path, file.path, attributes=headers, use_multipart=large))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(send, files.items()):
                sent(1)

    def remove(self, paths: Collection[str]) -> None:
        """Remove files, a thousand a request."""
        import obstore  # noqa: PLC0415 - an extra

        self._try(lambda: obstore.delete(self.store, list(paths)))

    def _try(self, action: Callable[[], Result]) -> Result:
        """Make an idempotent call; repeat it after growing pauses if the network fails, and report other errors.

        obstore itself tries again what the server refused for now, but not an answer that was cut short.
        """
        from obstore.exceptions import BaseError  # noqa: PLC0415 - an extra

        for attempt in range(self.retry_policy.retries + 1):
            try:
                return action()
            except (BaseError, FileNotFoundError) as error:
                if attempt == self.retry_policy.retries or not _LINE.search(str(error)):
                    raise SiteError([_describe(self.label, str(error))]) from None
                self.pause(min(self.retry_policy.first_pause * 2**attempt, 15.0))
        raise AssertionError("the last attempt either returns or raises")


def attributes(path: str) -> "Attributes":
    """Return the headers that the service serves a file with."""
    kind, _, coding = path.rpartition(".")
    encodings = {"gz": "gzip", "br": "br"}
    name = kind if coding in encodings else path
    headers: Attributes = {
        "Content-Type": _media_type(name),
        "Cache-Control": IMMUTABLE if is_immutable(name) else SHORT_CACHE_CONTROL,
    }
    if coding in encodings:
        headers["Content-Encoding"] = encodings[coding]
    return headers


def _media_type(path: str) -> str:
    """Return the media type of a file, that of a feed by the names which the config gives feeds by default."""
    feeds = {"feed.xml": "rss", "atom.xml": "atom", "feed.json": "json"}
    name = path.rpartition("/")[2]
    kind = feeds.get(name, "opml" if name.endswith(".opml") else "")
    return f"{MEDIA_TYPES[kind]}; charset=utf-8" if kind else content_type(path)


def _open_store(target: Target, environment: Mapping[str, str], retry_policy: RetryPolicy) -> "S3Store":
    try:
        from obstore.store import S3Store  # noqa: PLC0415 - an extra
    except ImportError:
        hint = install_hint("publish")
        raise SiteError([Problem(target.url, 0, "publishing to S3 needs the package obstore", hint)]) from None
    found = find_credentials(environment)
    if not found and not any(name in environment for name in _LENT):
        hint = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for a part of ~/.aws/credentials"
        raise SiteError([Problem(target.url, 0, "there are no credentials for the bucket", hint)])
    region = (
        target.region
        or environment.get("AWS_REGION")
        or environment.get("AWS_DEFAULT_REGION")
        or found.pop("region", "")
    )
    found.pop("region", None)
    endpoint = target.endpoint or environment.get("AWS_ENDPOINT_URL", "")
    settings = {**found, "region": region or "us-east-1"} | ({"endpoint": endpoint} if endpoint else {})
    return S3Store.from_url(
        target.url,
        config=cast("S3Config", settings),
        client_options={"allow_http": endpoint.startswith("http://"), "timeout": f"{retry_policy.timeout}s"},
        retry_config={
            "max_retries": retry_policy.retries,
            "backoff": {
                "init_backoff": timedelta(seconds=retry_policy.first_pause),
                "max_backoff": timedelta(seconds=15),
                "base": 2,
            },
            "retry_timeout": timedelta(minutes=10),
        },
    )


def find_credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """Return key, secret, token and region from the usual variables, or from the files of Amazon's tools."""
    found = {name: environment[variable] for name, variable in _NAMES.items() if environment.get(variable)}
    if "access_key_id" in found and "secret_access_key" in found:
        return found
    home = Path(environment.get("HOME", environment.get("USERPROFILE", ""))) / ".aws"
    profile = environment.get("AWS_PROFILE", "default")
    files = configparser.RawConfigParser()
    files.read(environment.get("AWS_SHARED_CREDENTIALS_FILE", home / "credentials"), "utf-8")
    others = configparser.RawConfigParser()
    others.read(environment.get("AWS_CONFIG_FILE", home / "config"), "utf-8")
    section = f"profile {profile}" if profile != "default" else profile
    settings = dict(others[section]) if others.has_section(section) else {}
    settings |= dict(files[profile]) if files.has_section(profile) else {}
    named = {"token": "aws_session_token", "region": "region"}
    named |= {name: f"aws_{name}" for name in ("access_key_id", "secret_access_key")}
    values = {name: settings[key] for name, key in named.items() if settings.get(key)}
    return values if "access_key_id" in values and "secret_access_key" in values else {}


def _plain(tag: str | None) -> str:
    return (tag or "").strip('"')


def _describe(label: str, error: str) -> Problem:
    code = re.search(r"<Code>(\w+)</Code>", error)
    reason = code[1] if code else hide_credentials(error).partition("\n")[0][:300]
    if re.search(r"40[13] |AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|credential", error):
        hint = "see that the credentials are right, and may list, read, write and delete there"
        return Problem(label, 0, f"the service does not accept the credentials: {reason}", hint)
    if "NoSuchBucket" in error:
        return Problem(label, 0, "there is no such bucket", "create it, or correct the url of the target")
    return Problem(label, 0, f"the service failed: {reason}", "publish again to continue")
