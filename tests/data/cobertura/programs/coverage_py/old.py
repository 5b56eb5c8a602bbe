import sys


def left(stock, sold):
    if stock > sold:
        return stock - sold
    for _ in range(sold):
        sold -= 1
    return sold


left(3, len(sys.argv))
