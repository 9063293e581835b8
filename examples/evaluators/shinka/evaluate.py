"""An evaluator for ShinkaEvolve: three runs, each validated, one score."""

import argparse

from shinka.core import run_shinka_eval


def validate(result):
    good = isinstance(result, float) and 0 <= result <= 100
    return good, None if good else "%r is not between 0 and 100" % (result,)


def aggregate(results):
    worst = max(abs(result - 10) for result in results)
    return {
        "combined_score": -worst,
        "public": {"runs": len(results)},
        "private": {"target": 10},
        "text_feedback": "the run that is farthest off is off by %.3f" % worst,
    }


def main(program_path, results_dir):
    run_shinka_eval(
        program_path=program_path,
        results_dir=results_dir,
        experiment_fn_name="run_experiment",
        num_runs=3,
        get_experiment_kwargs=lambda run: {"seed": run + 1},
        validate_fn=validate,
        aggregate_metrics_fn=aggregate,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path", required=True)
    parser.add_argument("--results_dir", required=True)
    options = parser.parse_args()
    main(options.program_path, options.results_dir)
