# Everything works on a machine with Python 3.11+, pip, make and git; each goal does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test abuse lint bench catalogue pictures lock sbom audit wheel clean

demo: $(VENV)/installed
	@$(BIN)/ccswitch demo

# More workers than two cores: half of the time tests wait for programs, keyrings and gateways.
test: $(VENV)/developed tools
	$(BIN)/pytest -n 3 --dist worksteal

abuse: $(VENV)/developed tools
	CCSWITCH_ABUSE=full $(BIN)/pytest -n 3 --dist worksteal tests/abuse

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

lock: $(VENV)/developed
	$(BIN)/python -m scripts.lock
	$(BIN)/python -m scripts.sbom
	cd locks/claude-code && npm install --silent --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts

sbom: $(VENV)/developed
	$(BIN)/python -m scripts.sbom

audit:
	pipx run pip-audit --strict --require-hashes --disable-pip -r locks/run.txt

wheel: sbom
	$(BIN)/python -m hatchling build -t wheel -d dist

clean:
	rm -rf $(VENV) .tools dist build *.egg-info

.PHONY: tools
tools:
	@sh scripts/tools.sh

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Only what stands in locks/ with its hash is installed; nothing is resolved and no build fetches anything.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
LOCKED := --require-hashes -r locks/run.txt -r locks/build.txt

$(VENV)/installed: $(VENV)/bin/python pyproject.toml locks/run.txt locks/build.txt
	$(INSTALL) $(LOCKED)
	$(INSTALL) --no-build-isolation -e .
	@touch $@

$(VENV)/developed: $(VENV)/bin/python pyproject.toml locks/run.txt locks/build.txt locks/dev.txt
	$(INSTALL) $(LOCKED) -r locks/dev.txt
	$(INSTALL) --no-build-isolation -e .
	@touch $@ $(VENV)/installed
