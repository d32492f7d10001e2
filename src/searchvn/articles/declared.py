"""What a page declares of itself: JSON-LD, meta elements, microdata.

Main names: `declarations`, `Said`. Invariants: a value is what the page says, freed from markup and from the site's own
name; what says nothing (`null`, an address as an author, the year 1) is left out; nothing is looked up anywhere.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from searchvn.articles.encodings import tidy
from searchvn.articles.picking import words
from searchvn.articles.published import read_published
from searchvn.articles.shapes import folded, squeezed

_SCRIPT = 1_000_000  # code points of JSON-LD that are read
_VALUE = 1_000  # code points of a value
_ELEMENTS = 2_000  # metas, and elements with microdata, that are looked at
_NODES = 200  # of JSON-LD
_PERSON = 200  # code points of names

_ARTICLES = ("article", "posting", "report")  # types of schema.org end so: NewsArticle, BlogPosting, Report
_OWN = ("@graph", "mainEntity", "mainEntityOfPage")  # where a page speaks of itself, not of others
# Field -> names of meta elements that give it, the most exact first.
_METAS: dict[str, tuple[str, ...]] = {
    "title": ("og:title", "headline", "twitter:title", "dc.title", "title"),
    "published": (
        "article:published_time", "datepublished", "og:published_time", "article:published", "pubdate", "publishdate",
        "publish_date", "publish-date", "dc.date.issued", "dcterms.issued", "dc.date.created", "parsely-pub-date",
    ),
    "author": ("author", "article:author", "dc.creator", "byl", "parsely-author"),
    "source": ("og:site_name", "publisher", "dc.publisher", "sourceorganization"),
    "url": ("canonical", "og:url"),
}  # fmt: skip
# Field -> microdata.
_ITEMS: dict[str, tuple[str, ...]] = {
    "title": ("headline",),
    "published": ("datepublished",),
    "author": ("author",),
    "source": ("publisher",),
}

_NO_VALUE = {"", "null", "undefined", "none", "nan", "untitled", "untitled document", "object"}
_NO_AUTHOR = _NO_VALUE | {"admin", "administrator", "superadmin", "root", "user", "editor", "quản trị", "quản trị viên"}
_TAGS = re.compile(r"<[^<>]{0,500}>")
_SEPARATOR = re.compile(r"\s+(?:[-–—|:»·•>›«]|::)\s+|\s*[|»›]\s*")
_COLON = re.compile(r"\s*(?:[-–—|:»·•>›«]|::)\s+")  # also `Site: headline`
# What programs call parts of any site, folded.
_SECTION = re.compile(
    r"trang chu|trang nhat|home(?: ?page)?|tin tuc(?:[ -]+su kien)?"
    r"|(?:chi tiet|xem|doc)(?: tin| bai(?: viet)?| tin tuc| noi dung| chu de)?"
    r"|tin bai|bai viet|noi dung|chuyen muc|danh muc|news|default|index"
)
_SITE = re.compile(
    r"(?i:báo điện tử|tạp chí|(?:cổng|trang|bản) (?:thông tin|tin|ttđt)|trang chủ|website)\b|(?:Báo|BÁO) (?P<own>\w)"
)
_SITE_NAME = 10  # words
_ENDS_OF_HOSTS = {"com", "net", "org", "info", "gov", "edu", "news", "www", "baochi"}
_DOMAIN = re.compile(r"[\w-]{1,60}(?:\.[\w-]{2,60}){0,3}\.(?:vn|com|net|org|info|edu|gov)", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"]{3,1000}", re.IGNORECASE)
_OFFSET = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([+-]\d\d)(?::?(\d\d))?$")
_NO_DAY = ("0001-", "1900-01-01", "1970-01-01")  # what programs write for no date


class Said(NamedTuple):
    """What one part of the page says; None or empty where it says nothing. `name` is that part's."""

    name: str
    title: str = ""
    published: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None


class Declared(NamedTuple):
    """All that a page declares: `said`, the most exact first; `site` are names of the site, `heading` is
    what stands over the article, `head` the page's <title>, both without the site's name.

    `page` is the <title> as it stands. `summary` is the article's; `is_article` is True when the page says to be one
    article.
    """

    said: tuple[Said, ...]
    site: tuple[str, ...]
    heading: str
    head: str
    page: str
    summary: str
    is_article: bool


def declarations(root: Any, heading: str, names: Iterable[str] = (), sections: Iterable[str] = ()) -> Declared:
    """What the page with this tree (lxml) declares of itself. `heading` is its one heading, or empty.

    `names` are what it calls its site, `sections` the sections that its links lead to.
    """
    metas, items = _metas(root), _items(root)
    head = _text(next((title.text for title in root.iter("title")), ""))
    address = next(filter(None, (_address(value) for value in _values(metas, _METAS)["url"])), None)
    node = _chosen(list(_articles(root)), (head, metas.get("og:title", "")))
    own = _node_values(node)
    named = (*own["source"], metas.get("og:site_name"), metas.get("application-name"))
    site = (*filter(None, map(_text, named)), *_hosts(address), *names)
    if heading and _ends(head, heading):  # the site's name stands above all of its pages
        site, heading = (*site, heading), ""
    said = (
        _said("json-ld", own, site, heading),
        _said("meta", _values(metas, _METAS), site, heading),
        _said("microdata", _values(items, _ITEMS), site, heading),
    )
    summary = _text(node.get("description")) or metas.get("og:description") or metas.get("description", "")
    is_article = bool(node) or "article:published_time" in metas
    is_article = is_article and not _is_root(address)
    title = without_sections(freed(head, site, heading), sections)
    return Declared(said, site, freed(heading, site), title, head, summary, is_article)


def freed(title: str, site: Iterable[str], heading: str = "") -> str:
    """A title without the site's name before or behind it; empty when it is nothing but that.

    `heading` is what stands over the article: what a title has beyond it is not the title.

    >>> freed("Mùa sen nở - Đời sống - Báo Làng Sen", ["langsen.example"], "")
    'Mùa sen nở - Đời sống'
    >>> freed("Hà Nội - Huế | Tin Làng", ["Tin Làng"]), freed("Báo Làng Sen", ["Báo Làng Sen"])
    ('Hà Nội - Huế', '')
    """
    names = [_plain(name) for name in site]
    own = words(heading)
    while title and words(title) != own:
        cut = list(_SEPARATOR.finditer(title))
        behind = title[cut[-1].end() :] if cut else title
        is_longer = bool(cut) and len(own) > 2 and words(title)[: len(own)] == own
        if not is_longer and not _is_site(behind, names, is_all=not cut):
            break
        title = title[: cut[-1].start()] if cut else ""
    while (cut_off := _COLON.search(title)) and words(title) != own:
        before = title[: cut_off.start()]
        is_name = _plain(before) in names or (
            _SEPARATOR.match(title, cut_off.start())
            and (_is_site(before, (), is_all=True) or (before[:4].lower() == "báo " and before.istitle()))
        )
        if not is_name:
            break
        title = title[cut_off.end() :]
    return title


def without_sections(title: str, sections: Iterable[str]) -> str:
    """A title without the names of sections around it; empty when it is nothing but what any site has.

    >>> without_sections("Đời sống - Mùa sen nở - Tin tức", ["Đời sống"])
    'Mùa sen nở'
    """
    names = {_plain(section) for section in sections}
    while cuts := list(_SEPARATOR.finditer(title)):
        before, behind = title[: cuts[0].start()], title[cuts[-1].end() :]
        if _is_section(behind) or _plain(behind) in names:
            title = title[: cuts[-1].start()]
        elif _is_section(before) or _plain(before) in names:
            title = title[cuts[0].end() :]
        else:
            break
    return "" if _is_section(title) else title


def _is_section(text: str) -> bool:
    return bool(_SECTION.fullmatch(folded(text).strip()))


def written(text: object) -> str | None:
    """ISO 8601 of a date that a page declares, as the clock of Vietnam shows it where the page says so.

    >>> written("2025-10-22T19:25:52+07:00"), written("2025-10-22 19:25Z"), written("0001-01-01T00:00:00")
    ('2025-10-22T19:25:52', '2025-10-22T19:25Z', None)
    """
    if not isinstance(text, str):
        return None
    text = squeezed(text[:_VALUE])
    found = read_published(_OFFSET.sub(lambda zone: f"{zone[1]}{zone[2]}:{zone[3] or '00'}", text.replace(" ", "T", 1)))
    found = found or read_published(text)
    return None if found is None or found.startswith(_NO_DAY) else found.removesuffix("+07:00")


def person(name: object, site: Iterable[str] = ()) -> str | None:
    """The name of who wrote something; None for an address, an account's name or the site's own."""
    text = _text(name).strip(" -–—/,;:")
    if text.lower() in _NO_AUTHOR or "@" in text or _WEB.match(text) or len(text) > _PERSON or not words(text):
        return None
    return None if _is_site(text, [_plain(other) for other in site]) else text


def _said(name: str, values: Mapping[str, Iterable[object]], site: tuple[str, ...], heading: str) -> Said:
    """What the values of each field say, once they are read as what they are to be."""
    titles = (freed(_text(title), site, heading) for title in values.get("title", ()))
    dates = [date for date in map(written, values.get("published", ())) if date]
    authors = filter(None, (person(author, site) for author in values.get("author", ())))
    return Said(
        name,
        next(filter(None, titles), ""),
        # the same day with its time, where another value has one
        next((date for date in dates if "T" in date and date[:10] == dates[0][:10]), dates[0] if dates else None),
        ", ".join(dict.fromkeys(authors)) or None,
        next(filter(None, map(_text, values.get("source", ()))), None),
        next(filter(None, map(_address, values.get("url", ()))), None),
    )


def _text(value: object) -> str:
    """A value as text: one line, without markup (that some programs escape twice)."""
    if not isinstance(value, str):
        return ""
    text = squeezed(tidy(unescape(_TAGS.sub(" ", unescape(value[:_VALUE])))))
    return "" if text.lower() in _NO_VALUE else text


def _values(said: Mapping[str, str], names: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {field: [said[name] for name in own if name in said] for field, own in names.items()}


def _metas(root: Any) -> dict[str, str]:
    """The meta elements of a page by name, in small letters, the first of several that say something; its address."""
    found: dict[str, str] = {}
    for meta in islice(root.iter("meta"), _ELEMENTS):
        for attribute in ("property", "name", "itemprop"):
            name = (meta.get(attribute) or "").strip().lower()
            if name and (value := _text(meta.get("content"))):
                found.setdefault(name, value)
    for link in islice(root.iter("link"), _ELEMENTS):
        if link.get("rel") == "canonical" and link.get("href"):
            found.setdefault("canonical", link.get("href"))
    return found


def _items(root: Any) -> dict[str, str]:
    """Values of microdata that stand in elements with text."""
    found: dict[str, str] = {}
    for element in islice(root.iterfind(".//*[@itemprop]"), _ELEMENTS):
        name = (element.get("itemprop") or "").strip().lower()
        if name not in ("headline", "datepublished", "author", "publisher") or element.tag == "meta" or name in found:
            continue
        inner = next((inner for inner in islice(element.iter(), 1, 20) if inner.get("itemprop") == "name"), element)
        value = element.get("datetime") or inner.get("content") or "".join(islice(inner.itertext(), 10))
        if value := _text(value):
            found[name] = value
    return found


def _address(value: object) -> str | None:
    """An address in the web; of a node of JSON-LD its id."""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) and _WEB.fullmatch(value.strip()) else None


def _hosts(address: str | None) -> list[str]:
    """What may be the site's name in an address: `dantri` of https://dantri.com.vn/..."""
    try:
        labels = (urlsplit(address or "").hostname or "").split(".")
    except ValueError:  # http://[
        return []
    return [label for label in labels if len(label) > 2 and label not in _ENDS_OF_HOSTS]


def _is_root(address: str | None) -> bool:
    """True for the address of a site's first page."""
    try:
        return bool(address) and urlsplit(address or "").path in ("", "/")
    except ValueError:
        return False


def _plain(text: str) -> str:
    return "".join(words(folded(text)))


def is_site(text: str, names: Iterable[str]) -> bool:
    """True for a line that is the name of a newspaper or site, which may be one of these."""
    return _is_site(text, [_plain(name) for name in names], is_all=True)


def _is_site(text: str, names: Iterable[str], *, is_all: bool = False) -> bool:
    """True for the name of a newspaper or site: one of these names, most of it, or what such names begin with.

    `is_all`: it is the whole of a title, which may begin with the name and go on.
    """
    plain = _plain(text)
    for name in names:
        if plain == name or (plain in name and len(plain) > 0.6 * len(name)) or (name in plain and not is_all):
            return True
    found = _SITE.match(text)
    if found and found["own"]:
        return found["own"].isupper() and not is_all
    return bool(_DOMAIN.fullmatch(text)) or (bool(found) and not (is_all and len(words(text)) > _SITE_NAME))


# --- JSON-LD


def _articles(root: Any) -> Iterator[dict[str, object]]:
    """The nodes that say to be an article, where the page speaks of itself."""
    for script in islice(root.iter("script"), _ELEMENTS):
        if "ld+json" not in (script.get("type") or "") or not script.text or len(script.text) > _SCRIPT:
            continue
        try:
            waiting = [json.loads(script.text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_NODES):
            if not waiting:
                break
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting += node[:_NODES]
            elif isinstance(node, dict):
                if _is_article(node.get("@type")):
                    yield node
                waiting += [node[name] for name in _OWN if isinstance(node.get(name), dict | list)]


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and one.lower().endswith(_ARTICLES) for one in kinds)


def _chosen(nodes: list[dict[str, object]], titles: tuple[str, ...]) -> dict[str, object]:
    """The node of the page's own article: the only one, or the one with its title; empty where that is not clear."""
    headlines = {_text(node.get("headline")): node for node in reversed(nodes)}
    if len(headlines) > 1:
        named = [words(title) for title in titles if title]
        own = [
            node
            for headline, node in headlines.items()
            if any(words(headline) == name[: len(words(headline))] for name in named)
        ]
        return own[0] if len(own) == 1 else {}
    return nodes[0] if nodes else {}


def _begins(title: str, headline: str) -> bool:
    own = words(headline)
    return bool(own) and words(title)[: len(own)] == own


def _ends(title: str, name: str) -> bool:
    own, all_words = words(name), words(title)
    return bool(own) and len(own) < len(all_words) and all_words[-len(own) :] == own


def _node_values(node: Mapping[str, object]) -> dict[str, list[object]]:
    return {
        "title": [node.get("headline"), node.get("name")],
        "published": [node.get("datePublished")],
        "author": _people(node.get("author")),
        "source": [_name(node.get("publisher"))],
        "url": [node.get("url"), node.get("mainEntityOfPage")],
    }


def _name(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _people(value: object) -> list[object]:
    """The names of authors that are people, or may be."""
    people = value[:20] if isinstance(value, list) else [value]
    return [_name(one) for one in people if not (isinstance(one, dict) and "Organization" in str(one.get("@type")))]
