package grammar

import "testing"

func TestParse(t *testing.T) { Parse(2) }
