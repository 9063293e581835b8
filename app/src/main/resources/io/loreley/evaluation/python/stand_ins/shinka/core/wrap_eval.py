"""Runs a candidate's function several times, checks each result, and writes metrics.json and correct.json."""

import importlib.util
import json
import math
import os
import time
import traceback

ON_ERROR = {
    "combined_score": 0.0,
    "execution_time_mean": 0.0,
    "execution_time_std": 0.0,
    "num_valid_runs": 0,
    "num_invalid_runs": 0,
    "all_validation_errors": [],
}


def _plain(value):
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "item"):
        return value.item()
    return str(value)


def save_json_results(results_dir, metrics, correct, error=None):
    os.makedirs(results_dir, exist_ok=True)
    with open(os.path.join(results_dir, "metrics.json"), "w", encoding="utf-8") as file:
        json.dump(metrics, file, default=_plain)
    with open(os.path.join(results_dir, "correct.json"), "w", encoding="utf-8") as file:
        json.dump({"correct": correct, "error": error}, file)


def load_program(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _deviation(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def run_shinka_eval(
    program_path,
    results_dir,
    experiment_fn_name,
    num_runs,
    get_experiment_kwargs=None,
    aggregate_metrics_fn=None,
    validate_fn=None,
    plotting_fn=None,
    default_metrics_on_error=None,
    **_ignored
):
    """Returns (metrics, correct, error); both files are written whatever happens."""
    errors, results, times = [], [], []
    first_error, correct, invalid = None, True, 0
    try:
        experiment = getattr(load_program(program_path), experiment_fn_name)
        for run in range(num_runs):
            arguments = get_experiment_kwargs(run) if get_experiment_kwargs else {"seed": run + 1}
            start = time.perf_counter()
            result = experiment(**arguments)
            times.append(time.perf_counter() - start)
            results.append(result)
            if validate_fn is not None:
                valid, message = validate_fn(result)
                if not valid:
                    correct = False
                    invalid += 1
                    first_error = first_error or message or "validation failed"
                    if message and message not in errors:
                        errors.append(message)
        metrics = dict(aggregate_metrics_fn(results)) if aggregate_metrics_fn else {"combined_score": 0.0}
        metrics["execution_time_mean"] = sum(times) / len(times) if times else 0.0
        metrics["execution_time_std"] = _deviation(times) if times else 0.0
        metrics["num_valid_runs"] = num_runs - invalid
        metrics["num_invalid_runs"] = invalid
        metrics["all_validation_errors"] = errors
        score = metrics.get("combined_score")
        if score is not None and not math.isfinite(float(score)):
            correct = False
            first_error = first_error or "combined_score is %s" % score
            metrics["combined_score"] = 0.0
        if plotting_fn is not None and correct:
            plotting_fn(results)
    except Exception as error:
        traceback.print_exc()
        metrics = dict(default_metrics_on_error or ON_ERROR)
        metrics["combined_score"] = 0.0
        correct, first_error = False, "%s: %s" % (type(error).__name__, error)
    save_json_results(results_dir, metrics, correct, first_error)
    return metrics, correct, first_error
