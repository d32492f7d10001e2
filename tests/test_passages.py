"""Which passages of a text are shown, where they are cut, and in which order they come."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchvn.analysis.tokens import spans
from searchvn.articles.encodings import tidy
from searchvn.models import Snippet
from searchvn.passages import PASSAGE, Match, best_passages, joined
from strategies import raw_texts

many = settings(deadline=None, derandomize=True, max_examples=200)

FILLER = "Bà con ra đồng từ sớm. Lúa chín vàng bên sông. Gió thổi nhẹ qua bờ tre. "


def matches_of(text: str, *words: str) -> list[Match]:
    """Every word is a needle."""
    found = [
        (match.start(), match.end(), needle)
        for needle, word in enumerate(words)
        for match in re.finditer(rf"\b{word}\b", text)
    ]
    return sorted(found)


def passages(text: str, *words: str, most: int = 2, weights: Sequence[float] = ()) -> tuple[Snippet, ...]:
    return best_passages(text, matches_of(text, *words), weights or [1.0] * len(words), most)


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.spans]


# --- which


def test_words_side_by_side_come_before_the_same_words_far_apart() -> None:
    apart = "Mái đình cũ nhìn ra bờ sông, nơi bà con vẫn phơi thóc mỗi mùa gặt và trẻ nhỏ thả diều bên con đê."
    beside = "Con đê, đình làng và chợ quê."
    for text in (f"{apart} {FILLER * 4}{beside}", f"{beside} {FILLER * 4}{apart}"):
        first, second = passages(text, "đê", "đình")
        assert beside in first.text
        assert apart in second.text


def test_a_word_that_is_repeated_does_not_hide_that_it_stands_beside_another() -> None:
    apart = "Mái đình cũ nhìn ra bờ sông, ra cánh đồng và con đê."
    beside = f"Con đê dài. {FILLER * 2}Con đê, mái đình."
    first = passages(f"{apart} {FILLER * 4}{beside} {FILLER * 4}", "đê", "đình", most=1)[0]
    assert "Con đê, mái đình." in first.text


def test_more_passages_show_the_same_word_again_in_the_order_of_the_text() -> None:
    names = ("Mai", "Lan", "Cúc", "Trúc")
    text = (FILLER * 3).join(f"{name * 9} đắp con đê {name}. " for name in names)
    found = passages(text, "đê", most=3)
    assert len(found) == 3
    assert [snippet.start for snippet in found] == sorted(snippet.start for snippet in found)
    assert len(passages(text, "đê", most=99)) == 4
    assert passages(text, "đê", most=0) == ()


def test_a_sentence_that_stands_twice_is_shown_once() -> None:
    sentence = "Bà con đắp lại con đê đã cũ của làng từ đầu mùa lúa chín vàng."
    text = f"{sentence}\n{FILLER * 4}{sentence} {FILLER * 4}Con đê dài. {FILLER}"
    first, second = passages(text, "đê", most=9)
    assert sentence in first.text
    assert sentence not in second.text
    assert "Con đê dài." in second.text


def test_what_the_first_passage_lacks_comes_before_what_it_has() -> None:
    text = f"Con đê cũ. {FILLER * 4}Con đê mới. {FILLER * 4}Mái đình. {FILLER * 4}"
    words = [marked(snippet) for snippet in passages(text, "đê", "đình", most=3, weights=(5.0, 1.0))]
    assert words == [["đê"], ["đình"], ["đê"]]


def test_a_word_is_shown_in_its_best_company() -> None:
    text = f"Con đê, mái đình. {FILLER * 4}Cái chợ. {FILLER * 4}Chợ làng có đê, có chợ. {FILLER * 4}"
    _, second = passages(text, "đê", "đình", "chợ", weights=(5.0, 5.0, 1.0))
    assert marked(second) == ["đê", "chợ"]


def test_words_that_say_next_to_nothing_get_no_passage_of_their_own() -> None:
    text = f"Con đê cũ. {FILLER * 4}Và thế là hết."
    assert [marked(snippet) for snippet in passages(text, "đê", "là", weights=(9.0, 0.1))] == [["đê"]]
    assert len(passages(text, "đê", "là", weights=(0.2, 0.1))) == 2


def test_a_passage_with_a_few_of_the_words_shown_already_is_left_out() -> None:
    text = f"Con đê, mái đình, chợ quê. {FILLER * 4}Con đê ấy."
    (only,) = passages(text, "đê", "đình", "chợ")
    assert marked(only) == ["đê", "đình", "chợ"]
    both = f"Con đê, mái đình, chợ quê. {FILLER * 4}Con đê và mái đình ấy."
    assert len(passages(both, "đê", "đình", "chợ")) == 2


# --- where they are cut


@pytest.mark.parametrize("stop", ["A.", "2.", "TP.", "TX.", "TS.", "PGS.", "ThS.", "Mr.", "Mrs."])
def test_initials_numbers_and_titles_end_no_sentence(stop: str) -> None:
    words = "bên bờ sông lúa chín vàng gió thổi nhẹ "
    (snippet,) = passages(f"{words * 4}{stop} {words * 2}con đê {words * 2}{stop} {words * 4}", "đê")
    assert not snippet.text.endswith(stop)
    assert not snippet.text.startswith("bên")
    whole = f"{words * 4}xong. {words * 2}con đê {words * 2}xong. {words * 4}"
    (snippet,) = passages(whole, "đê")
    assert snippet.text == f"{words * 2}con đê {words * 2}xong."


def test_the_number_of_a_list_stays_with_its_line() -> None:
    words = "bên bờ sông lúa chín vàng gió thổi nhẹ "
    (snippet,) = passages(f"{words * 4}rồi. 12. Đắp {words * 2}con đê {words * 2}. 13. Đắp {words * 4}", "đê")
    assert snippet.text.startswith("12. Đắp")
    assert not snippet.text.endswith("13.")


def test_where_no_sentence_ends_passages_are_cut_at_phrases() -> None:
    phrase = "bà con ra đồng từ sớm và gặt lúa bên bờ sông, "
    (snippet,) = passages(f"{phrase * 9}qua con đê cũ mà về làng, {phrase * 9}", "đê")
    assert snippet.text.startswith("bà con")
    assert snippet.text.endswith(",")


def test_where_no_phrase_ends_passages_are_cut_between_words() -> None:
    words = "bên bờ sông lúa chín vàng gió thổi nhẹ " * 9
    (snippet,) = passages(f"{words}con đê {words}", "đê")
    assert set(snippet.text.split()) <= {*words.split(), "con", "đê"}
    assert PASSAGE - 60 < len(snippet.text) < PASSAGE + 60


def test_a_passage_after_another_begins_with_a_word() -> None:
    phrase = "bà con ra đồng, gặt lúa, "
    text = f"{phrase * 6}qua đê, {phrase * 4}qua đình, {phrase * 4}qua chợ, {phrase * 6}"
    found = sorted(passages(text, "đê", "đình", "chợ", most=3), key=lambda snippet: snippet.start)
    assert len(found) > 1
    assert all(snippet.text[0].isalnum() for snippet in found)
    assert all(one.start + len(one.text) <= other.start for one, other in pairwise(found))


def test_what_is_found_is_shown_whole_though_other_things_stand_in_it() -> None:
    long = "bờ con đê " + "lúa " * 45 + "chín"
    text = "gió " * 60 + long + " vàng" * 60
    whole = text.index("bờ"), text.index("bờ") + len(long), 0
    inner = text.index("đê"), text.index("đê") + 2, 1
    (snippet,) = best_passages(text, [whole, inner], [1.0, 1.0], 1)
    assert marked(snippet) == [long]


# --- any text, any number


@st.composite
def found_in(draw: st.DrawFn) -> tuple[str, list[Match]]:
    """A text and some of its tokens, as places of three needles."""
    text = tidy(draw(st.one_of(raw_texts(), st.lists(raw_texts(), max_size=9).map(FILLER.join))))
    tokens = spans(text)
    chosen = draw(st.lists(st.sampled_from(tokens), max_size=12)) if tokens else []
    return text, sorted({(start, end, draw(st.integers(0, 2))) for start, end in chosen})


@many
@given(found_in(), st.integers(0, 9))
@example(("x" * 1000, [(0, 1000, 0)]), 3)
def test_passages_are_slices_apart_with_what_is_found_in_them(found: tuple[str, list[Match]], most: int) -> None:
    text, matches = found
    snippets = best_passages(text, matches, [2.0, 1.0, 0.1], most)
    assert len(snippets) <= most
    in_order = sorted(snippets, key=lambda snippet: snippet.start)
    assert all(one.start + len(one.text) <= other.start for one, other in pairwise(in_order))
    needles_of = []
    for snippet in snippets:
        end = snippet.start + len(snippet.text)
        assert text[snippet.start : end] == snippet.text
        inside = [match for match in matches if snippet.start <= match[0] and match[1] <= end]
        assert snippet.spans == joined(inside, snippet.start)
        needles_of.append({needle for _, _, needle in inside})
    assert all(needles_of) or not matches
    if matches and most:
        assert min(needle for _, _, needle in matches) in needles_of[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: "đê " * 60_000,
        lambda: "đê đình " * 30_000,
        lambda: "đê" + "." * 200_000 + "đê",
        lambda: "đê\n" * 60_000,
        lambda: "đê " + "x" * 200_000 + " đê",
    ],
)
@pytest.mark.parametrize("most", [2, 500])
def test_long_and_odd_texts_are_cut_all_the_same(make: Callable[[], str], most: int) -> None:
    text = make()
    found = passages(text, "đê", "đình", most=most)
    assert 1 <= len(found) <= most
    assert all(snippet.spans and len(snippet.text) < PASSAGE + 120 for snippet in found)
