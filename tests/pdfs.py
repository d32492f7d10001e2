"""PDF files made by hand for tests: text at given places, in a font that no file needs to bring."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 595, 842  # points: A4
LEFT = 72  # where lines of a paragraph begin

# Codes are UTF-16 and mean themselves, so any text can be written; viewers draw it with a font of their own.
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Itself def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap end end"""


class Words(NamedTuple):
    """A piece of a line: where it begins and stands, in points from the lower left corner, and its size."""

    x: float
    y: float
    text: str
    size: float = 12


class Picture(NamedTuple):
    """A picture of one grey dot, drawn over this width and height from the lower left corner."""

    width: float = WIDTH
    height: float = HEIGHT


def column(*lines: str, top: float = 760, left: float = LEFT, size: float = 12, step: float = 16) -> list[Words]:
    """Lines below each other. An empty one leaves its place free."""
    return [Words(left, top - place * step, line, size) for place, line in enumerate(lines) if line]


def pdf(pages: Sequence[Sequence[Words | Picture]], *, title: str = "", author: str = "", pages_say: int = 0) -> bytes:
    """A PDF file. `pages_say`: how many pages it claims to have, instead of the true number."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Any /DW 500 /FontDescriptor 6 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_TO_UNICODE),
        b"<< /Type /FontDescriptor /FontName /Any /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800"
        b" /Descent -200 /CapHeight 700 /StemV 80 >>",
        b"<< /Title " + _text(title) + b" /Author " + _text(author) + b" /CreationDate (D:20200102030405) >>",
        _stream(
            b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        ),
    ]
    kids = []
    for page in pages:
        objects.append(_stream(b"\n".join(_drawn(item) for item in page)))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> /XObject << /P 8 0 R >> >> >>" % (WIDTH, HEIGHT, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), pages_say or len(kids))
    return _file(objects)


def locked(data: bytes) -> bytes:
    """The same file, encrypted with a password that nobody knows."""
    encrypt = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32)
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /ID [<33> <33>] " + encrypt)


def _drawn(item: Words | Picture) -> bytes:
    if isinstance(item, Picture):
        return b"q %f 0 0 %f 0 0 cm /P Do Q" % (item.width, item.height)
    codes = item.text.encode("utf-16-be").hex().encode()
    return b"BT /F %f Tf %f %f Td <%s> Tj ET" % (item.size, item.x, item.y, codes)


def _text(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().encode() + b">"


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (entries, len(packed), packed)


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
