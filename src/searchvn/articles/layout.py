"""A page's tree -> the lines that its readers see, and where each of them stands.

Main types: `Layout`, `Seen`. Invariants: what a reader sees stands in exactly one line, in the order of the page; no
text that a browser hides (scripts, `display: none`) is in any; the time is linear in the size of the page.
"""

import re
from itertools import islice
from typing import Any, NamedTuple

from searchvn.articles.encodings import tidy
from searchvn.articles.shapes import squeezed

_UNSEEN = frozenset(
    """
    area audio canvas datalist embed head iframe input link map meta noembed noframes noscript object optgroup option
    param script select style svg template textarea title video
    """.split()
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary
    table tbody td tfoot th thead tr ul
    """.split()
)
_CLOSE = frozenset("br dd dt li option tbody td tfoot th thead tr".split())  # blocks without an empty line around them
# What holds paragraphs: lines with one holder are neighbours in the page's own view.
_HOLDERS = frozenset("article aside body center details div fieldset footer form header main nav section td".split())
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))

# Regions that hold no article, by tag and by what authors of pages call them.
_BY_TAG = {"nav": "menu", "menu": "menu", "form": "menu", "button": "menu", "aside": "related", "footer": "copyright"}
_BY_ROLE = {"navigation": "menu", "search": "menu", "contentinfo": "copyright", "complementary": "related"}
_NAMED = frozenset("dd div dl h2 h3 h4 header li ol p section table td tr ul".split())
_NAMES = re.compile(
    r"(?P<comments>comments?(?![a-z])|comment-?(?:list|area|form|box|wrap)|binh-?luan|y-?kien|nhan-?xet|disqus"
    r"|(?<![a-z])respond(?![a-z]))"
    r"|(?P<related>relate|lien-?quan|tin-?khac|cung-?chuyen-?muc|tin-?moi|doc-?them|xem-?them|doc-?nhieu"
    r"|recommend|most-?(?:view|read)|popular|other-?(?:news|posts?|articles?)|news-?other|read-?more|see-?more|side-?bar"
    r"|post-?navigation|up-?sells?|cross-?sells?|san-?pham-?(?:khac|ban-?chay))"
    r"|(?P<copyright>footer|copyright)"
    r"|(?P<counter>visitor|hit-?counter|thong-?ke|luot-?truy-?cap)"
    r"|(?P<spam>(?<![a-z])ads?(?![a-z])|quang-?cao|advert|sponsor)"
    r"|(?P<menu>menu|(?<![a-z])nav(?![a-z])|navbar|breadcrumb|share|social|tool-?(?:bar|box)|log-?in|search|pagination"
    r"|(?<![a-z])tags?(?![a-z])|tu-?khoa|rating|(?<![a-z])vote|banner"
    r"|add-?to-?cart|gio-?hang|(?<![a-z])cart(?![a-z]))"
)
_COMMENT = re.compile(r"(?<![a-z-])comment(?![a-z])")  # of an `article`, whose other names are those of its sections
# A post of a forum: vBulletin, phpBB, SMF, XenForo. Those below the first are replies. (`post-12` is WordPress.)
_POST = re.compile(r"(?P<stem>post(?:_?message_?)?|edit|td_post_|msg_?|js-post-|p(?=\d{3}))\d{1,12}")
_SIGNATURE = re.compile(r"\s*_{5,}")
_CAPTION = re.compile(r"caption|chu-?thich|(?:image|photo|img)-?(?:desc|note)")
# What authors of pages call a headline, from the outside in: Blogspot, WordPress, Joomla, DotNetNuke, ...
_HEADLINE = re.compile(
    r"(?:entry|post|article|news|detail|story|content|topic|thread)[-_]?(?:title|headline|heading|tit)(?![a-z])"
    r"|(?<![a-z])(?:title|tit)[-_]?(?:detail|news|post|article|chi-?tiet|bai-?viet)|(?<![a-z])headline(?![a-z])"
    r"|tieu-?de(?:[-_]?(?:bai|tin|chi-?tiet)|(?![\w-]))|lbl-?(?:title|tieu-?de)|ten-?bai(?![a-z])"
)
_HOME = re.compile(
    r"(?:https?://[^/?#\s]{1,200})?(?:/|\./)?(?:(?:index|default|home|trang-?chu)(?:\.\w{2,5})?)?", re.IGNORECASE
)
_STRONG = frozenset(("b", "big", "strong", "h1", "h2", "h3", "h4", "h5", "h6"))
_LARGE = re.compile(r"\s*(?:[4-7]|\+[1-4])\s*")  # sizes of fonts
LETTERHEAD = re.compile(r"độc\s+lập\s*[-–—]\s*tự\s+do|đảng\s+cộng\s+sản\s+việt\s+nam", re.IGNORECASE)
_BOX_HEAD = re.compile(r"(?<![a-z])(?:thead|tcat|(?:box|module|widget|panel)-?(?:title|head(?:er|ing)?))(?![a-z])")
_BYLINE = re.compile(r"(?<![a-z])(?:author|by-?line|tac-?gia)(?![a-z])")
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
_NAME_LENGTH = 300  # code points of a class, an id or a style that are looked at

_LEAKED = re.compile(r'"[\w-]{1,40}"\s{0,3}:\s{0,3}["\[{\d]')  # a key and a value of JSON
_NOTHING = frozenset(("null", "undefined", "NaN", "[object Object]"))  # what programs write when they have none

_BOXES = frozenset("center div figure li p table td".split())
_CAPTION_LENGTH = 300  # code points beside a picture
_PHOTO_TABLE = 1_500  # code points in a table that holds a picture and its caption
_CELL_LENGTH = 1_000  # longer cells are columns of a layout
_MARKS = 200  # bylines and times that are kept
_MARK_SIZE = 20  # elements in one of them


class Seen(NamedTuple):
    """A line as the page's readers see it; `linked` of its code points stand in links.

    `number` counts lines from 1, as a text browser would show them: with an empty line between paragraphs.

    `role` is empty for plain text, else "title" (a heading of level 1), "heading", "item", "row" (of a table; cells
    separated by ` | `), "caption", "site" (a heading that leads to the site's first page), "box" (the heading of a box
    beside others) or "code" (data that programs left in the page). `holder` numbers what holds the line's paragraph,
    `region` is an index in the layout's regions or -1; `strong` of its code points are bold, or large.
    """

    number: int
    text: str
    role: str = ""
    linked: int = 0
    holder: int = 0
    region: int = -1
    strong: int = 0


class Region(NamedTuple):
    """A part of the page that is made for something else than an article: `kind` is one of `models.LEFT_OUT`.

    `around` is the index of the region that it stands in, or -1; `is_sure` is True where it cannot hold the article,
    whatever an extractor says.
    """

    kind: str
    around: int
    is_sure: bool = False


class Mark(NamedTuple):
    """What an element says to be: "byline", "time", "headline" or "home" (a link to the site's first page).

    It stands in the first line with this `number` or a later one.
    """

    kind: str
    number: int
    text: str


class Layout(NamedTuple):
    """All lines of a page. `work` is the sum of the depths of its elements: what extractors need time for.

    `post` is the number from which on the first post of a forum stands, or 0.
    """

    lines: tuple[Seen, ...]
    regions: tuple[Region, ...]
    marks: tuple[Mark, ...]
    work: int
    post: int = 0


class _Place(NamedTuple):
    """What holds for text in an open element."""

    holder: int = 0
    region: int = -1
    role: str = ""
    is_link: bool = False
    is_strong: bool = False
    keeps_breaks: bool = False
    in_table: bool = False  # a table of data, whose rows are lines


_UNSEEN_PLACE = _Place(holder=-1)


def lay_out(root: Any) -> Layout:
    """The lines of a page, given the root of its tree (lxml), which stays as it is."""
    from lxml.etree import iterwalk

    reader = _Reader()
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            reader.close(element)
        elif not reader.open(element):
            walk.skip_subtree()
    return Layout(tuple(reader.lines), tuple(reader.regions), tuple(reader.marks), reader.work, reader.post)


class _Reader:
    """Walks through a tree without recursion; `_stack` holds a place for each open element."""

    def __init__(self) -> None:
        self.lines: list[Seen] = []
        self.regions: list[Region] = []
        self.marks: list[Mark] = []
        self.work = self.post = 0
        self._stems: set[str] = set()  # of the ids that posts of a forum have
        self._stack = [_Place()]
        self._boxes: list[tuple[int, int]] = []  # lines and pictures before each open box
        self._holders = self._pictures = self._linked = self._strong = self._number = 0
        self._is_apart = False  # whether an empty line stands above the next line
        self._parts: list[str] = []
        self._at = _Place()  # where the line that is being read began
        self._row: list[str] | None = None
        self._cell: list[str] = []

    def open(self, element: Any) -> bool:
        """Takes in a start tag; False when nothing in the element is seen."""
        tag, around = element.tag, self._stack[-1]
        self.work += len(self._stack)
        if tag in _BLOCKS:
            self._break(tag, is_empty=tag == "br" and not self._parts)
        if tag in _UNSEEN or _is_hidden(element, tag):
            self._stack.append(_UNSEEN_PLACE)
            return False
        if tag in _BOXES:
            self._boxes.append((len(self.lines), self._pictures))
        self._pictures += tag == "img"
        place = self._place(element, tag, around)
        self._stack.append(place)
        if tag == "tr" and place.in_table:
            self._row = []
        self._mark(element, tag)
        self._add(element.text, place)
        return True

    def close(self, element: Any) -> None:
        tag, place = element.tag, self._stack.pop()
        if tag in _BLOCKS:
            self._break(tag)
        if place is not _UNSEEN_PLACE:
            if self._row is not None:
                self._close_in_row(tag, place)
            if tag in _BOXES:
                self._captioned(tag, *self._boxes.pop())
        self._add(element.tail, self._stack[-1])

    def _place(self, element: Any, tag: str, around: _Place) -> _Place:
        holder, region, role = around.holder, around.region, around.role
        if tag in _HOLDERS and not (tag == "div" and _is_paragraph(element)):
            self._holders = holder = self._holders + 1
        names = ""
        if tag in _NAMED or tag in _BY_TAG or tag == "article":
            names = f"{element.get('class') or ''} {element.get('id') or ''}"[:_NAME_LENGTH].lower()
            kind = _BY_TAG.get(tag) or _BY_ROLE.get(element.get("role") or "") or _named(names, tag)
            reply = self._reply(element, names)
            if kind := reply or kind:
                self.regions.append(Region(kind, region, reply is not None))
                region = len(self.regions) - 1
        if tag in ("figcaption", "caption") or (names and _CAPTION.search(names)):
            role = "caption"
        elif names and tag != "h1" and _BOX_HEAD.search(names):
            role = "box"
        elif role != "caption":
            role = {"h1": "title", "li": "item"}.get(tag, "heading" if tag in _HEADINGS else role)
        if tag == "a" and role in ("title", "heading") and _is_home(element):
            role = "site"
        return _Place(
            holder,
            region,
            role,
            around.is_link or tag == "a",
            around.is_strong or tag in _STRONG or (tag == "font" and bool(_LARGE.fullmatch(element.get("size") or ""))),
            around.keeps_breaks or tag == "pre",
            _is_data(element) if tag == "table" else around.in_table,
        )

    def _reply(self, element: Any, names: str) -> str | None:
        """The kind of a forum's post that is not the first, and of a signature; None for any other element."""
        post = _POST.fullmatch((element.get("id") or "")[:_NAME_LENGTH].lower())
        if not post or element.tag == "p" or (post["stem"] == "p" and "post" not in names):
            is_signature = self.post and ("signature" in names or _SIGNATURE.match(element.text or ""))
            return "comments" if is_signature else None
        is_first = post["stem"] not in self._stems
        self._stems.add(post["stem"])
        self.post = self.post or self._number + 1
        return None if is_first else "comments"

    def _mark(self, element: Any, tag: str) -> None:
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''}"
        names = f"{names} {element.get('id') or ''}"[: 2 * _NAME_LENGTH].lower()
        kind = "time" if tag in ("time", "abbr") else "home" if tag == "a" and _is_home(element) else ""
        if not names.isspace():
            kind = "byline" if _BYLINE.search(names) else kind or ("headline" if _HEADLINE.search(names) else "")
        if not kind or len(self.marks) >= _MARKS:
            return
        if next(islice(element.iter(), _MARK_SIZE, None), None) is None:
            text = (kind == "time" and element.get("datetime" if tag == "time" else "title")) or "".join(
                element.itertext()
            )
            self.marks.append(Mark(kind, self._number + 1, squeezed(tidy(text[:_NAME_LENGTH]))))

    def _add(self, text: str | None, place: _Place) -> None:
        if not text:
            return
        if place.keeps_breaks:
            first, *others = text.split("\n")
            self._append(first, place)
            for line in others:
                self._flush()
                self._append(line, place)
        else:
            self._append(text, place)

    def _append(self, text: str, place: _Place) -> None:
        if not self._parts:
            self._at = place
        if place.is_link:
            self._linked += len(squeezed(text))
        if place.is_strong:
            self._strong += len(squeezed(text))
        if self._parts or not text.isspace():
            self._parts.append(text)

    def _break(self, tag: str, *, is_empty: bool = False) -> None:
        self._flush()
        self._is_apart |= is_empty or tag not in _CLOSE

    def _flush(self) -> None:
        """Ends the line, or the paragraph of a cell, that is being read."""
        if not self._parts:
            return
        text = squeezed(tidy("".join(self._parts)))
        self._parts = []
        if self._row is not None:
            self._cell.append(text)
        else:
            self._emit(text, self._at, self._at.role)

    def _close_in_row(self, tag: str, place: _Place) -> None:
        if self._row is None:
            return
        if tag in ("td", "th"):
            self._row.append(" ".join(filter(None, self._cell)))
            self._cell = []
        elif tag == "tr":
            text = " | ".join([*self._row, *self._cell]).strip()
            self._row, self._cell = None, []
            self._emit(text if text.strip(" |") else "", place, "row")

    def _emit(self, text: str, place: _Place, role: str) -> None:
        linked, strong, self._linked, self._strong = self._linked, self._strong, 0, 0
        if not text:
            return
        if text in _NOTHING or len(list(islice(_LEAKED.finditer(text), 2))) == 2:
            role = "code"
        self._number += 2 if self._is_apart and self.lines else 1
        self._is_apart = False
        linked, strong = min(linked, len(text)), min(strong, len(text))
        self.lines.append(Seen(self._number, text, role, linked, place.holder, place.region, strong))

    def _captioned(self, tag: str, lines: int, pictures: int) -> None:
        """What little stands in one box with a picture is its caption, if nothing there says to be."""
        inside = self.lines[lines : lines + 3]
        has_caption = any(line.role == "caption" for line in inside)
        if self._pictures == pictures or not 1 <= len(inside) <= 2 or has_caption:
            return
        if sum(len(line.text) for line in inside) <= (_PHOTO_TABLE if tag == "table" else _CAPTION_LENGTH):
            for number, line in enumerate(inside, start=lines):
                if line.role == "":
                    self.lines[number] = line._replace(role="caption")


def _is_hidden(element: Any, tag: str) -> bool:
    """True for what a browser does not show; pages that show their body by a script are shown."""
    if tag in ("html", "body"):
        return False
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style[: 2 * _NAME_LENGTH]))


def _is_home(link: Any) -> bool:
    """True for a link to the first page of a site."""
    address = (link.get("href") or "").strip()[:_NAME_LENGTH]
    return link.get("rel") == "home" or bool(address and _HOME.fullmatch(address))


def _is_paragraph(div: Any) -> bool:
    """True for a `div` that is used as a paragraph is: text without blocks or line breaks."""
    return not any(child.tag in _BLOCKS for child in div)


def _named(names: str, tag: str) -> str | None:
    """The kind of a region with these names, None where they say nothing of that sort."""
    if tag == "article":
        return "comments" if _COMMENT.search(names) else None
    found = _NAMES.search(names) if len(names) > 1 else None
    return found.lastgroup if found else None


def _is_data(table: Any) -> bool:
    """True for a table whose rows say something together; False for one that only puts things side by side."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return False
    if LETTERHEAD.search("".join(islice(table.itertext(), _MARK_SIZE))[:_CELL_LENGTH]):
        return False
    full = 0
    for row in table.iter("tr"):
        lengths = [len(squeezed("".join(cell.itertext()))) for cell in row.iterchildren("td", "th")]
        if any(length > _CELL_LENGTH for length in lengths):
            return False
        full += sum(map(bool, lengths)) > 1
    return full > 1
