#pragma once
#include <vector>

template <typename T>
T clamp(T value, T limit) {
  if (value > limit)
    return limit;
  return value;
}

template <typename T>
struct Till {
  std::vector<T> items;
  void add(T item) {
    if (item > 0) items.push_back(item);
  }
  T total() const {
    T sum = 0;
    for (auto item : items) sum += item;
    return sum;
  }
  T unused() const { return items.empty() ? 1 : 2; }
};
