import one.price, two.price
