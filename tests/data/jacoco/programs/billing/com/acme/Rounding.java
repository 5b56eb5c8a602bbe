package com.acme;

/** The nested class is compiled without line numbers, the outer one with them. */
public enum Rounding {
    UP,
    DOWN;

    public long apply(double amount) {
        return this == UP ? (long) Math.ceil(amount) : Exact.floor(amount);
    }

    static final class Exact {
        static long floor(double amount) {
            return amount < 0 ? -1 : (long) amount;
        }
    }
}
