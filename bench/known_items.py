"""Word lists and sentences -> bench/known: articles that nobody else has, with queries that look for one of them.

Usage: python bench/known_items.py [FOLDER]

Main type: `Item`. Invariant: the same words give the same set, byte for byte, on every machine; every query is made
from facts that stand together in one article only (`_Maker.ask` checks it where an article's own words are asked for).

What it can and cannot show stands in bench/known/README.md. The words are in bench/known/words: `topics` (a subject, a
place and people in ordinary articles), `lookalikes` (phrases that differ by marks alone, told of one place), `apart`
(a compound, and its syllables apart), `names`, `places`.
"""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from searchvn.analysis.folding import strip_marks

KNOWN = Path(__file__).parent / "known"
SEED = 2026

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MEN = "Văn Hữu Đức Quốc Bảo Gia".split(), "Tâm Hậu Lộc Phú Khải Tuấn Vinh Cường Sáu Hiếu Thắng Nhân Khoa Bền".split()
WOMEN = "Thị Kim Thu Diệu Hồng Bích".split(), "Diễm Quyên Nhàn Nga Oanh Liễu Trinh Bảy Thảo Duyên Loan Nhung".split()

OTHER_TONES = {"òa": "oà", "óa": "oá", "ủy": "uỷ", "úy": "uý", "ụy": "uỵ", "Mỹ": "Mĩ", "Kỳ": "Kì", "kỹ": "kĩ"}

_PERSON = re.compile(rf"\b(?:{'|'.join(FAMILY)}) (?:{'|'.join(MEN[0] + WOMEN[0])}) (?:{'|'.join(MEN[1] + WOMEN[1])})\b")
_DATE = re.compile(r"(\d+)/(\d+)/(\d{4})")
ORDINARY = 240  # articles of ten topics, eight subjects each, in three places

# An office, how it is abbreviated, and what it does; other offices do the same in the same place.
OFFICES = {
    "Ủy ban nhân dân": "UBND",
    "Hội đồng nhân dân": "HĐND",
    "Mặt trận Tổ quốc": "MTTQ",
    "Trung học cơ sở": "THCS",
    "Trung học phổ thông": "THPT",
    "Hợp tác xã": "HTX",
}
DEEDS = ("xây nhà để xe", "mua bàn ghế", "trồng hàng rào cây", "đào ao", "lập tủ sách", "sửa mái ngói")
PAPERS = {"Nghị quyết": "NQ", "Chỉ thị": "CT", "Kế hoạch": "KH", "Quyết định": "QĐ"}
ISSUERS = ("HU", "UBND", "HĐND", "TW")
QUESTIONS = (
    "Ai kể chuyện {what} ở {commune}?",
    "Vì sao {commune} quan tâm đến {what}?",
    "Chuyện {what} tại {commune} bây giờ ra sao?",
)


class Item(NamedTuple):
    """One article and, for those that are looked for by their facts, what is told of where."""

    id: str
    title: str
    body: str
    what: str = ""
    commune: str = ""


class Topic(NamedTuple):
    """Subjects, and what can be told of each."""

    subjects: tuple[str, ...]
    titles: tuple[str, ...]
    sentences: tuple[str, ...]


def _sections(name: str) -> list[list[str]]:
    """The lines of a file of words, cut at the lines that begin with #."""
    sections: list[list[str]] = []
    for line in (KNOWN / "words" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            sections.append([])
        elif line.strip():
            sections[-1].append(line.strip())
    return [section for section in sections if section]


def _cells(line: str, sign: str) -> list[str]:
    return [cell.strip() for cell in line.split(sign)]


def _topics() -> list[Topic]:
    """The topics; the last one is what can be said anywhere."""
    topics = []
    for section in _sections("topics"):
        named = {key: [v for k, _, v in (line.partition(": ") for line in section) if k == key] for key in _KEYS}
        subjects = tuple(_cells(named["what"][0], ";")) if named["what"] else ()
        topics.append(Topic(subjects, tuple(named["title"]), tuple(named["text"])))
    return topics


_KEYS = ("what", "title", "text")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class _Maker:
    """Collects articles and queries; all dice are its own."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.queries: list[tuple[str, str, str]] = []  # kind, text, the article that is looked for
        self._dice = random.Random(SEED)
        *self._topics, self._anywhere = _topics()
        self._places = [tuple(_cells(line, ";")) for line in _sections("places")[0]]

    def make(self) -> None:
        """All articles, then all queries."""
        self._ordinary()
        self._families("lookalikes")
        self._families("apart")
        self._people()
        self._offices()
        self._papers()
        self._ask_facts()
        self._ask_sentences()

    def ask(self, kind: str, text: str, item: Item, *once: str) -> None:
        """Adds a query. `once` is what must not stand together in another article."""
        holders = [one.id for one in self.items if all(part in f"{one.title}\n{one.body}" for part in once)]
        assert not once or holders == [item.id], f"{once} stand in {holders}"
        self.queries.append((kind, text, item.id))

    # --- articles

    def _add(self, title: str, sentences: Sequence[str], what: str = "", commune: str = "") -> Item:
        """Adds an article: its sentences in paragraphs of two or three."""
        paragraphs, rest = [], list(sentences)
        while rest:
            size = self._dice.choice((2, 3))
            paragraphs.append(" ".join(rest[:size]))
            del rest[:size]
        item = Item(f"k{len(self.items) + 1:03}", _capital(title), "\n".join(paragraphs), what, commune)
        self.items.append(item)
        return item

    def _facts(self, what: str, commune: str, district: str) -> dict[str, str]:
        dice = self._dice
        return {
            "what": what,
            "What": _capital(what),
            "commune": commune,
            "district": district,
            "person": self._person(*MEN),
            "other": self._person(*WOMEN),
            "n": str(dice.randint(12, 980)),
            "m": str(dice.randint(3, 96)),
            "date": f"{dice.randint(1, 28)}/{dice.randint(1, 12)}/{dice.randint(2015, 2024)}",
        }

    def _person(self, *names: Sequence[str]) -> str:
        return " ".join(map(self._dice.choice, (FAMILY, *names)))

    def _fill(self, topic: Topic, facts: dict[str, str], count: int) -> list[str]:
        """So many sentences of a topic: the first one always, the others in any order, something general between."""
        lead, *others = topic.sentences
        chosen = [*self._dice.sample(others, count), *self._dice.sample(self._anywhere.sentences, 2)]
        self._dice.shuffle(chosen)
        return [sentence.format(**facts) for sentence in (lead, *chosen)]

    def _ordinary(self) -> None:
        """Every subject in three places, and in each of them other subjects: half of a query is in many articles."""
        for topic in self._topics:
            for what in topic.subjects:
                for commune, district in self._dice.sample(self._places, 3):
                    facts = self._facts(what, commune, district)
                    title = self._dice.choice(topic.titles).format(**facts)
                    self._add(title, self._fill(topic, facts, self._dice.randint(4, 7)), what, commune)

    def _families(self, name: str) -> None:
        """Articles on things that are easily taken for one another, all of one place.

        `lookalikes` are all asked for; of `apart` only the compound is, and its syllables stand apart in the others.
        """
        rows = _sections(name) if name == "lookalikes" else [[line] for line in _sections(name)[0]]
        for number, family in enumerate(rows):
            commune, district = self._places[number % len(self._places)]
            members = [_cells(line, "|") for line in family]
            if name == "apart":
                word, whole, *apart = members[0]
                members = [[word, whole], *(["", sentence] for sentence in apart)]
            for phrase, *sentences in members:
                topic = self._dice.choice(self._topics)
                facts = self._facts(phrase, commune, district)
                rest = [text for text in topic.sentences if "{what}" not in text and "{What}" not in text]
                told = [text.format(**facts) for text in self._dice.sample(rest, 3)]
                shown = name == "lookalikes" and len(self.items) % 2
                title = f"{phrase} ở {commune}" if shown else f"Ghi nhanh từ {commune}"
                general = self._dice.sample(self._anywhere.sentences, 2)
                item = self._add(title, [*sentences, *told, *general], phrase, commune)
                if phrase:
                    self.ask(name, f"{phrase} {commune}", item)

    def _people(self) -> None:
        """People of one place whose names differ by marks alone."""
        for line in _sections("names")[0]:
            commune, district = self._dice.choice(self._places)
            for name in _cells(line, ";"):
                topic = self._dice.choice(self._topics)
                facts = self._facts(self._dice.choice(topic.subjects), commune, district)
                family = self._dice.choice(FAMILY)
                facts["other"] = f"{family} {name}"
                told = [f"{family} {name} là cái tên được nhắc đến nhiều ở {commune}."]
                told += [text.format(**facts) for text in topic.sentences if "{other}" in text]
                item = self._add(f"Chuyện của {name}", [*told, *self._fill(topic, facts, 4)])
                self.ask("name", name, item, f"Chuyện của {name}")

    def _offices(self) -> None:
        """Offices that do the same in the same place, written out or abbreviated; asked for the other way."""
        for number, deed in enumerate(DEEDS):
            commune, district = self._places[3 * number + 1]
            for place, (full, short) in enumerate(OFFICES.items()):
                written, asked = (full, short) if (number + place) % 2 else (short, full)
                facts = self._facts(deed, commune, district)
                told = [
                    f"Ngày {facts['date']}, {written} {commune} quyết định {deed}.",
                    f"Phần việc của {written} {commune} xong trong {facts['m']} ngày.",
                    *self._dice.sample(self._anywhere.sentences, 4),
                ]
                item = self._add(f"{written} {commune} {deed}", told)
                self.ask("abbreviation", f"{asked} {commune} {deed}", item, item.title)

    def _papers(self) -> None:
        """Documents with numbers that resemble each other, asked for in other spellings of the number."""
        for number in range(28):
            kind, letters = list(PAPERS.items())[number % 4]
            issuer = ISSUERS[number // 4 % 4]
            value = (15, 51, 115)[number % 3]
            commune, district = self._places[number % len(self._places)]
            topic = self._topics[number % len(self._topics)]
            facts = self._facts(self._dice.choice(topic.subjects), commune, district)
            code = f"{value + number // 12}-{letters}/{issuer}"
            told = [f"{kind} số {code} được phổ biến tới các chi bộ ở {commune}.", *self._fill(topic, facts, 5)]
            item = self._add(f"Thực hiện {kind} số {code} về {facts['what']}", told)
            spelled = (code.replace("-", ""), code.replace("/", "-"), re.sub("[-/]", " ", code), code.replace("-", "/"))
            self.ask("number", f"{kind.lower()} {spelled[number // 4 % 4]}", item, f"{kind} số {code}")

    # --- queries

    def _ask_facts(self) -> None:
        """What ordinary articles are about, asked in several ways, each of other articles."""
        chosen = iter(self._dice.sample(self.items[:ORDINARY], 130))
        for _ in range(40):
            item = next(chosen)
            self.ask("title", self._remembered(item), item)
        for number in range(30):
            item = next(chosen)
            self.ask("question", QUESTIONS[number % 3].format(what=item.what, commune=item.commune), item)
        for _ in range(20):
            item = next(chosen)
            self.ask("nfd", unicodedata.normalize("NFD", f"{item.what} {item.commune}"), item)
        for _ in range(20):
            item = next(chosen)
            words = f"{item.commune} {item.what}".split()
            half = [self._half_typed(word) if self._dice.random() < 0.5 else word for word in words]
            self.ask("half typed", " ".join(half), item)
        for _ in range(20):
            item = next(chosen)
            self.ask("tone", _tones_elsewhere(f"{item.what} xã {item.commune}"), item)

    def _remembered(self, item: Item) -> str:
        """Most words of a title, at least two of the subject among them, and the place."""
        words = re.findall(r"\w+", item.title.replace(item.commune, " "))
        subject = set(re.findall(r"\w+", f"{item.what} {_capital(item.what)}"))
        while True:
            kept = [word for word in words if self._dice.random() < 0.6]
            if len(subject & set(kept)) >= 2:
                return " ".join([*kept, item.commune])

    def _half_typed(self, word: str) -> str:
        """A word without its tone, as one types who is in a hurry: `phưong`, `đương`."""
        return unicodedata.normalize("NFC", re.sub("[\u0300\u0301\u0303\u0309\u0323]", "", _decomposed(word)))

    def _ask_sentences(self) -> None:
        """What somebody remembers of a body: when and where, or a person with what was said of them."""
        dated = [(item, found) for item in self.items[:ORDINARY] if (found := _DATE.search(item.body))]
        for item, found in self._dice.sample(dated, 20):
            spelled = "ngày {} tháng {} năm {}".format(*found.groups())
            asked = self._dice.choice((spelled, "-".join(found.groups())))
            self.ask("date", f"{asked} {item.commune}", item, found.group(), item.commune)
        told = [(item, *pair) for item in self.items[:ORDINARY] for pair in _with_person(item)]
        times = Counter(sentence for _, _, sentence in told)
        for item, name, sentence in self._dice.sample([one for one in told if times[one[2]] == 1], 50):
            words = re.findall(r"\w+", sentence.replace(name, " "))
            start = self._dice.randrange(max(1, len(words) - 5))
            self.ask("body", " ".join([name, *words[start : start + 6]]), item, sentence)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _tones_elsewhere(text: str) -> str:
    """The other placement of the tone (`hoà` for `hòa`) and i for y (`kĩ` for `kỹ`)."""
    for one, other in (
        ("òa", "oà"),
        ("óa", "oá"),
        ("ủy", "uỷ"),
        ("úy", "uý"),
        ("ụy", "uỵ"),
        ("Mỹ", "Mĩ"),
        ("Kỳ", "Kì"),
    ):
        text = text.replace(one, other)
    return text


def _with_person(item: Item) -> Iterator[tuple[str, str]]:
    """The sentences that name somebody, each after the full name."""
    for sentence in re.split(r"(?<=[.?!])\s", item.body):
        if found := _PERSON.search(sentence):
            yield found.group(), sentence


def _dressed(item: Item, number: int) -> dict[str, str]:
    """An article as a record; some are written as real ones are: NFD, the tone elsewhere, no marks at all."""
    title, body = item.title, item.body
    if number % 9 == 3:
        title, body = _decomposed(title), _decomposed(body)
    elif number % 5 == 2:
        title, body = _tones_elsewhere(title), _tones_elsewhere(body)
    elif number % 17 == 6:
        title, body = strip_marks(title), strip_marks(body)
    return {"id": item.id, "title": title, "text": body}


def files() -> dict[str, str]:
    """The files of the set: name -> content."""
    maker = _Maker()
    maker.make()
    records = [_dressed(item, number) for number, item in enumerate(maker.items)]
    asked = [(f"{kind.replace(' ', '-')}-{at:03}", text, own) for at, (kind, text, own) in enumerate(maker.queries, 1)]
    return {
        "corpus.jsonl": "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records),
        "queries.tsv": "".join(f"{query}\t{text}\n" for query, text, _ in asked),
        "qrels.tsv": "".join(f"{query} 0 {own} 1\n" for query, _, own in asked),
    }


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else KNOWN
    for name, content in files().items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
