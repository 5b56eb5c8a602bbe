package price

import "testing"

func TestDiscount(t *testing.T) {
	for amount := 0; amount < 100; amount += 30 {
		if _, err := Discount(amount, true); err != nil {
			t.Fatal(err)
		}
	}
}
