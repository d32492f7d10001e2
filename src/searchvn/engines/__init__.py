"""Who finds and scores?

    base.py      the Protocol every engine keeps, and BM25's constants
    table.py     engine name -> module, the one lazy import of engines
    tantivy.py   the default: Rust, fast; tantivy_queries.py makes its queries
    whoosh.py    pure Python: runs everywhere
    memory.py    the reference: plain BM25 over dicts, the oracle of the contract tests

Invariant: engines receive ready terms and nodes; none of them analyses text or knows another.
"""
