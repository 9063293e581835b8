"""The values that an evaluator of the Python Loreley is given and returns."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Optional, Sequence


class EvaluationError(RuntimeError):
    """The candidate cannot be evaluated."""


@dataclass
class EvaluationMetric:
    name: str
    value: float
    unit: Optional[str] = None
    higher_is_better: bool = True
    details: Dict[str, Any] = field(default_factory=dict)

    def as_dict(self):
        return {
            "name": self.name,
            "value": float(self.value),
            "unit": self.unit,
            "higher_is_better": self.higher_is_better,
            "details": dict(self.details or {}),
        }


@dataclass
class EvaluationContext:
    worktree: Path
    base_commit_hash: Optional[str] = None
    candidate_commit_hash: Optional[str] = None
    job_id: Optional[str] = None
    goal: Optional[str] = None
    payload: Dict[str, Any] = field(default_factory=dict)
    plan_summary: Optional[str] = None
    metadata: Dict[str, Any] = field(default_factory=dict)


@dataclass
class EvaluationResult:
    summary: str
    metrics: Sequence[EvaluationMetric] = field(default_factory=tuple)
    tests_executed: Sequence[str] = field(default_factory=tuple)
    logs: Sequence[str] = field(default_factory=tuple)
    extra: Dict[str, Any] = field(default_factory=dict)
