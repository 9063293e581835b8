A = 1.0
B = -0.1


def f(x):
    return A * x + B * x ** 3
