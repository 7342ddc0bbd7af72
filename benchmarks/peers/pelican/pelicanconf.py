"""Pelican's settings: its cache on, and nothing rendered that the other sites do not have."""

import os

SITENAME = "Bench News"
SITEURL = "https://bench.example"
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DEFAULT_DATE_FORMAT = "%d %b %Y"
THEME_STATIC_DIR = "css"
THEME_STATIC_PATHS = ["static"]
STATIC_PATHS: list[str] = []
ARTICLE_PATHS = ["articles"]
PAGE_PATHS: list[str] = []
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["neighbours"]
DELETE_OUTPUT_DIRECTORY = False

CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
CHECK_MODIFIED_METHOD = "mtime"

ARTICLE_URL = "{date:%Y}/{date:%m}/{date:%d}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
CATEGORY_URL = "category/{slug}/"
CATEGORY_SAVE_AS = CATEGORY_URL + "index.html"
TAG_URL = "tag/{slug}/"
TAG_SAVE_AS = TAG_URL + "index.html"
AUTHOR_URL = "author/{slug}/"
AUTHOR_SAVE_AS = AUTHOR_URL + "index.html"
CATEGORIES_SAVE_AS = "category/index.html"
TAGS_SAVE_AS = "tag/index.html"
AUTHORS_SAVE_AS = "author/index.html"
ARCHIVES_SAVE_AS = "archive/index.html"
YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/index.html"
MONTH_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/index.html"
DAY_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/{date:%d}/index.html"

DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"tag": None, "category": None, "author": None}
PAGINATION_PATTERNS = (
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)

FEEDS = os.environ.get("BENCH_FEEDS") == "1"
FEED_DOMAIN = SITEURL
FEED_ALL_ATOM = "feed.xml" if FEEDS else None
FEED_MAX_ITEMS = 20
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DIRECT_TEMPLATES = ["index", "tags", "categories", "authors", "archives"]
if FEEDS:
    DIRECT_TEMPLATES.append("sitemap")
    SITEMAP_SAVE_AS = "sitemap.xml"
