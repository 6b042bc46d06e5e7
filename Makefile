# `make help` lists what there is. Everything is installed in .venv, made when it is first needed.
PALABRE_PORT ?= 4566
export PALABRE_PORT
STAGE ?= local
# What is compiled is kept, whatever the caller's environment says: without it, each process compiles all anew.
unexport PYTHONDONTWRITEBYTECODE
PY := .venv/bin/python
# More than there are cores: a test that waits for the stack leaves its core to others.
JOBS ?= 3
# Any of these will do, the first that is there; where none is, uv brings the last.
PYTHONS := 3.13 3.12 3.11 3.14

.DEFAULT_GOAL := help
.PHONY: help run redeploy reset demo test quick check format bench cost fuzz replay catalogue package deploy agency audit recount reindex subscription docs clients packages linters lock lexicon infra clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/ready ## Start the whole product on this machine; Ctrl-C ends it (PALABRE_PORT=4566, ORIGINS=)
	@$(PY) -m local.run

redeploy: .venv/ready ## Deploy the present source to the running stack; make run does so by itself on every change
	@$(PY) -m local.redeploy

reset: .venv/ready ## Make the data of the running stack anew, as it was when it started
	@$(PY) -m local.reset

demo: .venv/ready ## Play a short day on the running stack; NETWORK=line plays that network alone
	@$(PY) -m local.demo $(NETWORK)

test: .venv/ready ## Run all tests, on ports of their own, in JOBS=3 processes: each has a stack, in 3 GB of memory
	@$(PY) -m pytest -n $(JOBS) --dist worksteal tests chalicelib

quick: .venv/ready ## Format, lint, types and the fast tests that need no stack, properties on few examples: a minute
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@$(PY) -m pytest -n 2 --dist worksteal -m "not stack and not slow" --hypothesis-profile=quick tests chalicelib

format: .venv/ready ## Format the code, and put imports in order
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix-only --select I .

check: .venv/ready clients linters ## Format, lint, types, template, clients and tests, more by chance: what a change must pass
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/cfn-lint "$$($(PY) -m local.package)/sam.yaml"
	@THOROUGH=1 $(PY) -m pytest -n $(JOBS) --dist worksteal tests chalicelib

# The linters of the API's document come with npm; where it is missing, the tests that want them skip and say so.
linters: ## Install the linters of the API's document, where npm is
	@if command -v npm > /dev/null; then npm install --no-package-lock --no-audit --no-fund --silent; else echo "No npm here, so no linters."; fi

bench: .venv/ready ## Measure what a message costs, beside its floor; needs npm
	@command -v npm > /dev/null || { echo "The benchmarks need npm, which is not on your PATH."; exit 1; }
	@$(PY) -m benchmarks

cost: .venv/ready ## Say what a million messages, pages, replies and approvals cost on AWS, and what ends first
	@$(PY) -m benchmarks.price

fuzz: .venv/ready ## Ask the running stack what nobody thought of, as an owner and as a client (REQUESTS=50000); spoils its data
	@$(PY) -m local.fuzz --requests "$(or $(REQUESTS),50000)"

replay: .venv/ready ## Put what lies in the dead-letter queues back to be tried again (STAGE=local)
	@$(PY) -m local.replay $(STAGE)

catalogue: .venv/ready ## Make Stripe sell what the plans say (STRIPE_KEY=, STAGE=local; CHECK=1 only compares)
	@$(PY) -m local.catalogue "$(STAGE)" $(if $(CHECK),--check)

package: .venv/ready ## Make what would be deployed to AWS, and say where it is (ARCH=x86_64 or arm64)
	@$(PY) -m local.package --arch "$(ARCH)"

deploy: .venv/ready ## Package and deploy to your AWS account (STAGE=prod; what else can be chosen is in the README)
	@$(PY) -m local.deploy --stage "$(STAGE)" --origins "$(ORIGINS)" --alert-email "$(ALERT_EMAIL)" \
		--mail-from "$(MAIL_FROM)" --mail-identity "$(MAIL_IDENTITY)" --sign-up "$(SIGN_UP)" \
		--app-url "$(APP_URL)" --billing "$(BILLING)" --search "$(SEARCH)" --search-url "$(SEARCH_URL)" \
		--guardrail "$(GUARDRAIL)" --guardrail-version "$(GUARDRAIL_VERSION)" --arch "$(ARCH)"

agency: .venv/ready ## Found an agency (STAGE=local, NAME=, BRAND=, EMAIL=)
	@$(PY) -m local.agency --stage "$(STAGE)" --name "$(NAME)" --brand "$(BRAND)" --email "$(EMAIL)"

audit: .venv/ready ## Prove an agency's audit, link by link (STAGE=local, AGENCY=)
	@$(PY) -m local.audit --stage "$(STAGE)" --agency "$(AGENCY)"

recount: .venv/ready ## Count the conversations and messages of an agency anew, after a restore or a change by hand (STAGE=local, AGENCY=)
	@$(PY) -m local.recount --stage "$(STAGE)" --agency "$(AGENCY)"

reindex: .venv/ready ## Make an agency's search index anew from its messages, and prove it (STAGE=local, AGENCY=)
	@$(PY) -m local.reindex --stage "$(STAGE)" --agency "$(AGENCY)"

subscription: .venv/ready ## Show an agency's subscription (STAGE=local, AGENCY=), forgive its lost disputes (DO=clear), end it at once (DO=end)
	@$(PY) -m local.subscription --stage "$(STAGE)" --agency "$(AGENCY)" $(DO)

lock: .venv/ready ## Write requirements.lock anew, after requirements.txt was changed
	@$(PY) -m local.lock

lexicon: .venv/ready ## Write chalicelib/words/lexicon anew from lexicon/, and look for common words that would be found
	@VIRTUAL_ENV=.venv .venv/bin/uv run --quiet --active --no-project --system-certs \
		--with wordfreq==3.1.1 --with confusable-homoglyphs==3.3.1 python -m local.lexicon

infra: .venv/ready ## Write the policies, queues and alarms anew from infra/functions.yaml
	@$(PY) -m local.infra

docs: .venv/ready ## Write docs/openapi.json, docs/api-changes.json and docs/networks.md anew
	@$(PY) -m local.docs

clients: .venv/ready ## Make the clients in clients/ from the API's document; needs npm, and Java for PHP and Go
	@$(PY) -m local.clients

packages: .venv/ready ## Pack the clients as their registries take them, into .local/clients/packages
	@$(PY) -m local.client_packages

clean: ## Remove all that was made here: .venv, packages, logs, caches
	@rm -rf .venv .local node_modules clients/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made again whenever the requirements change; uv takes the machine's own certificates, as pip does.
.venv/ready: requirements.txt requirements-dev.txt local/python.sh
	@PYTHONS="$(PYTHONS)" sh local/python.sh
	@echo "Installing what requirements-dev.txt asks for ..."
	@VIRTUAL_ENV=.venv .venv/bin/uv pip install --system-certs -r requirements-dev.txt || \
		{ echo "Not everything could be installed: is the network there?"; exit 1; }
	@touch $@
