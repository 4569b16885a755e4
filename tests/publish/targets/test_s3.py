"""Publishing to a bucket: a real S3 server on loopback, and one that fails every few requests."""

import sys

import pytest

from sitegen.config.schema import Target
from sitegen.errors import SiteError
from sitegen.publish.targets.s3 import Bucket, RetryPolicy, attributes, find_credentials
from sitegen.publish.transfer import Transfer
from tests.support.publish_servers import KEYS, BreakingProxy, serving
from tests.support.publishing import SITE, contents, make_context, publish_output, rewrite, write


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("s3") / "data"
    (data / "bucket").mkdir(parents=True)
    with serving("s3", data) as port:
        yield port, data


@pytest.fixture
def server_target(server, tmp_path):
    """The port, this test's own folder in the bucket, and the local folder with its files."""
    port, data = server
    return port, f"s3://bucket/{tmp_path.name}", data / "bucket" / tmp_path.name


def publisher(tmp_path, port, url, name="web", retry_policy=None, keys=KEYS):
    target = Target(name, "s3", url=url, endpoint=f"http://127.0.0.1:{port}")
    around = make_context(tmp_path, name)
    return Transfer(Bucket(target, keys, around.pause, retry_policy), url, around.record)


def test_only_changed_files_are_uploaded_and_deleted_ones_removed(server_target, tmp_path):
    port, url, there = server_target
    output = write(tmp_path / "output", SITE)
    publish_output(publisher(tmp_path, port, url), output)
    assert contents(there) == SITE
    before = {path: (there / path).stat().st_mtime_ns for path in SITE}
    assert not publish_output(publisher(tmp_path, port, url), output)
    rewrite(output, {**SITE, "index.html": "<p>new", "new.html": "x"})
    (output / "a/index.html").unlink()
    plan = publish_output(publisher(tmp_path, port, url), output)
    assert (plan.added, plan.changed, plan.removed) == (("new.html",), ("index.html",), ("a/index.html",))
    assert contents(there) == contents(output)
    unchanged = SITE.keys() - {"index.html", "a/index.html"}
    assert {path: (there / path).stat().st_mtime_ns for path in unchanged} == {path: before[path] for path in unchanged}


def test_a_machine_without_record_finds_the_same_files_and_sends_nothing(server_target, tmp_path):
    port, url, _ = server_target
    output = write(tmp_path / "output", SITE)
    publish_output(publisher(tmp_path, port, url), output)
    assert not publish_output(publisher(tmp_path, port, url, "elsewhere"), output)
    write(output, {"index.html": "2"})
    assert publish_output(publisher(tmp_path, port, url, "elsewhere"), output).changed == ("index.html",)


def test_changes_of_others_are_reported_and_stay_unless_forced(server_target, tmp_path):
    port, url, there = server_target
    output = write(tmp_path / "output", SITE)
    publish_output(publisher(tmp_path, port, url), output)
    write(there, {"index.html": "foreign", "mine.txt": "mine"})
    with pytest.raises(SiteError) as caught:
        publish_output(publisher(tmp_path, port, url), output)
    assert [problem.path for problem in caught.value.problems] == [f"{url}/index.html", f"{url}/mine.txt"]
    assert (there / "mine.txt").exists()
    publish_output(publisher(tmp_path, port, url), output, force=True)
    assert contents(there) == SITE


def test_files_have_media_types_and_cache_lifetimes():
    assert attributes("assets/style.0123abcd.css") == {
        "Content-Type": "text/css; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    assert attributes("tags/x/feed.xml")["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert attributes("index.html")["Cache-Control"] == "public, max-age=300"
    assert attributes("index.html.gz")["Content-Encoding"] == "gzip"
    assert attributes("index.html.gz")["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("how", ["500", "silence", "cut before", "cut after"])
def test_a_server_that_breaks_every_third_request_gets_everything_all_the_same(server_target, tmp_path, how):
    port, url, there = server_target
    output = write(tmp_path / "output", SITE)
    breaker = BreakingProxy(port, 3, how)
    try:
        # Only silence needs a short timeout, which a busy machine exceeds now and then.
        retry_policy = RetryPolicy(timeout=1 if how == "silence" else 60, retries=20, first_pause=0.01)
        publish_output(publisher(tmp_path, breaker.port, url, retry_policy=retry_policy), output)
        rewrite(output, {"index.html": "2", "new.html": "x"})
        publish_output(publisher(tmp_path, breaker.port, url, retry_policy=retry_policy), output)
    finally:
        breaker.close()
    assert breaker.broken >= 3
    assert contents(there) == contents(output)


@pytest.mark.parametrize("every", range(1, 12))
def test_after_an_interruption_at_any_request_the_next_publish_completes_the_site(server_target, tmp_path, every):
    port, url, there = server_target
    output = write(tmp_path / "output", SITE)
    publish_output(publisher(tmp_path, port, url), output)
    rewrite(output, {"index.html": "2", "new.html": "x", "assets/style.89abcdef.css": "p{}"})
    breaker = BreakingProxy(port, every, "500")
    broken = False
    try:
        publish_output(publisher(tmp_path, breaker.port, url, retry_policy=RetryPolicy(60, 0, 0.01)), output)
    except SiteError:
        broken = True
    finally:
        breaker.close()
    assert broken == (breaker.broken > 0)
    write(output, {"index.html": "3"})
    publish_output(publisher(tmp_path, port, url), output)
    assert contents(there) == contents(output)


def test_missing_and_wrong_credentials_are_reported_plainly(server_target, tmp_path):
    port, url, _ = server_target
    output = write(tmp_path / "output", SITE)
    with pytest.raises(SiteError, match="there are no credentials for the bucket"):
        publisher(tmp_path, port, url, keys={"HOME": str(tmp_path)})
    wrong = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    with pytest.raises(SiteError, match="the service does not accept the credentials: InvalidAccessKeyId"):
        publish_output(publisher(tmp_path, port, url, keys=wrong), output)
    with pytest.raises(SiteError, match="there is no such bucket"):
        publish_output(publisher(tmp_path, port, "s3://nobucket"), output)


def test_credentials_come_from_variables_first_then_from_the_profile_of_amazons_files(tmp_path):
    write(
        tmp_path / ".aws",
        {
            "credentials": "[default]\naws_access_key_id = a\naws_secret_access_key = b%c\n"
            "[work]\naws_access_key_id = w\naws_secret_access_key = x\naws_session_token = t\n",
            "config": "[default]\nregion = eu-west-1\n[profile work]\nregion = eu-north-1\n",
        },
    )
    home = {"HOME": str(tmp_path)}
    plain = {"access_key_id": "a", "secret_access_key": "b%c", "region": "eu-west-1"}
    work = {"access_key_id": "w", "secret_access_key": "x", "token": "t", "region": "eu-north-1"}
    assert find_credentials(home) == plain
    assert find_credentials({**home, "AWS_PROFILE": "work"}) == work
    assert find_credentials({**home, **KEYS})["access_key_id"] == "key-1234"
    assert find_credentials({**home, "AWS_PROFILE": "none"}) == {}


def test_a_missing_package_is_reported_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(SiteError, match=r"pip install .*publish"):
        publisher(tmp_path, 1, "s3://bucket")
