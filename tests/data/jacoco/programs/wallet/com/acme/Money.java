package com.acme;

class Money {
    static int idle() {
        return 0;
    }
}
