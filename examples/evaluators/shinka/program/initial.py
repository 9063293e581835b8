# EVOLVE-BLOCK-START
def run_experiment(seed):
    start = 4.0
    step = 0.5
    return start + step * seed


# EVOLVE-BLOCK-END
