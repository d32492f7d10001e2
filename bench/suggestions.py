"""How good are suggestions? Slips made on purpose, queries that are right, and queries without their marks.

Usage: python bench/suggestions.py INDEX CORPUS QUERIES [--each N] [--show N]
INDEX is an index of the articles in the file CORPUS, QUERIES a text file with a query a line. Prints a line of figures
for every kind of slip: queries whose words next to no article has with the slip in them; of these, how many are put
right by the first suggestion, by any, and how many get only others. Then the share of the queries as they are that get
a suggestion (with --show, some of them), how often marks are put back as they were, and milliseconds.

A slip is made in one word of a phrase, seeded. Phrases come from titles (two to four words that three articles have
side by side) and from the queries that find plenty.
"""

from __future__ import annotations

import argparse
import random
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from searchvn import Index
from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold, has_marks, strip_marks
from searchvn.analysis.syllables import is_syllable
from searchvn.analysis.tokens import split
from searchvn.articles.formats import read_file
from searchvn.models import Article
from searchvn.searching import LITTLE

Slip = Callable[[str, random.Random], str]

TONES = "\u0301\u0300\u0309\u0303\u0323"
TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
ALIKE = ("s x", "x s", "ch tr", "tr ch", "d gi", "gi d", "r d", "d r", "l n", "n l")


def wrong_tone(word: str, dice: random.Random) -> str:
    parts = unicodedata.normalize("NFD", word)
    at = next((at for at, part in enumerate(parts) if part in TONES), -1)
    other = dice.choice([tone for tone in TONES if tone != parts[at]])
    changed = unicodedata.normalize("NFC", parts[:at] + other + parts[at + 1 :])
    return changed if at >= 0 and is_syllable(canonical(changed)) else word


def one_mark_lost(word: str, dice: random.Random) -> str:
    parts = unicodedata.normalize("NFD", word)
    at = dice.choice([at for at, part in enumerate(parts) if unicodedata.combining(part) or part in "đĐ"] or [-1])
    plain = {"đ": "d", "Đ": "D"}.get(parts[at], "")
    return unicodedata.normalize("NFC", parts[:at] + plain + parts[at + 1 :]) if at >= 0 else word


def all_marks_lost(word: str, dice: random.Random) -> str:
    return strip_marks(word)


def letter_doubled(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return word[: at + 1] + word[at:]


def letter_missing(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return word[:at] + word[at + 1 :] if len(word) > 2 else word


def letters_exchanged(word: str, dice: random.Random) -> str:
    at = dice.randrange(max(1, len(word) - 1))
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def letter_wrong(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return word[:at] + dice.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]


def sound_alike(word: str, dice: random.Random) -> str:
    pairs = [pair.split() for pair in ALIKE if word.startswith(pair.split()[0])]
    pairs = [pair for pair in pairs if not (pair[0] == "n" and word[:2] in ("ng", "nh"))]
    parts = unicodedata.normalize("NFD", word)
    swapped = parts.translate({0x309: "\u0303", 0x303: "\u0309"})
    options = [other + word[len(one) :] for one, other in pairs]
    options += [unicodedata.normalize("NFC", swapped)] if swapped != parts else []
    return dice.choice(options) if options else word


SLIPS: dict[str, Slip] = {
    slip.__name__: slip
    for slip in (
        wrong_tone, one_mark_lost, all_marks_lost, sound_alike,
        letter_doubled, letters_exchanged, letter_wrong, letter_missing,
    )
}  # fmt: skip


def keys(word: str, shapes: dict[str, str], tones: str) -> str:
    """The keys that give a word, the tone typed last."""
    parts = unicodedata.normalize("NFD", word)
    letters = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
    tone = "".join(tones[TONES.index(part)] for part in parts if part in TONES)
    return "".join(shapes.get(letter, letter) for letter in letters) + tone


def same(one: str, other: str) -> bool:
    return list(map(canonical, split(one))) == list(map(canonical, split(other)))


class Measure:
    """One index and what is asked of it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.little = max(2, int(len(index) * LITTLE))
        self.times: list[float] = []

    def suggestions(self, query: str) -> list[str] | None:
        """What is suggested for a query, or None if it finds plenty. Times what suggestions cost."""
        plain = self.index.search(query, passages=0)
        if plain.total > self.little:
            return None
        before = time.perf_counter()
        asked, plan, total = self.index._read(query, "smart", None)
        made = self.index._suggestions(asked.text, total, plan, (), "smart", None)
        self.times.append(time.perf_counter() - before - plain.took)
        return [suggestion.query for suggestion in made]

    def slips(self, name: str, pairs: Iterator[tuple[str, str]], count: int) -> None:
        """Prints how many of `count` slips are put right."""
        figures: Counter[str] = Counter()
        for right, typed in pairs:
            figures["slips"] += 1
            made = self.suggestions(typed)
            if made is not None:
                hit = [same(suggestion, right) for suggestion in made]
                figures["find little"] += 1
                figures["first"] += any(hit[:1])
                figures["any"] += any(hit)
                figures["others only"] += bool(hit) and not any(hit)
            if figures["slips"] == count:
                break
        share = 100 * figures["any"] / max(1, figures["find little"])
        cells = " ".join(f"{figures[key]:6}" for key in ("slips", "find little", "first", "any", "others only"))
        print(f"{name:42} {cells} {share:5.0f} %")


def title_phrases(index: Index, corpus: str, dice: random.Random) -> Iterator[str]:
    titles = [article.title for article in read_file(corpus, "bench") if isinstance(article, Article)]
    while True:
        words = split(dice.choice(titles))
        size = dice.choice((2, 2, 3, 4))
        at = dice.randrange(max(1, len(words) - size + 1))
        phrase = " ".join(words[at : at + size]).lower()
        is_phrase = len(words) >= size and has_marks(phrase) and phrase.replace(" ", "").isalpha()
        if is_phrase and index.count(f'"{phrase}"').total >= 3:
            yield phrase


def query_phrases(measure: Measure, queries: list[str], dice: random.Random) -> Iterator[str]:
    good = [query for query in queries if has_marks(query) and 2 <= len(split(query)) <= 5]
    good = [query for query in good if (measure.index.count(query).total > measure.little)]
    while True:
        yield dice.choice(good)


def slipped(phrases: Iterator[str], slip: Slip, dice: random.Random) -> Iterator[tuple[str, str]]:
    for phrase in phrases:
        words = phrase.split()
        at = dice.randrange(len(words))
        typed = slip(words[at], dice) if words[at].isalpha() else words[at]
        if canonical(typed) != canonical(words[at]):
            yield phrase, " ".join([*words[:at], typed, *words[at + 1 :]])


def joined(phrases: Iterator[str], dice: random.Random) -> Iterator[tuple[str, str]]:
    for phrase in phrases:
        words = phrase.split()
        at = dice.randrange(len(words) - 1)
        yield phrase, " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def typed_as_keys(phrases: Iterator[str], shapes: dict[str, str], tones: str) -> Iterator[tuple[str, str]]:
    for phrase in phrases:
        yield phrase, " ".join(keys(word, shapes, tones) for word in phrase.split())


def false_alarms(measure: Measure, queries: list[str], show: int) -> None:
    made: defaultdict[str, list[str]] = defaultdict(list)
    with_accents = 0
    for query in queries:
        for suggestion in measure.index.search(query).suggestions:
            if suggestion.reason == "accents":
                with_accents += 1
            else:
                made[query].append(suggestion.query)
    print(f"\n{len(queries)} queries as they are: {len(made)} get a suggestion, {with_accents} are shown with accents")
    for query, suggestions in list(made.items())[:show]:
        found = measure.index.count(query).total
        print(f"  {query} ({found}) -> " + " | ".join(f"{s} ({measure.index.count(s).total})" for s in suggestions))


def accents(measure: Measure, phrases: Iterator[str], count: int) -> None:
    from searchvn.query.accents import accented

    right, times = 0, []
    for _ in range(count):
        phrase = next(phrases)
        typed = " ".join(fold(canonical(word)) for word in phrase.split())
        hits = measure.index.search(typed).hits
        before = time.perf_counter()
        found = accented(typed, hits)
        times.append(time.perf_counter() - before)
        right += same(found or typed, phrase)
    print(f"\nmarks put back as they were: {right} of {count} phrases from titles; {percentiles(times)}")


def percentiles(times: list[float]) -> str:
    times = sorted(times)
    return ", ".join(f"p{p} {times[min(len(times) - 1, len(times) * p // 100)] * 1000:.1f} ms" for p in (50, 95, 99))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("corpus")
    parser.add_argument("queries", type=Path)
    parser.add_argument("--each", type=int, default=100, help="slips of every kind")
    parser.add_argument("--show", type=int, default=0, help="suggestions for queries as they are, to look at")
    options = parser.parse_args()
    queries = [line for line in options.queries.read_text(encoding="utf-8").splitlines() if line.strip()]
    with Index.open(options.index) as index:
        measure = Measure(index)
        dice = random.Random(2026)
        titles = title_phrases(index, options.corpus, dice)
        asked = query_phrases(measure, queries, dice)
        print(f"{'':43}slips little  first    any others  right")
        for name, slip in SLIPS.items():
            measure.slips(f"titles, {name}", slipped(titles, slip, dice), options.each)
        for name, slip in SLIPS.items():
            measure.slips(f"queries, {name}", slipped(asked, slip, dice), options.each)
        measure.slips("titles, two words joined", joined(titles, dice), options.each)
        measure.slips("titles, Telex keys", typed_as_keys(titles, TELEX, "sfrxj"), options.each)
        measure.slips("titles, VNI keys", typed_as_keys(titles, VNI, "12345"), options.each)
        print(f"\nsuggestions for {len(measure.times)} queries that find little: {percentiles(measure.times)}")
        false_alarms(measure, queries[:1000], options.show)
        accents(measure, titles, 3 * options.each)


if __name__ == "__main__":
    main()
