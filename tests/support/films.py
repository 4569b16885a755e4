"""Films for tests, boxes with the private metadata that phones, cameras and programs write."""

import struct

PRIVATE = b"+52.5200+013.4050/Private7"
"""What no published film may contain."""

TITLE = b"Ships in the harbour"
SAMPLES = b"The samples of the film. " * 9
MEASUREMENTS = PRIVATE * 3
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
SPHERICAL_UUID = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")


def box(name: bytes, *contents: bytes, wide: bool = False) -> bytes:
    """Return a box; with a size of 64 bits if `wide`."""
    inside = b"".join(contents)
    if wide:
        return struct.pack(">I4sQ", 1, name, len(inside) + 16) + inside
    return struct.pack(">I4s", len(inside) + 8, name) + inside


def make_value(value: bytes, value_type: int = 1) -> bytes:
    """Return the box of a value of metadata: 1 is the type of UTF-8."""
    return box(b"data", struct.pack(">II", value_type, 0), value)


def make_handler(name: bytes) -> bytes:
    """Return the box that says what a track or metadata are."""
    return box(b"hdlr", bytes(8), name, bytes(13))


def make_user_data() -> bytes:
    """Return user data with a title and a location in the notations of QuickTime, MP4 and iTunes."""
    items = [box(b"\xa9nam", make_value(TITLE)), box(b"apID", make_value(PRIVATE)), box(b"covr", make_value(TITLE, 13))]
    return box(
        b"udta",
        box(b"\xa9xyz", struct.pack(">HH", len(PRIVATE), 0x15C7), PRIVATE),
        box(b"loci", bytes(6), PRIVATE),
        box(b"\xa9mod", PRIVATE),
        box(b"\xa9nam", struct.pack(">HH", len(TITLE), 0), TITLE),
        box(b"GPMF", PRIVATE),
        box(b"meta", bytes(4), make_handler(b"mdir"), box(b"ilst", *items), box(b"xml ", bytes(4), PRIVATE)),
        bytes(4),
    )


def make_keyed_metadata() -> bytes:
    """Return metadata of QuickTime, whose items name their keys by numbers."""
    keys = [b"com.apple.quicktime.title", b"com.apple.quicktime.location.ISO6709", b"com.apple.quicktime.model"]
    values = [TITLE, PRIVATE, PRIVATE]
    return box(
        b"meta",
        make_handler(b"mdta"),
        box(b"keys", bytes(4), struct.pack(">I", len(keys)), *(box(b"mdta", key) for key in keys)),
        box(b"ilst", *(box(struct.pack(">I", at), make_value(value)) for at, value in enumerate(values, 1))),
    )


def make_track(handler: bytes, chunks: list[tuple[int, list[int]]], *others: bytes, constant: bool = False) -> bytes:
    """Return a track of some chunks: the offset of each in the file, and the lengths of its samples."""
    lengths = [length for _, samples in chunks for length in samples]
    runs = b"".join(struct.pack(">III", at, len(samples), 1) for at, (_, samples) in enumerate(chunks, 1))
    sizes = struct.pack(">II", lengths[0] if constant else 0, len(lengths))
    table = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), box(b"mp4v")),
        box(b"stsz", bytes(4), sizes, b"" if constant else struct.pack(f">{len(lengths)}I", *lengths)),
        box(b"stsc", bytes(4), struct.pack(">I", len(chunks)), runs),
        box(b"stco", bytes(4), struct.pack(f">I{len(chunks)}I", len(chunks), *(offset for offset, _ in chunks))),
    )
    return box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", make_handler(handler), box(b"minf", table)), *others)


def make_film(*, wide: bool = False, constant: bool = False) -> bytes:
    """Return a film with a track of images and one of measurements, and private metadata in all boxes."""
    start = box(b"ftyp", b"isom", bytes(4), b"mp42") + box(b"uuid", XMP_UUID, PRIVATE, wide=wide)
    first, part = len(start) + (16 if wide else 8), len(PRIVATE)
    measured = first + len(SAMPLES)
    one, rest = (measured, [part]), (measured + part, [part, part])
    tracks = [
        make_track(b"vide", [(first, [9, 16]), (first + 25, [len(SAMPLES) - 25])], make_user_data()),
        make_track(b"meta", [one, rest], constant=constant),
    ]
    movie = box(
        b"moov",
        box(b"mvhd", bytes(100)),
        *tracks,
        make_user_data(),
        make_keyed_metadata(),
        box(b"uuid", SPHERICAL_UUID, TITLE),
        box(b"uuid", XMP_UUID, PRIVATE),
        box(b"free", PRIVATE),
    )
    data = box(b"mdat", SAMPLES, MEASUREMENTS, wide=wide)
    return start + data + movie + box(b"skip", PRIVATE) + box(b"free") + bytes(3)
