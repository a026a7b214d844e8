# Suture's targets. `make demo` and `make test` set the machine up by themselves.
SHELL := /bin/bash
PREFIX ?= /usr/local
SWIFT ?= swift
RELEASE := .build/release/suture

.PHONY: setup demo test build run install bench format lint golden mutants

# Debian packages that are missing, with sudo where we are not root.
setup:
	@scripts/setup

build: setup
	$(SWIFT) build -c release --product suture

demo: build
	@scripts/demo $(RELEASE)

test: setup
	$(SWIFT) build --build-tests
	@scripts/test $(SWIFT)

# Watches the repository's own inbox/ until stopped.
run: build
	@scripts/run-here $(RELEASE)

# Of what `make build` has made: root builds nothing.
install:
	@test -x $(RELEASE) || { echo "first: make build"; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/suture
	install -m 0755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/suture
	cp -R fixtures/clinic $(DESTDIR)$(PREFIX)/share/suture/

bench: build
	@scripts/bench $(RELEASE)

format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

lint: setup
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests
	@scripts/lint

# Writes the golden files of the clinic's day anew; read the difference before you commit it.
golden: setup
	SUTURE_GOLDEN=write $(SWIFT) test --filter DayTests

# Flips the conditions of the domain one at a time and expects a test to fail: about half an hour.
mutants: setup
	@scripts/mutants
