"""Headers, credentials and messages of a bucket, without a server."""

import sys

import pytest

from sitegen.config.schema import Target
from sitegen.errors import Problem, SiteError
from sitegen.publish.files import SourceFile
from sitegen.publish.targets import s3
from sitegen.publish.targets.s3 import Bucket, RetryPolicy, attributes, find_credentials
from sitegen.system.installation import install_hint

HTML = "text/html; charset=utf-8"
KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
FOUND = {"access_key_id": "id", "secret_access_key": "secret"}


@pytest.mark.parametrize(
    ("path", "media_type", "encoding"),
    [
        ("a/index.html", HTML, None),
        ("a/index.html.gz", HTML, "gzip"),
        ("a/index.html.br", HTML, "br"),
        ("feed.xml", "application/rss+xml; charset=utf-8", None),
        ("tags/a/atom.xml.br", "application/atom+xml; charset=utf-8", "br"),
        ("feed.json", "application/feed+json; charset=utf-8", None),
        ("feeds/all.opml", "text/x-opml; charset=utf-8", None),
        ("feeds/2024.xml", "application/xml; charset=utf-8", None),
        ("a.gz/b.png", "image/png", None),
        ("unknown", "application/octet-stream", None),
    ],
)
def test_a_file_has_its_type_and_encoding(path, media_type, encoding):
    headers = attributes(path)
    assert headers["Content-Type"] == media_type
    assert headers.get("Content-Encoding") == encoding
    assert set(headers) == {"Content-Type", "Cache-Control"} | ({"Content-Encoding"} if encoding else set())


def test_files_whose_name_changes_with_them_are_cached_for_long():
    assert attributes("assets/style.0123abcd.css") == {
        "Content-Type": "text/css; charset=utf-8",
        "Cache-Control": s3.IMMUTABLE,
    }
    assert attributes("assets/style.0123abcd.css.gz")["Cache-Control"] == s3.IMMUTABLE
    assert attributes("index.html")["Cache-Control"] == s3.SHORT_CACHE_CONTROL


FILES = {
    "credentials": "[default]\naws_access_key_id = id\naws_secret_access_key = secret\n"
    "[work]\naws_access_key_id = id2\naws_secret_access_key = secret2\naws_session_token = token2\n"
    "[half]\naws_access_key_id = id3\n",
    "config": "[default]\nregion = eu-1\naws_access_key_id = other\n[profile work]\nregion = eu-2\n"
    "[profile sso]\nregion = eu-3\naws_access_key_id = id4\naws_secret_access_key = secret4\n",
}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (KEYS, FOUND),
        (KEYS | {"AWS_SESSION_TOKEN": "t", "AWS_PROFILE": "work"}, FOUND | {"token": "t"}),
        ({}, FOUND | {"region": "eu-1"}),
        ({"AWS_ACCESS_KEY_ID": "alone"}, FOUND | {"region": "eu-1"}),
        (KEYS | {"AWS_ACCESS_KEY_ID": ""}, FOUND | {"region": "eu-1"}),
        (
            {"AWS_PROFILE": "work"},
            {"access_key_id": "id2", "secret_access_key": "secret2", "token": "token2", "region": "eu-2"},
        ),
        ({"AWS_PROFILE": "sso"}, {"access_key_id": "id4", "secret_access_key": "secret4", "region": "eu-3"}),
        ({"AWS_PROFILE": "half"}, {}),
        ({"AWS_PROFILE": "missing"}, {}),
    ],
    ids=["keys", "token", "files", "id alone", "empty id", "profile", "profile in config", "half", "missing"],
)
def test_credentials_are_those_of_the_variables_or_of_amazons_files(tmp_path, environment, expected):
    for name, text in FILES.items():
        (tmp_path / ".aws").mkdir(exist_ok=True)
        (tmp_path / ".aws" / name).write_text(text)
        (tmp_path / f"other-{name}").write_text(text)
    assert find_credentials({"HOME": str(tmp_path)} | environment) == expected
    assert find_credentials({"USERPROFILE": str(tmp_path)} | environment) == expected
    files = {
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "other-credentials"),
        "AWS_CONFIG_FILE": str(tmp_path / "other-config"),
    }
    assert find_credentials(files | environment) == expected


def test_without_credentials_there_is_a_problem_with_what_to_set(tmp_path):
    pytest.importorskip("obstore", reason="obstore is not installed")
    target = Target("web", "s3", url="s3://b/a")
    with pytest.raises(SiteError) as error:
        Bucket(target, {"HOME": str(tmp_path)}, lambda _seconds: None)
    hint = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for a part of ~/.aws/credentials"
    assert error.value.problems == (Problem("s3://b/a", 0, "there are no credentials for the bucket", hint),)
    lent = {"HOME": str(tmp_path), "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/"}
    assert Bucket(target, lent, lambda _seconds: None).label == "s3://b/a"


@pytest.mark.parametrize(
    ("target", "environment", "region", "endpoint"),
    [
        ({}, {}, "us-east-1", None),
        ({"region": "r1"}, {"AWS_REGION": "r2"}, "r1", None),
        ({}, {"AWS_REGION": "r2", "AWS_DEFAULT_REGION": "r3"}, "r2", None),
        ({}, {"AWS_DEFAULT_REGION": "r3"}, "r3", None),
        ({"endpoint": "http://h:1"}, {"AWS_ENDPOINT_URL": "http://h:2"}, "us-east-1", "http://h:1"),
        ({}, {"AWS_ENDPOINT_URL": "https://h:2"}, "us-east-1", "https://h:2"),
    ],
    ids=["default", "setting", "region", "default region", "endpoint", "endpoint variable"],
)
def test_region_and_endpoint_are_those_of_the_target_or_the_environment(target, environment, region, endpoint):
    pytest.importorskip("obstore", reason="obstore is not installed")
    bucket = Bucket(Target("web", "s3", url="s3://b/a", **target), KEYS | environment, lambda _seconds: None)
    config = bucket.store.config
    assert (config["region"], config.get("endpoint")) == (region, endpoint)
    assert (config["access_key_id"], config["secret_access_key"], config["bucket"]) == ("id", "secret", "b")
    assert (bucket.store.prefix, bucket.retry_policy) == ("a", RetryPolicy(60.0, 8, 0.25))
    options = bucket.store.client_options
    assert options["timeout"] == "60.0s"
    assert str(options["allow_http"]).lower() == str((endpoint or "").startswith("http://")).lower()
    assert bucket.store.retry_config["max_retries"] == 8


def test_the_region_of_amazons_files_is_used_for_their_credentials(tmp_path):
    pytest.importorskip("obstore", reason="obstore is not installed")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    files = {"AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"), "AWS_CONFIG_FILE": str(tmp_path / "config")}
    for more, region in (({}, "eu-1"), ({"AWS_REGION": "eu-9"}, "eu-9")):
        bucket = Bucket(Target("web", "s3", url="s3://b"), files | more, lambda _seconds: None)
        assert (bucket.store.config["region"], bucket.store.config["access_key_id"]) == (region, "id")


CREDENTIALS = "see that the credentials are right, and may list, read, write and delete there"


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (
            "403 Forbidden: <Error><Code>SignatureDoesNotMatch</Code></Error>",
            "the service does not accept the credentials: SignatureDoesNotMatch",
            CREDENTIALS,
        ),
        (
            "status 401 \nmore",
            "the service does not accept the credentials: status 401 ",
            CREDENTIALS,
        ),
        ("<Code>NoSuchBucket</Code>", "there is no such bucket", "create it, or correct the url of the target"),
        (
            "error for https://ann:pw@h/ here\nmore",
            "the service failed: error for https://h/ here",
            "publish again to continue",
        ),
        ("x" * 400, f"the service failed: {'x' * 300}", "publish again to continue"),
    ],
    ids=["code", "status", "bucket", "unknown", "long"],
)
def test_an_error_of_the_service_is_a_problem(error, message, hint):
    assert s3._describe("s3://b", error) == Problem("s3://b", 0, message, hint)


def test_the_mark_of_a_file_is_its_md5_if_it_is_sent_in_one_piece(tmp_path, monkeypatch):
    pytest.importorskip("obstore", reason="obstore is not installed")
    (tmp_path / "a").write_bytes(b"text")
    bucket = Bucket(Target("web", "s3", url="s3://b"), KEYS, lambda _seconds: None)
    monkeypatch.setattr(s3, "LARGE", 4)
    assert bucket.mark_of(SourceFile(str(tmp_path / "a"), "", 4)) == "1cb251ec0d568de6a929b520c4aed8d1"
    assert bucket.mark_of(SourceFile(str(tmp_path / "a"), "", 5)) == ""
    assert not bucket.is_leftover("a")


def test_only_failures_of_the_network_are_tried_again_after_growing_pauses():
    exceptions = pytest.importorskip("obstore.exceptions", reason="obstore is not installed")
    pauses: list[float] = []
    bucket = Bucket(Target("web", "s3", url="s3://b"), KEYS, pauses.append, RetryPolicy(retries=8))

    def fail(*messages: str) -> str:
        left = list(messages)

        def act() -> str:
            if left:
                raise exceptions.GenericError(left.pop(0))
            return "done"

        return bucket._try(act)

    assert fail("HTTP error", "connection closed", "operation timed out") == "done"
    assert pauses == [0.25, 0.5, 1.0]
    pauses.clear()
    with pytest.raises(SiteError, match="s3://b: the service failed: "):
        fail(*["HTTP error"] * 9)
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    pauses.clear()
    with pytest.raises(SiteError):
        fail("refused")
    assert pauses == []


def test_without_obstore_there_is_a_problem_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(SiteError) as error:
        Bucket(Target("web", "s3", url="s3://b"), KEYS, lambda _seconds: None)
    message = "publishing to S3 needs the package obstore"
    assert error.value.problems == (Problem("s3://b", 0, message, install_hint("publish")),)
