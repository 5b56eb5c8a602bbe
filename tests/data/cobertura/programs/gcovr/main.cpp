#include "box.hpp"
#include "price.hpp"

template class Box<long>;

int main(int argc, char**) {
    Box<int> whole(price(argc * 100, argc > 2));
    Box<double> part(1.5);
    if (argc > 3)
        return static_cast<int>(part.larger(2.5));
    return whole.larger(shipping(4)) == 0;
}
