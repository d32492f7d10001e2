"""Which syllables are legal, which spellings are one syllable, and what a half typed one may stand for."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold, includes_marks
from searchvn.analysis.syllables import INITIALS, RIMES, is_folded_syllable, is_syllable
from searchvn.analysis.tokens import split
from searchvn.articles.encodings import tidy
from strategies import TONES, other_tone_place, without_marks

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
MARKS_OF_TONES = "".join(TONES.values())


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def toneless(word: str) -> str:
    return nfc("".join(c for c in nfd(word) if c not in MARKS_OF_TONES))


def tone_of(word: str) -> str:
    return "".join(c for c in nfd(word) if c in MARKS_OF_TONES)


OPEN = ("oa", "oe", "uy")
I_OR_Y = re.compile("[hklmstv][iy]|qu[iy](|t|n|nh|ch|p|u)")
NAMES = {"vi", "vy", "mi", "my", "si", "sy"}  # without a tone: Vy, My and Sy are names


def spellings(initial: str, rime: str, tone: str) -> set[str]:
    """How the syllable is written: the mark on a vowel with a sign, else by the rime; both places of oa."""
    vowels = [at for at, letter in enumerate(rime) if letter in "aăâeêioôơuưy"]
    signed = [at for at in vowels if rime[at] in "ăâêôơ"] or [at for at in vowels if rime[at] == "ư"]
    if signed:
        places = {signed[-1]}
    elif rime in OPEN:
        places = {0, 1}
    elif len(vowels) == 1 or rime[-1] not in "aeiouy":
        places = {vowels[-1]}
    else:
        places = {vowels[1] if len(vowels) == 3 else vowels[0]}
    return {initial + nfc(rime[: at + 1] + tone) + rime[at + 1 :] for at in places}


def table(pairs: str) -> list[tuple[str, str]]:
    """`one=other` ... as pairs."""
    return [(one, other) for one, _, other in (pair.partition("=") for pair in pairs.split())]


def all_syllables() -> Iterator[tuple[str, str, str, set[str]]]:
    """Every initial with every rime and tone, legal or not, and how that is written."""
    for initial in sorted(INITIALS):
        for rime in sorted(RIMES):
            for tone in ("", *TONES.values()):
                yield initial, rime, tone, spellings(initial, rime, tone)


@cache
def legal_syllables() -> frozenset[str]:
    """Every legal syllable, of every initial with every rime and tone, in the spelling that exact terms have."""
    return frozenset(spelling for *_, spelled in all_syllables() for spelling in spelled if is_syllable(spelling))


# --- legal syllables

LEGAL = """
a à á ả ạ ăn ắn âm ầm ấm ẩm ẫm ậm e é è ẻ em én ẹp ép ét ê ề ế êm ếm ếch ết i ì í ỉ im ỉm in inh ình ích ít ịt iu ỉu ỉa
o ó ò ong óng ọp ông ống ổng ồn ôm ổi ơ ờ ớ ơi ới ớt uống uốn ủa ùa úp út úy ủy uyên uẩn ư ừ ứ ưa ứa ưng ứng ừm ươm ướm
ươn ướt ướp ương ưỡn ướng ý ỷ yên yến yếm yểm yêu yếu yết yểng
ba bà bá bả bã bạ ma mà má mả mã mạ đa đà đá đả đã đạ đổi mới phương thức lãnh đạo của làng xã trong mùa gặt hòa khỏe
thủy túy xòe tòa loạt khóe hóa họa ngòi ngọn ngữ ngựa người ngưỡng ngủ ngắt ngấm ngậm nghiêng nghĩa nghề nghỉ nghìn nghĩ
nghẹn nghèo nghét nghệch nghịch nghiệp nghiệm nghẽn nguyễn nguyên nguyện nguệch nguầy ngoằn ngoèo ngoẻo ngoắc ngoặc
ngoặt ngoạm ngoái ngoại ngoan ngoãn ngoáp quả quá quà giá giả già giã giạ gì gìn gí gỉ giếng giêng giết giền giấy giữa
giỏi giống giới giàu giễu giục giẫm quyển quyên quyết quyện quốc quờ quở quới quanh quạnh quăng quặng quắt quân quấn
quần quật quây quấy quẻ quen quét quẹo quê quế quệch quên quết quì quí quỉ quị quít quình quích quặp khuỷu khúc khuya
khuyên khuyết khuếch huếch ghế ghét ghi ghì ghen ghẻ ghềnh ghép ghê gà gỗ gần gặp gắng gừng guốc guồng góp gọt kỉ kĩ kì
kí kị kiến kiếm kiểu kiệt kinh kính kịch kịp kẻ kẽm kèn kéo kẹt kê kể kết kềnh kĩu kìm cả cách cấp cần cơm cúc cuộc cười
cưỡi cứu cụm có cói cỏ cốc cộng tóc tốt tột tớp tạp tắp tấp tẹp tiếp tóp tộp túp trúc trực trước trượt trướng trượng
trường thuở thuế thuê thuần thuật thuốc thuộc thuổng thuồng thuyền thuyết thụy thúy thùy thư thừa thước thường tượng
hươu rượu bướu bưởi tưới mười muối muỗi ruồi ruộng chuồng chuột chuốt chước chuẩn chuyển chuyến chuyện tuyển tuyết tuýp
buýt huỵch huỳnh luýnh quíu xuýt xoong moóc goòng boong xoáy xoay loay hoáy loắt choắt thoắt hoặc hoắc xoắn hoằng hoẵng
loằng khoảng khoảnh khoanh hoành hoạch toán hoàn loại khoái toái thoải toẹt hoét hoen khoèo lịch kệch lệch đứt đức được
đường đượm đướn đười mướp cướp nườm nượp mượn đêm đến đệm đếch đềnh đều hiểu hưu hữu mưu cựu tửu bầu bậu đậu đấu đâu cây
cấy gậy bay bảy cháy cáu mào mão mèo mẻo nếu nều phở phiếu phễu phập phồng rừng rửa rưởi sẵn sững sườn sượng vườn vượt
vũ vụ vừa hừm tuyn voan gioăng pa pí pin bún bụt bút xúc xấc xược xịt xẹt nhẹ nhỉ nhịp
đắk lắk kạn kông búk niê my vy sy thy
"""

# Half typed; a tone that p t c ch do not take; c k q, g gh, ng ngh; other letters; the tone on another letter; i for y
# and tone places that exact terms do not have; abbreviations and words of several syllables; misprints.
ILLEGAL = """
phưong thưc viêt nươc đuong biêt đươc đăc hoăc môt nhât viêc luât quôc thuôc trươc cuôc nguời truờng phuơng thuơng vuờn
nuớc luợng tưong trưòng hưóng đuợc tuơi muời cuới tiéng thuyêt chuyêt êch ôc ăc lăk đăk
màt tỏc cãp lẻch hoàc sìt bảt thừc nhừt mõt việp̀ bỉch đẹpt
kà kả kơ kự kổ kuốc cẻ cề cí cì cế cịt ghà ghộ ghừ ghạo ngế ngé ngì ngiệm ngiệp ngĩa nghà nghồ nghành nghừng gế gẻ gề
gìm gíc gỉa qá qổ qì quồ quú quọ quổng giì giía
fở zậy wẩn jò wá fải
tóan hòan lọai khỏang tuyêń đừơng nứơc vịêt cuả miá haỉ baỏ gìa gíup gỉai gíêng qúa qủan thủơ khủyu ngòăn ngòeo tuí
hoà thuỷ khoẻ uỷ kỷ kỳ quý quỳnh quýt quỵ mỹ lý tỷ sỹ hỷ vỵ
đ nđ tđ qđ hđnd nđcp ôtô đôla hànội axít càphê bêtông
thưở ngưòi nghuệch khuyếch quoái iéng mơng lơng bướ vệc chếc hoặch trưở đướ yê yề tyến iến đứ̀c ngươ khôg tiềng̀
"""


def test_legal_syllables_by_example() -> None:
    words = set(LEGAL.split())
    assert len(words) > 480
    assert sorted(word for word in words if not is_syllable(word)) == []


def test_illegal_syllables_by_example() -> None:
    words = set(ILLEGAL.split())
    assert len(words) > 150
    assert sorted(filter(is_syllable, words)) == []


def test_every_rime_is_in_the_table_with_the_tones_it_may_have() -> None:
    tones: dict[str, set[str]] = defaultdict(set)
    for _, rime, tone, spelled in all_syllables():
        if legal_syllables().intersection(spelled):
            tones[rime].add(tone)
    assert RIMES - set(tones) == set("ych yn ynh yp yt yu".split())  # after qu, where exact terms have i
    for rime, found in tones.items():
        stopped = rime.endswith(("p", "t", "c", "ch"))
        assert found == ({TONES["sắc"], TONES["nặng"]} if stopped else {"", *TONES.values()}), rime


def test_initials_agree_with_what_follows() -> None:
    against = re.compile("[cq][eêiy]|(g|ng)[eêy]|ngi|(k|gh|ngh)[aăâoôơuưy]|q[^u]|gi[iy]")
    assert {term for term in legal_syllables() if against.match(toneless(term))} == {"kạn", "kần", "kông"}
    assert {term for term in legal_syllables() if re.match("gi(?=$|[^aăâeêoôơuư])", toneless(term))} == {
        nfc(word) for tone in ("", *TONES.values()) for word in (f"gi{tone}", f"gi{tone}n")
    }


def test_what_is_legal_is_an_exact_term_and_folds_to_a_folded_syllable() -> None:
    assert len(legal_syllables()) == 17195
    for term in legal_syllables():
        assert canonical(term) == canonical(term.upper()) == canonical(nfc(term.title())) == term
        assert is_folded_syllable(fold(term))


# --- real text

# Lower case words of the sample below that are no syllable and stand there five times or more: loans in one word, dong
# as a unit, a name.
KNOWN = set("ôtô môtô magiê đ càphê bêtông đôla dră ăngten ôxy".split())


@pytest.mark.skipif(not CORPORA.is_dir(), reason=f"{CORPORA} is not here: no real text is read")
def test_nearly_every_marked_word_of_real_text_is_legal() -> None:
    found: Counter[str] = Counter()
    for name, articles in (("news-2024-dated", None), ("news-2017", 3000)):
        with gzip.open(CORPORA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for record in map(json.loads, islice(lines, articles)):
                words = split(tidy(f"{record['title']}\n{record['text']}"))
                found.update(word for word in words if word.islower() and not word.isascii())
    vietnamese: Counter[str] = Counter()
    for word, count in found.items():
        term = canonical(word)
        if re.fullmatch("[a-eghik-vxy]+", fold(term)):
            vietnamese[term] += count
    illegal = {term: count for term, count in vietnamese.items() if not is_syllable(term)}
    assert vietnamese.total() > 1_000_000
    assert sum(illegal.values()) < 0.0005 * vietnamese.total()
    assert {term for term, count in illegal.items() if count >= 5} <= KNOWN


# --- the place of the tone mark


def test_a_tone_mark_on_a_wrong_vowel_moves_to_the_one_letter_that_makes_a_syllable() -> None:
    readings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term in legal_syllables():
        readings[toneless(term), tone_of(term)].add(term)
    outcomes: Counter[str] = Counter()
    for term in legal_syllables():
        plain, tone = toneless(term), tone_of(term)
        places = [at for at, letter in enumerate(plain) if tone and letter in "aăâeêioôơuưy"]
        for wrong in {nfc(plain[: at + 1] + tone) + plain[at + 1 :] for at in places} - {term}:
            if is_syllable(wrong):
                outcomes["itself legal"] += 1
                assert canonical(wrong) == wrong
            elif len(readings[plain, tone]) > 1:
                outcomes["ambiguous"] += 1
                assert canonical(wrong) == wrong
            else:
                outcomes["repaired"] += 1
                assert canonical(wrong) == canonical(nfc(wrong.upper())) == term
    assert outcomes == {"repaired": 10401}  # no wrong place makes another syllable, and none may be read in two ways


def test_a_tone_mark_that_composes_with_nothing_moves_to_its_letter() -> None:
    ending_in_g = [term for term in legal_syllables() if term.endswith("g") and tone_of(term) == TONES["huyền"]]
    assert len(ending_in_g) > 100
    for term in ending_in_g:
        assert canonical(toneless(term) + TONES["huyền"]) == term


def test_only_the_place_of_a_tone_mark_is_repaired() -> None:
    for word in ILLEGAL.split():
        before, after = (Counter(nfd(term).replace("y", "i")) for term in (word, canonical(word)))
        assert before == after


@pytest.mark.parametrize(
    "word",
    "café piñata são joão josé andré maría raúl kaká pelé río chloé così à où très über naïve gdańsk čapek señor guó "
    "huáng beyoncé nestlé hué phưóng nghành thưở muời véhicule àé hôtel".split(),
)
def test_foreign_and_half_typed_words_stay_as_they_are(word: str) -> None:
    assert canonical(word) == word


def groups() -> dict[str, set[str]]:
    """Exact term -> the spellings that give it."""
    found: dict[str, set[str]] = defaultdict(set)
    for *_, spelled in all_syllables():
        for spelling in spelled:
            found[canonical(spelling)].add(spelling)
    return found


def test_both_tone_places_of_every_open_oa_oe_uy_are_one_term() -> None:
    pairs = [spelled for _, rime, tone, spelled in all_syllables() if rime in OPEN and tone]
    pairs = [spelled for spelled in pairs if legal_syllables().intersection(spelled)]
    assert len(pairs) == 24 * 3 * 5
    for spelled in pairs:
        assert len(spelled) == 2
        assert len({canonical(spelling) for spelling in spelled}) == 1
        assert len({canonical(spelling.upper()) for spelling in spelled}) == 1
        for spelling in spelled:
            assert {spelling, other_tone_place(spelling)} == spelled


def test_what_merges_is_tone_places_and_i_or_y_and_nothing_else() -> None:
    merged = [spelled for spelled in groups().values() if len(spelled) > 1]
    assert len(merged) == 451
    assert {len(spelled) for spelled in merged} == {2}
    reasons: dict[str, int] = defaultdict(int)
    for one, two in map(sorted, merged):
        tone = {c for c in nfd(one) if c in TONES.values()}
        assert tone == {c for c in nfd(two) if c in TONES.values()}
        toneless_one, toneless_two = (
            nfc("".join(c for c in nfd(word) if c not in TONES.values())) for word in (one, two)
        )
        if toneless_one != toneless_two:
            assert toneless_one.replace("y", "i") == toneless_two.replace("y", "i")
            assert I_OR_Y.fullmatch(toneless_one)
            assert tone or toneless_one not in NAMES
            reasons["i/y"] += 1
        elif toneless_one.endswith(OPEN):
            reasons["oa oe uy"] += 1
        else:
            assert toneless_one in ("gia", "giu")  # g + ia is spelled as gi + a: gìa is già
            reasons["gi"] += 1
    assert reasons == {"oa oe uy": 360, "i/y": 81, "gi": 10}


def test_no_two_syllables_meet_after_folding_that_differ_by_more_than_marks() -> None:
    folded: dict[str, set[str]] = defaultdict(set)
    for term in groups():
        folded[fold(term)].add(without_marks(term))
    together = {form: plain for form, plain in folded.items() if len(plain) > 1}
    assert together == {form: {form, form.replace("i", "y")} for form in ("mi", "si", "vi")}


@pytest.mark.parametrize(
    ("one", "other"),
    table(
        "hoà=hòa HOÀ=hòa khoẻ=khỏe thuỷ=thủy uỷ=ủy oà=òa ngoé=ngóe qúy=quý qủa=quả qùan=quàn qúôc=quốc qụât=quật "
        "gía=giá gìa=già gỉai=giải gíêng=giếng gíơi=giới kỷ=kỉ kỹ=kĩ lý=lí mỹ=mĩ sỹ=sĩ tỷ=tỉ vỵ=vị hỷ=hỉ ky=ki "
        "ly=li ty=ti hy=hi quy=qui quý=quí qúy=quí quỳnh=quình quýt=quít quyu=quiu "
        "hoàng=hòang đoàn=đòan toàn=tòan toán=tóan khoảng=khỏang loại=lọai nước=nứơc việt=vịêt được=đựơc đường=đừơng "
        "của=cuả mía=miá hải=haỉ túi=tuí thuở=thủơ khuỷu=khủyu tiếng=tíêng thúy=thuý thùy=thuỳ giếng=gíêng giúp=gíup "
    ),
)
def test_spellings_of_one_word(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)
    assert canonical(nfc(one.upper())) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    table(
        "vi=vy my=mi sy=si y=i ý=í thy=thi khy=khi phý=phí ai=ay hai=hay hái=háy ui=uy túi=túy thúi=thúy city=citi "
        "quây=quâi quyên=quiên hòa=họa hoa=hòa kỷ=kỹ lý=lỳ đội=đổi da=đa gì=già gìn=giàn "
        "quy=quý qua=quá boong=bong hưu=hươu "
    ),
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "word", ["gì", "gìn", "gỉ", "gi", "qu", "q", "của", "mùa", "chúa", "khuỷu", "aloà", "xyuỷ", "hoàng"]
)
def test_words_that_stay_as_they_are(word: str) -> None:
    assert canonical(word) == word


@pytest.mark.parametrize(
    ("marked", "plain"),
    table("mỹ=my mĩ=my lý=ly sĩ=sy quý=quy quí=quy quýt=quyt "),
)
def test_a_word_typed_without_marks_folds_as_the_marked_word(marked: str, plain: str) -> None:
    assert fold(canonical(marked)) == fold(canonical(plain))


def test_every_syllable_is_known_without_its_marks() -> None:
    for *_, spelled in all_syllables():
        for spelling in spelled:
            assert is_folded_syllable(without_marks(spelling))
            assert is_folded_syllable(fold(canonical(spelling)))


@pytest.mark.parametrize("word", ["street", "the1", "b", "ngh", "qq", "xoong2", "1975", "", "wonderful", "東", "giz"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_folded_syllable(word)


# --- what a half typed word may stand for


@pytest.mark.parametrize(
    ("form", "typed", "included"),
    [
        ("phương", "phưong", True),
        ("phượng", "phưong", True),
        ("phong", "phưong", False),
        ("phường", "phưóng", False),
        ("phướng", "phưóng", True),
        ("phương", "phướng", False),
        ("đường", "đuong", True),
        ("dương", "đuong", False),
        ("đuông", "đuong", True),
        ("đường", "đường", True),
        ("đường", "duong", True),
        ("đường", "dương", True),
        ("dường", "đương", False),
        ("viết", "viét", True),
        ("việt", "viét", False),
        ("việt", "viêt", True),
        ("nghiêng", "nghieng", True),
        ("nghiêng", "nghien", False),
        ("năm", "nâm", False),
        ("nậm", "nâm", True),
        ("nặm", "nâm", False),
        ("thuở", "thủo", True),
        ("résumé", "resumé", True),
        ("resumé", "résumé", False),
        ("façade", "facade", True),
        ("facade", "façade", False),
        ("nđ", "nd", True),
        ("nd", "nđ", False),
        ("東", "東", True),
        ("東", "京", False),
        ("", "", True),
    ],
)
def test_includes_marks_by_example(form: str, typed: str, included: bool) -> None:
    assert includes_marks(form, typed) is included


def test_a_syllable_includes_what_is_left_of_it_with_fewer_marks_and_nothing_with_others() -> None:
    tried = 0
    for term in sorted(legal_syllables()):
        fewer = {toneless(term), without_marks(term), term.replace("đ", "d")}
        fewer.add(nfc(without_marks(toneless(term))[:1] + nfd(term.replace("đ", "d"))[1:]))
        for typed in fewer - {term}:
            tried += 1
            assert includes_marks(term, typed)
            assert not includes_marks(typed, term)
        other = TONES["hỏi"] if tone_of(term) != TONES["hỏi"] else TONES["ngã"]
        vowel = next(at for at, letter in enumerate(without_marks(term)) if letter in "aeiouy")
        plain = toneless(term)
        assert not includes_marks(term, nfc(plain[: vowel + 1] + other) + plain[vowel + 1 :])
    assert tried > 20_000
