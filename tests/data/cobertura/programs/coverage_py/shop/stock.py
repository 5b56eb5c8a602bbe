def left(stock, sold):
    if stock > sold:
        return stock - sold
    if stock == 2:
        sold = 0


def watch(active):
    if active:
        def beep(): return 1
