"""Corpora of any size whose vocabulary grows as that of real news: from nothing, or out of another corpus.

Usage: python bench/corpora.py natural --articles N [--seed S] OUT
       python bench/corpora.py recombined CORPUS --articles N [--seed S] OUT
OUT is .jsonl or .jsonl.gz. Main names: `natural`, `recombined`. Invariants: what comes out is the same for the same
seed (and source), and the first articles of a large corpus are the small corpus; the vocabulary follows the law in
`growth`; ids are unique, texts NFC.

`natural` draws words by Zipf and Mandelbrot's law, p ~ 1/(rank + q)^s (Mandelbrot 1953), s falling off steeply behind
the common words as in Gerlach and Altmann (Physical Review X 3, 2013). Of 20.9 million syllables of 2017 news the
most frequent was 1.16 %, the 10th .69, the 100th .18, the 1,000th .017, the 5,000th .0004 %; article lengths were
log-normal (log of words: mean 6.13, deviation .70). Common words also stand in fixed groups, and a fifth of an
article's words are its topic's, so neighbours are not independent. It needs no data; its sentences mean nothing.

`recombined` keeps the articles' shape and puts in each paragraph's place one of the same article or one that is close
to it in content (it shares the rarest words of title and lead), so words that go together stay together. What that
cannot bring are new words: `growth` does. What it brings too few of are new pairs of neighbours, which stand only where
paragraphs meet and around new words: made of 2017 news, 18.6 million words had .88 of the different folded pairs that
news of that size has, and behind that pairs grew with an exponent of .42 for .54. A sentence comes back about as often
as the source fits into what is made.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple
from unicodedata import normalize

from growth import Growth, Heaps, fit
from searchvn.analysis.lookup import exact_term
from searchvn.analysis.syllables import INITIALS, RIMES, is_syllable
from searchvn.analysis.tokens import split

Record = dict[str, Any]

SOURCES = ("Báo Sông Cầu", "Thời báo Ven Biển", "Tin Cao Nguyên", "Người Đồng Bằng", "Bản tin Bến Cảng", "Tạp chí Làng")
FIRST_DAY, DAYS = date(2005, 1, 1), 20 * 365


def natural(articles: int, seed: int) -> Iterator[Record]:
    """Records (id, title, text, published, source) of made-up Vietnamese, without any source."""
    return _numbered(_Natural(seed), articles, "n")


def recombined(corpus: Path, articles: int, seed: int) -> Iterator[Record]:
    """Records made of the paragraphs of `corpus`, a .jsonl(.gz) of records with title and text."""
    return _numbered(_Recombined(corpus, seed), articles, "r")


def _numbered(maker: _Natural | _Recombined, articles: int, letter: str) -> Iterator[Record]:
    for number in range(articles):
        title, text = maker.article()
        day = FIRST_DAY + timedelta(maker.dice.randrange(DAYS))
        yield {
            "id": f"{letter}{number:08d}",
            "title": title,
            "text": text,
            "published": day.isoformat(),
            "source": maker.dice.choice(SOURCES),
        }


def _terms(text: str) -> list[str]:
    """The words of a text as they stand in an index."""
    return list(map(exact_term, split(text)))


# --- from nothing

COMMON = (
    "và của các là có được cho trong người một với không những đã để này khi từ về ra ông năm tại đến như vào cũng"
    " nhiều trên sẽ công phải đó sau đang nhà lại làm thành nước hơn còn theo chỉ việc rất bị hai mới đi nên nếu bà số"
).split()
FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLES = "Văn Thị Đức Minh Thanh Hữu Ngọc Quang Thu Xuân Hồng".split()
UNITS = ("tỷ đồng", "triệu đồng", "người", "hộ", "km", "ha", "tấn", "ngày", "lần", "năm")
HEADS = "al ba be bran ca co da de el fran ga gre ha jo ka klo le ma mar mi no pa phi ra ri sam ste ta va wil".split()
TAILS = "bert card dell don er fer gan ho ka kin lan ley man mer na nis on pel ra ro sen son ta ton vich zo".split()
# Rimes that most words have; legal ones that hardly any has would make texts nobody could read out.
FREQUENT = frozenset(
    "a ac ach ai am an ang anh ao at au ay ăc ăm ăn ăng âm ân âng ât âu ây e em en eo ê ên ênh êt i ia ich iêc iêm iên"
    " iêng iêt iêu in inh it o oa oai oan oc oi om on ong ô ôc ôi ôm ôn ông ôt ơ ơi ơm ơn u ua uan uât uc ui un ung uôc"
    " uôi uôn uông uyên uyêt ư ưa ưc ưng ươc ươi ươm ươn ương y".split()
)

NEWS_2017 = Heaps(13.0, 0.503)  # 20.9 million syllables, 62,706 of them different; fitted on the upper 63/64
SYLLABLES = 5_500
WORDS = 40_000
TOPICS = 300
TOPIC_WORDS = 80
ENTRY = 1.85  # syllables in a word of the lexicon, groups included


class _Natural:
    """A lexicon, and articles drawn from it."""

    def __init__(self, seed: int) -> None:
        self.dice = dice = random.Random(seed)
        legal = _syllables()
        used = dice.sample([syllable for syllable, rime in legal.items() if rime in FREQUENT], SYLLABLES)
        self._words = _lexicon(used, dice)
        self._weights = list(accumulate(_zipf(rank) for rank in range(WORDS)))
        self._topics = [
            [self._words[int(100 * 200 ** dice.random())] for _ in range(TOPIC_WORDS)] for _ in range(TOPICS)
        ]
        self._topic_weights = list(accumulate(1 / (rank + 5) for rank in range(TOPIC_WORDS)))
        self._given = [syllable.capitalize() for syllable in used[:400]]
        self._seen_words: set[str] = set()
        self._seen: set[str] = set()
        self._growth = Growth(NEWS_2017, HEADS, TAILS, used, frozenset(legal))

    def article(self) -> tuple[str, str]:
        """A title and a text. Lengths in words are log-normal; every fifth word is of the article's topic."""
        dice = self.dice
        topic = dice.choice(self._topics)
        fifth = min(1_500, max(6, int(dice.lognormvariate(6.13, 0.70) / ENTRY / 5)))
        words = [""] * (5 * fifth)
        common = dice.choices(self._words, cum_weights=self._weights, k=4 * fifth)
        for place in range(4):
            words[place::5] = common[place * fifth : (place + 1) * fifth]
        words[4::5] = dice.choices(topic, cum_weights=self._topic_weights, k=fifth)
        for _ in range(fifth // 4):
            words[dice.randrange(len(words))] = self._special()
        fresh = set(words) - self._seen_words
        self._seen_words |= fresh
        for word in fresh:
            self._seen.update(_terms(word))
        title = _sentence(words[3:10])
        for word in self._growth.words(len(split(" ".join([title, *words]))), len(self._seen), dice):
            words[dice.randrange(len(words))] += f" {word}"
        return title, _text(words, dice)

    def _special(self) -> str:
        """A name, an amount or a date."""
        dice = self.dice
        kind = dice.random()
        if kind < 0.4:
            return f"{dice.choice(FAMILIES)} {dice.choice(MIDDLES)} {dice.choice(self._given)}"
        if kind < 0.8:
            return f"{int(1000 ** dice.random())} {dice.choice(UNITS)}"
        return f"{dice.randint(1, 28)}/{dice.randint(1, 12)}/{FIRST_DAY.year + dice.randrange(20)}"


def _syllables() -> dict[str, str]:
    """Every legal syllable with its marks, in a fixed order, and its rime without tone mark."""
    tones = "\u0300\u0309\u0303\u0301\u0323"
    found: dict[str, str] = {}
    for rime in sorted(RIMES):
        places = range(1, len(rime) + 1)
        toned = [normalize("NFC", rime[:at] + tone + rime[at:]) for at in places for tone in tones]
        found |= {initial + form: rime for initial in sorted(INITIALS) for form in [rime, *toned]}
    return {syllable: rime for syllable, rime in found.items() if is_syllable(syllable)}


def _zipf(rank: int) -> float:
    """The weight of the word of a rank from 0."""
    return 1 / (rank + 8) / (1 + rank / 6_000)


def _lexicon(syllables: list[str], dice: random.Random) -> list[str]:
    """Words by rank: common ones, then words of one syllable and of two, and groups of words that came before."""
    weights = list(accumulate(1 / (rank + 60) / (1 + (rank / 1_500) ** 2) for rank in range(len(syllables))))
    drawn = iter(dice.choices(syllables, cum_weights=weights, k=2 * WORDS))
    words = list(COMMON)
    while len(words) < WORDS:
        kind = dice.random()
        if kind < 0.25:
            words.append(next(drawn))
        elif kind < 0.85:
            words.append(f"{next(drawn)} {next(drawn)}")
        else:
            words.append(f"{dice.choice(words[:300])} {dice.choice(words[:3_000])}")
    return words


def _sentence(words: list[str]) -> str:
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _text(words: list[str], dice: random.Random) -> str:
    """Sentences of 6 to 16 words, a lead of one sentence and paragraphs of five."""
    sentences: list[str] = []
    start = 0
    while start < len(words):
        end = start + dice.randint(6, 16)
        half = start + (end - start) // 2
        sentences.append(_sentence(words[start:half]) + ", " + " ".join(words[half:end]) + ".")
        start = end
    return "\n".join([sentences[0], *(" ".join(sentences[at : at + 5]) for at in range(1, len(sentences), 5))])


# --- out of another corpus

SENTENCE_END = re.compile(r"(?<=[.!?…])[”\"]? (?=[A-ZĐÀ-Ỹ“\"])")
PARAGRAPH = 300  # characters at least: lines are cut into so much at ends of sentences
NEIGHBOURS = 6
RARE = 40  # articles that have a word, at most, for it to tell that two are close
OWN, CLOSE = 0.4, 0.9  # a paragraph is the article's own, else of one close to it, else of any


class _Source(NamedTuple):
    """An article of the source: numbers of its pieces. `lines` are ranges of them; `title` is two pieces."""

    title: tuple[int, int]
    lines: tuple[range, ...]

    @property
    def body(self) -> range:
        return range(self.lines[0].start, self.lines[-1].stop)


class _Recombined:
    """The paragraphs of a corpus, and articles put together from them."""

    def __init__(self, corpus: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self._pieces: list[str] = []
        self._articles: list[_Source] = []
        self._tokens = array("i")  # of each piece
        keys: list[list[str]] = []
        for record in _read(corpus):
            self._articles.append(self._take(record))
            keys.append(self._keys(self._articles[-1]))
        if not self._articles:
            raise ValueError(f"{corpus}: no record with a title and a text")
        self._close = _neighbours(keys)
        law, known = self._measure()
        foreign = [word for word in known if word.isascii() and word.isalpha() and 4 < len(word) < 12]
        syllables = [word for word in known if is_syllable(word)]
        cut = [(word, self.dice.randint(2, len(word) - 2)) for word in foreign]
        heads, tails = [word[:at] for word, at in cut], [word[at:] for word, at in cut]
        self._growth = Growth(law, heads or HEADS, tails or TAILS, syllables or COMMON, frozenset(known))
        self._seen: set[str] = set()
        self._used = bytearray(len(self._pieces))

    def article(self) -> tuple[str, str]:
        """A title and a text in the shape of one of the source's articles, which is drawn anew for each."""
        dice = self.dice
        number = dice.randrange(len(self._articles))
        model, close = self._articles[number], self._close[number]
        other = self._articles[dice.choice(close)] if close else model
        title = [model.title[0], other.title[1]]
        lines = [[self._choose(piece, model, close) for piece in line] for line in model.lines]
        chosen = title + [piece for line in lines for piece in line]
        self._see(chosen)
        texts = [" ".join([self._pieces[piece] for piece in line]) for line in lines]
        for word in self._growth.words(sum(self._tokens[piece] for piece in chosen), len(self._seen), dice):
            line = dice.randrange(len(texts))
            at = texts[line].find(" ", dice.randrange(len(texts[line]) or 1))
            texts[line] = f"{texts[line][:at]} {word}{texts[line][at:]}" if at >= 0 else f"{texts[line]} {word}"
        return " ".join([self._pieces[piece] for piece in title]).strip(), "\n".join(texts)

    def _choose(self, piece: int, model: _Source, close: Sequence[int]) -> int:
        """The piece to stand in the place of `piece` of `model`."""
        kind = self.dice.random()
        if kind < OWN:
            return piece
        if kind < CLOSE and close:
            model = self._articles[self.dice.choice(close)]
        elif kind >= CLOSE:
            model = self.dice.choice(self._articles)
        return self.dice.choice(model.body)

    def _see(self, pieces: list[int]) -> None:
        for piece in pieces:
            if not self._used[piece]:
                self._used[piece] = True
                self._seen.update(_terms(self._pieces[piece]))

    def _take(self, record: Record) -> _Source:
        words = normalize("NFC", record["title"]).split()
        half = (len(words) + 1) // 2
        first = self._add([" ".join(words[:half]), " ".join(words[half:])]).start
        lines = normalize("NFC", record["text"]).split("\n")
        return _Source((first, first + 1), tuple(self._add(_paragraphs(line)) for line in lines))

    def _add(self, pieces: list[str]) -> range:
        self._pieces += pieces
        self._tokens.extend(len(split(piece)) for piece in pieces)
        return range(len(self._pieces) - len(pieces), len(self._pieces))

    def _keys(self, article: _Source) -> list[str]:
        """What tells what an article is about: the words of its title and its first line."""
        text = " ".join(self._pieces[piece] for piece in [*article.title, article.body[0]])
        return [intern(word) for word in dict.fromkeys(_terms(text))]

    def _measure(self) -> tuple[Heaps, list[str]]:
        """The law of growth of the source, fitted on its upper 63/64 in random order, and its words."""
        words: dict[str, None] = {}
        points: list[tuple[int, int]] = []
        tokens, total = 0, sum(self._tokens)
        following = total / 64
        for article in self.dice.sample(self._articles, len(self._articles)):
            for piece in [*article.title, *article.body]:
                words.update(dict.fromkeys(_terms(self._pieces[piece])))
                tokens += self._tokens[piece]
            if tokens >= following:
                points.append((tokens, len(words)))
                following = tokens * 2**0.5
        points.append((total, len(words)))
        return fit(points), list(words)


def _read(corpus: Path) -> Iterator[Record]:
    with (
        gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else open(corpus, encoding="utf-8") as lines
    ):
        for line in lines:
            record = json.loads(line)
            if record.get("title") and record.get("text"):
                yield record


def _paragraphs(line: str) -> list[str]:
    """A line in parts of at least `PARAGRAPH` characters, cut between sentences."""
    parts = [""]
    for sentence in SENTENCE_END.split(line):
        if len(parts[-1]) >= PARAGRAPH:
            parts.append(sentence)
        else:
            parts[-1] = f"{parts[-1]} {sentence}" if parts[-1] else sentence
    return parts


def _neighbours(keys: list[list[str]]) -> list[tuple[int, ...]]:
    """For each article those that share most rare words with it, rarer ones counting more."""
    having: dict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(keys):
        for word in words:
            having[word].append(number)
    close: list[tuple[int, ...]] = []
    for number, words in enumerate(keys):
        shared: Counter[int] = Counter()
        for word in words:
            others = having[word]
            if len(others) <= RARE:
                weight = 1_000_000 // len(others)
                for other in others:
                    shared[other] += weight
        del shared[number]
        close.append(tuple(other for other, _ in shared.most_common(NEIGHBOURS)))
    return close


def write(records: Iterator[Record], out: Path) -> tuple[int, int]:
    """Writes records as JSON Lines, gzip (level 1) where the name ends so. Returns articles and bytes of JSON."""
    articles = size = 0
    encode = json.JSONEncoder(ensure_ascii=False).encode
    with gzip.open(out, "wb", compresslevel=1) if out.suffix == ".gz" else open(out, "wb", 1 << 20) as file:
        for record in records:
            line = f"{encode(record)}\n".encode("utf-8", "replace")
            file.write(line)
            articles, size = articles + 1, size + len(line)
            if articles % 100_000 == 0:
                print(f"{articles:,} articles, {size / 1e6:,.0f} MB", file=sys.stderr)
    return articles, size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind in ("natural", "recombined"):
        command = kinds.add_parser(kind)
        if kind == "recombined":
            command.add_argument("corpus", type=Path)
        command.add_argument("--articles", type=int, required=True)
        command.add_argument("--seed", type=int, default=2026)
        command.add_argument("out", type=Path)
    options = parser.parse_args()
    started = time.perf_counter()
    if options.kind == "natural":
        records = natural(options.articles, options.seed)
    else:
        records = recombined(options.corpus, options.articles, options.seed)
    articles, size = write(records, options.out)
    seconds = time.perf_counter() - started
    print(
        f"{articles:,} articles, {size / 1e6:,.1f} MB in {seconds:.1f} s: {size / 1e6 / seconds:.1f} MB/s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
