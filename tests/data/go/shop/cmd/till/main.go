// Command till prints what a basket costs.
package main

import (
	"fmt"
	"os"

	"example.org/shop/basket"
)

func main() {
	if len(os.Args) > 2 {
		os.Exit(2)
	}
	fmt.Println(basket.Total([]int{10}, "CH"))
}
