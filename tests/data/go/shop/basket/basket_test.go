package basket

import "testing"

func TestTotal(t *testing.T) {
	if Total([]int{100, 20, -1}, "DE") != 125 {
		t.Fatal("wrong")
	}
}
