"""Runs a Python evaluator that was written for another system, and answers under Loreley's evaluator contract.

    loreley_adapter.py python|openevolve|shinka --plugin WHAT [--program FILE] [--path FOLDER]... [--threshold X]... [-- ARG...]

The answer goes to the file that LORELEY_RESULT names. That variable is taken out of the environment before anything of the
evaluator or the candidate is loaded, and nothing that is printed counts: a candidate shares this process.
"""

import argparse
import importlib
import importlib.util
import inspect
import json
import math
import os
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

ARTIFACT_CHARACTERS = 1500
STAND_INS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stand_ins")


class Unusable(Exception):
    """The evaluator's answer cannot be read; the message says why."""


# ---- loading


def prepare_imports(paths):
    """Puts the folders in front, and the stand-ins behind everything that is installed."""
    for path in reversed(paths):
        sys.path.insert(0, path)
    sys.path.append(STAND_INS)


def load_file(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Unusable("%s is no Python file" % path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_callable(reference):
    """module:attribute, module.attribute or file.py:attribute; a class is made an object, an object must have evaluate."""
    if ":" in reference:
        place, _, attribute = reference.rpartition(":")
    else:
        place, _, attribute = reference.rpartition(".")
    if not place or not attribute:
        raise Unusable("the plugin '%s' should be module:callable" % reference)
    if place.endswith(".py"):
        sys.path.insert(0, os.path.dirname(os.path.abspath(place)))
        target = load_file(place, os.path.splitext(os.path.basename(place))[0])
    else:
        target = importlib.import_module(place)
    for part in attribute.split("."):
        target = getattr(target, part)
    if inspect.isclass(target):
        target = target()
    evaluate = getattr(target, "evaluate", None)
    if callable(evaluate):
        return evaluate
    if not callable(target):
        raise Unusable("the plugin '%s' is neither callable nor has it a method evaluate" % reference)
    return target


def settle(value):
    if not inspect.iscoroutine(value):
        return value
    import asyncio  # slow to load, and seldom needed

    return asyncio.run(value)


# ---- values


def number(value):
    """The value as a finite float, or None; numpy's numbers count, booleans do not."""
    if isinstance(value, (bool, str, bytes)) or value is None:
        return None
    if type(value).__name__ in ("bool_", "bool"):
        return None
    try:
        result = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def plain(value):
    """The value as JSON has it, as far as it goes."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, int):
        return value
    as_number = number(value)
    return as_number if as_number is not None else str(value)


def text(value):
    result = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return result.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def cut(value, limit=ARTIFACT_CHARACTERS):
    return value if len(value) <= limit else value[: limit - 1] + "\u2026"


def texts(value, what):
    if value is None:
        return []
    if isinstance(value, (str, bytes)):
        value = [value]
    try:
        items = [text(item).strip() for item in value if item is not None]
    except TypeError:
        raise Unusable("%s must be iterable or a string" % what)
    return [item for item in items if item]


# ---- python: the callable of the Python Loreley


def field(source, name, default=None):
    return source.get(name, default) if isinstance(source, dict) else getattr(source, name, default)


def python_metric(source):
    if isinstance(source, (str, bytes, int, float)) or source is None:
        raise Unusable("a metric must be an object or a mapping, not %r" % (source,))
    name = field(source, "name")
    if name is None or not text(name).strip():
        raise Unusable("a metric has no name")
    name = text(name).strip()
    value = field(source, "value")
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise Unusable("the value of metric '%s' is not numeric: %r" % (name, value))
    if number(value) is None:
        raise Unusable("the value of metric '%s' is no finite number: %r" % (name, value))
    details = field(source, "details") or {}
    if not isinstance(details, dict):
        raise Unusable("the details of metric '%s' must be a mapping" % name)
    metric = {"name": name, "value": number(value), "details": plain(details)}
    if field(source, "unit") is not None:
        metric["unit"] = text(field(source, "unit"))
    better = field(source, "higher_is_better")
    if better is not None:
        if not isinstance(better, bool):
            raise Unusable("higher_is_better of metric '%s' must be true or false, not %r" % (name, better))
        metric["higher_is_better"] = better
    if field(source, "private"):
        metric["private"] = True
    return metric


def run_python(options, request):
    prepare_imports(options.path)
    evaluate = load_callable(options.plugin)
    try:
        module = importlib.import_module("loreley.core.worker.evaluator")
        make = module.EvaluationContext
    except ImportError:
        make = SimpleNamespace
    context = make(
        worktree=Path.cwd(),
        base_commit_hash=request.get("base"),
        candidate_commit_hash=request.get("commit"),
        job_id=request.get("job"),
        goal=request.get("goal"),
        payload={},
        plan_summary=None,
        metadata={"seed": request.get("seed"), "stage": request.get("stage")},
    )
    result = settle(evaluate(context))
    if result is None:
        raise Unusable("the plugin returned nothing")
    summary = field(result, "summary")
    if summary is None or not text(summary).strip():
        raise Unusable("the plugin returned no summary")
    metrics = field(result, "metrics")
    if metrics is None:
        metrics = []
    elif isinstance(metrics, dict) or hasattr(metrics, "name"):
        metrics = [metrics]
    try:
        metrics = [python_metric(metric) for metric in metrics]
    except TypeError:
        raise Unusable("metrics must be iterable")
    logs = texts(field(result, "logs"), "logs")
    tests = texts(field(result, "tests_executed"), "tests_executed")
    return {
        "summary": text(summary).strip(),
        "metrics": metrics,
        "logs": logs + ["tests executed: " + test for test in tests],
        "feedback": field(result, "feedback") and text(field(result, "feedback")),
        "extra": plain(field(result, "extra") or {}),
    }


# ---- openevolve


def unwrap(result):
    """A dict of metrics, one that holds metrics and artifacts, or an object with both."""
    if hasattr(result, "metrics") and not isinstance(result, dict):
        return dict(result.metrics or {}), dict(getattr(result, "artifacts", None) or {})
    if not isinstance(result, dict):
        raise Unusable("the evaluator returned %s, and should return a dict" % type(result).__name__)
    if isinstance(result.get("metrics"), dict):
        rest = {key: value for key, value in result.items() if key not in ("metrics", "artifacts")}
        artifacts = dict(result.get("artifacts") or {})
        artifacts.update(rest)
        return dict(result["metrics"]), artifacts
    metrics = dict(result)
    nested = metrics.pop("artifacts", None)
    return metrics, dict(nested) if isinstance(nested, dict) else {}


def gate_value(metrics):
    score = number(metrics.get("combined_score"))
    if score is not None:
        return score
    values = [float(value) if isinstance(value, bool) else number(value)
              for key, value in metrics.items() if key != "error"]
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else 0.0


def run_openevolve(options, request):
    evaluator = os.path.abspath(options.plugin)
    prepare_imports([os.path.dirname(evaluator)] + options.path)
    module = load_file(evaluator, "evaluation_module")
    if not callable(getattr(module, "evaluate", None)):
        raise Unusable("%s has no function evaluate" % evaluator)
    program = os.path.abspath(options.program)
    os.environ.setdefault("ENABLE_ARTIFACTS", "true")

    stages = [("full", module.evaluate)]
    if callable(getattr(module, "evaluate_stage1", None)):
        stages = [(name, getattr(module, "evaluate_" + name))
                  for name in ("stage1", "stage2", "stage3") if callable(getattr(module, "evaluate_" + name, None))]
    metrics, artifacts, gate_failed = {}, {}, None
    for index, (name, evaluate) in enumerate(stages):
        found, kept = unwrap(settle(evaluate(program)))
        if index > 0:
            found = {key: value for key, value in found.items() if key != "error" or isinstance(value, str)}
        metrics.update(found)
        artifacts.update(kept)
        if index + 1 < len(stages):
            if index >= len(options.threshold):
                gate_failed = {"stage": name, "reason": "no threshold is set for it"}
                break
            reached, threshold = gate_value(metrics), options.threshold[index]
            if reached < threshold:
                gate_failed = {"stage": name, "reason": "%s is below the threshold of %s" % (reached, threshold)}
                break
    return openevolve_answer(metrics, artifacts, gate_failed)


def openevolve_answer(metrics, artifacts, gate_failed):
    numbers, rest = {}, {}
    for key, value in metrics.items():
        as_number = number(value)
        if as_number is None:
            rest[key] = value
        elif key != "error":
            numbers[str(key)] = as_number
    if "combined_score" not in numbers and numbers:
        numbers["combined_score"] = sum(numbers.values()) / len(numbers)
    parts = ["### %s\n%s" % (key, cut(text(plain(value)))) for key, value in artifacts.items()]
    parts += ["### %s\n%s" % (key, cut(text(plain(value)))) for key, value in rest.items()]
    answer = {"metrics": numbers, "feedback": "\n\n".join(parts) or None}
    error = rest.get("error")
    if isinstance(error, str) and error.strip():
        answer["invalid"] = cut(text(error).strip(), 400)
    elif metrics.get("timeout") is True:
        answer["invalid"] = "the evaluator timed out"
    elif metrics.get("error") is not None and not numbers:
        answer["invalid"] = "the evaluator reported nothing but an error"
    elif gate_failed:
        answer["gate_failed"] = gate_failed
    return answer


# ---- shinka


def read_json(path):
    if not os.path.isfile(path) or os.path.islink(path):
        return None
    with open(path, encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError as error:
            raise Unusable("%s is no JSON: %s" % (os.path.basename(path), error))


def run_shinka(options, request, scratch):
    import subprocess

    results = os.path.join(scratch, "shinka_results")
    os.makedirs(results, exist_ok=True)
    environment = dict(os.environ, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8", PYTHONDONTWRITEBYTECODE="1")
    folders = list(options.path)
    if importlib.util.find_spec("shinka") is None:
        folders.append(STAND_INS)
    if environment.get("PYTHONPATH"):
        folders.append(environment["PYTHONPATH"])
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    command = [sys.executable, os.path.abspath(options.plugin), "--program_path", os.path.abspath(options.program),
               "--results_dir", results] + options.arguments
    ended = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL)
    metrics = read_json(os.path.join(results, "metrics.json"))
    correct = read_json(os.path.join(results, "correct.json"))
    if metrics is None and correct is None:
        raise Unusable("the evaluator ended with exit code %d, and wrote neither metrics.json nor correct.json"
                       % ended.returncode)
    return shinka_answer(metrics or {}, correct or {"correct": False, "error": "correct.json was not written"})


def shinka_answer(metrics, correct):
    found, logs, told = [], [], []
    names = set()

    def add(name, value, private):
        as_number = number(value)
        if as_number is None:
            (logs if private else told).append("%s: %s" % (name, cut(text(plain(value)), 400)))
            return
        name = "private." + name if private and name in names else name
        if name not in names:
            names.add(name)
            found.append(dict({"name": name, "value": as_number}, **({"private": True} if private else {})))

    if "combined_score" in metrics:
        add("combined_score", metrics["combined_score"], False)
    for key, value in (metrics.get("public") or {}).items():
        add(str(key), value, False)
    for key, value in (metrics.get("private") or {}).items():
        add(str(key), value, True)
    for key, value in metrics.items():
        if key not in ("combined_score", "public", "private", "text_feedback", "extra_data"):
            add(str(key), value, True)
    if metrics.get("text_feedback"):
        told.append(text(plain(metrics["text_feedback"])))
    answer = {"metrics": found, "logs": logs, "feedback": "\n".join(told) or None}
    if correct.get("correct") is not True:
        answer["invalid"] = cut(text(correct.get("error") or "the evaluator calls it incorrect"), 400)
    return answer


# ---- the contract


def main():
    own, given = sys.argv[1:], []
    if "--" in own:
        split = own.index("--")
        own, given = own[:split], own[split + 1:]
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["python", "openevolve", "shinka"])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--program")
    parser.add_argument("--path", action="append", default=[])
    parser.add_argument("--threshold", action="append", default=[], type=float)
    options = parser.parse_args(own)
    options.arguments = given

    result = os.environ.pop("LORELEY_RESULT")
    with open(os.environ["LORELEY_REQUEST"], encoding="utf-8") as file:
        request = json.load(file)
    sys.argv = [options.plugin]
    try:
        if options.kind == "python":
            answer = run_python(options, request)
        elif options.kind == "openevolve":
            answer = run_openevolve(options, request)
        else:
            answer = run_shinka(options, request, os.path.dirname(result))
        content = json.dumps({key: value for key, value in answer.items() if value is not None}, allow_nan=False)
    except Unusable as error:
        sys.stderr.write("%s\n" % error)
        return 1
    except SystemExit as end:
        sys.stderr.write("something called exit(%r) while the candidate was evaluated\n" % (end.code,))
        return 1
    except Exception:
        traceback.print_exc()
        return 1
    with open(result, "w", encoding="utf-8") as file:
        file.write(content)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that the candidate left, and what it registered for the end, have no say in the verdict.
    os._exit(status)
