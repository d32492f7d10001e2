"""Old encodings: recognised, forced, refused; and everything else left as it is."""

from __future__ import annotations

import io
import itertools
import json
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchvn import Article, Index
from searchvn.articles.encodings import ENCODINGS, PLAIN, decode, encoding_name
from searchvn.articles.formats import read_file
from searchvn.articles.legacy import LEGACY, convert, surface
from searchvn.articles.pages import PAGE
from searchvn.articles.records import read_records
from searchvn.errors import ArticleError, UsageError
from searchvn.reports import Extraction, Skipped
from support import Ran, lay, quick_folder, run

BENCH = Path(__file__).parents[1] / "bench"
SHARED = Path(__file__).parents[2] / "shared"

sys.path.insert(0, str(BENCH))
from encoders import VIETNAMESE, written  # noqa: E402 - stands beside the benchmark that uses it too

sys.path.remove(str(BENCH))

TEXTS = (
    "Chợ quê họp lại\n\nSáng mùng Sáu, phiên chợ đầu năm của xã Hòa Thuỷ họp trở lại bên gốc đa cổ thụ. Người bán "
    "bày rổ rau cải, mớ tép, vài buồng chuối xứ; kẻ mua hỏi giá rồi cười xoà, chẳng mấy ai kỳ kèo. “Được gặp nhau là "
    "vui,” bà Nguyễn Thị Ẩn nói, tay vẫn thoăn thoắt gói bánh. Ở cuối dãy, ông thợ rèn nhóm bễ, tiếng búa gõ đều như "
    "nhịp mõ.\n",
    "ỦY BAN NHÂN DÂN XÃ HÒA THUỶ\nTHÔNG BÁO\nVề việc nạo vét kênh mương trước vụ hè thu\n\nĐể bảo đảm nước tưới, "
    "Ủy ban nhân dân xã yêu cầu các thôn tổ chức phát quang bờ cỏ, vớt bèo và khơi thông dòng chảy, xong trước ngày "
    "15/4. Mỗi hộ cử một người; hộ neo đơn được miễn. Trưởng thôn lập danh sách, gửi về văn phòng để tổng hợp.\n",
    "Con mèo của thầy giáo\n\nThầy nuôi một con mèo mướp rất lười. Ngày mưa nó nằm cuộn tròn trên chồng vở, ngày "
    "nắng lại ra bậc thềm sưởi; hễ nghe tiếng trống tan trường thì nhổm dậy, vẫy đuôi chờ lũ trẻ. Đứa nào cũng giấu "
    "cho nó chút cá khô. Thế mà một hôm nó bỏ đi biệt, cả lớp ngẩn ngơ, chữ nghĩa cứ rơi đâu hết.\n",
)
FRENCH = (
    "À la fenêtre, l'été traînait encore. Le père de Zoé répétait que la rivière était déjà gelée près du moulin, mais "
    "personne n'y croyait : « où donc as-tu vu ça ? » demandait-on. Là-bas, derrière le château, les élèves âgés "
    "ramassaient des pommes tombées, et le thé fumait à côté des gâteaux dorés. Même le curé riait, très gêné.\n"
)
GERMAN = "Für größere Bäume müssen wir früher hinüber; die Straße führt über schöne Hügel, später übernachten wir. " * 4
SPANISH = "El niño comió después un pingüino; también corrió allí, según él. ¿Qué más pasó? Nadie lo sabrá jamás. " * 4
ENGLISH = "The café’s naïve façade — all “déjà vu” — hid a jalapeño; 20 °C, ½ price, © the owner, a fiancé’s idea. " * 4
CODE = (
    'LETTERS = {"à": "a", "é": "e", "ü": "u", "ñ": "n"}  # « accents » ±¹²³\nfor x in ("ç", "ø"):\n    print(x, "µs")\n'
    * 5
)
WESTERN = [FRENCH, GERMAN, SPANISH, ENGLISH, CODE, "Là bà cô cả"]


def ways(text: str, name: str) -> Iterator[tuple[bytes, str]]:
    """The text in a legacy encoding as bytes, and misread in two ways and saved as UTF-8; and what comes back."""
    data, expected = written(text, name)
    yield data, expected
    yield surface(data).encode(), expected
    yield data.decode("latin-1").encode(), expected


def same(text: str, name: str) -> str:
    """TCVN3 has no capital letters with tones."""
    return text.lower() if name == "tcvn3" else text


# --- the tables


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tcvn3", b"Ti\xd5ng Vi\xd6t, \xae\xad\xeang l\xb5ng"),
        ("vni", b"Tie\xe1ng Vie\xe4t, \xf1\xf6\xf4\xf8ng la\xf8ng"),
        ("viscii", b"Ti\xaang Vi\xaet, \xf0\xdf\xb6ng l\xe0ng"),
        ("windows-1258", b"Ti\xea\xecng Vi\xea\xf2t, \xf0\xfd\xf5\xccng la\xccng"),
        ("windows-1258", b"Ti\xea\xecng Vi\xea\xf2t, \xf0\xfd\xf5\xccng l\xe0ng"),
    ],
)
def test_the_same_words_in_every_encoding(name: str, data: bytes) -> None:
    assert convert(surface(data), name) == "Tiếng Việt, đường làng"
    assert decode(data, name).text == "Tiếng Việt, đường làng"


@pytest.mark.parametrize("name", LEGACY)
def test_every_letter_comes_back_and_ascii_stays(name: str) -> None:
    data, expected = written(VIETNAMESE, name)
    assert "?" not in expected and same(convert(surface(data), name), name) == expected
    plain = "".join(map(chr, [9, 10, *range(0x20, 0x7F)]))
    assert convert(plain, name) == plain


def test_the_table_of_windows_1258_is_the_one_python_has() -> None:
    for code in range(0x80, 0x100):
        data = bytes([code])
        if known := data.decode("cp1258", "ignore"):
            assert convert(surface(data), "windows-1258") == unicodedata.normalize("NFC", known)


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not here: tables are not compared with it")
@pytest.mark.parametrize(
    ("name", "theirs"), [("tcvn3", "TCVN5712-1"), ("viscii", "VISCII"), ("windows-1258", "CP1258")]
)
def test_tables_agree_with_iconv(name: str, theirs: str) -> None:
    letters = [c for c in VIETNAMESE if name != "tcvn3" or c.islower() or c.isascii() or c in "ĂÂÊÔƠƯĐ"]
    data, _ = written("".join(letters), name)
    ran = subprocess.run(["iconv", "-f", theirs, "-t", "UTF-8"], input=data, capture_output=True, check=False)
    if ran.returncode:
        pytest.skip(f"this iconv does not know {theirs}")
    assert unicodedata.normalize("NFC", ran.stdout.decode()) == "".join(letters)


def test_lines_in_a_font_of_capitals_become_capitals() -> None:
    text = "CéNG HOµ\nC«ng hoµ\nA\n§éc lËp\n<B>Tù DO</B> - H¹NH PHóC"
    assert convert(text, "tcvn3") == "CỘNG HOÀ\nCông hoà\nA\nĐộc lập\n<B>TỰ DO</B> - HẠNH PHÚC"


def test_minus_signs_that_pdf_readers_make_of_a_letter() -> None:
    assert convert("nhµ n−íc, 5 − 3 = 2, h∙y", "tcvn3") == "nhà nước, 5 − 3 = 2, hãy"


# --- recognised


@pytest.mark.parametrize("name", LEGACY)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:8])
def test_legacy_text_is_recognised_as_bytes_and_after_misreading(name: str, text: str) -> None:
    assert len(text) >= 200
    for data, expected in ways(text, name):
        found = decode(data.replace(b"\n", b"\r\n"))
        assert (same(found.text, name), found.encoding) == (expected, name)
    assert decode("\ufeff".encode("utf-16-le") + surface(written(text, name)[0]).encode("utf-16-le")).encoding == name


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [TEXTS[0], FRENCH, "Hello, this is a small note.\r\n"], ids=["vi", "fr", "en"])
def test_utf_16_and_32_need_no_mark(name: str, text: str) -> None:
    expected = text.replace("\r\n", "\n")
    assert decode(text.encode(name)) == (expected, name)
    assert decode(("\ufeff" + text).encode(name)) == (expected, name)
    assert decode(text.encode(name), name) == (expected, name)
    assert decode(("\ufeff" + text).encode(name), name.removesuffix("-le").removesuffix("-be")).text == expected


# --- left alone


@pytest.mark.parametrize("text", [*TEXTS, *WESTERN, "µ ¸ © ® « » ñ ö"])
def test_unicode_text_is_not_touched(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert decode(unicodedata.normalize(form, text).encode()) == (unicodedata.normalize("NFC", text), "utf-8")
    assert decode(text.encode(), None, PAGE) == (text, "utf-8")


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize("encoding", ["cp1252", "iso8859-15", "cp1250", "cp437", "mac-roman"])
def test_bytes_that_may_be_anything_are_refused(text: str, encoding: str) -> None:
    with pytest.raises(ArticleError, match=r"không phải UTF-8 hợp lệ \(byte thứ .*--encoding"):
        decode(text.encode(encoding, "ignore"))


def test_unicode_that_was_misread_as_western_is_no_legacy_encoding() -> None:
    for text in TEXTS:
        twice = text.encode().decode("latin-1").encode()
        assert decode(twice).encoding == "utf-8"


@pytest.mark.parametrize(
    "text", ["\u0301" * 500, "\u200b\u200d" * 500, "\x02\x05\x06" * 300, "¸" * 500, "é " * 500, "\xa0" * 900]
)
def test_text_without_words_is_no_legacy_text(text: str) -> None:
    assert decode(text.encode()).encoding == "utf-8"
    for name in LEGACY:
        decode(text.encode(), name)


# --- two encodings


def line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


@pytest.mark.parametrize("name", LEGACY)
def test_a_file_in_two_encodings_is_refused_with_the_line(name: str) -> None:
    first, second = TEXTS[0].encode(), written(TEXTS[2], name)[0]
    with pytest.raises(ArticleError, match=f"hai bảng mã: từ dòng {line_of(first, len(first))} không còn là UTF-8"):
        decode(first + second)
    with pytest.raises(ArticleError, match=f"hai bảng mã: từ dòng {line_of(second, len(second))} là UTF-8"):
        decode(second + first)
    with pytest.raises(ArticleError, match="hai bảng mã"):
        decode(first + second, name)  # naming one does not make it right


@pytest.mark.parametrize(("name", "other"), [*itertools.permutations(LEGACY, 2)])
def test_a_file_in_two_legacy_encodings_is_refused(name: str, other: str) -> None:
    first, second = (written("".join(TEXTS) * 4, one)[0] for one in (name, other))
    with pytest.raises(ArticleError, match="hai bảng mã: đầu tệp là") as raised:
        decode(first + second)
    line = int(str(raised.value).split("dòng ")[1].split()[0])
    assert abs(line - line_of(first, len(first))) <= 3
    both = (surface(first) + surface(second)).encode()
    assert decode(both).encoding == "utf-8"  # Unicode all the same: no reading of the whole is better


def test_a_damaged_byte_in_utf_8_is_no_second_encoding() -> None:
    data = TEXTS[0].encode()
    place = data.index("bánh".encode())
    with pytest.raises(ArticleError, match=rf"không phải UTF-8 hợp lệ \(byte thứ {place}, dòng 3\)"):
        decode(data[:place] + b"\xff" + data[place:])


# --- named


def test_an_encoding_is_named_in_any_case_and_by_other_names() -> None:
    assert [encoding_name(name) for name in ("ABC", "Tcvn3", "CP1258", "UTF8", "utf_16", "Latin-1", "auto", None)] == [
        "tcvn3", "tcvn3", "windows-1258", "utf-8", "utf-16", "windows-1252", None, None,
    ]  # fmt: skip
    assert set(LEGACY) < set(ENCODINGS)


def test_an_unknown_encoding_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError) as raised:
        encoding_name("tcvn4")
    assert "“tcvn4”" in str(raised.value) and raised.value.hint.startswith("gần giống: tcvn3;")
    assert all(name in raised.value.hint for name in ENCODINGS)


def test_a_named_encoding_is_for_short_text_too_and_leaves_unicode_alone() -> None:
    for data, expected in ways("Đường về", "vni"):
        assert decode(data, "vni") == (expected, "vni")
    assert decode("Đường về".encode(), "vni") == ("Đường về", "utf-8")
    assert decode(b"plain", "tcvn3") == (b"plain".decode(), "utf-8")
    assert decode(FRENCH.encode("cp1252"), "windows-1252") == (FRENCH, "windows-1252")
    assert decode(surface(written(TEXTS[0], "vni")[0]).encode(), "utf-8").encoding == "utf-8"  # nothing recognised


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"\xff\xfe", "utf-8", r"UTF-8 hợp lệ \(byte thứ 0\); xem lại --encoding"),
        (b"abc", "utf-16", "UTF-16 hợp lệ"),
        (b"a\0b\0", "utf-8", "NUL"),
        (b"a\0b\0", "tcvn3", "NUL"),
    ],
)
def test_bytes_that_cannot_be_in_the_named_encoding_are_refused(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        decode(data, name)


PIECES = [b"\xb5", b"a", b"\xc4\x90", b"\xf8", b" ", b"\n", b"\0", b"ng", b"\xe1\xba\xa1", b"&eacute;", b"<p>"]


@settings(max_examples=400)
@given(
    st.one_of(
        st.binary(),
        st.text().map(lambda text: text.encode("utf-16-le", "replace")),
        st.lists(st.sampled_from(PIECES)).map(b"".join),
    ),
    st.sampled_from([None, *ENCODINGS]),
    st.sampled_from([PLAIN, PAGE]),
)
def test_any_bytes_give_text_or_a_reason(data: bytes, encoding: str | None, form: object) -> None:
    try:
        found = decode(data, encoding, form)  # type: ignore[arg-type]
    except ArticleError as error:
        assert str(error)
    else:
        assert "\0" not in found.text and unicodedata.is_normalized("NFC", found.text)
        assert found.encoding in ENCODINGS
        found.text.encode()


@pytest.mark.parametrize(
    "piece", [b"<", b"<script ", b"&aacut", b"\xe9", b"\xe9 ", b"\xc4\x90\xff", b"A1 ", b"a\xb5", b"<!-- \xe9"]
)
def test_large_files_of_one_kind_end(piece: bytes) -> None:
    data = piece * (1_000_000 // len(piece)) + b"\xe9"
    for encoding in (None, "tcvn3", "vni"):
        for form in (PLAIN, PAGE):
            try:
                decode(data, encoding, form)
            except ArticleError as error:
                assert str(error)


# --- pages


def page(text: str, charset: str) -> str:
    title, *paragraphs = [line for line in text.split("\n") if line]
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    script = "<script>var đếm = 0;</script>" if charset == "đ" else "<script>if (1 < 2) dem();</script>"
    return f"<html><head>{meta}\n<title>{title}</title>{script}</head>\n<body><h1>{title}</h1>\n{body}</body></html>\n"


def article(folder: Path, data: bytes, encoding: str | None = None) -> tuple[Article, list[str]]:
    """The article in a page of these bytes, and the encodings that were told."""
    path = lay(folder, {"a.html": data}) / "a.html"
    (only,) = read_file(str(path), "a.html", encoding=encoding)
    assert isinstance(only, Extraction)
    return only.article, [only.encoding]


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("tcvn3", "x-user-defined"),
        ("tcvn3", "utf-8"),
        ("tcvn3", "x-viet-tcvn5712"),
        ("vni", "windows-1252"),
        ("viscii", "viscii"),
        ("windows-1258", "windows-1258"),
        ("windows-1258", "iso-8859-1"),
    ],
)
def test_a_legacy_page_is_recognised_whatever_it_declares(tmp_path: Path, name: str, charset: str) -> None:
    data, _ = written(page(TEXTS[2], charset), name)
    for misread in (data, surface(data).encode()):
        read, found = article(tmp_path, misread)
        assert found == [name]
        assert read.title == "Con mèo của thầy giáo" and "cuộn tròn trên chồng vở" in read.body


def test_letters_of_a_page_may_be_entities(tmp_path: Path) -> None:
    for name in ("tcvn3", "vni"):
        data, _ = written(page(TEXTS[2], "iso-8859-1"), name)
        entities = "".join(c if c.isascii() else f"&#{ord(c)};" for c in surface(data)).replace("&#225;", "&aacute;")
        read, found = article(tmp_path, entities.encode())
        assert found == [name] and "cuộn tròn trên chồng vở" in read.body
    unicode = "".join(c if c.isascii() else f"&#{ord(c)};" for c in page(TEXTS[2], "us-ascii"))
    read, found = article(tmp_path, unicode.encode())
    assert found == ["utf-8"] and "cuộn tròn trên chồng vở" in read.body


def test_entities_beside_bytes_are_bytes_of_a_font_or_letters_of_a_real_encoding(tmp_path: Path) -> None:
    for name, letter in (("windows-1258", "ì"), ("viscii", "ÿ"), ("tcvn3", "ỡ"), ("vni", "ì")):
        entity = "&yuml;" if letter == "ÿ" else "&igrave;"
        data = written(page(TEXTS[2], name), name)[0].replace(b"</body>", f"<p>b{entity}t</p></body>".encode())
        read, found = article(tmp_path, data)
        assert found == [name] and f"b{letter}t" in read.body


def test_a_page_that_is_not_recognised_is_what_it_declares(tmp_path: Path) -> None:
    for charset in ("iso-8859-1", "windows-1252", "Latin1"):
        read, found = article(tmp_path, page("Le père Noël\n" + FRENCH, charset).encode("cp1252"))
        assert (read.title, found) == ("Le père Noël", ["windows-1252"])
    short = "Mèo mướp\nCon mèo mướp nằm ngủ.\n"
    read, found = article(tmp_path, written(page(short, "viscii"), "viscii")[0])
    assert (read.title, found) == ("Mèo mướp", ["viscii"])
    read, found = article(tmp_path, written(page(short, "x-user-defined"), "tcvn3")[0], "tcvn3")
    assert (read.title, found) == ("Mèo mướp", ["tcvn3"])
    with pytest.raises(ArticleError, match="trang khai là x-user-defined"):
        article(tmp_path, written(page(short, "x-user-defined"), "tcvn3")[0])


# --- records


def records(data: bytes, encoding: str | None = None) -> tuple[list[Article | Skipped], list[str]]:
    found = list(read_records(io.BytesIO(data), "a.jsonl", "/kho/a.jsonl", encoding=encoding))
    articles = [one.article if isinstance(one, Extraction) else one for one in found]
    return articles, [one.encoding for one in found if isinstance(one, Extraction)]


def line(text: str, **more: object) -> str:
    return json.dumps({"title": text.split("\n")[0], "text": text, **more}, ensure_ascii=False) + "\n"


def test_each_record_is_recognised_by_itself() -> None:
    told, data = [], b""
    for name, text in zip(LEGACY, itertools.cycle(TEXTS), strict=False):
        raw, _ = written(text, name)
        data += line(text).encode() + line(surface(raw), source="Báo Nhân Dân", nơi="Hà Nội").encode()
        data += written(line(text), name)[0] + json.dumps({"text": surface(raw)}).encode() + b"\n"
        told += ["utf-8", name, name, name]
    found, encodings = records(data)
    articles = [read for read in found if isinstance(read, Article)]
    assert encodings == told and len(articles) == len(found)
    for number, read in enumerate(articles):
        name, text = LEGACY[number // 4], [*TEXTS, TEXTS[0]][number // 4]
        expected = written(text, name)[1] if number % 4 else text
        assert same(read.body, name if number % 4 else "") == expected.strip()
        if number % 4 == 1:
            assert (read.source, read.extra) == ("Báo Nhân Dân", {"nơi": "Hà Nội"})


def test_a_record_of_unknown_bytes_is_reported_and_one_may_be_named() -> None:
    data = line(TEXTS[0]).encode() + line(FRENCH).encode("cp1252", "replace") + line(TEXTS[1]).encode()
    (_, skipped, _), _ = records(data)
    assert isinstance(skipped, Skipped) and skipped.path == "/kho/a.jsonl:2" and "--encoding" in skipped.reason
    (_, french, _), encodings = records(data, "windows-1252")
    assert isinstance(french, Article) and french.body == FRENCH.strip()
    assert encodings == ["utf-8", "windows-1252", "utf-8"]
    mixed = line(TEXTS[0]).encode()[:-2] + written(", " + line(TEXTS[1])[1:], "vni")[0]
    ((skipped,), _) = records(mixed)
    assert isinstance(skipped, Skipped) and "không phải UTF-8 hợp lệ" in skipped.reason


@pytest.mark.parametrize("form", ["utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_records_may_be_in_utf_16_or_32(form: str) -> None:
    text = "".join(line(text, id=number) for number, text in enumerate(TEXTS))
    for marked in (text, "\ufeff" + text) if form != "utf-16" else (text,):
        found, encodings = records(marked.encode(form))
        assert [read.body for read in found if isinstance(read, Article)] == [text.strip() for text in TEXTS]
        assert set(encodings) == {form if form != "utf-16" else f"utf-16-{sys.byteorder[0]}e"}
    cut, _ = records(text.encode(form)[:-9])
    assert isinstance(cut[-1], Skipped) and cut[-1].path.endswith(":3") and len(cut) == 3


# --- the command


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_folder() as folder:
        monkeypatch.chdir(folder)
        yield folder


SHORT = "Mèo mướp\n\nCon mèo mướp nằm ngủ.\n"  # too little to be recognised


def report(ran: Ran) -> dict[str, object]:
    assert ran.status == 0, ran.err
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def bodies() -> list[str]:
    with Index.open() as index:
        return sorted(read.body for key in ("bài", "ngắn", "mới") for read in index.get(f"bài/{key}.txt"))


def test_an_index_run_says_what_was_recognised(room: Path) -> None:
    files = {f"{name}.txt": written(TEXTS[0], name)[0] for name in LEGACY}
    files |= {"w.txt": TEXTS[1].encode("utf-16"), "u.txt": TEXTS[2].encode()}
    files |= {"r.jsonl": (line(TEXTS[0]) + line(surface(written(TEXTS[1], "vni")[0]))).encode()}
    lay(room / "bài", files)
    ran = run("index", "bài")
    told = "1 bài TCVN3 (ABC), 2 bài VNI, 1 bài VISCII, 1 bài Windows-1258, 1 bài UTF-16 được đổi sang UTF-8\n"
    assert ran.err == told
    shutil.rmtree("index")
    found = report(run("index", "bài", "--json"))
    wide = f"utf-16-{sys.byteorder[0]}e"
    assert found["encodings"] == {"tcvn3": 1, "vni": 2, "viscii": 1, "windows-1258": 1, wide: 1, "utf-8": 2}
    assert {(entry["path"], entry["encoding"], entry["articles"]) for entry in found["recognised"]} == {  # type: ignore[attr-defined]
        *((f"bài/{name}.txt", name, 1) for name in LEGACY), ("bài/w.txt", wide, 1), ("bài/r.jsonl", "vni", 1),
    }  # fmt: skip
    again = report(run("index", "--json"))
    assert (again["encodings"], again["recognised"]) == ({}, [])
    rebuilt = report(run("index", "--rebuild", "--json"))
    assert (rebuilt["encodings"], rebuilt["recognised"]) == (found["encodings"], found["recognised"])
    assert run("query", "thoăn thoắt", "-c").out == "5\n"
    both = {f"{order}.txt": f"\ufeff{TEXTS[1]}".encode(f"utf-16-{order}") for order in ("le", "be")}
    lay(room / "rộng", both)
    assert run("index", "rộng").err == "2 bài UTF-16 được đổi sang UTF-8\n"


def test_a_named_encoding_reads_files_again_that_did_not_change(room: Path) -> None:
    misread = surface(written(SHORT, "vni")[0])
    lay(room, {"bài/ngắn.txt": misread, "bài/bài.txt": TEXTS[0], "khác/a.txt": misread})
    assert report(run("index", "bài", "khác", "--json"))["encodings"] == {"utf-8": 3}
    ran = run("index", "bài", "--encoding", "VNI", "--json")
    found = report(ran)
    assert found["encodings"] == {"utf-8": 1, "vni": 1} and (found["updated"], found["unchanged"]) == (2, 1)
    (warning,) = found["warnings"]  # type: ignore[misc]
    assert warning["path"] == "bài/bài.txt" and "đã là Unicode" in warning["reason"]
    assert "Con mèo mướp nằm ngủ." in bodies()
    # It stays so while the file stays as it is; a file that changes is looked at again.
    assert report(run("index", "--json"))["unchanged"] == 3
    assert "Con mèo mướp nằm ngủ." in bodies()
    lay(room / "bài", {"ngắn.txt": misread + "a", "bài.txt": TEXTS[0]})
    assert report(run("index", "--json"))["encodings"] == {"utf-8": 1}
    rebuilt = report(run("index", "--rebuild", "bài", "--encoding", "vni", "--json"))
    assert rebuilt["encodings"] == {"utf-8": 2, "vni": 1}
    assert "Con mèo mướp nằm ngủ.\na" in bodies()


def test_what_only_a_named_encoding_can_read_outlives_a_rebuild(room: Path) -> None:
    lay(room, {"bài/ngắn.txt": written(SHORT, "tcvn3")[0], "bài/bài.txt": TEXTS[0]})
    assert len(report(run("index", "bài", "--json"))["skipped"]) == 1  # type: ignore[arg-type]
    assert report(run("index", "bài/ngắn.txt", "--encoding", "abc", "--json"))["recognised"] == [
        {"path": "bài/ngắn.txt", "encoding": "tcvn3", "articles": 1}
    ]
    assert report(run("index", "--rebuild", "--json"))["articles"] == 2
    assert "Con mèo mướp nằm ngủ." in bodies()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bài", "--encoding", "tcvn4"], "không có bảng mã “tcvn4”. Gần giống: tcvn3; có auto, utf-8,"),
        (["--encoding", "vni"], "chưa nói thư mục hoặc tệp nào dùng bảng mã vni. Nêu rõ: searchvn index THƯ-MỤC"),
        (["--rebuild", "--encoding", "vni"], "chưa nói thư mục hoặc tệp nào dùng bảng mã vni"),
    ],
)
def test_a_wrong_encoding_ends_in_one_line_and_leaves_no_index(room: Path, arguments: list[str], message: str) -> None:
    lay(room, {"bài/a.txt": TEXTS[0]})
    ran = run("index", *arguments)
    assert (ran.status, ran.out) == (2, "") and ran.err.startswith(f"searchvn: {message}") and ran.err.count("\n") == 1
    assert not (room / "index").exists()
    with Index.create("index") as index, pytest.raises(UsageError):
        index.update(["bài"], encoding="tcvn4")


# --- real articles


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here: real articles are not tried")
def test_a_sample_of_real_articles_in_every_encoding() -> None:
    """300 of them; all are measured by bench/legacy.py."""
    sys.path.insert(0, str(BENCH))
    try:
        from legacy import LEAST, articles, measure_alarms, named, untouched
        from legacy import ways as all_ways
    finally:
        sys.path.pop(0)
    texts = [text for text in articles(SHARED) if len(text) >= LEAST]
    tried = hits = 0
    for number, text in enumerate(texts[:: len(texts) // 300]):
        for way, name, data, expected in itertools.islice(all_ways(text), number % 3, None, 3):
            found, got = named(data)
            assert found not in LEGACY or found == name, way
            tried, hits = tried + 1, hits + (found == name and same(got, name) == expected)
    assert tried > 1_900 and hits >= 0.99 * tried
    assert measure_alarms(untouched(SHARED, texts[:: len(texts) // 3000])) == []


@pytest.mark.parametrize("form", ["utf-16", "utf-32"])
def test_records_without_a_mark_are_read_as_named_or_refused(tmp_path: Path, form: str) -> None:
    record = '{"id": "a", "title": "Đổi mới", "text": "Họp làng."}\n'
    path = tmp_path / "tin.jsonl"
    for order in ("le", "be"):
        path.write_bytes(record.encode(f"{form}-{order}"))
        (found,) = read_file(str(path), "tin.jsonl", encoding=form)
        assert isinstance(found, Extraction) and found.article.title == "Đổi mới"
    path.write_text(record, encoding="utf-8")
    with pytest.raises(ArticleError, match=form.upper()):
        list(read_file(str(path), "tin.jsonl", encoding=form))
