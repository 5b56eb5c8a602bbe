PRICE = 1
if PRICE > 2:
    PRICE = 2
