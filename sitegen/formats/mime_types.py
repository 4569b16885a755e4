"""The content type of a file by its name, the same on every system."""

TEXTS = {
    "asp": "text/html",
    "aspx": "text/html",
    "atom": "application/xml",
    "cfm": "text/html",
    "cgi": "text/html",
    "css": "text/css",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "jsp": "text/html",
    "map": "application/json",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "opml": "application/xml",
    "php": "text/html",
    "phtml": "text/html",
    "rss": "application/xml",
    "shtml": "text/html",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "webmanifest": "application/manifest+json",
    "xhtml": "application/xhtml+xml",
    "xml": "application/xml",
    "xsl": "application/xml",
}
OTHERS = {
    "avif": "image/avif",
    "bmp": "image/bmp",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "ttf": "font/ttf",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "zip": "application/zip",
}
ASSETS = frozenset(OTHERS) | {"svg", "js", "mjs", "vtt"}


def ending(name: str) -> str:
    """Return a file name's ending in lower case, without its dot."""
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def content_type(name: str) -> str:
    """Return the Content-Type of a file; text files are in UTF-8."""
    end = ending(name)
    if end in TEXTS:
        return f"{TEXTS[end]}; charset=utf-8"
    if name.startswith("_") and "/" not in name:
        return "text/plain; charset=utf-8"
    return OTHERS.get(end, "application/octet-stream")
