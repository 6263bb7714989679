# Wraps what `corpus` and pytest do; each target sets up all it needs on a machine with Python 3.11, git and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RESULTS := build/tests

.PHONY: publish test slow check setup clean

publish: $(STAMP)
	@$(BIN)/corpus publish

# Two processes, a file in one of them, so that what a file's tests share is made once.
test: $(STAMP) check
	@rm -rf $(RESULTS)
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --junitxml=$(RESULTS)/test.xml
	@$(BIN)/python -m tests.tally $(RESULTS)

# A folder at a time, each in a process of its own: what one imports (Prefect's handlers, a server) is no other's concern.
slow: $(STAMP)
	@for part in $$(grep -rl --include='test_*.py' 'mark\.slow' tests | cut -d/ -f1-2 | sort -u); do \
		$(BIN)/python -m pytest -m slow --timeout 1500 --junitxml=$(RESULTS)/slow-$$(basename $$part .py).xml "$$part" || exit $$?; \
	done
	@$(BIN)/python -m tests.tally $(RESULTS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: $(STAMP)

# uv installs the lock in seconds; where it can't, pip does the same in a minute or two.
$(STAMP): requirements/all.lock requirements/uv.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed; name it with: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/all.lock \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/all.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) build
