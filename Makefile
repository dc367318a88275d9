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
REPOSITORY ?=
FROM ?=

PY := $(VENV)/bin/python
BOOKPRESS := $(PY) -m bookpress
# What a variable holds, as one word of the shell: a path may have blanks, quotes, # and $ in it.
quoted = '$(subst ','\'',$(value $(1)))'
BUILD_OPTIONS = $(if $(PUBLISHED),--published $(call quoted,PUBLISHED)) $(if $(COHORT),--cohort $(call quoted,COHORT)) \
	$(if $(ALPHA),--alpha $(call quoted,ALPHA)) $(if $(JOBS),--jobs $(call quoted,JOBS)) $(if $(PLAIN),--plain-kernels) \
	$(if $(REPOSITORY),--repository $(call quoted,REPOSITORY))

# A misspelt variable (make book COHROT=…) would be ignored by make and by us: refuse it.
VARIABLES := PYTHON VENV COHORT PUBLISHED ALPHA JOBS NB PORT ARGS UPGRADE PLAIN REPOSITORY FROM
space := $(subst x, ,x)
GIVEN := $(foreach word,$(subst \$(space),_,$(MAKEOVERRIDES)),$(if $(findstring =,$(word)),$(firstword $(subst =, ,$(word)))))
UNKNOWN := $(filter-out $(VARIABLES),$(GIVEN))
ifneq ($(UNKNOWN),)
$(error unknown parameter $(UNKNOWN); make takes $(VARIABLES))
endif

# Neither Python's environments nor make survive these in a path, and each would blame something else.
ifneq ($(findstring :,$(CURDIR))$(findstring $$,$(CURDIR)),)
$(error the path of this folder holds a ':' or a '$$', which virtual environments and make cannot take: move it)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help bench book browser test test-fast test-weekly coverage faults fuzz kit lab lab-test links mutants pythons repeat references notebook notebooks shown licences lint format \
	proofs teaching serve clean distclean lock simulations vendor setup setup-dev

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | \
		while IFS='	' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done
	@echo '  options: COHORT=records.csv PUBLISHED=folder ALPHA=0.05 JOBS=2 PYTHON=python3.12 PLAIN=1 (no forked kernels) REPOSITORY=https://…'

# --- set-up: stamps, so that a second call does nothing; a lock, so that two at once do not do it over each other ------

ONCE = bash .ci/once '$@' $^ --
# Where no home can be written to, as for a user without one, uv keeps nothing.
CACHE = $(shell [ -w "$${UV_CACHE_DIR:-$${XDG_CACHE_HOME:-$$HOME}}" ] || echo --no-cache)
INSTALL = $(VENV)/bin/uv $(CACHE) pip install --quiet --python $(PY) $$REINSTALL

$(VENV)/.made: .ci/venv
	@echo 'setting up: $(VENV)'
	@$(ONCE) bash .ci/venv '$(PYTHON)' '$(VENV)' requirements.lock

$(VENV)/.book: $(VENV)/.made requirements.lock pyproject.toml
	@echo 'setting up: packages of requirements.lock'
	@$(ONCE) sh -c '$(INSTALL) --require-hashes --no-build --compile-bytecode -r requirements.lock && \
		$(INSTALL) --no-deps --no-build-isolation --editable .'

$(VENV)/.dev: $(VENV)/.book requirements-dev.lock
	@echo 'setting up: packages of requirements-dev.lock'
	@$(ONCE) sh -c '$(INSTALL) --require-hashes --no-build-isolation --compile-bytecode -r requirements-dev.lock'

$(VENV)/.lab: $(VENV)/.book requirements-lab.lock
	@echo 'setting up: packages of requirements-lab.lock'
	@$(ONCE) sh -c '$(INSTALL) --require-hashes --no-build --compile-bytecode -r requirements-lab.lock'

$(VENV)/.kit: $(VENV)/.book requirements-kit.lock
	@echo 'setting up: packages of requirements-kit.lock'
	@$(ONCE) sh -c '$(INSTALL) --require-hashes --no-build --compile-bytecode -r requirements-kit.lock'

setup: $(VENV)/.book ## make .venv with all that the book needs
setup-dev: $(VENV)/.dev ## add what the tests need

# --- the book ---------------------------------------------------------------------------------------------------------

book: $(VENV)/.book ## build _build/html/index.html, executing what changed
	@$(BOOKPRESS) build $(BUILD_OPTIONS)
	@[ ! -f _build/kit/index.html ] || [ ! -f $(VENV)/.kit ] || $(PY) -m kit link

kit: $(VENV)/.kit book ## make _build/kit: slides, hand-out, notebooks, marking scheme, the book as a zip
	@$(PY) -m kit

notebook: $(VENV)/.book ## execute one notebook: make notebook NB=28-patients
	$(if $(NB),,$(error say which: make notebook NB=28-patients))
	@$(BOOKPRESS) build --notebook $(call quoted,NB) $(BUILD_OPTIONS)

notebooks: $(VENV)/.book ## make the .ipynb pairs from the .py sources (FROM=ipynb NB=28-patients: take edits over)
	$(if $(filter-out ipynb,$(FROM)),$(error FROM=$(FROM): edits are taken over FROM=ipynb))
	$(if $(FROM),$(if $(NB),,$(error say which: make notebooks FROM=ipynb NB=28-patients)))
	@$(BOOKPRESS) pairs $(if $(FROM),--from $(call quoted,NB))

lab: $(VENV)/.lab ## open the chapters in JupyterLab, on the Python of .venv (ARGS=--no-browser)
	@JUPYTER_PREFER_ENV_PATH=1 $(PY) -m jupyterlab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks $(ARGS)

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
	@$(BOOKPRESS) pairs --check
	@$(BOOKPRESS) build
	@$(PY) -m pytest -n 2 --durations 20 --durations-min 8 -m 'not lab and not weekly' $(ARGS)

lab-test: browser $(VENV)/.dev $(VENV)/.lab book ## four chapters in a real JupyterLab, and every other way to run one (minutes)
	@$(PY) -m pytest -n 0 -m lab $(ARGS)

test-fast: lint ## style, pairs, tests of code without a browser, a second build and what is slow
	@$(BOOKPRESS) pairs --check
	@$(PY) -m pytest -n 2 -m 'not slow and not pages and not lab and not weekly' $(ARGS)

test-weekly: book browser $(VENV)/.dev $(VENV)/.kit ## what R, PSPP and long runs do again that every test run compares with its stored result
	@$(PY) -m pytest -n 2 -m weekly $(ARGS)

fuzz: book browser $(VENV)/.dev ## try hostile folders, builds and pages, and store the counts (ARGS=pages for a part)
	@$(PY) tests/fuzz.py $(ARGS)

faults: $(VENV)/.dev ## kill builds of a small book and of this one at random moments, and store what came of it
	@$(PY) tests/faults.py $(ARGS)

repeat: $(VENV)/.dev ## build this book twice, by plain and by forked kernels, and compare every byte
	@$(PY) tests/repeat.py

pythons: $(VENV)/.dev ## audit under Python 3.11, 3.12 and 3.13 and compare the ledgers (ARGS=--check stores nothing)
	@$(PY) tests/pythons.py $(ARGS)

mutants: $(VENV)/.dev ## change the deciding modules in small ways, one at a time: do the tests notice? (half an hour)
	@$(PY) tests/mutants.py $(ARGS)

coverage: book $(VENV)/.dev ## run the tests and store which branches of the package they take
	@$(PY) -m pytest --cov --cov-report= $(ARGS)
	@$(PY) tests/covered.py

shown: $(VENV)/.dev ## say how much of the notebooks' code a reader sees, by chapter
	@$(PY) tests/shown.py

links: ## try every link of the built book to another site (needs the network, minutes)
	@$(PYTHON) .ci/links.py _build/html

bench: $(VENV)/.dev ## measure against the obvious ways: bench/results.json (ARGS='--repeat 5 audit fits')
	@$(PY) -m bench.run $(ARGS)

# --- upkeep -----------------------------------------------------------------------------------------------------------

COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: $(VENV)/.made ## make the hashed locks from requirements*.txt (UPGRADE=1 takes newer versions of the rest)
	@$(COMPILE) requirements.txt --output-file requirements.lock
	@$(COMPILE) requirements-dev.txt --output-file requirements-dev.lock
	@$(COMPILE) requirements-lab.txt --output-file requirements-lab.lock
	@$(COMPILE) requirements-kit.txt --output-file requirements-kit.lock

licences: $(VENV)/.dev $(VENV)/.lab $(VENV)/.kit ## list the licence of everything shipped, vendored or installed (after make lock)
	@$(PY) .ci/licences.py

simulations: $(VENV)/.book ## run the seeded simulations of data/simulated again (about ten minutes)
	@$(PY) -m secondlook.trials.planted_rows
	@$(PY) -m secondlook.trials.standard_errors
	@$(PY) -m secondlook.trials.whole_papers

proofs: $(VENV)/.dev ## check the proofs of data/published again (minutes, 10 GB)
	@$(PY) -m lookalike.prove

references: $(VENV)/.book ## make the references of data/reference by R and PSPP again
	@$(PY) data/reference/make.py

teaching: $(VENV)/.book ## make the data made to teach again (data/teaching)
	@$(PY) data/teaching/make.py

vendor: ## fetch the pinned JavaScript files again (needs npm)
	@bash .ci/vendor

clean: ## remove what builds and tests made
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## remove .venv too
	rm -rf $(VENV) $(VENV).lock src/*.egg-info
