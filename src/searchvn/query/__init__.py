"""What did the user ask?

    ast.py      the nodes: what was typed (Word, Phrase) and what engines run (Term, Or, And, ...)
    parser.py   text -> what was typed
    rewrite.py  what was typed -> what engines run, by the rules of smart diacritics

Invariant: nodes are data; they neither run nor print themselves.
"""
