"""How is it shown?

    safe.py         text of articles made harmless for terminals, and paths made short
    machine.py      json, jsonl, tsv, csv, plain: strings for scripts, without rich
    template.py     lines of the user's own making: --format '{path}'
    explanation.py  how a hit came by its score, in words
    caret.py        a query with a caret under the place of a mistake
    terminal.py     views for people, through rich; imported only when something is drawn
    progress.py     the progress line of indexing, through rich

Invariant: renders records, computes nothing; no control or bidi character of an article reaches a terminal raw.
"""
