import sys

from shop.basket import Basket, delivery, total
from shop.stock import left, watch

number = int(sys.argv[1])
basket = Basket(number)
if number & 1:
    basket.add(number, 10)
if number & 2:
    basket.add(0, 5)
if number & 4:
    total([number, 200])
    delivery(number)
if number > 7:
    basket.spare()
left(number, 3)
watch(number == 3)
