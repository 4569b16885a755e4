import pytest

from sitegen.config.load import read_config
from sitegen.config.podcast import CATEGORIES, find_problems
from sitegen.errors import SiteError
from tests.support.sites import CONFIG, write

RIGHT = {
    "category": "News",
    "subcategory": "Politics",
    "image": "/artwork.jpg",
    "email": "a@letter.example",
    "podcast_type": "episodic",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"subcategory": ""},
        {"category": "History", "subcategory": ""},
        {"image": "https://a.example/Art.PNG?size=3000"},
        {"podcast_type": "serial"},
        {"category": "", "subcategory": "", "image": "", "email": ""},
    ],
    ids=str,
)
def test_a_podcast_that_directories_accept_has_no_problem(changes):
    assert list(find_problems(**RIGHT | changes)) == []


@pytest.mark.parametrize(
    ("changes", "setting", "message", "hint"),
    [
        ({"category": ""}, "category", "`[feeds.podcast]` has no category", 'for example category = "News"'),
        (
            {"category": "Newz"},
            "category",
            "`Newz` is not a category of Apple Podcasts",
            "choose one of Arts, Business",
        ),
        (
            {"subcategory": "Poetry"},
            "subcategory",
            "`Poetry` is not a subcategory of News",
            "choose one of Business News, Daily News",
        ),
        ({"category": "History"}, "subcategory", "`Politics` is not a subcategory of History", "remove it"),
        ({"image": "/artwork.svg"}, "image", "`/artwork.svg` is not a podcast's artwork", "name a square JPEG or PNG"),
        ({"email": "a@b"}, "email", "`a@b` is not an e-mail address", "directories write to it"),
        ({"email": "@b.example"}, "email", "`@b.example` is not an e-mail address", "directories write to it"),
        ({"email": "a b@c.example"}, "email", "`a b@c.example` is not an e-mail address", "directories write to it"),
        ({"podcast_type": "daily"}, "type", "`daily` is not a type of podcast", "write episodic or serial"),
    ],
)
def test_a_setting_that_directories_refuse_is_a_problem_with_a_hint(changes, setting, message, hint):
    ((found, text, advice),) = find_problems(**RIGHT | changes)
    assert (found, text) == (setting, message)
    assert advice.startswith(hint)


def test_all_problems_of_a_podcast_have_the_lines_of_their_settings(tmp_path):
    podcast = '[feeds.podcast]\ncategory = "Newz"\nimage = "/a.gif"\nemail = "a"\ntype = "daily"\n'
    write(tmp_path, {"sitegen.toml": CONFIG + podcast})
    first = len(CONFIG.splitlines()) + 2
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    assert sorted(problem.line for problem in caught.value.problems) == [first, first + 1, first + 2, first + 3]


def test_each_subcategory_is_listed_once_in_its_category():
    assert len(CATEGORIES) == 19
    assert CATEGORIES["True Crime"] == ()
    assert CATEGORIES["Science"][-1] == "Social Sciences"
    assert all(len(set(names)) == len(names) and all(names) for names in CATEGORIES.values())
