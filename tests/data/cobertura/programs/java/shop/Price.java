package shop;

public class Price {
    public int of(int amount, boolean member) {
        if (amount < 0) {
            throw new IllegalArgumentException("amount");
        }
        if (member && amount > 100) {
            return amount * 9 / 10;
        }
        return amount;
    }

    static class Rate { int value = 90; int twice() { return value * 2; } }

    public static void main(String[] arguments) {
        Runnable later = new Runnable() { public void run() { System.out.println(1); } };
        later.run();
        System.out.println(new Price().of(50, false) + new Rate().twice() + new Shipping().price(4));
    }
}
