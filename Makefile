# make demo    try it: a real sweep on this machine     make test    everything that is tested
# make check   what to run before each commit (< 60 s)  make help    all of it

SHELL := /bin/sh
# The first Python >= 3.10 to be found; or say which: make test PYTHON=python3.12
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# Tests run two at a time: most of them wait for processes.
TESTS_AT_ONCE ?= 2
# Everything runs as `python -m`: scripts of a .venv below a folder with quotes in its name do not start.
PYTEST := $(BIN)/python -m pytest -q -n $(TESTS_AT_ONCE)

# A checkout that was moved installs itself anew: its .venv still points to the old place.
MOVED := $(shell test ! -e .venv/.where || test "$$(cat .venv/.where)" = "$$PWD" || rm -f .venv/.demo .venv/.dev .venv/.where)

# Quiet unless it fails. Bytecode is written here because machines may set PYTHONDONTWRITEBYTECODE.
define install
	@echo "Installing $(1) into .venv (once) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet $(2) >.venv/pip.log 2>&1 \
		|| { cat .venv/pip.log; echo "pip could not install $(1): its words are above."; exit 1; }
	@$(BIN)/python -m compileall -q src
	@echo "$$PWD" >.venv/.where
endef

.PHONY: help demo test check unit lint types contracts web test-web pictures crash bench bench-peers clean setup

help:
	@echo "make demo       a real sweep: 24 trials of a small neural network, with early termination (about a minute)"
	@echo "make check      lint, types, import contracts, unit tests (< 60 s)"
	@echo "make test       all tests"
	@echo "make lint | types | contracts | unit    one part of check"
	@echo "make web        build Studio's pages anew (needs Node.js 20; what is built is committed)"
	@echo "make test-web   Studio's tests in a browser (installs Chromium and what web/ needs)"
	@echo "make pictures   run a sweep and take the pictures of docs/studio.md of it (a few minutes)"
	@echo "make crash      the crash tests in their long form (200 kills)"
	@echo "make bench      the measurements that the documentation quotes (20 minutes)"
	@echo "make bench-peers    install Optuna and Syne Tune, for make bench to measure beside"
	@echo "make clean      remove what these commands made, but no sweep"

.venv/.made:
	@test -n "$(PYTHON)" || { echo "Overdrive needs Python 3.10 or newer, and none was found. Say where: make demo PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv \
		|| { echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@touch $@

.venv/.demo: pyproject.toml .venv/.made
	$(call install,Overdrive and scikit-learn,-e '.[demo]')
	@touch $@

# Dependency groups need pip 25.1.
.venv/.dev: pyproject.toml .venv/.made
	$(call install,a newer pip,--upgrade 'pip>=25.1')
	$(call install,Overdrive and its tools,-e '.[demo]' --group test --group lint --group build)
	@touch .venv/.demo $@

setup: .venv/.dev

demo: .venv/.demo
	@$(BIN)/python -m compileall -q src
	$(BIN)/python -m overdrive tune examples/digits/train.py --experiment demo \
		--space 'learning_rate=loguniform(-8, -1)' --space 'momentum=uniform(0.5, 0.99)' \
		--space 'batch_size=quniform(16, 128, 16)' --space 'hidden=choice(16, 32, 64, 128)' \
		--space 'alpha=loguniform(-12, -2)' --metric accuracy --goal maximize \
		--policy 'median(evaluation_interval=1, delay_evaluation=5)' --max-total-runs 24 --max-concurrent-runs 2
	@echo
	@echo "overdrive is $(BIN)/overdrive here. More to look at:"
	@echo "  $(BIN)/overdrive studio                    the sweep with its charts, in a browser"
	@echo "  $(BIN)/overdrive list                      your sweeps"
	@echo "  $(BIN)/overdrive show latest_0             a trial: its values, its curve, why it was stopped"
	@echo "  $(BIN)/overdrive logs latest_0             what it printed"
	@echo "  $(BIN)/overdrive replay latest             check that every decision can be derived again"
	@echo "  $(BIN)/overdrive run examples/digits/control_azure.py    the same by a script written for Azure ML"

test: .venv/.dev
	@$(PYTEST)

check: lint types contracts unit

lint: .venv/.dev
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check --quiet || { echo "Format them: $(BIN)/python -m ruff format"; exit 1; }

types: .venv/.dev
	@$(BIN)/python -m pyright

contracts: .venv/.dev
	@$(BIN)/python -c 'from importlinter.cli import lint_imports_command as main; main()' --no-logo --cache-dir .venv/.import_linter

unit: .venv/.dev
	@$(PYTEST) tests/unit

crash: .venv/.dev
	@OVERDRIVE_CRASH_KILLS=$${OVERDRIVE_CRASH_KILLS:-200} $(BIN)/python -m pytest -q -n 0 -o faulthandler_timeout=0 tests/crash

web/node_modules/.made: web/package.json web/package-lock.json
	@echo "Installing what Studio's pages are built with into web/node_modules (once) ..."
	@cd web && npm ci --silent
	@touch $@

web: .venv/.dev web/node_modules/.made
	@$(BIN)/python -m overdrive.studio.document >web/openapi.json
	@cd web && npm run --silent types >/dev/null && npm run --silent check && npm test --silent && npm run --silent build

# A browser of the system's own: Debian's and Ubuntu's package, where there is none yet.
test-web: .venv/.dev web/node_modules/.made
	@command -v chromium >/dev/null || { echo "Installing Chromium ..."; apt-get install -y -qq chromium >/dev/null 2>&1; } \
		|| { echo "The browser tests need Chromium: sudo apt install chromium"; exit 1; }
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet --group test-web
	@cd web && npm test --silent
	@OVERDRIVE_TEST_WEB=1 $(PYTEST) tests/web

pictures: .venv/.dev
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet --group test-web
	$(BIN)/python docs/pictures/take.py

# Optuna and Syne Tune, to be measured beside: make bench does without them where they are not installed.
.venv/.peers: benchmarks/requirements.txt .venv/.made
	@$(PYTHON) -m venv .venv/peers
	@echo "Installing what Overdrive is measured beside into .venv/peers (once) ..."
	@.venv/peers/bin/python -m pip install --disable-pip-version-check --no-input --quiet -r benchmarks/requirements.txt \
		>.venv/pip.log 2>&1 || { cat .venv/pip.log; echo "pip could not install them: its words are above."; exit 1; }
	@touch $@

bench-peers: .venv/.peers

# Some of them only: make bench BENCH="launch slot --json figures.json"
bench: .venv/.dev
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python benchmarks/run.py $(BENCH)

clean:
	@rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
