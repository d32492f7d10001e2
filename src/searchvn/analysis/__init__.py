"""How does text become terms?

    tokens.py     text -> tokens (runs of letters and digits), with their places
    canonical.py  token -> exact term: one spelling for one Vietnamese syllable, marks kept
    folding.py    exact term -> folded term: no marks
    syllables.py  which words are Vietnamese syllables
    terms.py      article -> the terms of every field
    places.py     terms -> where they stand in a text, without making terms of all of it
    abbreviations.py  the table of abbreviations, packaged and users' own

Invariant: the only place where text turns into terms; whoever writes or reads terms calls `terms` or `tokens`.
"""
