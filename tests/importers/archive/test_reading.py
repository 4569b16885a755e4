"""Text, CSV, JSON and XML of exports are read in any encoding and of any size, also if they are damaged."""

import codecs
import io
import json

import pytest

from sitegen.importers.archive.archive import Archive, Limits, UnreadableError
from sitegen.importers.archive.csv_rows import read_header, read_rows
from sitegen.importers.archive.json_stream import read_values
from sitegen.importers.archive.text_encoding import XmlBytes, decode, detect, open_text
from sitegen.importers.base import Skipped


def open_archive(path, data, **limits):
    path.write_bytes(data)
    return Archive([path], limits=Limits(**limits) if limits else None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_detected(tmp_path, encoding):
    text = "Grüße aus Köln – “zitiert”, und so weiter in vielen Worten\n"
    with open_archive(tmp_path / "a.txt", text.encode(encoding)) as archive, open_text(archive, "a.txt") as file:
        assert file.read() == text
    assert decode(text.encode(encoding)) == text


def test_a_file_cut_off_within_a_character_is_utf_8(tmp_path):
    with open_archive(tmp_path / "a.txt", "Köln ü".encode()[:-1]) as archive:
        assert detect(archive, "a.txt") == "utf-8"


def read_csv(tmp_path, data, **limits):
    with open_archive(tmp_path / "a.csv", data, **limits) as archive:
        return list(read_rows(archive, "a.csv"))


def test_cells_contain_commas_quotes_and_line_breaks(tmp_path):
    (row,) = read_csv(tmp_path, b'\xef\xbb\xbfPost Id,Rich-Content\r\n1,"a ""b"", c\r\nd"\r\n')
    assert (row.where.line, row.get("post_id"), row.get("rich_content")) == (2, "1", 'a "b", c\nd')


def test_a_field_over_the_limit_skips_its_row(tmp_path):
    data = b'a,b\n1,"' + b"x\n" * 5000 + b'"\n2,fine\n'
    big, fine = read_csv(tmp_path, data, max_item_bytes=4000)
    assert isinstance(big, Skipped)
    assert "larger" in big.reason
    assert fine.get("b") == "fine"


def test_a_row_cut_off_at_the_end_is_skipped(tmp_path):
    fine, torn = read_csv(tmp_path, b'a,b\n1,2\n3,"no en')
    assert fine.get("b") == "2"
    assert (torn.reason, torn.where.line) == ("the row is cut off", 3)


def test_column_names_are_normalized(tmp_path):
    with open_archive(tmp_path / "a.csv", "Send Date,UNIQUE-ID\n".encode("utf-16")) as archive:
        assert read_header(archive, "a.csv") == ("send_date", "unique_id")


def read_json(text, wanted, limit=1 << 20):
    return list(read_values(io.StringIO(text), wanted, limit))


def test_only_wanted_values_are_decoded():
    document = {"db": [{"meta": {"x": [1, {"y": 2}]}, "data": {"posts": [{"a": ']}\\"'}, {"a": 1.5}], "z": None}}]}
    found = read_json(json.dumps(document), lambda path: len(path) == 5 and path[3] == "posts")
    assert [value for _, value in found] == [{"a": ']}\\"'}, {"a": 1.5}]


def test_values_across_pieces_are_read(monkeypatch):
    monkeypatch.setattr("sitegen.importers.archive.json_stream.PIECE_CHARACTERS", 3)
    text = json.dumps({"posts": [{"n": n, "t": "x" * n + '"\\'} for n in range(40)], "tail": [12345, True]})
    found = read_json(text, lambda path: len(path) == 2)
    assert [value["n"] for path, value in found if path[0] == "posts"] == list(range(40))
    assert [value for path, value in found if path[0] == "tail"] == [12345, True]


def test_values_before_the_cut_of_a_truncated_document_are_read():
    text = json.dumps({"posts": [{"n": n} for n in range(5)]})[:-12]
    reading = read_values(io.StringIO(text), lambda path: len(path) == 2, 1000)
    assert [next(reading)[1]["n"] for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(UnreadableError, match="cut off"):
        next(reading)


def test_a_value_over_the_limit_is_skipped(monkeypatch):
    monkeypatch.setattr("sitegen.importers.archive.json_stream.PIECE_CHARACTERS", 64)
    text = json.dumps([{"big": "x" * 5000}, {"n": 1}])
    big, small = read_json(text, lambda path: len(path) == 1, limit=500)
    assert isinstance(big[1], UnreadableError)
    assert small[1] == {"n": 1}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000])
def test_endless_nesting_is_an_error(text):
    with pytest.raises(UnreadableError):
        read_json(text, lambda path: False)


def read_xml(tmp_path, data, piece=1 << 20):
    with open_archive(tmp_path / "a.xml", data) as archive:
        source = XmlBytes(archive, "a.xml")
        parts = []
        while part := source.read(piece):
            parts.append(part)
        source.close()
        return b"".join(parts).decode(), source.repaired


def test_control_characters_are_removed_from_xml(tmp_path):
    text, repaired = read_xml(tmp_path, b"<a>x\x0by&#11;&#x1F;z&#10;&#x41;</a>")
    assert (text, repaired) == ("<a>xyz&#10;&#x41;</a>", 3)


def test_bare_ampersands_and_html_entities_are_repaired_but_not_within_cdata(tmp_path):
    text, repaired = read_xml(tmp_path, b"<a>a & b &amp; c&nbsp;d &foo; <![CDATA[x & y &nbsp;]]> & </a>")
    assert text == "<a>a &amp; b &amp; c\u00a0d &amp;foo; <![CDATA[x & y &nbsp;]]> &amp; </a>"
    assert repaired == 4


def test_repairs_do_not_depend_on_where_pieces_end(tmp_path, monkeypatch):
    data = ("<a>" + "x" * 4090 + "&nbsp;<![CDATA[" + "y" * 4080 + " & ]]>" + "&#11;" * 900 + "</a>").encode()
    whole = read_xml(tmp_path, data)
    assert read_xml(tmp_path, data, piece=1) == whole


def test_xml_is_decoded_by_its_declared_encoding(tmp_path):
    text, _ = read_xml(tmp_path, '<?xml version="1.0" encoding="ISO-8859-2"?><a>Łódź</a>'.encode("iso-8859-2"))
    assert "Łódź" in text
    text, _ = read_xml(tmp_path, '<?xml version="1.0"?><a>Łódź</a>'.encode("utf-16"))
    assert "Łódź" in text
    assert codecs.BOM_UTF8.decode() not in text


@pytest.mark.parametrize(
    "prolog",
    ['<!DOCTYPE r [<!ENTITY a "b">]>', '<!-- x --><!DOCTYPE r SYSTEM "f" [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
)
def test_declared_entities_are_refused(tmp_path, prolog):
    with pytest.raises(UnreadableError, match="entities"):
        read_xml(tmp_path, f"<?xml version='1.0'?>{prolog}<r>&a;</r>".encode())


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "sep={}\r\n", "\ufeffsep={}\n"])
def test_the_delimiter_is_the_one_of_the_header(tmp_path, mark, start):
    rows = [["Post Id", "Title, or name", "Tags"], ["1", "A; b", "c\td, e"]]
    text = start.format(mark) + "".join(mark.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
    (row,) = read_csv(tmp_path, text.encode())
    assert [row.get(name) for name in ("post_id", "title,_or_name", "tags")] == ["1", "A; b", "c\td, e"]
    with open_archive(tmp_path / "a.csv", text.encode()) as archive:
        assert read_header(archive, "a.csv") == ("post_id", "title,_or_name", "tags")
