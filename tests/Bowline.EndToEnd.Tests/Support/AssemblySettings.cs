// Real processes and time limits: one test at a time, so that none measures another's load.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
