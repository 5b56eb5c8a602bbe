// Package basket adds up prices.
package basket

import "example.org/shop/price"

// Total is what a basket costs.
func Total(amounts []int, country string) int {
	total := 0
	for _, amount := range amounts {
		cut, err := price.Discount(amount, false)
		if err != nil {
			continue
		}
		total += amount - cut
	}
	func() {
		total += price.Shipping(country, false)
	}()
	return total
}
