# EVOLVE-BLOCK-START
def search():
    x = 1.5
    y = -1.5
    return x, y


# EVOLVE-BLOCK-END
