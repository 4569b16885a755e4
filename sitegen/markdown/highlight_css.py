"""The style sheet for source code: one accessible palette for light, one for dark."""

# Pygments' short class names, in groups of one colour each.
_GROUPS = {
    "comment": "c c1 ch cm cp cpf cs sd",
    "keyword": "k kc kd kn kp kr ow",
    "type": "kt nc ne ni nn no",
    "name": "nb bp nd nf fm nt nl",
    "string": "s s1 s2 sa sb sc dl sh si sx sr ss se",
    "number": "m mb mf mh mi mo il",
    "attribute": "na nv vc vg vi vm",
    "deleted": "gd gr gt err",
    "inserted": "gi",
    "heading": "gh gu gp",
}
# Foregrounds of 4.5:1 or more on the backgrounds #f6f8fa and #161b22, and on the lighter and darker ones.
LIGHT = {
    "comment": "#57606a",
    "keyword": "#a3123a",
    "type": "#7a3e00",
    "name": "#6a28b8",
    "string": "#0a3f7d",
    "number": "#0550ae",
    "attribute": "#04595c",
    "deleted": "#a3123a",
    "inserted": "#0f5323",
    "heading": "#24292f",
}
DARK = {
    "comment": "#9da7b3",
    "keyword": "#ff8f8a",
    "type": "#ffb870",
    "name": "#d6b3ff",
    "string": "#a8d6ff",
    "number": "#7dbfff",
    "attribute": "#78dbe0",
    "deleted": "#ff9b95",
    "inserted": "#6fdc85",
    "heading": "#e6edf3",
}
_SHAPES = "pre .ge{font-style:italic}pre :is(.gs,.gh,.gu){font-weight:bold}"


def highlight_css() -> str:
    """Return CSS for the classes that `highlight.highlight_code` writes.

    Dark colours hold where the system asks for them and where the page's root element has the
    attribute `data-theme="dark"`; `data-theme="light"` keeps the light ones. All have a contrast of
    4.5:1 or more on their backgrounds (WCAG 2.2, success criterion 1.4.3).
    """
    rules = "".join(
        f"pre :is({','.join('.' + name for name in names.split())}){{color:var(--code-{group})}}"
        for group, names in _GROUPS.items()
    )
    light, dark = (
        ";".join(f"--code-{group}:{colour}" for group, colour in palette.items()) for palette in (LIGHT, DARK)
    )
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
        f"{rules}{_SHAPES}\n"
    )
