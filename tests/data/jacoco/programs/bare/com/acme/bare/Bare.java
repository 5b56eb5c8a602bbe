package com.acme.bare;

/** Compiled without the name of its source file. */
public class Bare {
    public int one() {
        return 1;
    }
}
