"""How is it shown?

    safe.py      text of articles made harmless for terminals, and paths made short
    machine.py   json, jsonl, tsv, csv, plain: strings for scripts, without rich
    terminal.py  views for people, through rich; imported only when something is drawn
    progress.py  the progress line of indexing, through rich

Invariant: renders records, computes nothing; no control or bidi character of an article reaches a terminal raw.
"""
