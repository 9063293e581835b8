"""A stand-in, used where the Python Loreley is not installed: what its evaluators import, and nothing else."""
