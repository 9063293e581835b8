from rounding import rounded


def test_whole():
    assert rounded(2.0) == 2.0


def test_cents():
    assert rounded(2.345678) == 2.35
