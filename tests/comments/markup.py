"""Parts of comments for random tests: characters, URLs and markup."""

from hypothesis import strategies as st

CHARACTERS = st.sampled_from("abé水.,!()-1#>*_~`\"'&<[]\\/:@$=+\xa0\n ")
URLS = st.sampled_from(["https://e.org", "http://a-b.e.org/x", "https://e.org/x_y", "https://1.2.3", "ftp://e.org"])
MARKUP = [
    "**",
    "~~",
    "~~~",
    "\n\n",
    "\n- ",
    "\n1. ",
    "www.e.org",
    " />",
    "[a b](https://e.org/c)",
    "*a b*",
    "**é**",
    '![a](b "c")',
]
PARTS = st.one_of(CHARACTERS, URLS, st.sampled_from(MARKUP))
