"""The categories of podcasts that Apple Podcasts lists, and its requirements for a podcast."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from sitegen.formats import lazy_regex

ARTWORK = (".jpg", ".jpeg", ".png")
"""Files that Apple Podcasts accepts as artwork."""

SUFFIXES = frozenset({".m4a", ".mp3", ".mov", ".mp4", ".m4v", ".pdf", ".epub"})
"""Files that Apple Podcasts accepts as an episode."""

TYPES = ("episodic", "serial")
EPISODE_TYPES = ("full", "trailer", "bonus")
DURATION = lazy_regex.compile(r"\d+(?::[0-5]\d(?::[0-5]\d)?)?", re.ASCII)

_TABLE = """\
Arts: Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts
Business: Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit
Comedy: Comedy Interviews, Improv, Stand-Up
Education: Courses, How To, Language Learning, Self-Improvement
Fiction: Comedy Fiction, Drama, Science Fiction
Government:
Health & Fitness: Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality
History:
Kids & Family: Education for Kids, Parenting, Pets & Animals, Stories for Kids
Leisure: Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, Video Games
Music: Music Commentary, Music History, Music Interviews
News: Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, Tech News
Religion & Spirituality: Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality
Science: Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, Nature, Physics, \
Social Sciences
Society & Culture: Documentary, Personal Journals, Philosophy, Places & Travel, Relationships
Sports: Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, Soccer, Swimming, \
Tennis, Volleyball, Wilderness, Wrestling
Technology:
True Crime:
TV & Film: After Shows, Film History, Film Interviews, Film Reviews, TV Reviews
"""

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    name: tuple(filter(None, inner.strip().split(", ")))
    for name, _, inner in (row.partition(":") for row in _TABLE.splitlines())
}
"""The subcategories of each category of Apple Podcasts."""


def find_problems(
    category: str, subcategory: str, image: str, email: str, podcast_type: str
) -> Iterator[tuple[str, str, str]]:
    """Yield the setting, the message and the hint for each setting of a podcast that directories do not accept.

    Without a category there is no podcast, so nothing is wrong with it.
    """
    if not category:
        if subcategory or image or email:
            yield "category", "`[feeds.podcast]` has no category", 'for example category = "News"'
        return
    inner = CATEGORIES.get(category)
    if inner is None:
        hint = f"choose one of {', '.join(CATEGORIES)}"
        yield "category", f"`{category}` is not a category of Apple Podcasts", hint
    elif subcategory and subcategory not in inner:
        hint = f"choose one of {', '.join(inner)}" if inner else "remove it"
        yield "subcategory", f"`{subcategory}` is not a subcategory of {category}", hint
    if not urlsplit(image).path.lower().endswith(ARTWORK):
        hint = 'name a square JPEG or PNG of 1,400 to 3,000 pixels, for example image = "/artwork.jpg"'
        yield "image", f"`{image}` is not a podcast's artwork", hint
    name, _, host = email.partition("@")
    if not name or "." not in host or any(sign.isspace() for sign in email):
        hint = "directories write to it to check that the podcast is yours"
        yield "email", f"`{email}` is not an e-mail address", hint
    if podcast_type not in TYPES:
        yield "type", f"`{podcast_type}` is not a type of podcast", "write episodic or serial"
