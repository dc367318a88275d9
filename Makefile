# Second Look. `make book` and `make test` need Python 3.11 or newer and make; they set up all else in .venv.
# `make help` lists the targets.

PYTHON ?= python3
VENV ?= .venv
COHORT ?=
PUBLISHED ?=
ALPHA ?=
JOBS ?=
NB ?=
PORT ?= 8000
ARGS ?=
UPGRADE ?=
PLAIN ?=

PY := $(VENV)/bin/python
SECONDLOOK := $(PY) -m secondlook.build
BUILD_OPTIONS = $(if $(PUBLISHED),--published '$(PUBLISHED)') $(if $(COHORT),--cohort '$(COHORT)') \
	$(if $(ALPHA),--alpha '$(ALPHA)') $(if $(JOBS),--jobs '$(JOBS)') $(if $(PLAIN),--plain-kernels)

# A misspelt variable (make book COHROT=…) would be ignored by make and by us: refuse it.
VARIABLES := PYTHON VENV COHORT PUBLISHED ALPHA JOBS NB PORT ARGS UPGRADE PLAIN
space := $(subst x, ,x)
GIVEN := $(foreach word,$(subst \$(space),_,$(MAKEOVERRIDES)),$(if $(findstring =,$(word)),$(firstword $(subst =, ,$(word)))))
UNKNOWN := $(filter-out $(VARIABLES),$(GIVEN))
ifneq ($(UNKNOWN),)
$(error unknown parameter $(UNKNOWN); make takes $(VARIABLES))
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help bench book browser test fuzz references notebook notebooks lint format serve clean distclean lock simulations vendor setup setup-dev

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | \
		while IFS='	' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done
	@echo '  options: COHORT=records.csv PUBLISHED=folder ALPHA=0.05 JOBS=2 PYTHON=python3.12 PLAIN=1 (no forked kernels)'

# --- set-up: stamps, so that a second call does nothing ---------------------------------------------------------------

$(VENV)/.made: .ci/venv
	@echo 'setting up: $(VENV)'
	@bash .ci/venv '$(PYTHON)' '$(VENV)' requirements.lock
	@touch $@

$(VENV)/.book: $(VENV)/.made requirements.lock pyproject.toml
	@echo 'setting up: packages of requirements.lock'
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes --compile-bytecode -r requirements.lock
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.book requirements-dev.lock
	@echo 'setting up: packages of requirements-dev.lock'
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes --compile-bytecode -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.book ## make .venv with all that the book needs
setup-dev: $(VENV)/.dev ## add what the tests need

# --- the book ---------------------------------------------------------------------------------------------------------

book: $(VENV)/.book ## build _build/html/index.html, executing what changed
	@$(SECONDLOOK) build $(BUILD_OPTIONS)

notebook: $(VENV)/.book ## execute one notebook: make notebook NB=04-patients
	$(if $(NB),,$(error say which: make notebook NB=04-patients))
	@$(SECONDLOOK) build --notebook '$(NB)' $(BUILD_OPTIONS)

notebooks: $(VENV)/.book ## make the .ipynb pairs from the .py sources
	@$(SECONDLOOK) pairs

serve: book ## show the book on http://localhost:8000 (PORT=…)
	@echo 'the book is at http://localhost:$(PORT) (Ctrl-C ends)'
	@$(PY) -m http.server --bind localhost --directory _build/html $(PORT)

# --- checks -----------------------------------------------------------------------------------------------------------

lint: $(VENV)/.dev ## check style
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

format: $(VENV)/.dev ## mend style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

browser: .ci/browser
	@bash .ci/browser

test: lint browser ## everything: style, pairs, book, tests of code and of built pages (ARGS='-k word')
	@$(SECONDLOOK) pairs --check
	@$(SECONDLOOK) build
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

fuzz: $(VENV)/.dev ## try 10,230 hostile inputs and store their counts (about two minutes)
	@$(PY) tests/fuzz.py

bench: $(VENV)/.dev ## measure against the obvious ways: bench/results.json (ARGS='--repeat 5 audit fits')
	@$(PY) -m bench.run $(ARGS)

# --- upkeep -----------------------------------------------------------------------------------------------------------

COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: $(VENV)/.made ## make the hashed locks from requirements*.txt (UPGRADE=1 takes newer versions of the rest)
	@$(COMPILE) requirements.txt --output-file requirements.lock
	@$(COMPILE) requirements-dev.txt --output-file requirements-dev.lock

simulations: $(VENV)/.book ## run the seeded simulations of data/simulated again (about ten minutes)
	@$(PY) -m secondlook.planted
	@$(PY) -m secondlook.simulated_se
	@$(PY) -m secondlook.whole_papers

references: $(VENV)/.book ## make the references of data/reference by R and PSPP again
	@$(PY) data/reference/make.py

vendor: ## fetch the pinned JavaScript files again (needs npm)
	@bash .ci/vendor

clean: ## remove what builds and tests made
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## remove .venv too
	rm -rf $(VENV) src/*.egg-info
