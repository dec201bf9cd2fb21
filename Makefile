# `make` lists what there is to do.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test coverage check format bench lock lab clean debian debian-tests

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: debian $(VENV)/.instructor ## set up, then grade a sample class end to end in build/demo
	@$(BIN)/litu demo

test: debian debian-tests $(VENV)/.all ## set up, then run the whole test suite
	@$(BIN)/python -m pytest --numprocesses logical --dist loadfile

coverage: debian debian-tests $(VENV)/.all ## which lines and branches of the package the tests run
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest --numprocesses logical --dist loadfile
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --skip-covered --sort cover

check: $(VENV)/.all ## lint, types, spelling, and whether the built notebooks are fresh
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/codespell
	@$(BIN)/litu build --check

format: $(VENV)/.all ## lay out the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: debian $(VENV)/.all ## measure speed, memory, class size, the report, guessing, waiting and agreement: about half an hour
	@$(BIN)/python bench/speed.py
	@$(BIN)/python bench/memory.py
	@$(BIN)/python bench/scale.py
	@$(BIN)/python bench/report.py
	@$(BIN)/python bench/guess.py --minutes 10
	@$(BIN)/python bench/latency.py
	@$(BIN)/python bench/learner.py
	@$(BIN)/python bench/agreement.py
	@$(BIN)/python bench/fuzz.py

lab: $(VENV)/.learner ## set up for a learner, then open JupyterLab
	@$(BIN)/jupyter lab --config=lab/jupyter_lab_config.py

lock: $(VENV)/.all ## choose the newest versions of all libraries anew
	@rm -f requirements/*.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --all-extras pyproject.toml --output-file requirements/all.lock
	@for set in learner instructor; do \
	  extra=$$([ $$set = learner ] || echo "--extra $$set"); \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate $$extra --constraint requirements/all.lock pyproject.toml --output-file requirements/$$set.lock; \
	done

clean: ## take away the environment and all that tests and builds left behind
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage src/*.egg-info
	@find . -name __pycache__ -prune -exec rm -rf {} +

# An environment of one of the three sets in requirements/; a larger one serves for a smaller.
$(VENV)/.%: requirements/%.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) ($*): a few minutes the first time."
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(PIP) --requirement requirements/$*.lock
	@$(PIP) --no-deps --editable .
	@touch $@

debian:
	@$(MAKE) --no-print-directory packages LIST=apt.txt

debian-tests:
	@$(MAKE) --no-print-directory packages LIST=tests/apt.txt

packages:
	@command -v dpkg-query >/dev/null || { echo "Not Debian: install the equivalents of $$(tr '\n' ' ' <$(LIST))"; exit 0; }; \
	missing=$$(for p in $$(cat $(LIST)); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done | tr '\n' ' '); \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then \
	  echo "You are root, so this installs Debian packages: apt-get install $$missing"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
	  echo "Please install these Debian packages: sudo apt-get install $$missing"; \
	fi
