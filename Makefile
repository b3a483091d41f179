# The Living Synapse: everything starts here. `make` or `make help` lists the targets.
SHELL := /bin/bash
# Without pipefail a failing build whose output is piped would count as a success.
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# Warnings from a reader's other installations, and of the PATH, are none of ours.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYDEVD_DISABLE_FILE_VALIDATION := 1
PORT ?= 8000
# One more than there are processors: a browser that is waited for leaves room.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)
# The first interpreter of this list that is Python 3.11 or newer; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help book pdf epub zip notebooks-to-run check prose serve quick test test-browser test-engines test-rest lint types links bench \
	lighthouse lab notebooks upgrade clean setup bundles FORCE

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# --- set-up ------------------------------------------------------------------------------------------------------
.make/python: requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found: install it, or run make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up $(VENV) (about a minute, once) ..."
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV) || { echo "Could not make $(VENV); on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@mkdir -p .make && touch $@

# An editable install also runs the build hook, which bundles the front end.
.make/package: .make/python pyproject.toml hatch_build.py
	@$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

# What was made is compared with what lies there each time: a bundle that was deleted or cut short is made again.
.make/bundles: .make/package FORCE
	@$(BIN)/python hatch_build.py
	@test $@ -nt widgets/static/.stamp || touch $@
FORCE:

setup: .make/package .make/bundles
bundles: .make/bundles

# --- the book ----------------------------------------------------------------------------------------------------
# What was made is compared with what lies there, and what it was made from with what it would be made from now: a page
# that was deleted or cut short is made again, and where nothing changed nothing begins.
.make/book: .make/bundles FORCE
	@$(BIN)/python -m widgets.book.make
	@touch $@

check: .make/bundles  ## try every table, model, question and source, build nothing
	@$(BIN)/python -m widgets.book.check

book: .make/book  ## set up, build the book, say where to open it
	@echo "The book is at _build/html/index.html: open it in a browser, or run 'make serve'."

notebooks-to-run: .make/book  ## the chapters as notebooks that any program shows well (part of the book)
	@echo "The notebooks are in _build/html/notebooks: open them with $(BIN)/jupyter lab _build/html/notebooks"

serve: .make/book  ## build the book and serve it at http://localhost:8000 (PORT=...)
	@echo "http://localhost:$(PORT)/ (stop with Ctrl-C)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

# The same text three times: on paper, for e-readers, and the pages themselves in one folder.
pdf: .make/book  ## the whole book as a PDF: _build/the-living-synapse.pdf (needs Chromium)
	@$(BIN)/python -m widgets.book.paper

epub: .make/book  ## the whole book as an EPUB: _build/the-living-synapse.epub
	@$(BIN)/python -m widgets.book.epub

zip: .make/book  ## the built book as one zip that opens from disk: _build/the-living-synapse.zip
	@$(BIN)/python -m widgets.book.archive

# --- checks ------------------------------------------------------------------------------------------------------
PYTESTS := $(BIN)/python -m pytest --dist worksteal

quick: lint types  ## lint, types and the tests that need neither book nor browser: two minutes
	@$(PYTESTS) --numprocesses auto -m "not book and not browser and not engine and not slow" $(PYTEST)

# The last line printed is pytest's own: how many passed.
test: .make/book lint types  ## set up and run every layer of tests, the browser's included (PYTEST=... adds options)
	@$(PYTESTS) --numprocesses $(WORKERS) $(PYTEST)

# What CI shares out over several machines: `quick`, these three, and nothing else, are `test`.
# LIVING_SYNAPSE_HTML=/some/html looks at a book that was built elsewhere.
test-browser: $(if $(LIVING_SYNAPSE_HTML),.make/bundles,.make/book)  ## what looks at the built book (PART=1/2: the first half)
	@$(PYTESTS) --numprocesses $(WORKERS) -m "book and not engine" $(if $(PART),--part $(PART)) $(PYTEST)

test-engines: $(if $(LIVING_SYNAPSE_HTML),.make/bundles,.make/book)  ## the book in Chromium, Firefox and WebKit (ENGINE=firefox: in one)
	@$(PYTESTS) --numprocesses $(WORKERS) -m "engine$(if $(ENGINE), and $(ENGINE))" $(PYTEST)

test-rest: .make/bundles  ## what needs no book and is too long for quick
	@$(PYTESTS) --numprocesses $(WORKERS) -m "not book and not engine and (browser or slow)" $(PYTEST)

lint: .make/python  ## ruff
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }

# The types of a lab's spec are written from Python's (nothing but the compiler reads them, so nothing else waits).
types: .make/bundles  ## the compiler of TypeScript, and mypy for the Python modules named in pyproject.toml
	@$(BIN)/python -m widgets.labs.schema | $(BIN)/python hatch_build.py types.mjs
	@$(BIN)/python hatch_build.py node_modules/typescript/bin/tsc --noEmit
	@$(BIN)/python hatch_build.py node_modules/typescript/bin/tsc --noEmit -p test
	@$(BIN)/mypy --no-error-summary

links: .make/book  ## every link of the built book: within it strictly, to elsewhere by its form
	@$(BIN)/python -m tests.links _build/html

bench: .make/book  ## print the performance table, each row beside its peer (BEFORE=/other/_build/html: beside that book)
	@$(BIN)/python -m tests.bench.bench $(if $(BEFORE),--before $(BEFORE)) $(BENCH)

lighthouse: .make/book  ## look at five pages with Lighthouse, as a phone and as a desktop (PAGES="search.html ...")
	@$(BIN)/python -m tests.lighthouse _build/html $(PAGES)

# --- writing -----------------------------------------------------------------------------------------------------
lab: .make/bundles  ## open the chapters in JupyterLab
	@$(BIN)/jupyter lab chapters

prose: .make/python  ## print how each chapter reads: words, citations, numbers, paragraphs, questions (aims, no gates)
	@$(BIN)/python -m widgets.book.prose

notebooks: .make/bundles  ## run every chapter and store the text that nbval compares
	@$(BIN)/python -m widgets.book.notebooks

upgrade: .make/python  ## renew the lock files to the newest versions (needs npm on the PATH)
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make upgrade" --extra models pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make upgrade" --all-extras -c requirements.txt pyproject.toml -o requirements-dev.txt
	@cd widgets/frontend && latest() { node -p "Object.keys(require('./package.json').$$1).map((n) => n + '@latest').join(' ')"; } \
		&& npm install --save-exact --no-audit --no-fund $$(latest dependencies) \
		&& npm install --save-exact --save-dev --no-audit --no-fund $$(latest devDependencies)
	@echo "Locks renewed. Run 'make clean test' before committing them."

clean:  ## remove everything that was built, the environment included
	@rm -rf _build .make $(VENV) widgets/static widgets/frontend/node_modules tests/lighthouse/node_modules .pytest_cache .hypothesis .ruff_cache .mypy_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
