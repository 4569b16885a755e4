"""The text that the author of an answer wrote, without the message below it."""

import pytest

from sitegen.importers.mail.own_text import QUOTED_MESSAGE, SIGNATURE, OwnText, find_own_text

OWN = "I liked it.\n\nMuch."


@pytest.mark.parametrize(
    "below",
    [
        "On Mon, May 6, 2024 at 9:00\u202fAM Ada &lt;[a@x.example](mailto:a@x.example)> wrote:\n\n> Letter\n>\n> Ada",
        "On Mon, 6 May 2024 at 09:00, Ada Lovelace  \n&lt;ada2@x.example>  \nwrote:\n\n> My letter",
        "Am 06.05.2024 um 09:00 schrieb Ada:\n\n> Mein Brief",
        "Ada Lovelace wrote:\n\n> My letter",
        "Le 6 mai 2024 à 09:00, Ada a écrit :\n\n> Ma lettre\n> > et une autre",
        "\u5728 2024\u5e745\u67086\u65e5\uff0cAda \u5199\u9053\uff1a\n\n> \u4fe1",
        "> On 6 May 2024, at 09:00, Ada &lt;ada@x.example> wrote:\n>\n> My letter",
        "**From:** Ada &lt;ada@x.example>  \n**Sent:** Monday  \n**To:** Bo\n\nMy letter\n\nAda",
        "> On 6 May 2024, at 09:00, Ada &lt;[ada@x.example](mailto:ada@x.example)> wrote:\n\n<!-- -->\n\n> My letter",
        "> Am 06.05.2024 um 09:00 schrieb Ada\n> &lt;ada@x.example>:\n\n> Mein Brief",
        "On Monday, May 6, 2024, Ada &lt;[ada@x.example](mailto:ada@x.example)> wrote:\n\nMy letter\n\n> by Bo",
        "\\-----Ursprüngliche Nachricht-----\n\nVon: Ada &lt;ada@x.example>  \nGesendet: Montag\n\nMein Brief",
        '**Gesendet:**\xa06. Mai 2024 um 09:00 Uhr  \n**Von:**\xa0"Ada" &lt;ada@x.example>  \n**An:** Bo\n\nMein Brief',
        'Gesendet: Montag, 06. Mai 2024 um 09:00 Uhr Von: "Ada"  \nAn: Bo\n\nMein Brief',
        "* * *\n\n**De :** Ada  \n**Envoyé :** lundi 6 mai\n\nMa lettre",
    ],
)
def test_the_quoted_message_at_the_end_is_removed(below):
    own = find_own_text(f"{OWN}\n\n{below}")
    assert (own.text, own.removed) == (OWN, (QUOTED_MESSAGE,))


@pytest.mark.parametrize("above", [True, False])
def test_the_signature_is_removed_above_and_below_the_quoted_message(above):
    signature, quotation = "\\--  \nAda Smith  \n+44 20 1234", "On 6 May 2024 Bo wrote:\n\n> Hello"
    parts = (OWN, signature, quotation) if above else (OWN, quotation, signature)
    own = find_own_text("\n\n".join(parts))
    assert own.text == OWN
    assert set(own.removed) == {SIGNATURE, QUOTED_MESSAGE}


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent with Proton Mail secure email.",
        "Get Outlook for Android",
        "Get [Outlook for iOS](https://aka.example/o0ukef)",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Отправлено с iPhone",
    ],
)
def test_the_line_that_names_the_program_is_a_signature(line):
    quotation = "> On 6 May 2024, at 09:00, Bo wrote:\n\n> Hello"
    own = find_own_text(f"{OWN}\n\n{line}\n\n{quotation}")
    assert (own.text, set(own.removed)) == (OWN, {SIGNATURE, QUOTED_MESSAGE})
    text = f"{line}\n\n{OWN}"
    assert find_own_text(text) == OwnText(text)


@pytest.mark.parametrize(
    "text",
    [
        "On 6 May 2024 Bo wrote:\n\n> Is it so?\n\nIt is.\n\n> And this?\n\nYes.",
        "As the poet says:\n\n> My heart leaps up",
        "I found this:\n\n- one\n- two",
        "Before\n\n\\--\n\n" + "\n\n".join(f"Paragraph {number}." for number in range(20)),
        "To: the point.",
        "Date: 6 May.\n\nThat is when we meet.",
        "Date: 6 May\nPlace: the harbour",
        "From: where do I know this?",
        "> Only a quotation",
    ],
)
def test_what_the_author_wrote_stays(text):
    assert find_own_text(text) == OwnText(text)


def test_a_message_without_words_of_its_own_stays():
    text = "On 6 May 2024 Bo wrote:\n\n> Hello"
    assert find_own_text(text).text == text


def test_a_quotation_between_paragraphs_stays_without_the_address_of_its_author():
    text = "On 6 May 2024 Bo &lt;[bo@x.example](mailto:bo@x.example)> wrote:\n\n> Hello\n\nHello to you."
    assert find_own_text(text).text == "On 6 May 2024 Bo wrote:\n\n> Hello\n\nHello to you."


def test_thousands_of_quotations_take_linear_work():
    text = f"{OWN}\n\n" + "On 6 May 2024 Bo wrote:\n\n> Hello\n\n" * 20_000
    assert find_own_text(text).text == OWN
