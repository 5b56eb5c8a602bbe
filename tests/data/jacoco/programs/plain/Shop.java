import com.acme.Money;
import com.acme.Rounding;
import java.util.List;

public class Shop {
    public static void main(String[] arguments) {
        boolean second = arguments.length > 0;
        Money money = new Money(second ? 7 : 500);
        if (second) {
            money.covers(new Money(9));
            Rounding.DOWN.apply(2.5);
        } else {
            money.shown("EUR");
            Money.sum(List.of(money));
            Rounding.UP.apply(2.5);
        }
    }
}
