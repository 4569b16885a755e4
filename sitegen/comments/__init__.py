"""Comments of readers: their files, threads and HTML."""

COMMENTS_SUFFIX = ".comments.yaml"
"""What the name of a comment file has in place of the suffix of its post's file."""


def comment_file_of(post_path: str) -> str:
    """Return the path of the comment file of a post's file."""
    folder, slash, name = post_path.rpartition("/")
    return f"{folder}{slash}{name.rpartition('.')[0]}{COMMENTS_SUFFIX}"
