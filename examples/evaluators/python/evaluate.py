"""The callable of an evaluator as the Python Loreley had it: a context in, a result out."""

import math
import runpy

from loreley.core.worker.evaluator import EvaluationMetric, EvaluationResult


def plugin(context):
    f = runpy.run_path(str(context.worktree / "solution.py"))["f"]
    points = [i / 20 for i in range(-40, 41)]
    error = math.sqrt(sum((f(x) - math.sin(x)) ** 2 for x in points) / len(points))
    return EvaluationResult(
        summary="root mean square error %.5f over %d points" % (error, len(points)),
        metrics=[EvaluationMetric("error", error, higher_is_better=False, details={"points": len(points)})],
    )
