"""Did you mean: slips, raw keys and missing marks, over every engine; what is right is left alone."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searching import ALL_ENGINES, index_of
from searchvn import Article, Index
from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold, has_marks, strip_marks
from searchvn.analysis.syllables import INITIALS, RIMES, is_folded_syllable, is_syllable
from searchvn.analysis.tokens import split
from searchvn.errors import QuerySyntaxError
from searchvn.models import Hit, Snippet
from searchvn.query.accents import accented, capitalized
from searchvn.query.ast import Node
from searchvn.query.keystrokes import from_telex, from_vni
from searchvn.query.slips import marked_forms, marks_cost, near_spellings, printed
from searchvn.query.suggest import Searcher, suggest
from strategies import TONES, raw_texts
from support import quick_folder, run

many = settings(deadline=None, derandomize=True, max_examples=120)

PHRASES = (
    "đổi mới", "phương thức", "Đà Nẵng", "Ngũ Hành Sơn", "kỷ luật", "chính phủ", "xử lý", "bưu điện", "giếng làng",
    "lúa nước", "khoa học", "bóng chuyền", "facebook", "quý khách", "đi chợ", "con trâu", "mái đình", "ruộng bậc thang",
)  # fmt: skip
FRAMES = (
    "Người ta kể chuyện {} từ sáng sớm.",
    "Bài này nói về {} và vài việc khác.",
    "Hôm qua ở đây ai cũng nhắc {} mãi.",
    "Không phải lúc nào {} cũng được chú ý.",
    "Cuối cùng thì {} vẫn là điều đáng bàn.",
)


def collection() -> list[Article]:
    """Every phrase in five articles, two of which have the next phrase too."""
    articles = []
    for number, phrase in enumerate(PHRASES):
        other = PHRASES[(number + 1) % len(PHRASES)]
        for frame_number, frame in enumerate(FRAMES):
            more = f" Sau đó là {other}." if frame_number < 2 else ""
            articles.append(Article(f"{number}-{frame_number}", f"Chuyện {phrase}", frame.format(phrase) + more))
    again = [Article(f"lại-{number}", "Tin", f"Đoàn số {number} đến Đà Nẵng rồi về.") for number in range(6)]
    return [*articles, *again, Article("nang", "Cẩm nang", "Cẩm nang Đà Nẵng 2021 về phương thức đi lại.")]


@pytest.fixture(scope="module", params=ALL_ENGINES)
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    with index_of(request.param, collection()) as opened:
        yield opened


@pytest.fixture(scope="module")
def quick() -> Iterator[Index]:
    with index_of("tantivy", collection()) as opened:
        yield opened


@pytest.fixture(scope="module")
def all_of_them() -> Iterator[list[Index]]:
    with ExitStack() as opened:
        yield [opened.enter_context(index_of(engine, collection())) for engine in ALL_ENGINES]


def suggested(index: Index, query: str, **options: Any) -> list[tuple[str, str]]:
    return [tuple(suggestion) for suggestion in index.search(query, **options).suggestions]


# --- what is suggested


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dổi mới", "đổi mới"),
        ("đổi mời", "đổi mới"),
        ("đỗi mới", "đổi mới"),
        ("Đà nang", "Đà Nẵng"),
        ("đà nặng", "đà Nẵng"),
        ("đổimới", "đổi mới"),
        ("phươngthức đổi mới", "phương thức đổi mới"),
        ("phươmg thức", "phương thức"),
        ("pương thức", "phương thức"),
        ("phương thcứ", "phương thức"),
        ("phươngg thức", "phương thức"),
        ("kỷ luậtt", "kỷ luật"),
        ("kỹ luật", "kỷ luật"),
        ("sử lý", "xử lý"),
        ("con châu", "con trâu"),
        ("Ngũ hàng sơn", "Ngũ Hành sơn"),
        ("ruộng bật thang", "ruộng bậc thang"),
        ("qúy kháck", "qúy khách"),
        ("faceboook", "facebook"),
        ("chinh phuu", "chính phủ"),
        ("boong chuyen", "bóng chuyền"),
        ('"dổi mới"', '"đổi mới"'),
        ('chuyện "dổi mới" khác', 'chuyện "đổi mới" khác'),
        ("ĐỖI MỚI", "ĐỔI MỚI"),
        ("mái đìhn, con trậu", "mái đình, con trâu"),
        ("giếmg lang", "giếng làng"),
    ],
)
def test_a_slip_gets_the_query_without_it(index: Index, typed: str, meant: str) -> None:
    assert suggested(index, typed)[:1] == [(meant, "spelling")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddoori mowis", "đổi mới"),
        ("DDaf Nawxng", "Đà Nẵng"),
        ("phuwowng thuwsc 2021", "phương thức 2021"),
        ("kyr luaatj", "kỷ luật"),
        ("chinhs phur", "chính phủ"),
        ("d9o6i3 mo7i1", "đổi mới"),
        ("Bu7u d9ie65n, gie61ng la2ng", "Bưu điện, giếng làng"),
        ('"ddoori mowis"', '"đổi mới"'),
    ],
)
def test_raw_keys_get_what_they_would_have_typed(index: Index, typed: str, meant: str) -> None:
    assert suggested(index, typed) == [(meant, "keystrokes")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("doi moi", "đổi mới"),
        ("DOI MOI", "đổi mới"),
        ("ngu hanh son", "Ngũ Hành Sơn"),
        ("da nang", "Đà Nẵng"),
        ("ky luat", "kỷ luật"),
        ('"buu dien" 1975', '"bưu điện" 1975'),
    ],
)
def test_a_query_without_marks_is_shown_with_those_of_its_hits(index: Index, typed: str, meant: str) -> None:
    assert suggested(index, typed) == [(meant, "accents")]


@pytest.mark.parametrize(
    "typed",
    ["đổi mới", "Đà Nẵng", "kỉ luật", "facebook", "quí khách", '"lúa nước"', "chuyện đi chợ", "2021", "15-NQ/TW", "A4"],
)
def test_a_query_that_is_right_is_left_alone(index: Index, typed: str) -> None:
    assert suggested(index, typed) == []


@pytest.mark.parametrize("typed", ["東京", "ỷ", "q", "windows", "xyzw 42", "ỡ ỡ ỡ", "đ" * 41, "ho" * 60, "b2b covid19"])
def test_nothing_is_made_up_where_nothing_is_near(index: Index, typed: str) -> None:
    assert suggested(index, typed) == []


def test_a_query_that_finds_a_normal_number_gets_nothing_but_its_marks() -> None:
    rare = [Article(f"r{number}", "", "Cái đai mới của ông") for number in range(3)]
    with index_of("tantivy", [*collection(), *rare]) as index:
        assert index.search("đai mới").total == 3
        assert suggested(index, "đai mới") == []
        assert suggested(index, "dai moi") in ([("đai mới", "accents")], [])


def test_the_query_itself_stays(index: Index) -> None:
    results = index.search("dổi mới")
    assert (results.query, results.total) == ("dổi mới", 0)
    assert {hit.missing for hit in results.hits} == {("dổi",)}


def test_a_count_of_nothing_gets_suggestions_and_a_count_of_something_does_not(index: Index) -> None:
    assert [tuple(s) for s in index.count("dổi mới").suggestions] == [("đổi mới", "spelling")]
    assert index.count("đổi mới").suggestions == index.count("doi moi").suggestions == ()


@pytest.mark.parametrize("engine", ALL_ENGINES)
def test_words_that_lost_their_marks_beside_others_are_told_where_many_articles_have_them(engine: str) -> None:
    texts = [f"Bài số {number} bàn về cải cách hành chính ở xã." for number in range(250)]
    texts += 4 * ["Viết vội: cải cach hành chính."] + ["Chính thẻ công an ấy.", "The công an ấy.", "Công an giang tay."]
    with index_of(engine, [Article(str(number), "", text) for number, text in enumerate(texts)]) as index:
        told = index.search("cải cach hành chính")
        assert told.total == 4
        assert [tuple(s) for s in told.suggestions] == [("cải cách hành chính", "marks")]
        assert index.count("cải cach hành chính").suggestions == told.suggestions
        assert index.search("cải cach hành chính", diacritics="exact").suggestions == ()
        for query in ("cải cách hành chính", "the công an", "công an giang", "cach hành AND chính"):
            assert index.search(query).suggestions == ()


def test_without_passages_there_are_no_suggestions(index: Index) -> None:
    assert index.search("dổi mới", passages=0).suggestions == index.search("doi moi", passages=0).suggestions == ()


@pytest.mark.parametrize("level", ["exact", "ignore"])
def test_suggestions_follow_the_level_of_marks(index: Index, level: str) -> None:
    for query in ("phươmg thức", "dổi mới"):
        for suggestion in index.search(query, diacritics=level).suggestions:
            assert index.count(suggestion.query, diacritics=level).total > index.count(query, diacritics=level).total
    # With marks ignored `dổi` is `đổi`: nothing is amiss.
    assert bool(index.search("dổi mới", diacritics=level).suggestions) == (level == "exact")


# --- whatever is typed


def _mangled(word: str, how: str, at: int, letter: str) -> str:
    at %= len(word)
    changed = {
        "drop": word[:at] + word[at + 1 :],
        "double": word[: at + 1] + word[at:],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        "replace": word[:at] + letter + word[at + 1 :],
        "bare": strip_marks(word),
    }
    return changed.get(how, word)


_WORDS = sorted({word for text in (*PHRASES, *FRAMES) for word in split(text)})
_mangled_words = st.builds(
    _mangled,
    st.sampled_from(_WORDS),
    st.sampled_from(("drop", "double", "swap", "replace", "bare", "none", "none")),
    st.integers(0, 9),
    st.sampled_from("aăâđeêioôơuưysfrxjwz19"),
)
_queries = st.one_of(
    st.lists(_mangled_words, min_size=1, max_size=6).map(" ".join), st.lists(_mangled_words, max_size=4).map("".join)
)


@many
@given(st.one_of(_queries, _queries, raw_texts()))
def test_every_suggestion_finds_articles_more_than_the_query_did(quick: Index, query: str) -> None:
    try:
        results = quick.search(query)
    except QuerySyntaxError:
        return
    made = results.suggestions
    assert len(made) <= 3 and len({suggestion.query.lower() for suggestion in made}) == len(made)
    assert len({suggestion.reason for suggestion in made}) <= 1
    for suggestion in made:
        found = quick.search(suggestion.query)
        assert found.hits
        assert suggestion.query.lower() != results.query.lower()
        if suggestion.reason == "accents":
            assert list(map(fold, map(canonical, split(suggestion.query)))) == list(
                map(fold, map(canonical, split(results.query)))
            )
            assert found.total or not any(not hit.missing for hit in results.hits)
        else:
            assert found.total > results.total


@settings(many, max_examples=40)
@given(query=_queries)
def test_engines_suggest_the_same(all_of_them: list[Index], query: str) -> None:
    try:
        first, *others = [index.search(query, limit=500).suggestions for index in all_of_them]
    except QuerySyntaxError:
        return
    # Marks are those of the best hits, and equal scores stand in any order.
    assert all(other == first for other in others) or first[0].reason == "accents"


class Counting:
    """An index's vocabulary that counts what it is asked."""

    def __init__(self, index: Index) -> None:
        self._engine = index._engine
        self.asked: Counter[str] = Counter()

    def df(self, field: str, term: str) -> int:
        self.asked["df"] += 1
        return self._engine.df(field, term)

    def articles(self) -> int:
        return self._engine.articles()

    def terms(self, field: str, prefix: str = "") -> Any:
        raise AssertionError("suggestions do without lists of terms")

    def count(self, query: Node) -> int:
        self.asked["count"] += 1
        return self._engine.count(query)


@pytest.mark.parametrize(
    "typed", ["đổi mớii " * 6, "mãi đìnk cong trậuu " * 25, "lua nuocc " * 6, "x" * 5000, "đ " * 900]
)
def test_the_work_is_bounded_whatever_was_typed(quick: Index, typed: str) -> None:
    vocabulary, tried = Counting(quick), Counter[str]()

    def total(text: str) -> int:
        tried[text] += 1
        return 0

    assert suggest(typed.strip(), 0, 2, vocabulary, Searcher(total, lambda text: ())) == ()
    assert vocabulary.asked["df"] < 30_000 and vocabulary.asked["count"] < 60
    assert sum(tried.values()) <= 11


# --- raw keys


@cache
def _syllables() -> list[str]:
    """All legal syllables with marks, as exact terms."""
    toned = {
        rime[:at] + unicodedata.normalize("NFC", rime[at] + tone) + rime[at + 1 :]
        for rime in RIMES
        for at in range(len(rime))
        for tone in ("", *TONES.values())
    }
    return sorted(
        word for initial in INITIALS for rime in toned if is_syllable(word := initial + rime) and has_marks(word)
    )


_TELEX = dict(zip("âêôăơưđ", "aa ee oo aw ow uw dd".split(), strict=True))
_VNI = dict(zip("âêôăơưđ", "a6 e6 o6 a8 o7 u7 d9".split(), strict=True))
_TELEX_TONES = dict(zip(TONES.values(), "fsrxj", strict=True))
_VNI_TONES = dict(zip(TONES.values(), "21345", strict=True))
_ORDERS = ("tone last", "tone at its vowel", "marks last", "one key for ươ")


def _keys(word: str, shapes: dict[str, str], tones: dict[str, str], order: str) -> str:
    """The keys that give a syllable, in one of the orders in which people type them."""
    keys, late, tone = "", "", ""
    for letter in word:
        parts = unicodedata.normalize("NFD", letter)
        here = next((tones[part] for part in parts if part in tones), "")
        tone += here
        plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        shape = shapes.get(plain, plain)
        if order == "one key for ươ" and plain == "ư" and unicodedata.normalize("NFD", word).count("\u031b") == 2:
            shape = "u"
        if order == "marks last" and plain != "đ" and plain in shapes:
            shape, late = shape[0], late + shape[1:]
        keys += shape + (here if order == "tone at its vowel" else "")
    if shapes is _TELEX and "oo" in unicodedata.normalize("NFD", word).translate(dict.fromkeys(range(0x300, 0x370))):
        return ""  # xoong, boong: a third o keeps the two apart; see below
    return keys + late + (tone if order != "tone at its vowel" else "")


@pytest.mark.parametrize("order", _ORDERS)
@pytest.mark.parametrize("layout", ["telex", "vni"])
def test_every_syllable_comes_back_from_its_keys(layout: str, order: str) -> None:
    shapes, tones, decode = (_TELEX, _TELEX_TONES, from_telex) if layout == "telex" else (_VNI, _VNI_TONES, from_vni)
    # A word alone may be no plain keys (`songs`); beside one that is, it must be read.
    plain = "ddoori" if layout == "telex" else "d9o6i3"
    syllables = _syllables() if order == "tone last" else _syllables()[::5]
    assert len(_syllables()) > 15_000
    for word in syllables:
        if keys := _keys(word, shapes, tones, order):
            meant = decode(f"{plain} {keys}")
            assert meant is not None and canonical(meant.split()[1]) == word, (word, keys, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddoori mowis", "đổi mới"),
        ("ddooir mowis", "đổi mới"),
        ("dodoir moiws", None),
        ("phuwowng thuwsc", "phương thức"),
        ("phuowng thuwcs", "phương thức"),
        ("phuwong", "phương"),
        ("nguoiwf Vieejt", "người Việt"),
        ("nguwowfi, nguwoiwf", "người, người"),
        ("DDaf Nawxng 2021", "Đà Nẵng 2021"),
        ("DDOORI MOWIS", "ĐỔI MỚI"),
        ("ddi hocj", "đi học"),
        ("xe ddapj ba banhs", "xe đạp ba bánh"),
        ("xooong nooif", None),
        ("nooif xooong", None),
        ("nooif ddi xooongf", "nồi đi xoòng"),
    ],
)
def test_telex_by_example(typed: str, meant: str | None) -> None:
    assert from_telex(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("d9o6i3 mo7i1", "đổi mới"),
        ("d9oi63", "đổi"),
        ("Vie65t", "Việt"),
        ("phu7o7ng phuo7ng phuong7", "phương phương phương"),
        ("nga2y 30 tha1ng 4", "ngày 30 tháng 4"),
        ("bai2", None),
        ("giấy A4", None),
    ],
)
def test_vni_by_example(typed: str, meant: str | None) -> None:
    assert from_vni(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *"was forms windows class A4 b2b covid19 H2O U23 mp3 trees songs test photos door here 15-NQ/TW".split(),
        *("see the trees", "how are you", "doi moi", "đổi mới", "công ty"),
    ],
)
def test_english_words_and_codes_are_no_keys(typed: str) -> None:
    assert from_telex(typed) is None and from_vni(typed) is None


def test_words_of_the_index_are_no_keys_and_unknown_ones_are() -> None:
    counts = {"samsung": 5, "tính": 50, "máy": 50, "bar": 40, "bả": 3}
    known = counts.get
    assert from_telex("tinhs", lambda term: known(term, 0)) == "tính"
    assert from_telex("mays tinhs samsung", lambda term: known(term, 0)) == "máy tính samsung"
    assert from_telex("bar", lambda term: known(term, 0)) is None
    assert from_telex("tính tinhs", lambda term: known(term, 0)) is None  # here an input method was at work


@many
@given(st.one_of(raw_texts(), st.text("adeouwsfrxjzđ1679 ", max_size=30)))
def test_decoding_never_raises_and_only_changes_words(text: str) -> None:
    for decode in (from_telex, from_vni):
        meant = decode(unicodedata.normalize("NFC", text))
        if meant is not None:
            assert meant != text and len(split(meant)) == len(split(unicodedata.normalize("NFC", text)))
            assert any(is_syllable(canonical(word)) and has_marks(word) for word in split(meant))


# --- marks and capitals of the hits


def hit(number: int, *passages: str, title: str = "", missing: tuple[str, ...] = ()) -> Hit:
    """A hit whose passages have their marked words between brackets."""

    def marked(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
        plain, found = "", []
        for part in text.split("["):
            word, closed, rest = part.partition("]")
            if closed:
                found.append((len(plain), len(plain) + len(word)))
            plain += word + rest
        return plain, tuple(found)

    shown, places = marked(title)
    snippets = tuple(Snippet(*marked(passage)) for passage in passages)
    return Hit(number, 1.0, Article(str(number), shown), snippets, places, missing)


def test_most_hits_decide_on_marks_and_capitals() -> None:
    hits = [
        hit(1, "đến [Ngũ] [Hành] [Sơn] chơi", title="[Ngũ] [hành] là gì"),
        hit(2, "núi [Ngũ] [Hành] [Sơn]"),
        hit(3, "[NGŨ] [HÀNH] [SƠN]"),
        hit(4, "ăn [ngủ] rồi sơn [son]"),
    ]
    assert accented("ngu hanh son", hits) == "Ngũ Hành Sơn"
    assert accented("  ngu hanh, son?", hits) == "  Ngũ Hành, Sơn?"
    assert accented("ngu hanh son", hits[3:]) is None  # nothing of it stands side by side


def test_words_that_stand_together_in_the_query_are_shown_as_they_stand_together() -> None:
    hits = [
        hit(1, "[lần] này [ảnh] đẹp, [lần] sau"),
        hit(2, "[lần] nào [ảnh] cũng"),
        hit(3, "chị [Lan] [Anh] [lần] ấy"),
    ]
    assert accented("lan anh", hits) is None
    assert accented("lan anh", hits[:2]) is None  # glued together it would be what nobody wrote


def test_a_hit_with_all_words_has_all_that_is_shown() -> None:
    whole = hit(1, "cái [bàn] [màu] ấy")
    others = [hit(number, "ở [bán] thôi", missing=("mau",)) for number in range(2, 9)]
    assert accented("ban mau", [whole, *others]) == "bàn màu"


def test_hits_without_marks_or_without_the_word_change_nothing() -> None:
    assert accented("doi moi", [hit(1, "chuyen [doi] [moi]")]) is None
    assert accented("doi moi", [hit(1, "chuyện khác")]) is None
    assert accented("doi moi", []) is None
    assert accented("windows forms", [hit(1, "[Windows] [Forms]")]) is None
    assert accented("đổi moi", [hit(1, "[đổi] [mới]")]) == "đổi mới"


def test_the_beginning_of_a_sentence_says_nothing_of_capitals() -> None:
    assert accented("doi moi", [hit(1, "[Đổi] [mới] là tốt. [Đổi] [mới] cách làm")]) == "đổi mới"
    assert capitalized("đà nẵng xa", [hit(1, "ở [Đà] [Nẵng]")], {"nẵng"}) == "đà Nẵng xa"


@many
@given(raw_texts(), st.lists(raw_texts(), max_size=3))
def test_showing_marks_never_raises(text: str, passages: list[str]) -> None:
    text = unicodedata.normalize("NFC", text)
    hits = [hit(n, unicodedata.normalize("NFC", f"[{part}] [{text}]")) for n, part in enumerate(passages)]
    shown = accented(text, hits)
    assert shown is None or len(split(shown)) >= 1


# --- what slips cost


@many
@given(st.sampled_from(sorted({fold(word) for word in _WORDS if len(fold(word)) > 1})))
def test_spellings_one_slip_away(word: str) -> None:
    near = near_spellings(word)
    assert word not in near and all(0 < cost <= 1 for cost in near.values())
    for at in range(len(word)):
        assert word[:at] + word[at] + word[at:] in near
        assert len(word) == 2 or word[:at] + word[at + 1 :] in near
    assert all(word in near_spellings(other) for other in list(near)[::17])


def test_all_syllables_with_marks_are_among_the_forms_of_their_letters() -> None:
    for word in _syllables()[::3]:
        assert word in marked_forms(fold(word))
    for word in ("doi", "gi", "qui", "hoa", "khuya", "nghieng", "ki"):
        assert all(fold(form) == word for form in marked_forms(word))
    assert marked_forms("windows") == ("windows",)


@pytest.mark.parametrize(
    ("typed", "likely", "unlikely"),
    [
        ("nang", "nẵng", "nâng x"),  # nothing typed: all marks are as likely
        ("mơi", "mới", "mồi"),
        ("mỗi", "mổi", "mối"),
        ("dổi", "đổi", "dội"),
        ("mời", "mới", "moi"),
        ("mới", "mới", "mời"),
    ],
)
def test_marks_left_out_are_likelier_than_marks_changed(typed: str, likely: str, unlikely: str) -> None:
    assert marks_cost(typed, likely) <= marks_cost(typed, unlikely.split()[0])


def test_words_are_shown_as_people_write_them() -> None:
    words = "kỷ lý mỹ kỹ quý quỳnh quỷ tỷ hy ty mì sĩ tí vị quả quang đổi".split()
    assert [printed(canonical(word)) for word in words] == words
    assert all(canonical(printed(word)) == word for word in _syllables()[::7])
    assert is_folded_syllable("doi")


# --- on the command line


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_folder() as folder:
        monkeypatch.chdir(folder)
        with Index.create("index") as made:
            made.add(collection())
        yield folder


def test_suggestions_are_told_on_standard_error_only(here: Path) -> None:
    slip = run("query", "dổi mới", "-n", "1")
    assert slip.err == "searchvn: có phải bạn muốn tìm “đổi mới”?\n"
    assert slip.out == run("query", "dổi mới", "-n", "1").out and "có phải" not in slip.out
    assert run("query", "ddoori mowis").err.endswith("có phải bạn muốn tìm “đổi mới”?\n")
    assert run("query", "doi moi", "-n", "1").err == "searchvn: các bài đầu viết là “đổi mới”\n"
    assert run("query", "đổi mới", "-n", "1").err == ""


def test_a_count_of_nothing_and_a_list_of_nothing_tell_suggestions(here: Path) -> None:
    counted = run("query", "dổi mới", "-c")
    assert (counted.status, counted.out) == (1, "0\n") and "“đổi mới”" in counted.err
    listed = run("query", "dổi mới", "-l")
    assert (listed.status, listed.out) == (1, "") and "“đổi mới”" in listed.err
    assert run("query", "doi moi", "-c").err == ""


def test_queries_from_standard_input_name_their_line(here: Path) -> None:
    queries = "đổi mới\ndổi mới\n".encode()
    ran = run("query", "-", "--json", stdin=queries)
    assert ran.err == "searchvn: dòng 2: có phải bạn muốn tìm “đổi mới”?\n"
    assert run("query", "-", "--jsonl", stdin=queries).err == ""  # thousands of queries need not wait for suggestions


def test_json_has_the_suggestions_with_their_reasons(here: Path) -> None:
    answers = [json.loads(run("query", text, "--json").out) for text in ("dổi mới", "doi moi", "đổi mới")]
    assert [answer["suggestions"] for answer in answers] == [
        [{"query": "đổi mới", "reason": "spelling"}],
        [{"query": "đổi mới", "reason": "accents"}],
        [],
    ]


def test_controls_in_a_suggestion_are_harmless(here: Path) -> None:
    ran = run("query", "dổi mới \x1b[31m\u202e")
    assert "\x1b" not in ran.err and "\u202e" not in ran.err
