"""The vocabulary of feeds: the elements, attributes and link relations that feed readers support."""

from sitegen.formats.html_elements import names

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
COMMENT_API = "{http://wellformedweb.org/CommentAPI/}"

ELEMENTS = {
    ATOM: names("author category content contributor generator icon id link logo published rights source subtitle")
    | names("summary title updated"),
    CONTENT: names("encoded"),
    DC: names("contributor coverage creator date description format identifier language publisher relation rights")
    | names("source subject title type"),
    HISTORY: names("archive complete"),
    ITUNES: names("author block category complete duration email episode episodeType explicit image keywords name")
    | names("new-feed-url order owner season subtitle summary title type"),
    MEDIA: names("adult category content copyright credit description group hash keywords player rating restriction")
    | names("text thumbnail title"),
    SLASH: names("comments department hit_parade section"),
    THREAD: names("in-reply-to total"),
    COMMENT_API: names("comment commentRss"),
}
"""The elements of each vocabulary that may be added to RSS, by its name in braces."""

REFUSED = frozenset((f"{MEDIA}statistics", f"{MEDIA}community", "{http://purl.org/dc/terms/}source"))
CHANNEL = names(
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate category generator "
    "docs cloud ttl image rating textInput skipHours skipDays item"
)
ITEM = names("title link description author category comments enclosure guid pubDate source")
ATTRIBUTES = {
    "category": names("domain"),
    "cloud": names("domain path port protocol registerProcedure"),
    "enclosure": names("length type url"),
    "guid": names("isPermaLink"),
    "source": names("url"),
}
"""The attributes that an element of RSS may have; others have none."""

RELATIONS = names(
    "alternate author bookmark collection current describedby edit edit-media enclosure first help hub icon last "
    "license monitor next next-archive payment prev-archive previous related replies search self service up via"
)
"""The relations of links that mean something in feeds (IANA's registry); any other one must be a URI."""
