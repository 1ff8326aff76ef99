# Everything starts here: `make help` lists it.

PORT ?= 8000
export PORT
# Nothing below is a production: it runs with trial secrets on the embedded database.
export DEBUG := 1
# What Python compiles is kept beside the sources, else each of the many processes compiles Django again.
unexport PYTHONDONTWRITEBYTECODE
PYTEST_OPTIONS ?= -n 2 --dist loadfile --no-loadscope-reorder
bin := .venv/bin
python := $(bin)/python

.DEFAULT_GOAL := help
.PHONY: help run test check format messages benchmark lock stop clean

help: ## list what can be done
	@echo "make …"
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' Makefile | expand -t 14

run: .venv/.matches-lock ## try the software with a demonstration cooperative: http://localhost:8000 (PORT=…)
	@.ci/packages pdf
	@DEMO=1 $(python) manage.py setup
	@DEMO=1 exec $(bin)/gunicorn -c python:koumbit.gunicorn koumbit.wsgi

test: .venv/.matches-lock ## check everything, then run every test, Chromium included
	@.ci/packages pdf browser messages
	@$(MAKE) --no-print-directory check
	@echo "· tests"
	@$(bin)/pytest $(PYTEST_OPTIONS)

check: .venv/.matches-lock ## style, types, imports, migrations, settings (not the tests)
	@echo "· style"
	@$(bin)/ruff check --quiet .
	@$(bin)/ruff format --quiet --check .
	@$(bin)/djlint --quiet --lint templates
	@echo "· types"
	@$(bin)/mypy --no-error-summary koumbit members roles timesheets payroll
	@echo "· imports run one way"
	@said=$$($(bin)/lint-imports --no-cache 2>&1) || { echo "$$said"; exit 1; }
	@echo "· migrations"
	@$(python) manage.py makemigrations --check --dry-run -v 0
	@echo "· settings of a production"
	@.ci/as-production $(python) manage.py collectstatic --noinput -v 0
	@.ci/as-production $(python) manage.py check --deploy --fail-level WARNING

format: .venv/.matches-lock ## put the code in its one form
	@$(bin)/ruff check --quiet --fix .
	@$(bin)/ruff format --quiet .

messages: .venv/.matches-lock ## gather the sentences to translate, then compile the catalogs
	@.ci/packages messages
	@$(python) manage.py makemessages -l fr_CA --no-wrap --add-location file --ignore '.venv/*' --ignore 'var/*' \
		--ignore 'staticfiles/*' --ignore 'tests/*' --ignore 'benchmarks/*'
	@$(python) .ci/compile-messages

benchmark: .venv/.matches-lock ## measure the pages, a pay run and PDFs (OPTIONS=--help says more)
	@.ci/packages pdf
	@$(python) -m benchmarks $(OPTIONS)

lock: .venv/.matches-lock ## take newer versions of the libraries, within the ranges of pyproject.toml
	@$(bin)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --quiet -o requirements.lock
	@$(MAKE) --no-print-directory .venv/.matches-lock

stop: ## stop the embedded database; the data stay
	@test ! -x $(python) || $(python) manage.py stop_database

clean: stop ## remove the environment and the caches; the data in var/ stay
	@rm -rf .venv staticfiles var/check .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.matches-lock: requirements.lock .ci/environment
	@.ci/environment
