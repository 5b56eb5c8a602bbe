package com.acme;

import java.util.List;

public final class Money {
    private final long cents;

    public Money(long cents) {
        if (cents < 0) {
            throw new IllegalArgumentException("negative");
        }
        this.cents = cents;
    }

    public String shown(String currency) {
        switch (currency) {
            case "EUR": return cents / 100 + " EUR";
            case "USD": return "$" + cents / 100;
            default: return cents + " " + currency;
        }
    }

    public boolean covers(Money other) { return other != null && cents >= other.cents; }

    public static long sum(List<Money> all) {
        return all.stream().mapToLong(money -> money.cents).sum();
    }
}
