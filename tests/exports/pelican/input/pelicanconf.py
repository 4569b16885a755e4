import os

SITENAME = "Loom"
SITEURL = "https://loom.example"
PATH = "content"
TIMEZONE = "Asia/Tokyo"
ARTICLE_URL = "{date:%Y}/{slug}.html"
OUTPUT = os.path.join("x", "y")
raise SystemExit("settings are read, never run")
