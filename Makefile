PYTHON ?= python3
BIN := .venv/bin
SOURCES := $(shell find app features models training eval seeds -name '*.py' -o -name '*.toml' -o -name '*.jsonl' -o -name '*.md' -o -name '*.wiredesk')

.PHONY: demo test lint model bench-accuracy bench-corpus clean

demo: .venv/installed  ## Label the example article
	$(BIN)/wiredesk predict examples/article.txt --format table

test: .venv/testing  ## Run all tests
	$(BIN)/python -m pytest

lint: .venv/testing  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

model: .venv/installed  ## Make the shipped model from seeds/
	$(BIN)/wiredesk train -o models/default.wiredesk --force --jobs 2

bench-accuracy: .venv/installed  ## Measure accuracy; WIREDESK_GOLD names a JSONL file of real labelled sentences
	$(BIN)/python -m benchmarks.accuracy

bench-corpus: .venv/installed  ## Measure the corpus beside real news; needs WIREDESK_GOLD and WIREDESK_REAL
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m benchmarks.diversity
	$(BIN)/python -m benchmarks.learning_curve seeds/learning_curve.svg

clean:
	rm -rf .venv build dist *.egg-info

# A strict editable install shows the tools the package as users import it; it lists files, so new ones need a new
# install. (setuptools warns at length that its build folder has to stay.)
.venv/installed: pyproject.toml $(SOURCES) | .venv/bin/python
	rm -rf build
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet -C editable_mode=strict -e .
	touch $@

.venv/testing: .venv/installed
	$(BIN)/python -m pip install --quiet --group test
	touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
