# Needs Python 3.11+, pip, venv, make and git; each goal does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The real programs that `make test` runs; `make clients` runs all that stand in locks/clients.
LIGHT_CLIENTS := claude-code claude-code-router codex gemini-cli python-sdks qwen-code

.PHONY: demo test abuse clients gateways lint bench catalogue pages schemas windows pictures lock audit wheel clean tools

demo: $(VENV)/installed
	@$(BIN)/ccswitch demo

# More workers than two cores: half of the time tests wait for programs, keyrings and gateways.
test: $(VENV)/developed tools
	$(BIN)/pytest -n 4 --dist worksteal

abuse: $(VENV)/developed tools
	CCSWITCH_ABUSE=full $(BIN)/pytest -n 3 --dist worksteal tests/abuse

clients: $(VENV)/developed tools
	@sh scripts/clients.sh $(notdir $(wildcard locks/clients/*))
	CCSWITCH_CLIENTS=full $(BIN)/pytest -n 2 tests/e2e

# Against more gateways of others than `make test`: LiteLLM and local-openai2anthropic, which needs Python 3.12.
GATEWAYS := .tools/gateways
gateways: $(VENV)/developed tools $(GATEWAYS)/installed
	CCSWITCH_GATEWAYS=all $(BIN)/pytest tests/e2e/test_real_gateways.py

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

pages: $(VENV)/developed
	$(BIN)/python scripts/target_pages.py

schemas: $(VENV)/developed
	$(BIN)/python scripts/schemas.py

pictures: $(VENV)/developed
	$(BIN)/python scripts/pictures.py

# Versions stay as they are locked unless pyproject.toml asks for another; `make lock UPGRADE=--upgrade` takes the latest.
UPGRADE ?=
UV = $(LOCK_TOOLS)/bin/uv --quiet
COMPILE = $(UV) pip compile --universal --generate-hashes --no-build --no-annotate \
  --custom-compile-command "make lock" $(UPGRADE)
LOCK_TOOLS := .tools/lock
# uv does not read pip's configuration, which may name another index.
lock windows: export UV_DEFAULT_INDEX = $(shell $(PYTHON) -m pip config list | sed -n "s/^[^=]*\.index-url='\(.*\)'$$/\1/p" | head -n 1)
lock windows: export UV_SYSTEM_CERTS = true
lock: $(LOCK_TOOLS)/installed
	$(COMPILE) -o locks/build.txt --group build
	$(COMPILE) -o locks/run.txt pyproject.toml
	$(COMPILE) -o locks/dev.txt pyproject.toml --group dev -c locks/run.txt -c locks/build.txt
	$(COMPILE) -o locks/lock.txt --group lock
	$(COMPILE) -o locks/gateways.txt --group gateways --python-version 3.12
	@# The bill lists the releases for every system: they are unpacked here whatever their markers say.
	sed 's/ ;[^\\]*/ /' locks/run.txt >$(LOCK_TOOLS)/every-system.txt
	$(UV) venv --clear $(LOCK_TOOLS)/bill
	$(UV) pip sync --require-hashes --python $(LOCK_TOOLS)/bill $(LOCK_TOOLS)/every-system.txt
	$(LOCK_TOOLS)/bin/cyclonedx-py environment $(LOCK_TOOLS)/bill --pyproject pyproject.toml --output-reproducible | \
	  sed '/"externalReferences": \[$$/,/^ *\],$$/d' >locks/ccswitch.cdx.json
	for package in locks/clients/*/package.json; do (cd $$(dirname $$package) && \
	  npm install --silent --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts); done
	$(PYTHON) scripts/drop_absent.py locks/clients/*/package-lock.json

windows: $(LOCK_TOOLS)/installed
	$(UV) run --no-project --with genai-prices python scripts/context_windows.py

audit:
	pipx run pip-audit --strict --require-hashes --disable-pip -r locks/run.txt

wheel: $(VENV)/installed
	$(BIN)/python -m hatchling build -t wheel -d dist

clean:
	rm -rf $(VENV) .tools dist build *.egg-info

tools:
	@sh scripts/tools.sh
	@sh scripts/clients.sh $(LIGHT_CLIENTS)

$(GATEWAYS)/bin/python: PYTHON := $(shell command -v python3.12 || command -v python3.13 || echo python3)
$(BIN)/python $(LOCK_TOOLS)/bin/python $(GATEWAYS)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Creating $(@D:/bin=)"
	@$(PYTHON) -m venv $(@D:/bin=)

# Only what stands in locks/ with its hash is installed; nothing is resolved and no build fetches anything.
INSTALL = sh scripts/install.sh $(@D)

$(VENV)/installed: $(BIN)/python pyproject.toml locks/run.txt locks/build.txt
	@$(INSTALL) "what ccswitch needs" --require-hashes -r locks/run.txt -r locks/build.txt
	@$(INSTALL) "ccswitch" --no-build-isolation -e .
	@touch $@

$(VENV)/developed: $(BIN)/python pyproject.toml locks/dev.txt
	@$(INSTALL) "what ccswitch and its tests need" --require-hashes -r locks/dev.txt
	@$(INSTALL) "ccswitch" --no-build-isolation -e .
	@touch $@ $(VENV)/installed

$(LOCK_TOOLS)/installed: $(LOCK_TOOLS)/bin/python locks/lock.txt
	@$(INSTALL) "uv and cyclonedx-py" --require-hashes -r locks/lock.txt
	@touch $@

$(GATEWAYS)/installed: $(GATEWAYS)/bin/python locks/gateways.txt
	@$(INSTALL) "LiteLLM and local-openai2anthropic (600 MB)" --require-hashes -r locks/gateways.txt
	@touch $@
