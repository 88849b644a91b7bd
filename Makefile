# Every target is one line of shell or a script in bin/. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test quick check mutate bench lock

PYTHON ?= python3
export PYTHON

help: ## what can be made
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: .venv/run.stamp ## the record of Kanazawa on screen, at HOST:PORT (127.0.0.1:8000)
	@bin/run

# Files are taken in the order of their folders: those that take minutes come first, many small ones are left for
# the end, and all processes end together.
test: .venv/dev.stamp ## every test, on SQLite and on a real PostgreSQL; ARGS="-k name" picks some
	@.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

# What needs no server, no browser and no whole record: the part of the tests that is run all the time.
QUICK := -m 'not postgres and not browser and not slow' tests/domain tests/projections/engine --ignore=tests/domain/history

quick: .venv/dev.stamp ## values, kernel, aggregates and engine on SQLite, in half a minute
	@.venv/bin/python -m pytest -n 2 --dist loadfile $(QUICK) $(ARGS)

check: .venv/dev.stamp ## format, lint, types, arrows between the packages, dependencies, templates, generated documents
	@bin/check

mutate: .venv/dev.stamp ## faults put into values, kernel and engine: does a test notice? Goes on where it was stopped
	@.venv/bin/python -m tests.support.mutation --quick="$(QUICK)" $(ARGS)

bench: .venv/dev.stamp .venv/bench.stamp ## speeds, side by side with the library and with others, in one run
	@.venv/bin/python -m bench $(ARGS)

lock: .venv/dev.stamp ## requirements/*.txt anew from setup.cfg; ARGS=--upgrade takes newer versions
	@bin/lock $(ARGS)

.venv/%.stamp: requirements/%.txt setup.cfg bin/install
	@bin/install $*
