PLACES = 1


def rounded(value):
    return round(value, PLACES)
