"""searchvn: the search engine that finds the right Vietnamese article. The library in six names.

    Index          opens an index: search, get, add, delete, update
    Article        one article
    Hit            one result
    SearchResults  the answer to a query
    parse_query    query text -> what was typed
    SearchvnError  the root of all errors (see `searchvn.errors`)

Invariant: the library reads no configuration and no environment, and prints nothing.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder, Index.create(folder + "/index") as index:
...     _ = index.add([Article("a1", title="Đổi mới cách dạy", body="Trường làng đổi mới phương thức dạy học.")])
...     results = index.search("doi moi phuong thuc")
...     print(results.total, results.hits[0].title, results.hits[0].snippet.text)
1 Đổi mới cách dạy Trường làng đổi mới phương thức dạy học.
"""

from searchvn.errors import SearchvnError
from searchvn.index import Index
from searchvn.models import Article, Hit, SearchResults
from searchvn.query.parser import parse_query

__all__ = ["Article", "Hit", "Index", "SearchResults", "SearchvnError", "parse_query"]
