template <typename T> T larger(T a, T b) {
    if (a > b)
        return a;
    return b;
}

struct Wallet {
    long cents = 0;
    bool pay(long amount);
};

bool Wallet::pay(long amount) {
    if (amount <= 0 || amount > cents)
        return false;
    cents -= amount;
    return true;
}

int main(int argc, char **) {
    Wallet wallet;
    wallet.cents = larger(5L, 3L) + larger(1, 2);
    if (argc > 1)
        wallet.pay(100);
    return wallet.pay(2) ? 0 : 1;
}
