# make demo   set up, then grade a sample class end to end
# make test   set up, then run the whole test suite
# make bench  set up, then measure speed, memory, class size and guessing: about half an hour

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test bench install debian debian-tests

demo: install
	@$(BIN)/litu demo

test: install debian-tests
	@$(BIN)/python -m pytest

bench: install
	@$(BIN)/python bench/speed.py
	@$(BIN)/python bench/memory.py
	@$(BIN)/python bench/scale.py
	@$(BIN)/python bench/guess.py --minutes 10

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml apt.txt
	@$(MAKE) --no-print-directory debian LIST=apt.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV): a few minutes the first time."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

debian-tests:
	@$(MAKE) --no-print-directory debian LIST=tests/apt.txt

debian:
	@command -v dpkg-query >/dev/null || { echo "Not Debian: install the equivalents of $$(tr '\n' ' ' <$(LIST))"; exit 0; }; \
	missing=$$(for p in $$(cat $(LIST)); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done | tr '\n' ' '); \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then \
	  echo "Installing Debian packages: $$missing"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
	  echo "Please install these Debian packages: sudo apt-get install $$missing"; \
	fi
