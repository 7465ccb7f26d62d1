# The two commands of the README are `make up` and `make test`.
CLI := artifacts/bin/Bowline.Cli/release/bowline

.PHONY: up test build format bench clean

up: ## install what is missing, build, and run a hub and a node on this machine
	@eng/setup.sh
	@dotnet build src/Bowline.Cli -c Release --nologo -v quiet
	@exec $(CLI) up

test: ## install what is missing, then build and test everything
	@eng/setup.sh --test
	@eng/test.sh

build:
	@eng/setup.sh
	@dotnet build Bowline.slnx -c Release --nologo -v quiet

format:
	@dotnet format Bowline.slnx

bench: ## our figures beside their peers, interleaved in one run
	@eng/setup.sh --bench
	@eng/bench.sh $(ARGS)

clean:
	@rm -rf artifacts
