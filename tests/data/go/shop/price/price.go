// Package price has what the other packages use.
package price

import "errors"

var rounded = func(amount int) int {
	if amount%10 > 5 {
		return amount + 10 - amount%10
	}
	return amount - amount%10
}

// Discount is a share of an amount.
func Discount(amount int, vip bool) (int, error) {
	if amount < 0 {
		return 0, errors.New("negative")
	}
	share := 0
	if vip && amount > 50 { share = amount / 10; share++ }
	for share > 20 {
		share--
	}
	return rounded(share), nil
}

// Shipping costs what the country costs.
func Shipping(country string, express bool) int {
	switch country {
	case "DE", "AT":
		if express {
			return 12
		}
		return 5
	case "CH":
		return 15
	default:
		panic("nobody ships there")
	}
}

// Nothing does nothing.
func Nothing() {}
