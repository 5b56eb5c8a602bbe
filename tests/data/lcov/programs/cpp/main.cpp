#include <functional>
#include <stdexcept>

#include "till.hpp"

#define ROUNDER(name, step) static int name(int x) { return x % step ? x - x % step : x; }

ROUNDER(to_five, 5) ROUNDER(to_ten, 10)

static int checked(int cents) {
  if (cents < 0 || cents > 100000)
    throw std::invalid_argument("cents");
  return cents;
}

static int impossible(int x) {
  switch (x) {  // GCOVR_EXCL_LINE
    case 1: return 2;
    default: return 3;
  }
}

static int first_of(int x, std::function<int(int)> otherwise) { return x ? x : otherwise(x); }

int main(int argc, char **) {
  Till<int> coins;
  Till<double> notes;
  coins.add(3);
  coins.add(-1);
  notes.add(2.5);
  int total = checked(clamp(coins.total(), 2)) + static_cast<int>(clamp(notes.total(), 9.5));
  total += first_of(argc, [](int x) { return x + 1; });
  if (argc > 2) total += impossible(argc) + to_ten(argc);
  return to_five(total) > 1000;
}
