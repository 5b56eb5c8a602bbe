#include "price.hpp"

#include <stdexcept>
#include <string>

int price(int amount, bool member) {
    if (amount < 0)
        throw std::invalid_argument("amount " + std::to_string(amount));
    if (member && amount > 100)
        return amount * 9 / 10;
    return amount;
}

int shipping(int weight) {
    switch (weight / 10) {
        case 0:
            return 3;
        case 1:
            return 5;
        default:
            return 9;
    }
}
