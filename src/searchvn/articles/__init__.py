"""Where do articles come from?

    walk.py        folders -> the files that can be read
    rules.py       which of them are wanted: --include, --exclude, .searchvnignore
    globs.py       gitignore syntax -> patterns
    encodings.py   bytes -> NFC text, and what it was in
    legacy.py      TCVN3, VNI, VISCII, windows-1258 -> Unicode: the tables
    recognition.py which of them is a text in?
    formats.py     one file -> its raw articles, by ending
    plain.py       .txt and .md: the numbered stages of the cascade; what they ask stands in
    wrapping.py    ... lines broken at a width -> paragraphs
    markdown.py    ... front matter, headings, marks
    official.py    ... official documents, by their form
    labels.py      ... `Ngày đăng: …`, `Tác giả: …`, `Lượt xem: …`
    stamps.py      ... lines that are a date; published.py reads it
    furniture.py   ... the page around the article; looks.py knows its lines
    titles.py      ... titles above the text, below it, in the foot
    bylines.py     ... names without a label; names.py tells who is named
    pictures.py    ... captions, names of files, doubled lines
    shapes.py      what a line looks like; regions.py: where stages look
    html.py        .html: the article in the page (trafilatura), in numbered stages
    pages.py       what decoding needs to know of a page
    trees.py       ... text -> the tree of a page, within limits
    layout.py      a page -> the lines that its readers see
    declared.py    what a page says of itself: JSON-LD, meta elements, microdata
    picking.py     which of its lines are the article? headlines.py: which is its headline?
    pdf.py         .pdf: rows of its pages (PDFium), paragraphs.py joins them
    docx.py        .docx: paragraphs, tables, notes (python-docx)
    documents.py   ... what both have in common: their stages, and what a file's properties are worth
    records.py     .jsonl and .jsonl.gz: one record a line
    tables.py      .csv and .tsv, packed too: one record a row
    mapping.py     names and values of a record -> an article with an id; called.py: what the others are called
    workers.py     slow files are read by other processes, in order; worker.py is such a process
    identity.py    places -> keys and ids
    manifest.py    what the index knows about its source files; digests.py, about the records of one

Invariant: what leaves this room is `Article`s in NFC; what cannot be read leaves as `Skipped` or `ArticleError`, with a
reason, and stops nothing.
"""
