# Python 3.11 to 3.13, make and pip are all that is needed; everything else goes into .venv.
PYTHON ?= python3
BIN = .venv/bin
PORT ?= 8000

# What the user has set for other work must change nothing here: settings of Python, pytest and
# matplotlib, Jupyter's kernels, where pip installs to.
unexport $(filter PYTHON% PYTEST% MPL% MATPLOTLIBRC JUPYTER%PATH,$(.VARIABLES))
unexport PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_NO_DEPS NODE_OPTIONS
# Code is read from here, even where .venv was set up in another folder.
export PYTHONPATH := $(CURDIR)
export MPLCONFIGDIR := $(CURDIR)/_build/matplotlib

# Notebooks run in another folder than this one, so the path of a price file must be absolute. It is
# taken as typed: in single quotes, and a $ in it names no variable of make's.
ifdef PRICES
override PRICES := $(or $(shell $(PYTHON) -c 'import os, sys; p = sys.argv[1]; print(os.path.abspath(p) if os.path.isfile(p) else p)' '$(subst ','\'',$(value PRICES))'),$(value PRICES))
export PRICES
endif
ifdef REPOSITORY
export REPOSITORY
endif
# Likewise of make judge; these paths may be relative.
override FORECAST := $(value FORECAST)
override HTML := $(value HTML)
export FORECAST HTML LEVEL
# And of make after.
override AFTER := $(value AFTER)
export AFTER

.DEFAULT_GOAL := help
.PHONY: help book pdf test lab results notebooks check judge after data serve clean
.NOTPARALLEL: # of two commands, such as book pdf, the second waits

help: ## list the commands
	@echo "make COMMAND, where COMMAND is one of"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'
	@echo "With PRICES=file.csv (or a bundled ticker, such as AAPL) book and lab use those prices."
	@echo "With FORECAST=file.csv (and PRICES, unless it has an actual column) judge tells what it is worth;"
	@echo "LEVEL=0.9 is what its bounds promise, HTML=page.html writes a page."
	@echo "With AFTER=folder after takes one file a ticker from it, such as NFLX.csv."
	@echo "With SCHEDULER=tcp://host:8786 results are computed on a Dask cluster."
	@echo "With REPOSITORY=owner/name (on GitHub) the pages get a button that opens them in Binder."

book: .venv/ready ## execute what changed and build the site in _build/html
	@$(BIN)/python -m book.build book

pdf: .venv/ready ## print the whole book to _build/book.pdf (needs Chromium)
	@$(BIN)/python -m book.build pdf

test: .venv/ready ## check the style, execute what changed, build the site, run all tests
	@$(BIN)/python -m book.build test

# From the project's root, so that the notebooks can show the book's drawings. No look for updates:
# nothing but the set-up and make data uses the network. What JupyterLab keeps (settings, history, the
# outputs that it trusts) stays in here, and no search for language servers has npm write elsewhere.
lab: export JUPYTER_CONFIG_DIR := $(CURDIR)/_build/lab/config
lab: export JUPYTER_DATA_DIR := $(CURDIR)/_build/lab/data
lab: export JUPYTER_RUNTIME_DIR := $(CURDIR)/_build/lab/runtime
lab: export IPYTHONDIR := $(CURDIR)/_build/lab/ipython
NEWS = _build/lab/config/lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings
lab: .venv/ready ## open the notebooks in JupyterLab
	@test -e $(NEWS) || { mkdir -p $(dir $(NEWS)) && echo '{"fetchNews": "false"}' > $(NEWS); } # asks not
	@$(BIN)/python -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) \
		--LabApp.default_url=/lab/tree/notebooks/prices.ipynb --LabApp.news_url=None \
		--LanguageServerManager.autodetect=False \
		--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate

results: .venv/ready ## run the experiments that are missing or out of date
	@$(BIN)/python -m paperlib

notebooks: .venv/ready ## execute what changed and store the outputs in notebooks/
	@$(BIN)/python -m book.build notebooks

check: .venv/ready ## tell what is in the price file that PRICES names
	@$(BIN)/python -m paperlib.prices

judge: .venv/ready ## tell what the forecasts in the file that FORECAST names are worth
	@$(BIN)/python -m paperlib.report

after: .venv/ready ## ask the later prices in the folder AFTER what the book's register fixed
	@$(BIN)/python -m paperlib.after

data: .venv/ready ## download Netflix's prices from Yahoo to data/downloads, for your own use
	@$(BIN)/python -m paperlib.prices.download

serve: book ## build the site and show it at http://localhost:8000 (PORT=... for another)
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "error: port $(PORT) is taken, or none: try make serve PORT=8001."; exit 1; }
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

clean: ## remove everything that was built, except .venv, downloads and pieces of the results
	@test ! -e _build/lock || { $(LOCK); }
	rm -rf _build .pytest_cache .ruff_cache notebooks/.ruff_cache .hypothesis paperlib.egg-info
	find paperlib book tests data -name __pycache__ -type d -prune -exec rm -rf {} +

# The system gives the lock back when the process that holds it ends, whatever ended it: this shell
# here, and Python in paperlib/machine/files.py. Where a disk knows no locks, one has to do without.
LOCK = exec 9>>_build/lock && $(PYTHON) -c 'import fcntl, sys; exec("try: fcntl.flock(9, \
	fcntl.LOCK_EX | fcntl.LOCK_NB)\nexcept BlockingIOError: sys.exit(\"$(AT_WORK)\")\nexcept OSError: pass")' || exit 1
AT_WORK = error: another make is at work in this folder: wait until it has ended.

# A .venv that came here with its folder, or that has lost its Python, is set up anew.
ifneq ($(shell test -x .venv/bin/python && cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
ANEW = --clear
endif
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-user --target=

.venv/ready: requirements.txt requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "Python 3.11 to 3.13 is needed, and $(PYTHON) is another or missing: try make PYTHON=python3.12 ..."; exit 1; }
	@test ! -L .venv || { echo "error: .venv is a link, and set-up would clear what it leads to: remove it."; exit 1; }
	@mkdir -p _build; $(LOCK); \
	echo "Setting up .venv, once: downloads 0.5 GB (several where pip picks a GPU build of torch), some minutes."; \
	start=$$(date +%s) && \
	$(PYTHON) -m venv $(ANEW) .venv && \
	$(PIP) -r requirements.txt -c requirements.lock && \
	$(PIP) --no-build-isolation --no-deps -e . && \
	echo "set-up:    $$(($$(date +%s) - start)) s" && pwd -P > $@ || \
	{ echo "error: .venv is not set up: see above why, and run make again." >&2; exit 1; }
