"""Which inputs of a build change which of its fingerprints."""

import pytest
from msgspec.structs import replace

from sitegen.build.request import Request, read_inputs
from sitegen.cache.store import Store
from sitegen.config.load import read_config
from sitegen.config.schema import Markdown, Urls
from sitegen.content.site_hooks import SiteHooks
from tests.support.sites import make_site, write

NOW = 1_700_000_000_000_000_000


@pytest.fixture
def read(tmp_path):
    root = make_site(tmp_path, {"content/sources.toml": '[Wire]\nhome = "https://wire.example/"\n'})
    store = Store(root / ".sitegen/store.db", in_memory=True)
    hooks = SiteHooks(root, store)
    known = read_config(root).config

    def read_again(config=None, request=None, files=None):
        write(root, files or {})
        return read_inputs(root, config or known, request or Request(), hooks, NOW)

    yield read_again
    store.close()


def test_inputs_are_what_they_were_read_from(read):
    request = Request(drafts=True)
    inputs = read(request=request)
    assert (inputs.request, inputs.now, inputs.config.title) == (request, NOW, "The Test Letter")
    assert read(request=request) == inputs


@pytest.mark.parametrize(
    "setting",
    [
        {"base_url": "https://other.example/"},
        {"language": "de"},
        {"timezone": "Asia/Tokyo"},
        {"author": "Bob"},
        {"broken_links": "warning"},
        {"urls": Urls(feed="/rss.xml")},
        {"markdown": Markdown(seconds=3.0)},
        {"content": "letters"},
    ],
    ids=str,
)
def test_settings_of_documents_change_how_they_are_parsed(read, setting):
    before = read()
    after = read(replace(before.config, **setting))
    assert after.parse_key != before.parse_key
    assert after.fingerprint != before.fingerprint
    assert after.code == before.code


def test_other_settings_change_the_pages_alone(read):
    before = read()
    after = read(replace(before.config, title="Other"))
    assert after.parse_key == before.parse_key
    assert after.fingerprint != before.fingerprint


@pytest.mark.parametrize("wish", [{"drafts": True}, {"future": True}], ids=str)
def test_drafts_and_future_posts_make_another_site(read, wish):
    before, after = read(), read(request=Request(**wish))
    assert after.parse_key == before.parse_key
    assert after.fingerprint != before.fingerprint


@pytest.mark.parametrize(
    "wish", [{"output": "public"}, {"explain": True}, {"strict": True}, {"jobs": 3}, {"fresh": True}], ids=str
)
def test_other_wishes_do_not(read, wish):
    before, after = read(), read(request=Request(**wish))
    assert (after.parse_key, after.fingerprint, after.code) == (before.parse_key, before.fingerprint, before.code)


def test_the_ledger_changes_the_site_and_sources_change_the_documents(read):
    before = read()
    after = read(files={"published.json": '{"version": 1, "posts": []}'})
    assert (after.parse_key, after.code, after.fingerprint) == (before.parse_key, before.code, before.fingerprint)
    assert after.ledger != before.ledger == ""
    sources = read(files={"content/sources.toml": ""})
    assert sources.parse_key != before.parse_key
    assert sources.code == before.code


def test_counts_change_the_site_and_not_the_documents(read):
    before, after = read(), read(files={"views.csv": "post,platform,from,to,exported,count\n"})
    assert (after.parse_key, after.code) == (before.parse_key, before.code)
    assert after.fingerprint != before.fingerprint


def test_hooks_are_part_of_the_code(read):
    before = read()
    after = read(files={"hooks.py": "X = 1\n"})
    assert after.code != before.code
    assert after.parse_key != before.parse_key
