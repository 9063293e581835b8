"""A stand-in, used where OpenEvolve is not installed: what its evaluators import, and nothing else."""

from .evaluation_result import EvaluationResult

__all__ = ["EvaluationResult"]
