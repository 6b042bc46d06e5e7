# `make help` lists what there is. Everything is installed in .venv, made when it is first needed.
PALABRE_PORT ?= 4566
export PALABRE_PORT
STAGE ?= local
PY := .venv/bin/python
IS_311 := -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'

.DEFAULT_GOAL := help
.PHONY: help run redeploy demo test check bench replay package deploy agency audit docs infra clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/ready ## Start the whole product on this machine; Ctrl-C ends it (PALABRE_PORT=4566)
	@$(PY) -m local.run

redeploy: .venv/ready ## Deploy the present source to the running stack; make run does so by itself on every change
	@$(PY) -m local.redeploy

demo: .venv/ready ## Play a short day on the running stack
	@$(PY) -m local.demo

test: .venv/ready ## Run all tests, on ports of their own
	@$(PY) -m pytest -n 2 tests chalicelib

check: .venv/ready ## Format, lint, types, template and tests: what a change must pass
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy app.py chalicelib local
	@.venv/bin/cfn-lint "$$($(PY) -m local.package)/sam.yaml"
	@$(PY) -m pytest -n 2 tests chalicelib

bench: .venv/ready ## Measure what a message costs, beside its floor; needs npm
	@command -v npm > /dev/null || { echo "The benchmarks need npm, which is not on your PATH."; exit 1; }
	@$(PY) -m benchmarks

replay: .venv/ready ## Put what lies in the dead-letter queues back to be tried again (STAGE=local)
	@$(PY) -m local.replay $(STAGE)

package: .venv/ready ## Make what would be deployed to AWS, and say where it is
	@$(PY) -m local.package

deploy: .venv/ready ## Package and deploy to your AWS account (STAGE=prod; ORIGINS=, ALERT_EMAIL=, MAIL_FROM=, APP_URL=)
	@$(PY) -m local.deploy --stage "$(STAGE)" --origins "$(ORIGINS)" --alert-email "$(ALERT_EMAIL)" \
		--mail-from "$(MAIL_FROM)" --app-url "$(APP_URL)"

agency: .venv/ready ## Found an agency (STAGE=local, NAME=, BRAND=, EMAIL=)
	@$(PY) -m local.agency --stage "$(STAGE)" --name "$(NAME)" --brand "$(BRAND)" --email "$(EMAIL)"

audit: .venv/ready ## Prove an agency's audit, link by link (STAGE=local, AGENCY=)
	@$(PY) -m local.audit --stage "$(STAGE)" --agency "$(AGENCY)"

infra: .venv/ready ## Write the policies, queues and alarms anew from infra/functions.yaml
	@$(PY) -m local.infra

docs: .venv/ready ## Write docs/openapi.json and docs/networks.md anew
	@$(PY) -m local.docs

clean: ## Remove all that was made here: .venv, packages, logs, caches
	@rm -rf .venv .local node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made again whenever the requirements change; uv takes the machine's own certificates, as pip does.
.venv/ready: requirements.txt requirements-dev.txt
	@python=$$(for one in python3.11 python3; do $$one $(IS_311) 2> /dev/null && { echo $$one; break; }; done); \
	if [ -z "$$python" ]; then echo "Palabre needs Python 3.11, and there is no python3.11 on your PATH."; exit 1; fi; \
	$$python -c 'import ensurepip, venv' 2> /dev/null || \
		{ echo "Python's venv is not installed. On Debian and Ubuntu: apt install python3.11-venv"; exit 1; }; \
	$(PY) $(IS_311) 2> /dev/null || { echo "Making .venv with $$python ..."; $$python -m venv --clear .venv; }
	@echo "Installing what requirements-dev.txt asks for ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check "$$(grep ^uv== requirements-dev.txt)" && \
		VIRTUAL_ENV=.venv .venv/bin/uv pip install --system-certs -r requirements-dev.txt || \
		{ echo "Not everything could be installed: is the network there?"; exit 1; }
	@touch $@
