"""A stand-in, used where ShinkaEvolve is not installed: what its evaluators import, and nothing else."""
