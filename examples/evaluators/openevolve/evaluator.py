"""An evaluator for OpenEvolve: a quick look first, and the full score only for what survives it."""

import importlib.util

from openevolve.evaluation_result import EvaluationResult


def _run(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program.search()


def evaluate_stage1(program_path):
    try:
        x, y = _run(program_path)
        return {"runs": 1.0, "combined_score": 1.0 if abs(x) <= 5 and abs(y) <= 5 else 0.0}
    except Exception as error:
        return {"runs": 0.0, "combined_score": 0.0, "error": str(error)}


def evaluate_stage2(program_path):
    x, y = _run(program_path)
    value = (x - 2) ** 2 + (y + 1) ** 2
    return EvaluationResult(
        metrics={"combined_score": 1 / (1 + value), "value": value},
        artifacts={"point": "x=%r y=%r" % (x, y)},
    )


def evaluate(program_path):
    return evaluate_stage2(program_path)
