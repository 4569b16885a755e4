import hypothesis
import pytest
from hypothesis import strategies as st
from msgspec import structs

from sitegen.check.feeds.content import _ContentChecker, _is_plainly_sound
from sitegen.check.feeds.run import read_feed
from sitegen.check.feeds.values import FeedLocation
from sitegen.config.schema import Feeds
from tests.support.feed_checks import check_feeds
from tests.support.feed_samples import CONFIG, PARAMS, make_post, render_all

POSTS = [
    *(make_post(number) for number in range(27)),
    make_post(27, params=PARAMS, image="/repo/a.png", image_alt="A door"),
    make_post(28, language="pt-BR", id="wix:5f3e"),
    make_post(29, params=PARAMS, image="/repo/a.png", image_alt="A door"),
]
FILES = render_all(POSTS, structs.replace(CONFIG, feeds=Feeds(archive_formats=("rss", "atom", "json"))))
RSS, ATOM, JSON, ARCHIVE, OPML = "feed.xml", "atom.xml", "feed.json", "feeds/2021.xml", "feeds/opml.xml"


def shown(problems):
    return [str(problem).splitlines()[0] for problem in problems]


def test_nothing_is_wrong_with_what_we_build():
    assert shown(check_feeds(FILES, CONFIG.base_url)) == []
    for settings in (
        Feeds(full=False),
        Feeds(attribution="", groups=False, hubs=("https://hub.example/",)),
        Feeds(group_archives=True, posts=3),
        Feeds(archives=False, posts=99),
        Feeds(formats=("atom",)),
        Feeds(formats=("json",)),
    ):
        config = structs.replace(CONFIG, feeds=settings)
        assert shown(check_feeds(render_all(POSTS, config), CONFIG.base_url)) == []
    for posts in ([], [make_post(1)]):
        assert shown(check_feeds(render_all(posts), CONFIG.base_url)) == []


GUID = "<guid>https://h.example/repo/posts/post-29/</guid>"
LINK = "<link>https://h.example/repo/posts/post-29/</link>"
DESCRIPTION = "<description>What post 29 says</description>"
SELF = '<atom:link href="https://h.example/repo/feed.xml" rel="self" type="application/rss+xml"/>'
ALTERNATE = '<link href="https://h.example/repo/" rel="alternate" type="text/html"/>'
ATOM_ID = "<id>https://h.example/repo/posts/post-29/</id>"

RSS_PROBLEMS = [
    ('version="2.0"', 'version="0.91"', 'the version of RSS is "0.91"'),
    ("<channel>", "<channel></channel><channel>", "there are 2 channels"),
    ("<title>The Dispatch Box</title>", "", "the channel has no title"),
    ("<title>The", "<title>x</title><title>The", "the channel has several elements <title>"),
    ("<link>https://h.example/repo/</link>", "<link>/repo/</link>", "the link of the channel is not an absolute"),
    ("<description>How news has travelled.</description>", "<description/>", "the channel has no description"),
    (SELF, "", 'no link with the relation "self"'),
    (SELF, SELF * 2, "several links with the relation self"),
    (
        'href="https://h.example/repo/feed.xml" rel="self"',
        'href="/feed.xml" rel="self"',
        "the relation self is not an abs",
    ),
    ("<language>en</language>", "", "does not say its language"),
    ("<language>en</language>", "<language>English!</language>", '"English!" is not a language code'),
    ("<lastBuildDate>", "<!--", "no lastBuildDate"),
    ("<lastBuildDate>Thu", "<lastBuildDate>Mon", "lastBuildDate is not a date of RFC 822"),
    ("<lastBuildDate>Thu, 31 Aug 2023", "<lastBuildDate>Wed, 31 Aug 2022", "newer than the channel's lastBuildDate"),
    ("</channel>", "<ttl>60</ttl></channel>", "<ttl> is after the items"),
    ("<docs>", "<subtitle>x</subtitle><docs>", "RSS has no element <subtitle>"),
    ("<title>Post 29</title>", "<title> </title>", "the item has no title"),
    (LINK, "", "the link of the item is missing"),
    (LINK, "<link>posts/post-29/</link>", "the link of the item is not an absolute http or https URL"),
    (DESCRIPTION, "", "the item has no description"),
    (LINK + DESCRIPTION, DESCRIPTION + LINK, "the elements of the item are out of order"),
    (DESCRIPTION + "<content:encoded>", "<content:encoded>", "the item has no description"),
    (DESCRIPTION, DESCRIPTION * 2, "several elements <description>"),
    (GUID, "", "the item has no guid"),
    (GUID, "<guid/>", "the guid of the item is empty"),
    (GUID, '<guid isPermaLink="false">1234</guid>', "the guid 1234 is a bare number"),
    (GUID, "<guid>post-29</guid>", 'the guid "post-29" is marked as a permalink'),
    (GUID, '<guid isPermaLink="no">post-29</guid>', 'isPermaLink is "no"'),
    (GUID, '<guid isPermaLink="false">wix:5f3e</guid>', 'the guid "wix:5f3e" is that of item 1'),
    ("<pubDate>Thu, 31 Aug 2023 04:05:06 +0000", "<pubDate>2023-08-31", "pubDate is not a date of RFC 822"),
    ("<pubDate>Thu, 31 Aug 2023", "<pubDate>Wed, 31 Aug 2023", "pubDate is not a date of RFC 822"),
    ("<pubDate>Thu, 31 Aug 2023", "<pubDate>Wed, 31 Aug 2022", "not ordered from the newest to the oldest"),
    ("<dc:creator>", "<author>Ada</author><dc:creator>", 'the author "Ada" has no e-mail address'),
    ("<dc:creator>", "<author>a@b.example</author><dc:creator>", "both author and dc:creator"),
    ("<dc:creator>Ada &amp; Co", "<dc:creator>", "an empty element <creator>"),
    ("<category>Mail", "<category>", "an empty element <category>"),
    ("<dc:creator>", "<media:statistics views='3'/><dc:creator>", "<statistics> is an element that validators refuse"),
    ("<dc:creator>", "<v:views xmlns:v='urn:v'>3</v:views><dc:creator>", "<views> is of the unknown vocabulary urn:v"),
    ("<dc:creator>", "<d:source xmlns:d='http://purl.org/dc/terms/'/><dc:creator>", "<source> is an element that"),
    ('<enclosure url="https://h.example/repo', '<enclosure url="', "the URL of the enclosure is not an absolute"),
    ('length="4321"', 'length="4 KB"', "the length of the enclosure is not a whole number"),
    ('type="audio/mpeg"', "", "the enclosure has no media type"),
    ('type="audio/mpeg"', 'type="mp3"', 'the enclosure has "mp3", which is not a media type'),
    ('type="image/png"', 'type="png"', 'media:content has "png", which is not a media type'),
    ('type="image/png"', 'type="text/html"', 'has the media type "text/html", not image/'),
    ('fileSize="1234"', 'fileSize="1.2k"', "fileSize of media:content is not a whole number"),
    ('<media:content url="https://h.example', '<media:content url="', "the URL of media:content is not an absolute"),
    ('<source url="https://nypost.example/feed/">', "<source>", "the URL of the source is missing"),
    ("<slash:comments>29", "<slash:comments>many", "the number of comments is not a whole number"),
    ("<slash:comments>29", "<slash:comments>3", "counts 3 comments in one element and 29 in another"),
    ('rel="via" href="https://nypost.example/29"', 'rel="via" href="/29"', "the link with the relation via is not"),
    ("Text of <em", '<a href="/x">x</a> <em', 'href of <a> is the relative URL "/x"'),
    ("Text of <em", '<a href="#fn:1">x</a> <em', 'href of <a> is the fragment "#fn:1"'),
    ("Text of <em", '<img src="x.png"> <em', 'src of <img> is the relative URL "x.png"'),
    ("Text of <em", '<img srcset="https://a.example/1 1x, /2 2x"> <em', 'the relative URL "/2"'),
    ("Text of <em", '<a href="javascript:x">x</a> <em', 'begins with "javascript:x"'),
    ("Text of <em", "<script>1</script> <em", "the content holds <script>"),
    ("Text of <em", '<iframe src="https://a.example"></iframe> <em', "the content holds <iframe>"),
    ("Text of <em", "<svg></svg> <em", "the content holds <svg>"),
    ("Text of <em", "<form></form> <em", "the content holds <form>"),
    ("Text of <em", '<b style="color:red">x</b> <em', "<b> has a style attribute"),
    ("Text of <em", '<b onclick="x()">x</b> <em', "<b> has the event handler onclick"),
    ("What post 29 says", "&amp;lt;p&amp;gt;What post 29 says&amp;lt;/p&amp;gt;", "the content is escaped twice"),
    ("Text of", "Text \x0b of", "not well-formed XML"),
    ("Text of", "Text \ufffe of", "not well-formed XML"),
    ("<title>Post 29<", "<title>Post & 29<", "not well-formed XML"),
    ("</rss>", "", "not well-formed XML"),
    ("<?xml", " <?xml", "not well-formed XML"),
    ("<rss ", "<!DOCTYPE rss><rss ", "document type declaration"),
    ("<rss ", "<?xml-stylesheet href='x.xsl'?><rss ", "refers to a style sheet"),
    ("encoding='UTF-8'", "encoding='ISO-8859-1'", "encoded in ISO-8859-1"),
    ('rel="prev-archive"', 'rel="next-archive"', "linked like an archive, but is not marked as one"),
    (
        'href="https://h.example/repo/feeds/2023.xml"',
        'href="feeds/2023.xml"',
        "relation prev-archive is not an absolute",
    ),
    (
        'href="https://h.example/repo/feeds/2023.xml"',
        'href="https://h.example/repo/feed.xml"',
        "leads to the document itself",
    ),
    (
        '<atom:link rel="prev-archive"',
        '<fh:complete/><atom:link rel="prev-archive"',
        "a complete feed links to archives",
    ),
    ("<docs>", "<ttl>soon</ttl><docs>", 'ttl is not a whole number: "soon"'),
    ("<docs>", "<ttl>-5</ttl><docs>", 'ttl is not a whole number: "-5"'),
    ("<docs>", "<skipHours><hour>25</hour></skipHours><docs>", "skipHours does not name hours, each once"),
    ("<docs>", "<skipDays><day>Mo</day></skipDays><docs>", "skipDays does not name days, each once"),
    (
        "<docs>",
        "<image><url>/a.png</url><title>t</title><link>https://h.example/</link></image><docs>",
        'the URL of the channel\'s image is not an absolute http or https URL: "/a.png"',
    ),
    (
        "<docs>",
        "<image><url>https://h.example/a.png</url></image><docs>",
        "the link of the channel's image is missing or empty",
    ),
    ("<docs>", "<cloud domain='x'/><docs>", "the cloud element is incomplete"),
    ("<docs>", "<generator>x</generator><docs>", "the channel has several elements <generator>"),
    ("<docs>", "<managingEditor>Ada</managingEditor><docs>", "managingEditor has no e-mail address"),
    ("<docs>", "<webMaster>Ada</webMaster><docs>", "webMaster has no e-mail address"),
    ("<docs>", "<pubDate>yesterday</pubDate><docs>", 'pubDate is not a date of RFC 822: "yesterday"'),
    (
        "<dc:creator>",
        "<comments>/x#c</comments><dc:creator>",
        'the URL of the comments is not an absolute http or https URL: "/x#c"',
    ),
    ("<dc:creator>", "<dc:date>5 May</dc:date><dc:creator>", 'dc:date is not a date of RFC 3339: "5 May"'),
    ("<dc:creator>", "<dc:language>E n!</dc:language><dc:creator>", '"E n!" is not a language code'),
    ("<title>Post 29</title>", "<title>Post <b>29</b></title>", "<title> holds elements"),
    (
        "<link>https://h.example/repo/posts/post-29/</link>",
        "<link>https://h.example:99999/</link>",
        'the link of the item is not an absolute http or https URL: "https://h.example:99999/"',
    ),
    (
        "<link>https://h.example/repo/posts/post-29/</link>",
        "<link>https://h_.example/%zz</link>",
        'the link of the item is not an absolute http or https URL: "https://h_.example/%zz"',
    ),
    ('medium="image"', 'medium="picture"', 'medium of media:content is "picture"'),
    ('medium="image"', 'medium="image" isDefault="yes"', 'isDefault of media:content is "yes"'),
    ('medium="image"', 'medium="image" expression="whole"', 'expression of media:content is "whole"'),
    ('medium="image"', 'medium="image" duration="x"', 'duration of media:content is not a whole number: "x"'),
    (
        "<slash:comments>29</slash:comments>",
        "<slash:comments>29</slash:comments><slash:comments>29</slash:comments>",
        "the item has several elements <comments>",
    ),
    ("<media:description", "<media:descriptoin/><media:description", "Media RSS has no element <descriptoin>"),
    (
        "<dc:creator>",
        "<slash:coments>1</slash:coments><dc:creator>",
        "the vocabulary http://purl.org/rss/1.0/modules/slash/ has no element <coments>",
    ),
    (
        "<dc:creator>",
        "<dc:autor>1</dc:autor><dc:creator>",
        "the vocabulary http://purl.org/dc/elements/1.1/ has no element <autor>",
    ),
    ("NYPost</source>", "</source>", "the source has no name"),
    ('rel="via"', 'rel="previous-archive"', 'no reader knows the relation "previous-archive"'),
    (
        'rel="self" type="application/rss+xml"',
        'rel="self" type="text/html"',
        'the self link has the type "text/html", not application/rss+xml',
    ),
    (
        'rel="self" type="application/rss+xml"',
        'rel="self" type="application/atom+xml"',
        'the self link has the type "application/atom+xml", not application/rss+xml',
    ),
    (
        "<docs>http://www.rssboard.org/rss-specification</docs>",
        "<docs>none</docs>",
        'docs is not an absolute http or https URL: "none"',
    ),
    ("<guid isP", "<guid rel='x' isP", "<guid> has no attribute rel in RSS"),
    ("<item>", "<item rdf='x'>", "the item has attributes"),
    ("<item>", "text<item>", "there is text between the elements of the channel"),
    ("<item>", "<item>text", "there is text between the elements of the item"),
    ("<dc:creator>", "<thr:in-reply-to/><dc:creator>", "thr:in-reply-to has no ref"),
]
ATOM_PROBLEMS = [
    ("<id>https://h.example/repo/atom.xml</id>", "", "the id is missing or empty"),
    ("<title>The Dispatch Box</title>", "<title></title>", "the title is missing or empty"),
    (
        "<updated>2023-08-31T04:05:06+00:00</updated>",
        "<updated>2023-08-31</updated>",
        "updated is not a date of RFC 3339",
    ),
    ("<updated>2023-08-31T04:05:06+00:00", "<updated>2023-08-31T04:05:06", "updated is not a date of RFC 3339"),
    ("<updated>2023-08-31T", "<updated>2022-08-31T", "the entry is newer than the feed"),
    ('xml:lang="en"', "", "the feed does not say its language"),
    ('xml:lang="en"', 'xml:lang="e n"', '"e n" is not a language code'),
    (ALTERNATE, "", 'no link with the relation "alternate"'),
    (ALTERNATE, ALTERNATE * 2, "two alternate links of one type and language"),
    ('rel="self"', 'rel="via"', 'no link with the relation "self"'),
    (ATOM_ID, "", "the id is missing or empty"),
    (ATOM_ID, "<id>post 29</id>", 'the id "post 29" is not a URI'),
    (
        ATOM_ID,
        "<id>urn:uuid:e6b66692-1ba7-5031-b478-583110d97aa4</id>",
        'the id "urn:uuid:e6b66692-1ba7-5031-b478-583110d97aa4" is that of entry 1',
    ),
    (ATOM_ID, ATOM_ID * 2, "there are 2 elements <id>"),
    ('type="html"', 'type="CDATA"', 'a text construct has the type "CDATA"'),
    (
        '<link href="https://h.example/repo/posts/post-29/" rel="alternate" type="text/html"/>',
        "",
        "the entry has no link to its page",
    ),
    ("<published>2023-08-31T04", "<published>2024-08-31T04", "the entry was updated before it was published"),
    ("<published>2023-08-31T04:05:06+00:00", "<published>2023-13-31T04:05:06Z", "published is not a date of RFC 3339"),
    ('term="Mail"', 'term=""', "a category has no term"),
    ("<name>Ada &amp; Co</name>", "<name/>", "a person has no name"),
    ("<source><id>https://nypost.example/feed/</id>", "<source>", "the source of the entry has no id"),
    ("</generator>", "</generator><generator>x</generator>", "does not fit the grammar of Atom"),
    (
        "<generator>",
        '<link href="https://a.example/" rel="up" hreflang="!"/><generator>',
        "does not fit the grammar of Atom",
    ),
    ("<generator>", "<pubDate/><generator>", "does not fit the grammar of Atom"),
    ('<link href="https://h.example/repo/talk', '<link href="/talk', "relation enclosure is not an absolute"),
    ('type="audio/mpeg"', "", "the link with the relation enclosure has no media type"),
    ("</feed>", "<rights>x</rights></feed>", "is after the entries"),
    ('<content type="html">', '<content type="image/png">', "the content of the type image/png is not in Base64"),
    (
        "<uri>https://h.example",
        "<uri>",
        'the URI of a person is not an absolute http or https URL: "/repo/authors/ada-co/"',
    ),
    ('term="Mail"', 'term="Mail" scheme="x y"', 'the scheme of a category is not a URI: "x y"'),
    ("<generator>", "<icon>x y</icon><generator>", 'the icon of the feed is not an absolute http or https URL: "x y"'),
    ("<generator>", "<generator uri='/x y'>", 'the URI of the generator is not an absolute http or https URL: "/x y"'),
    ('rel="via"', 'rel="previous-archive"', 'no reader knows the relation "previous-archive"'),
    (
        'rel="self" type="application/atom+xml"',
        'rel="self" type="text/html"',
        'the self link has the type "text/html", not application/atom+xml',
    ),
    ('xml:lang="en"', 'xml:lang="en" xml:base="/x"', "the feed has xml:base"),
    (
        "<thr:total>29</thr:total>",
        "<thr:total>29</thr:total><thr:total>29</thr:total>",
        "the item has several elements <total>",
    ),
    ('medium="image"', 'medium="picture"', 'medium of media:content is "picture"'),
]
JSON_PROBLEMS = [
    ("version/1.1", "version/1", "the version is not"),
    ('"title":"The Dispatch Box",', "", "the feed has no title"),
    ('"home_page_url":"https://h.example', '"home_page_url":"', "home_page_url is not an absolute http or https URL"),
    ('"feed_url"', '"_feed_url"', "feed_url is missing or empty"),
    ('"feed_url"', '"feedUrl"', 'JSON Feed has no key "feedUrl" here'),
    ('"language":"en"', '"language":"English!"', "is not a language code"),
    ('"items":', '"_items":', "the feed has no list of items"),
    ('"id":"https://h.example/repo/posts/post-29/",', "", "the item has no id"),
    ('"id":"https://h.example/repo/posts/post-29/"', '"id":29', "id is not a string"),
    ('"id":"https://h.example/repo/posts/post-29/"', '"id":"wix:5f3e"', 'the id "wix:5f3e" is that of item 1'),
    ('"content_html"', '"_content"', "the extension _content is not an object"),
    ('"date_published":"2023-08-31T04:05:06+00:00"', '"date_published":"31 Aug 2023"', "is not a date of RFC 3339"),
    ('"tags":["Mail","新聞"]', '"tags":["Mail",7]', "a tag is not a string"),
    ('"tags":["Mail","新聞"]', '"tags":"Mail"', "tags is not a list"),
    ('"mime_type":"audio/mpeg"', '"mime_type":"mp3"', "which is not a media type"),
    ('{"name":"Ada & Co","url"', '{"_name":"Ada & Co","_url"', "an author has neither name nor URL"),
    ("Text of", "<script></script>", "the content holds <script>"),
    ("Text of", "\\ud800", "half of a character"),
    ('"title":"Post 29"', '"title":"Post 29","title":"x"', "a key occurs twice"),
    ('"items":[', '"items":[,', "the file is not JSON"),
    ('"items":[', '"items":[7,', "the item is not an object"),
    (
        '"url":"https://h.example/repo/authors/ada-co/"',
        '"url":"ada"',
        'the url of an author is not an absolute http or https URL: "ada"',
    ),
    ('"items":', '"expired":"no","items":', "expired is neither true nor false"),
    (
        '"next_url":"https://h.example/repo/feeds/2023.json"',
        '"next_url":"x"',
        'next_url is not an absolute http or https URL: "x"',
    ),
    (
        '"next_url":"https://h.example/repo/feeds/2023.json"',
        '"next_url":"https://h.example/repo/feed.json"',
        "next_url is the feed itself",
    ),
    ('"items":', '"icon":"x","items":', 'icon is not an absolute http or https URL: "x"'),
    ('"items":', '"hubs":[{"url":"https://a.example"}],"items":', "a hub has no type"),
    (
        '"date_published":"2023-08-31T04:05:06+00:00"',
        '"date_published":"2023-08-31T04:05:06+00:00","date_modified":"2022-08-31T04:05:06+00:00"',
        "the item was modified before it was published",
    ),
    ('"size_in_bytes":4321', '"size_in_bytes":true', "size_in_bytes is not a number"),
    ('"size_in_bytes":4321', '"size_in_bytes":4321,"duration_in_seconds":"x"', "duration_in_seconds is not a number"),
]
OPML_PROBLEMS = [
    ('version="2.0"', 'version="3.0"', 'the version of OPML is "3.0"'),
    ("<title>The Dispatch Box</title>", "", "no title in its head"),
    ('text="NYPost"', 'text=""', "the outline has no text"),
    ('type="rss"', 'type="atom"', 'is not "rss"'),
    ('xmlUrl="https://h.example/repo', 'xmlUrl="', "xmlUrl is not an absolute http or https URL"),
    ("tags/mail/feed.xml", "feed.xml", "is that of outline 1"),
    (
        "<title>The",
        "<dateCreated>yesterday</dateCreated><title>The",
        'dateCreated is not a date of RFC 822: "yesterday"',
    ),
    ('type="rss"', 'type="rss" language="E n"', '"E n" is not a language code'),
    ("<body>", "<body/><body>", "the list has 2 bodies, not one"),
    ('type="rss"', 'type="rss" isComment="maybe"', 'isComment is "maybe", neither true nor false'),
    ("<head>", "<head><author>x</author>", "OPML has no element <author> in its head"),
    ("<title>The", "<ownerEmail>x</ownerEmail><title>The", 'ownerEmail is not an email address: "x"'),
]
PROBLEMS = [
    (path, *problem)
    for path, problems in ((RSS, RSS_PROBLEMS), (ATOM, ATOM_PROBLEMS), (JSON, JSON_PROBLEMS), (OPML, OPML_PROBLEMS))
    for problem in problems
]


@pytest.mark.parametrize(("path", "old", "new", "message"), PROBLEMS)
def test_a_planted_problem_is_found(path, old, new, message):
    text = FILES[path].decode()
    assert old in text, "the problem can be planted"
    broken = text.replace(old, new, 1)
    if new == "<!--":
        broken = text.replace("<lastBuildDate>", "<!--").replace("</lastBuildDate>", "-->")
    problems = read_feed(path, broken.encode("utf-8", "surrogatepass"), CONFIG.base_url, None).problems
    assert any(message in problem.message for problem in problems), shown(problems)
    assert all(problem.path == path for problem in problems)


def test_there_are_more_than_forty_planted_problems():
    assert len(set(PROBLEMS)) == len(PROBLEMS) > 175


ACROSS = [
    (ARCHIVE, 'rel="current"', 'rel="related"', 'no link with the relation "current"'),
    (ARCHIVE, "feeds/2022.xml", "feeds/1999.xml", 'the relation "next-archive" does not lead to a feed'),
    (
        ARCHIVE,
        'href="https://h.example/repo/feeds/2021.xml"',
        'href="https://h.example/repo/feeds/x.xml"',
        "the self link leads",
    ),
    (ARCHIVE, 'rel="prev-archive"', 'rel="related"', "does not link back with the relation"),
    (ARCHIVE, "<fh:archive/>", "", "does not lead to an archive document"),
    (RSS, "feeds/2023.xml", "feeds/2022.xml", "no feed links to this archive document, not even through others"),
    (RSS, 'rel="prev-archive"', 'rel="related"', "no feed links to this archive document, not even through others"),
    (ARCHIVE, "repo/feed.xml", "repo/gone.xml", 'the relation "current" does not lead to a feed'),
    (OPML, "tags/mail/feed.xml", "tags/gone/feed.xml", "the list names a missing feed"),
    (
        JSON,
        "repo/feed.json",
        "repo/other.json",
        "feed_url leads to https://h.example/repo/other.json, but the feed is at",
    ),
    (ARCHIVE, "<fh:archive/>", "<fh:archive/><fh:archive/>", "the channel has several elements <archive>"),
]


def test_media_of_the_site_must_be_there_and_as_large_as_the_feed_says():
    sizes = {"a.png": 1234, "talk.mp3": 4321}
    assert check_feeds(FILES, CONFIG.base_url, sizes) == []
    for wrong in ({"talk.mp3": 4321}, sizes | {"a.png": 1235}, sizes | {"talk.mp3": 1}):
        problems = check_feeds(FILES, CONFIG.base_url, wrong)
        assert {"feed.xml", "atom.xml"} <= {problem.path for problem in problems}
        assert all("is missing" in problem.message or "bytes, not" in problem.message for problem in problems)


@pytest.mark.parametrize(("path", "old", "new", "message"), ACROSS)
def test_a_problem_between_the_feeds_of_a_site_is_found(path, old, new, message):
    text = FILES[path].decode()
    assert old in text
    problems = check_feeds(FILES | {path: text.replace(old, new, 1).encode()}, CONFIG.base_url)
    assert any(message in problem.message for problem in problems), shown(problems)


def test_archives_that_go_in_a_circle_are_found():
    text = FILES["feeds/2020.xml"].decode()
    circle = text.replace('rel="next-archive"', 'rel="prev-archive"', 1)
    problems = check_feeds(FILES | {"feeds/2020.xml": circle.encode()}, CONFIG.base_url)
    assert any("loop" in problem.message for problem in problems), shown(problems)


def test_a_problem_names_the_item_and_its_line():
    broken = FILES[RSS].decode().replace(GUID, "")
    (problem,) = read_feed(RSS, broken.encode(), CONFIG.base_url, None).problems
    assert str(problem).startswith('feed.xml:3: item 1 ("Post 29"): the item has no guid')


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not well-formed XML"),
        (b"<html/>", "<html> is not the root of"),
        (b"[1]", "not an object"),
        (b'{"version": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (
            b'<!DOCTYPE r [<!ENTITY a "aaaa">]><rss version="2.0"><channel>&a;</channel></rss>',
            "document type declaration",
        ),
    ],
)
def test_a_file_that_is_not_a_feed_is_reported(data, message):
    assert any(message in problem.message for problem in read_feed("x.xml", data, CONFIG.base_url, None).problems)


MARKUP = (
    '<p> </p> <br/> <a\thref="https://x.example/"> <a\thref="/x"> <a\thref="java&#115;cript:x"> </a> '
    '<img\tsrcset="https://y\t1x,\tz\t2x"> <script> </script> <P\tCLASS=x> <p\tonclick="x"> <!-- --> < > '
    '<img\tsrc="data:x"> <a\ttitle="<b>"> '
    '<a\thref="https://a"\thref="b"> <plaintext> <p\tstyle=""> text &lt; <a\thref="mailto:a@b.example">'
)


@hypothesis.settings(max_examples=400, deadline=None)
@hypothesis.given(st.lists(st.sampled_from(MARKUP.split(" ")), max_size=6).map("".join))
def test_content_is_passed_without_the_parser_only_if_that_finds_nothing(html):
    html = html.replace("\t", " ")
    checker = _ContentChecker(FeedLocation())
    checker.feed(html)
    checker.close()
    assert not (_is_plainly_sound(html) and checker.problems)
