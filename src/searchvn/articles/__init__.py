"""Where do articles come from?

    walk.py        folders -> the files that can be read
    rules.py       which of them are wanted: --include, --exclude, .searchvnignore
    globs.py       gitignore syntax -> patterns
    encodings.py   bytes -> NFC text, and what it was in
    legacy.py      TCVN3, VNI, VISCII, windows-1258 -> Unicode: the tables
    recognition.py which of them is a text in?
    formats.py     one file -> its raw articles, by ending
    plain.py       .txt and .md: where is the title?
    html.py        .html: the article in the page (trafilatura), in numbered stages
    pages.py       what decoding needs to know of a page
    layout.py      a page -> the lines that its readers see
    declared.py    what a page says of itself: JSON-LD, meta elements, microdata
    picking.py     which of its lines are the article?
    records.py     .jsonl and .jsonl.gz: one record a line
    tables.py      .csv and .tsv, packed too: one record a row
    mapping.py     names and values of a record -> an article with an id
    identity.py    places -> keys and ids
    manifest.py    what the index knows about its source files

Invariant: what leaves this room is `Article`s in NFC; what cannot be read leaves as `Skipped` or `ArticleError`, with a
reason, and stops nothing.
"""
