# The two commands of the README are `make up` and `make test`.
CLI := artifacts/bin/Bowline.Cli/release/bowline

.PHONY: up test build format bench presence chaos soak fuzz clean

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

presence: ## how soon a stop, a crash, a freeze and a dead network show; RUNS=20 each
	@eng/setup.sh
	@RUNS=$${RUNS:-20} eng/presence.sh

chaos: ## kills a store and a relay under load, over and over; freezes a peer for minutes; KILLS=20 EVENTS=20000
	@eng/setup.sh --test
	@eng/chaos.sh

soak: ## data channels for an hour beside processes that take all the processor; MINUTES=60 HOGS=8
	@eng/setup.sh --test
	@eng/soak.sh

fuzz: ## damaged input for everything that reads from the network, TIMES=50 as much as in make test; SEED=n repeats a run
	@eng/setup.sh --test
	@eng/fuzz.sh

clean:
	@rm -rf artifacts
