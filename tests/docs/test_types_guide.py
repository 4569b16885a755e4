"""The guide to types of posts: its example is a type with keys, a template and a feed, in a few lines of config."""

from tests.docs.test_samples import sections_with_files
from tests.support.sites import build, write

MAX_CONFIG_LINES = 12
BASE = 'title = "A"\nbase_url = "https://a.example/"\n'


def test_a_type_with_keys_template_and_feed_takes_few_lines_of_config_and_no_python(tmp_path):
    files = dict(sections_with_files("types")["Recipes: a type with its own keys"])
    config = files.pop("sitegen.toml")
    assert len(list(filter(str.strip, config.splitlines()))) <= MAX_CONFIG_LINES
    assert not [name for name in files if name.endswith(".py")]
    write(tmp_path, {"sitegen.toml": BASE + config, **files})
    assert build(tmp_path).warnings == ()
    page = (tmp_path / "output/recipes/leek-soup/index.html").read_text("utf-8")
    assert "<p>Serves 4.</p>" in page
    assert '<a href="/recipes/rye-bread/">Rye bread</a>' in page
    assert "<title>Leek soup</title>" in (tmp_path / "output/recipes/feed.xml").read_text("utf-8")
    assert "Leek soup" in (tmp_path / "output/recipes/index.html").read_text("utf-8")
