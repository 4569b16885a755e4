"""Shortcodes of Hugo and Zola: the plain ones become Markdown, the others stay and are counted."""

import pytest

from sitegen.importers.markdown_source.shortcodes import render_hugo, render_zola


@pytest.mark.parametrize(
    ("text", "result", "left"),
    [
        (
            '{{< figure src="/a b.png" alt="A [b]" link="https://x.example" >}}',
            "[![A \\[b\\]](/a%20b.png)](https://x.example)",
            {},
        ),
        ("{{< vimeo 12 >}}", "[Video on Vimeo](https://vimeo.com/12)", {}),
        ('{{< tweet user="x" id="99" >}}', "[Post on Twitter](https://twitter.com/i/status/99)", {}),
        ("{{< gist ann 12ab >}}", "[Code on GitHub Gist](https://gist.github.com/ann/12ab)", {}),
        ('{{< youtube "<script>" >}}', '{{< youtube "<script>" >}}', {"{{< youtube >}}": 1}),
        ('{{< param "mood" >}}', "calm", {}),
        ("{{< highlight go >}}{{ .Title }}{{< /highlight >}}", "```go\n{{ .Title }}\n```", {}),
        ('{{</* ref "a" */>}}', '{{< ref "a" >}}', {}),
        ("{{% tip %}}x{{% /tip %}}", "{{% tip %}}x{{% /tip %}}", {"{{% tip %}}": 1}),
        ("{{< comment >}}x{{< /comment >}}y", "y", {}),
        ('[a]({{< ref "gone.md" >}})', '[a]({{< ref "gone.md" >}})', {"{{< ref >}}": 1}),
        ("{{< never closed", "{{< never closed", {}),
    ],
)
def test_shortcodes_of_hugo_are_replaced(text, result, left):
    assert render_hugo(text, {"mood": "calm"}, lambda target: None) == (result, left)


@pytest.mark.parametrize(
    ("text", "result", "left"),
    [
        ('{{ vimeo(id="12") }}', "[Video on Vimeo](https://vimeo.com/12)", {}),
        ('{{ image(src="a.png", alt="A") }}', "![A](a.png)", {}),
        ("{{ gallery() }}", "{{ gallery() }}", {"{{ gallery }}": 1}),
        ("{% aside() %}x{% end %}", "{% aside() %}x{% end %}", {"{% aside %}": 1}),
        ("{% for x in y %}", "{% for x in y %}", {}),
        ("{{ page.title }}", "{{ page.title }}", {}),
        ("{{/* youtube(id=1) */}}", "{{ youtube(id=1) }}", {}),
    ],
)
def test_shortcodes_of_zola_are_replaced(text, result, left):
    assert render_zola(text) == (result, left)


@pytest.mark.parametrize("mark", ["{{<", "{{< highlight >}}", "{{< /highlight >}}", "{% end %}", "{{ a(", "{{</*"])
def test_repeated_delimiters_are_not_changed(mark):
    text = mark * 20_000
    assert render_hugo(text, {}, lambda target: None)[0] == text
    assert render_zola(text)[0] == text
