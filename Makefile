# make demo · make quick · make test · make lint · make coverage · make honest · make bench: each sets itself up on a fresh clone.
# Needed beforehand: Python 3.11 or newer, make, and the package index. Node, Chromium and Java are used
# where they are found; what was not run for want of them is said in one line.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The tests start many processes: compiled once, each of them starts a second sooner.
export PYTHONDONTWRITEBYTECODE :=
# The frameworks in which honest systems of other makes are written, apart from what the suite needs.
HONEST := .venv-honest
NPM := $(shell command -v npm 2>/dev/null)
NODE_JUDGES := tests/judges/node_modules/.ready

.PHONY: demo quick test judges lint coverage bench honest lock clean

demo: $(VENV)/.ready
	$(BIN)/ooapi-toets demo

# In which a process, a browser or a program of others is the subject; whole checks, and many of them.
PROCESSES := bench documentation judges mock_durability mock_playing mock_serve recipes report_browser
CHECKS := check_command generated sequences write_plan
MANY_CHECKS := client_half honest liars relay reproducers
without = tests --ignore=tests/mock_page $(patsubst %,--ignore=tests/test_%.py,$(1))

# What one runs at every save: all that needs no more than this process and no whole check.
quick: $(VENV)/.ready
	$(BIN)/python -m pytest -q $(call without,$(PROCESSES) $(CHECKS) $(MANY_CHECKS))

# Everything, spread over the cores: see tests/spreading.py.
test: $(VENV)/.ready judges
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --no-loadscope-reorder

# Programs of others that judge the contract, the flows and the mock: see tests/test_judges.py.
ifdef NPM
judges: $(NODE_JUDGES)
else
judges:
	@echo "npm was not found: the judges that need Node are not run."
endif

lint: $(VENV)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

coverage: $(VENV)/.ready
	mkdir -p .coverage
	$(BIN)/coverage run -m pytest -q $(call without,$(PROCESSES) $(MANY_CHECKS))
	$(BIN)/coverage report

bench: $(VENV)/.ready
	$(BIN)/python -m bench

# Honest systems in other frameworks and languages, each checked with the installed command: none may be accused.
honest: $(VENV)/.ready $(HONEST)/.ready
	$(BIN)/python -m tests.honest.foreign

$(HONEST)/.ready: pyproject.toml
	test -x $(HONEST)/bin/python || $(PYTHON) -m venv $(HONEST)
	$(HONEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(HONEST)/bin/python -m pip install --quiet --disable-pip-version-check --group honest
	touch $@

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Say which with make PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Without them the other tests still run, so a failure here is told and passed over.
$(NODE_JUDGES): tests/judges/package-lock.json
	-$(NPM) ci --prefix tests/judges --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

# For maintainers: pick the newest versions that pyproject.toml allows. Needs uv.
lock:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-header \
		pyproject.toml --extra postgres -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-header \
		pyproject.toml --extra postgres --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(HONEST) tests/honest/foreign/*/node_modules tests/judges/node_modules bench/node_modules build dist .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
