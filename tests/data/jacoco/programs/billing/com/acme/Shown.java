package com.acme;

public interface Shown {
    String shown(String currency);
}
