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


def test_words_that_are_repeated_do_not_hide_that_they_stand_together() -> None:
    apart = "Con đê dài. Con đê cao. Con đê cũ nhìn ra cánh đồng lúa chín vàng bên sông và một mái đình."
    text = f"{apart} {FILLER * 4}Con đê, mái đình. {FILLER * 4}"
    assert "Con đê, mái đình." in passages(text, "đê", "đình", most=1)[0].text


def test_more_passages_show_the_same_word_again_in_the_order_of_the_text() -> None:
    text = (FILLER * 3).join(f"Con đê {number}. " for number in ("một", "hai", "ba", "bốn"))
    found = passages(text, "đê", most=3)
    assert len(found) == 3
    assert [snippet.start for snippet in found] == sorted(snippet.start for snippet in found)
    assert len(passages(text, "đê", most=99)) == 4
    assert passages(text, "đê", most=0) == ()


def test_what_the_first_passage_lacks_comes_before_what_it_has() -> None:
    text = f"Con đê cũ. {FILLER * 4}Con đê mới. {FILLER * 4}Mái đình. {FILLER * 4}"
    words = [marked(snippet) for snippet in passages(text, "đê", "đình", most=3, weights=(5.0, 1.0))]
    assert words == [["đê"], ["đình"], ["đê"]]


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


@pytest.mark.parametrize(
    "sentence",
    [
        "Ông Nguyễn Văn A. và bà Trần Thị B. đắp lại con đê ở TP. Hồ Chí Minh.",
        "PGS. TS. Lê Văn C. nói về con đê của ThS. Phạm D. tại hội thảo.",
        "Theo Mr. Nam, con đê ở St. Peter thấp hơn.",
    ],
)
def test_initials_and_titles_end_no_sentence(sentence: str) -> None:
    (snippet,) = passages(f"{FILLER * 4}{sentence} {FILLER * 4}", "đê")
    assert sentence in snippet.text
    assert snippet.text.endswith(".")
    assert re.match(r"(Bà con|Lúa|Gió|Ông|PGS|Theo)", snippet.text)


def test_the_number_of_a_list_stays_with_its_line() -> None:
    text = " ".join(
        f"Việc làng thứ {number} đã xong từ lâu rồi. {number}. Đắp lại con đê cũ cho cao." for number in (7, 12)
    )
    for snippet in passages(f"{FILLER * 4}{text} {FILLER * 4}", "đê"):
        assert not re.search(r"\b(7|12)\.$", snippet.text)
        assert not snippet.text.startswith("Đắp")


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


def test_what_is_found_is_shown_whole_though_other_things_overlap_it() -> None:
    text = "gió " * 60 + "bên bờ con đê làng cũ " + "lúa " * 60
    whole = text.index("bờ"), text.index(" cũ"), 0
    inner = text.index("đê"), text.index("đê") + 2, 1
    (snippet, *_) = best_passages(text, sorted([whole, inner]), [1.0, 1.0], 1)
    assert marked(snippet) == ["bờ con đê làng"]


# --- any text, any number


@many
@given(raw_texts().map(tidy), st.data(), st.integers(0, 9))
@example("x" * 1000, None, 3)
def test_passages_are_slices_apart_with_what_is_found_in_them(text: str, data: st.DataObject | None, most: int) -> None:
    tokens = spans(text)
    numbers = st.integers(0, 2)
    places = [(*place, 0) for place in tokens] if data is None else data.draw(
        st.lists(st.sampled_from(tokens), max_size=12).flatmap(
            lambda chosen: st.tuples(*(st.tuples(st.just(start), st.just(end), numbers) for start, end in chosen))
        )
        if tokens
        else st.just(())
    )  # fmt: skip
    matches = sorted(set(places))
    found = best_passages(text, matches, [2.0, 1.0, 0.1], most)
    assert len(found) <= most
    in_order = sorted(found, key=lambda snippet: snippet.start)
    assert all(one.start + len(one.text) <= other.start for one, other in pairwise(in_order))
    for snippet in found:
        end = snippet.start + len(snippet.text)
        assert text[snippet.start : end] == snippet.text
        inside = [match for match in matches if snippet.start <= match[0] and match[1] <= end]
        assert snippet.spans == joined(inside, snippet.start)
        assert snippet.spans or not matches
    if matches and most:
        best = [number for number in (0, 1, 2) if any(match[2] == number for match in matches)][0]
        assert any(
            match[2] == best for match in matches if found[0].start <= match[0] < found[0].start + len(found[0].text)
        )


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
