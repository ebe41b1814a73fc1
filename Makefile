# make serve   set up, convert, check, store and serve the sample report on 127.0.0.1:8000
# make test    set up and run every check: tests, types, lint
# make nightly  the tests alone, with twenty times as many examples of each property
# make fidelity  read the corpus and the cases beside the project and count cells right, unread, wrong
# make ocr     install what reading scans needs (the extra ocr)
# make lock    renew the locked requirements (needs uv)
# make reference  write docs/cli.md and docs/settings.md anew from the commands and settings
# make vendor  bundle the scripts of the query editor anew (needs node and npm)
# make clean   remove what the others made

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000

# The tests of a file share stores: they run on one core. Files with slow tests come first. How many
# run at once is said in tests/conftest.py.
FILES_APART = -n auto --dist loadfile --no-loadscope-reorder

# Many tests start commands: what Python compiles for one of them is kept for the next.
test nightly: export PYTHONDONTWRITEBYTECODE =

.PHONY: serve test nightly fidelity ocr lock reference messages vendor clean

serve: .venv/.installed
	.venv/bin/gongkai demo --port $(PORT)

test: .venv/.tools-installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/mypy tests
	.venv/bin/lint-imports --no-cache
	.venv/bin/python -m pytest $(FILES_APART) --durations 30

nightly: .venv/.tools-installed
	GONGKAI_NIGHTLY=1 .venv/bin/python -m pytest $(FILES_APART) --durations 30

fidelity: .venv/.tools-installed
	.venv/bin/python bench/fidelity.py

# Everything is installed from the lock, by hash; the project itself without asking for more.
.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gongkai needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.tools-installed: .venv/.installed requirements-dev.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Recognition of characters in scans, an extra of some hundred megabytes.
ocr: .venv/.installed requirements-ocr.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ocr.lock

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra ocr --constraint requirements.lock --constraint requirements-dev.lock --output-file requirements-ocr.lock pyproject.toml

reference: .venv/.installed
	LC_ALL=C.UTF-8 .venv/bin/python -m gongkai.commands.reference docs/cli.md > docs/cli.md
	LC_ALL=C.UTF-8 .venv/bin/python -m gongkai.commands.reference docs/settings.md > docs/settings.md

messages: .venv/.installed
	.venv/bin/pybabel compile --domain click --directory gongkai/commands/locale

vendor:
	server/vendoring/bundle.sh

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
