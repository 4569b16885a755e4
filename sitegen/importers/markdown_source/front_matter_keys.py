"""The front matter keys of other generators for the fields of sitegen, in lower case, the most specific first."""

DATES = ("date", "pubdate", "publishdate", "publish_date", "published_at", "publishedat", "pubdatetime", "published",
         "date_published", "datepublished", "created", "created_at", "createdat")  # fmt: skip
UPDATES = ("updated", "lastmod", "modified", "last_modified_at", "updateddate", "updated_at", "updatedat",
           "moddatetime", "lastmodified", "last_modified", "modified_date", "date_updated")  # fmt: skip
AUTHORS = ("authors", "author", "byline")
CATEGORIES = ("categories", "category")
TAGS = ("tags", "tag", *CATEGORIES, "topics")
SUMMARIES = ("summary", "description", "excerpt", "subtitle", "abstract", "desc")
IMAGES = ("image", "cover", "cover_image", "coverimage", "featured_image", "feature_image", "featuredimage",
          "thumbnail", "heroimage", "hero_image", "banner", "ogimage", "og_image", "images", "teaser",
          "cover-img", "feature-img", "thumbnail-img", "share-img")  # fmt: skip
ALTERNATIVES = ("image_alt", "imagealt", "cover_alt", "coveralt", "featured_image_alt", "heroimagealt", "thumbnail_alt")
PERMALINK_KEYS = ("permalink", "url", "path", "save_as")
ALIASES = ("aliases", "alias", "redirect_from", "redirects", "additional_urls")
CANONICAL = ("source_url", "canonical_url", "canonicalurl", "canonical", "external_url", "origlink")
GENERATOR_KEYS = frozenset((
    "layout", "template", "templateclass", "page_template", "type", "menu", "markup", "outputs", "sitemap", "render",
    "in_search_index", "insert_anchor_links", "sort_by", "paginate_by", "transparent", "eleventynavigation",
    "eleventyexcludefromcollections", "published", "status", "draft", "in_feed_only", "build",
    "unlisted", "hide_table_of_contents", "toc_min_heading_level", "toc_max_heading_level", "sidebar_label",
    "sidebar_position", "pagination_next", "pagination_prev", "hide_reading_time",
    "_build", "cascade", "pagination", "generate_feeds",
))  # fmt: skip
"""Keys for the old generator, without content of the post."""
