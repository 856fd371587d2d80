# The two commands of the README are `make run` and `make test`; the rest is for people who work on the project.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Nothing is installed but wheels that dependencies/ lists with their hashes. Where there is no wheel for this machine: make WHEELS=
WHEELS ?= --only-binary :all:
LOCKED := $(PIP) install --require-hashes $(WHEELS)

.PHONY: run test lock audit sbom lint lexicons fit score compiled faults hostile fuzz bench clean

run: .venv/run.stamp
	@$(BIN)/newsroom demo $(ARGS)

test: .venv/test.stamp
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

.venv/run.stamp: pyproject.toml dependencies/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsroom needs Python 3.11 to 3.13, this is %d.%d: make PYTHON=python3.12" % sys.version_info[:2])'
	@test -d .venv/bin || $(PYTHON) -m venv .venv
	@echo "installing into .venv (once)"
	@$(LOCKED) -r dependencies/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: .venv/run.stamp dependencies/test.txt
	@$(LOCKED) -r dependencies/test.txt
	@touch $@

.venv/compile.stamp: .venv/run.stamp dependencies/compile.txt
	@$(LOCKED) -r dependencies/compile.txt
	@touch $@

.venv/bench.stamp: .venv/test.stamp dependencies/bench.txt
	@$(LOCKED) -r dependencies/bench.txt
	@touch $@

.venv/fuzz.stamp: .venv/test.stamp dependencies/fuzz.txt
	@$(LOCKED) -r dependencies/fuzz.txt
	@touch $@

.cache/audit/stamp: dependencies/audit.txt
	@test -d .cache/audit/bin || $(PYTHON) -m venv .cache/audit
	@.cache/audit/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes $(WHEELS) -r dependencies/audit.txt
	@touch $@

.cache/installed/stamp: dependencies/run.txt
	@$(PYTHON) -m venv --clear .cache/installed
	@.cache/installed/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes $(WHEELS) -r dependencies/run.txt
	@touch $@

lock: .cache/audit/stamp  ## what each kind of install holds, with the hashes of all its files, from pyproject.toml and constraints.txt
	@.cache/audit/bin/python dependencies/lock.py

audit: .cache/audit/stamp  ## known holes in what a worker installs, as far as the index tells of them
	@.cache/audit/bin/python dependencies/audit.py

sbom: .cache/audit/stamp .cache/installed/stamp  ## what a worker installs, as CycloneDX, in .cache/sbom.json
	@.cache/audit/bin/cyclonedx-py environment .cache/installed --pyproject pyproject.toml --output-reproducible --output-file .cache/sbom.json
	@echo "written to .cache/sbom.json"

lexicons: .venv/test.stamp  ## compile the lexicons and the gazetteer from their sources
	@$(BIN)/python -m streams.lexicons.compile
	@$(BIN)/python -m streams.lexicons.compile_actors
	@$(BIN)/python -m streams.lexicons.compile_places
	@$(BIN)/python -m streams.lexicons.compile_names

fit: .venv/test.stamp  ## what the signs of parties and places are worth, fitted to the gold and the plain lines
	@$(BIN)/python evaluation/fit.py --write README.md

score: .venv/test.stamp  ## the quality tables that the README shows
	@$(BIN)/python evaluation/report.py $(ARGS)
	@$(BIN)/python evaluation/merging.py $(ARGS)

compiled: .venv/compile.stamp  ## the core as C in .cache/compiled (a few minutes), proven to tag the gold as the sources do
	@COMPILE_NEWSROOM=1 $(PIP) install --no-build-isolation --no-deps --upgrade --target .cache/compiled .
	@$(BIN)/python -m evaluation.same .cache/compiled

faults: .venv/test.stamp  ## kill, cut and starve brokers and workers under load, and judge what is left (half an hour; ARGS=--help)
	@$(BIN)/python -m tests.faults $(ARGS)

hostile: .venv/test.stamp  ## eleven thousand payloads made to hurt, to the tagger and over Kafka (a quarter of an hour; ARGS=--help)
	@$(BIN)/python -m tests.hostile $(ARGS)

fuzz: .venv/fuzz.stamp  ## look for more by coverage: make fuzz SECONDS=600 ARGS=--keep
	@$(BIN)/python -m tests.hostile.fuzz --seconds $(or $(SECONDS),60) $(ARGS)

bench: .venv/bench.stamp  ## on an Apache Kafka of its own: speed against peers, time to an alert, twice the full load, memory; then the taggers beside their peers
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.latency
	@$(BIN)/python -m benchmarks.backpressure
	@$(BIN)/python -m benchmarks.memory
	@$(BIN)/python -m benchmarks.developments
	@$(BIN)/python -m benchmarks.boilerplate

clean:
	rm -rf .venv .cache build
