# `make` shows what there is to do.

GO ?= go
ADDRESS ?= 127.0.0.1:8080
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help run dev build pages docs-page openapi test fuzz chaos soak lint screenshots clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: pages ## build the pages and run the server on ./data
	$(GO) run ./cmd/homeroom serve --listen $(ADDRESS)

dev: frontend/node_modules ## run the server and Vite, both with reload
	@scripts/dev

build: ## build bin/homeroom with the pages in it
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/homeroom ./cmd/homeroom

pages: frontend/node_modules ## build static/dist out of frontend/
	cd frontend && npm run build

docs-page: ## fetch what shows the OpenAPI document into static/docs
	node scripts/docs-page.mjs

openapi: frontend/node_modules ## write the OpenAPI document and the TypeScript types that come from it
	$(GO) run ./cmd/homeroom openapi > frontend/openapi.json
	cd frontend && npm run generate

test: ## check and test everything, as the build server does
	@scripts/test

fuzz: ## run every fuzz target for FUZZTIME (60s) each
	@scripts/fuzz

chaos: frontend/node_modules ## run the tests of faults in full, with their figures
	@scripts/chaos

soak: ## run a server under a crowd for two hours, or HOMEROOM_SOAK
	@scripts/chaos R18

lint: ## check form, import directions and common mistakes
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) test -count=1 .
	$(GO) run $(STATICCHECK) ./...

screenshots: build frontend/node_modules ## make docs/screenshots out of the demo school
	cd frontend && node scripts/screenshots.mjs

clean: ## remove what was built, not the data
	rm -rf bin

frontend/node_modules: frontend/package-lock.json
	cd frontend && npm ci
	touch $@
