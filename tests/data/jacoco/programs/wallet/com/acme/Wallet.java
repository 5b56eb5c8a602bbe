package com.acme;

public class Wallet {
    private int cents;

    public boolean pay(int amount) {
        if (amount <= 0 || amount > cents) {
            return false;
        }
        cents -= amount;
        return true;
    }
}
