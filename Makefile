# `make demo` and `make test` set up what they need. `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/billing-backend
EVIDENCE := artifacts/billing-confidence
PEERS := build/bench-peers
SHEET := build/github-markdown-css-5.8.1
JOBS ?= 3
SIZES ?= $(if $(filter all,$(BENCH)),200 5000 50000,200 5000)

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-fail measure-example test fuzz bench image image-bench look launch-confidence licences release-dry-run lint format system-tools lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

# Debian splits venv from python3; where that is missing and we may install it, we do.
$(VENV)/installed: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); apt-get install -y python3-venv && $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/installed ## Create .venv with everything from the hash-locked requirements

measure-example: setup
	cd $(EXAMPLE) && rm -rf $(EVIDENCE) && ../../$(BIN)/python -m pytest -q backend/tests \
		--junitxml=$(EVIDENCE)/local/junit/backend.xml \
		--cov --cov-report=json:$(EVIDENCE)/local/coverage/backend.json

demo: measure-example ## Test the example billing service and judge it: every module passes
	cd $(EXAMPLE) && ../../$(BIN)/gate check

demo-fail: measure-example ## The same evidence against a stricter policy: one module fails
	@cd $(EXAMPLE) && if ../../$(BIN)/gate check --policy strict.yml; then echo "expected exit code 1"; exit 1; \
		else code=$$?; echo "exit code $$code"; test $$code -eq 1; fi

test: setup ## Run the tests (those of the image need podman or docker: make system-tools)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

fuzz: setup ## Fuzz the report readers (FORMAT=lcov for one, SECONDS=600 for each)
	$(BIN)/python -m tests.fuzz $(FORMAT) --seconds $(or $(SECONDS),600)

lint: setup ## Check style and types (the tests check the action, the workflows and the Dockerfile)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(PEERS)/installed: requirements-bench.txt $(VENV)/installed
	@rm -rf $(PEERS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --target $(PEERS) -r requirements-bench.txt
	@touch $@

bench: setup $(PEERS)/installed ## Measure the gate beside other tools (BENCH=all or SIZES=50000: larger projects)
	$(BIN)/python -m benchmarks --sizes $(SIZES)

image: setup ## Build the action's image with docker or podman and print its size by layer
	$(BIN)/python -m benchmarks.image

image-bench: measure-example ## Measure the image's start as well, and hold two builds against each other
	$(BIN)/python -m benchmarks.image --start-up

$(SHEET)/package/github-markdown.css:
	@mkdir -p $(SHEET)
	cd $(SHEET) && npm pack --silent github-markdown-css@5.8.1 && tar xzf *.tgz && test -f package/github-markdown.css

look: setup $(SHEET)/package/github-markdown.css ## Draw the comment in docs/images (Debian: chromium fonts-noto-color-emoji npm pngquant)
	$(BIN)/python -m tests.render.look docs/images --css $(SHEET)/package/github-markdown.css

launch-confidence: setup ## Renew docs/launch-confidence.md from a new run of the example
	$(BIN)/python -m tests.documents.launch docs/launch-confidence.md

system-tools: ## Install what the image's tests need (Debian: podman, runc, debootstrap, chromium)
	tests/e2e/install-tools

lock: setup ## Renew the hash-locked requirements from pyproject.toml
	$(BIN)/uv pip compile -q pyproject.toml --upgrade --universal --generate-hashes --no-header -o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --upgrade --universal --generate-hashes --no-strip-extras --no-header \
		-c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra bench --upgrade --universal --generate-hashes --no-header \
		-c requirements.txt -o requirements-bench.txt

release-dry-run: setup ## Release into build/release, without a registry (needs podman or docker: make system-tools)
	PYTHONPATH=.github $(BIN)/python -m release rehearsal

licences: release-dry-run ## Write the tables of docs/licences.md anew, from the lock and the image
	PYTHONPATH=.github $(BIN)/python -m release licences

clean: ## Remove what the targets made
	rm -rf $(VENV) $(EXAMPLE)/artifacts artifacts build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
