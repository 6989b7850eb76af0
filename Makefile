# The front door. Every target does its own set-up first; it takes no time where nothing is missing.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

FUZZ_SECONDS ?= 60
ARGS ?=
export PATH := $(CURDIR)/.node/commands:$(PATH)

.PHONY: help setup build dist demo cluster test test-fast lint lint-changed format fuzz bench web clean

help: ## Say what the targets do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what building and testing needs (Debian packages, .venv, npm packages)
	@scripts/setup.sh test

# Only where a source is newer: a new dashboard makes the program link anew.
web: ## Build the dashboard
	@scripts/setup.sh build
	@$(MAKE) --silent web/dist/index.html

web/dist/index.html: $(shell find web -name node_modules -prune -o -path web/dist -prune -o -type f -print)
	@npm run --silent --prefix web build

build: web ## Build what is shipped: build/release/bytebasket
	@cmake --preset release
	@cmake --build --preset release --target bytebasket

dist: web ## Build with all engines and put what is shipped into build/dist, with the libraries that no Debian package brings
	@scripts/setup.sh cluster
	@cmake --preset cluster
	@cmake --build --preset cluster --target bytebasket
	@scripts/dist.sh

demo: build ## Start ByteBasket with a mock shop and print the address of its dashboard (ARGS="--listen HOST:PORT …")
	@exec build/release/bytebasket demo $(ARGS)

cluster: web ## Start Kafka, Cassandra, HDFS and ByteBasket over them on this machine, with a mock shop (ARGS="--listen HOST:PORT …")
	@scripts/setup.sh test
	@cmake --preset cluster
	@cmake --build --preset cluster --target bytebasket
	@exec python3 deploy/local/cluster.py $(ARGS)

test: setup ## Run everything that the continuous integration runs
	@python3 scripts/test.py all

test-fast: setup ## Build and run the quick tests: unit, contract, oracle, rules of the source tree
	@python3 scripts/test.py fast

fuzz: setup ## Run each fuzzer for FUZZ_SECONDS (60)
	@python3 scripts/test.py fuzz --fuzz-seconds $(FUZZ_SECONDS)

lint: setup ## Check formatting and run the linters over everything
	@scripts/lint.sh all

lint-changed: setup ## The same, with clang-tidy only over what differs from the main branch
	@scripts/lint.sh changed

format: setup ## Rewrite the C++ and Python sources as the formatters want them
	@scripts/lint.sh format

bench: web ## Build the release with its benchmarks and run them all
	@scripts/setup.sh test
	@cmake --preset release
	@cmake --build --preset release
	@bench/run.sh $(ARGS)

clean: ## Remove what building and testing made
	@rm -rf build out test-results web/dist
