# The first two targets are all that most people need; both work as the first command typed on a fresh machine.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PEERS := .venv/.peers

.PHONY: demo test lint fuzz torture extraction pictures bench relevance scale clean

demo: $(READY)  ## index corpus/ and run a query
	$(BIN)/searchvn index corpus
	$(BIN)/searchvn query "đổi mới phương thức" --format rich -n 3

test: lint  ## everything that must hold
	$(BIN)/python -m pytest -n 2

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fuzz: $(READY)  ## odd queries for five minutes, over every engine
	$(BIN)/python bench/fuzz.py

torture: $(READY)  ## kills, years of updates and damage, for minutes, over both engines on disk
	$(BIN)/python bench/torture.py

extraction: $(READY)  ## how well the article is told from the page around it, and every deviation
	$(BIN)/python bench/extraction.py --errors

pictures: $(READY)  ## what the README shows, as SVG
	$(BIN)/python docs/pictures/draw.py

bench: $(PEERS)  ## speed beside others: make bench CORPUS=articles.jsonl.gz QUERIES=queries.txt; without them on made articles
	$(BIN)/python bench/speed.py $(CORPUS) $(QUERIES)

relevance: $(PEERS)  ## ranking beside others: make relevance JUDGED=folder HAYSTACK=articles.jsonl.gz; without them on the set that ships
	$(BIN)/python bench/relevance.py $(or $(JUDGED),bench/known) $(addprefix --haystack ,$(HAYSTACK))

scale: $(PEERS)  ## 10,000 to 1,000,000 articles made of CORPUS: an hour, 16 GB
	$(BIN)/python bench/scale.py $(CORPUS) --picture

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "searchvn needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev,documents]'
	touch $(READY)

$(PEERS): $(READY)
	$(BIN)/pip install -qq --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $(PEERS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis
