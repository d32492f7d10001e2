"""What did the user ask?

    ast.py      the nodes: what was typed (Word, Phrase) and what engines run (Term, Or, And, ...)
    parser.py   text -> what was typed
    forms.py    a typed clause -> the forms in which it may stand in a text
    numbers.py  typed numbers and identifiers -> their other forms
    expand.py   abbreviations <-> full forms
    rewrite.py  what was typed -> what engines run, by the rules of smart diacritics
    suggest.py  a query that found little -> what was probably meant (slips, keystrokes, accents: its parts)

Invariant: nodes are data; they neither run nor print themselves.
"""
