#pragma once

template <typename T>
class Box {
  public:
    explicit Box(T value) : value_(value) {}
    T larger(T other) const {
        if (other > value_)
            return other;
        return value_;
    }

  private:
    T value_;
};
