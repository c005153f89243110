# Everything works on a machine with Python 3.11+, pip, make and git; each goal does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test abuse lint bench catalogue pictures wheel clean

demo: $(VENV)/installed
	@$(BIN)/ccswitch demo

test: $(VENV)/developed tools
	$(BIN)/pytest -n 2 --dist worksteal

abuse: $(VENV)/developed tools
	CCSWITCH_ABUSE=full $(BIN)/pytest -n 2 --dist worksteal tests/abuse

lint: $(VENV)/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

bench: $(VENV)/developed tools
	$(BIN)/python scripts/bench.py
	$(BIN)/python scripts/bench_screen.py
	$(BIN)/python scripts/bench_many.py

catalogue: $(VENV)/developed
	$(BIN)/python scripts/catalogue.py

pictures: $(VENV)/developed
	$(BIN)/python scripts/pictures.py

wheel: $(VENV)/developed
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) .tools dist build *.egg-info

.PHONY: tools
tools:
	@sh scripts/tools.sh

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/developed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/installed
