"""Where terms stand in a text: what is found quickly is what tokenizing finds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchvn.analysis.compounds import compounds
from searchvn.analysis.places import Places, any_exact, any_folded
from searchvn.analysis.terms import tokenize
from searchvn.analysis.tokens import spans
from searchvn.articles.encodings import tidy
from searchvn.models import Span
from strategies import raw_texts, words

many = settings(deadline=None, derandomize=True, max_examples=400)

vietnamese = st.lists(st.tuples(words(), st.sampled_from([" ", ", ", "\n", ". ", " – "])), max_size=12).map(
    lambda pairs: "".join(word + joint for word, joint in pairs)
)
# Latin letters of other languages, letters of other scripts, signs, and what looks like a letter and is none.
foreign = st.text("aăđìy 1,_üÜçñøœßıİſʼĳǆ½²ªⅣ①Ａ\ufb01я东ッกκΣ서\u0301\u00ad\u200b\ufeff→™\x1c\x85\u2028")
texts = st.one_of(vietnamese, foreign, raw_texts(), st.text()).map(tidy)


def plainly(text: str) -> tuple[dict[str, list[Span]], dict[str, list[Span]]]:
    """The tokens of every exact and of every folded term."""
    tokens = tokenize(text)
    exact: dict[str, list[Span]] = {}
    folded: dict[str, list[Span]] = {}
    for one, other, span in zip(tokens.exact, tokens.folded, spans(text), strict=True):
        exact.setdefault(one, []).append(span)
        folded.setdefault(other, []).append(span)
    return exact, folded


@many
@given(texts, texts)
@example("my mỹ mĩ Mi mý", "quy quí quỳ quỵt quyn")
@example("a" * 99 + " " + "a" * 100 + " " + "a" * 101 + " " + "ặ" * 120, "a" * 100)
@example("đê đê đê", "")
@example("ü u ū", "ð đ ɖ d")
def test_every_term_is_found_where_it_stands_and_nowhere_else(text: str, other: str) -> None:
    exact, folded = plainly(text)
    elsewhere = tokenize(other)
    for term in {*exact, *elsewhere.exact}:
        assert list(Places(text).tokens(any_exact((term,)))) == exact.get(term, [])
    for term in {*folded, *elsewhere.folded}:
        assert list(Places(text).tokens(any_folded((term,)))) == folded.get(term, [])


@many
@given(texts, st.booleans())
def test_many_terms_are_found_together(text: str, padded: bool) -> None:
    exact, folded = plainly(text)
    more = [f"x{number}" for number in range(100 * padded)]
    assert list(Places(text).tokens(any_exact([*exact, *more]))) == spans(text)
    assert list(Places(text).tokens(any_folded([*folded, *more]))) == spans(text)


@many
@given(texts)
def test_tokens_follow_each_other_and_have_numbers(text: str) -> None:
    places = Places(text)
    tokens = spans(text)
    end = 0
    for number, (start, last) in enumerate(tokens):
        assert places.after(end) == start
        assert places.number(start) == number
        end = last
    assert places.after(end) == -1


@many
@given(texts)
def test_lines_are_those_of_the_text(text: str) -> None:
    places = Places(text)
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        assert places.line(start) == places.line(end) == (start, end)
        start = end + 1


@many
@given(texts)
def test_words_are_at_most_as_many_and_marked_ones_at_least(text: str) -> None:
    places = Places(text)
    tokens = tokenize(text).texts
    words, marked = places.words(0, len(text))
    assert words >= len(tokens)
    assert marked <= len(tokens) - sum(map(str.isascii, tokens))


def test_accented_text_is_known_to_be_accented() -> None:
    text = "Đổi mới phương thức lãnh đạo"
    assert Places(text).words(0, len(text)) == (6, 6)
    assert Places(text).words(8, len(text)) == (4, 4)
    assert Places("doi moi phuong thuc").words(0, 19) == (4, 0)


@many
@given(texts)
@example("Số 15-NQ/TW, My-12/quy")
@example("x" * 60 + "-" + "y" * 60 + "/1")
def test_no_joined_identifier_is_overlooked(text: str) -> None:
    places = Places(text)
    assert all(places.may_join(joined) for joined in compounds(text))


def test_identifiers_that_surely_do_not_stand_there_are_known() -> None:
    assert not Places("Nghị quyết 15-NQ/TU").may_join("15nqtw")


@pytest.mark.parametrize(
    "make",
    [
        lambda: "đê " * 200_000,
        lambda: "đ" * 600_000,
        lambda: "дом " * 150_000,
        lambda: "aü" * 150_000,
        lambda: "서울" * 150_000,
        lambda: "đê" + " " * 600_000 + "đê",
        lambda: "東" * 200_000,
    ],
)
def test_long_texts_are_searched_all_the_same(make: Callable[[], str]) -> None:
    text = unicodedata.normalize("NFC", make())
    exact, folded = plainly(text)
    term = next(iter(exact))
    assert list(Places(text).tokens(any_exact((term,)))) == exact[term]
    assert list(Places(text).tokens(any_folded(("de",)))) == folded.get("de", [])
