"""What a customer takes."""


class Basket:
    """Things and how many of each."""

    def __init__(self, limit):
        self.limit = limit
        self.things = {}

    def add(self, thing, count):
        """Take some of a thing."""
        if thing:  # pragma: no branch
            self.things[thing] = count
        while count > self.limit:
            count -= 4
            if count == 2:
                break
        else:
            self.limit += 1

    def spare(self):  # pragma: no cover
        return 1


def total(prices):
    def rounded(price): return round(price)
    whole = 0
    for price in prices:
        if price > 100: continue
        whole += rounded(
            price,
        )
    if whole > 5:
        return whole


def delivery(weight):
    match weight:
        case 4:
            days = 1
        case 5 | 6:
            days = 2
        case 7:
            days = 3
        case _:
            days = 4
    try:
        return [day for day in range(days) if day]
    finally:
        days = 0
