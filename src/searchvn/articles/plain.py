"""Plain text and Markdown -> the article in it, in numbered stages.

Main names: `read_text`, `read_markdown`; `TEXT`, whose stages other readers run over the lines that they found as well.
Invariant: every line of the text is in the title, in the body or among what is left out; a title that cannot be told is
empty, not guessed from the file's name.
"""

from __future__ import annotations

from searchvn.articles.beginnings import attributes, beginning
from searchvn.articles.bylines import byline, copyright_holder, tag
from searchvn.articles.drafts import Draft, Stage, cascade, drafted
from searchvn.articles.furniture import furniture
from searchvn.articles.labels import labels
from searchvn.articles.markdown import front_matter, heading, without_marks
from searchvn.articles.official import official
from searchvn.articles.pictures import captions, repeats
from searchvn.articles.stamps import stamps
from searchvn.articles.threads import replies
from searchvn.articles.titles import first_line, footer_title, last_line
from searchvn.articles.wrapping import unwrapped

# Labels, stamps and names leave the body wherever they stand, so their stages engage while anything that only a text
# can tell is missing (views, poster), even if a page's markup has told the rest.
_LABELS = Stage("labels", ("published", "author", "source", "title", "url", "views", "poster"), labels)
_STAMPS = Stage("stamp", ("published", "author", "source", "views"), stamps)

TEXT: tuple[Stage, ...] = (
    Stage("line breaks", (), unwrapped),  # 1
    Stage("attributes", (), attributes),  # 2
    Stage("official form", ("title", "number", "published", "source"), official),  # 3
    Stage("headline", ("title",), beginning),  # 4
    _LABELS,  # 5
    _STAMPS,  # 6
    Stage("replies", (), replies),  # 7
    Stage("furniture", (), furniture),  # 8
    Stage("first line", ("title",), first_line),  # 9
    Stage("footer title", ("title",), footer_title),  # 10
    Stage("byline", ("author", "source"), byline),  # 11
    Stage("tag", ("source",), tag),  # 12
    Stage("copyright", ("source",), copyright_holder),  # 13
    Stage("last line", ("title",), last_line),  # 14
    Stage("repeats", (), repeats),  # 15
    Stage("captions", ("captions",), captions),  # 16
)
MARKDOWN: tuple[Stage, ...] = (
    Stage("front matter", (), front_matter),  # 1
    Stage("heading", ("title",), heading),  # 2
    Stage("marks", (), without_marks),  # 3
    *TEXT,  # 4 to 19
)


def read_text(text: str) -> Draft:
    """The article of a plain text.

    >>> read_text("Ngày đăng: 01/02/2020\\nKhai mạc hội sách\\nSáng nay, ...").title
    'Khai mạc hội sách'
    """
    return cascade(drafted(text), TEXT)


def read_markdown(text: str) -> Draft:
    """The article of a Markdown text: its title is the first heading of level 1 to 3, else as in plain text."""
    return cascade(drafted(text), MARKDOWN)
