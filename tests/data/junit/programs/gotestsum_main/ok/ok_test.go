package ok

import "testing"

func TestPasses(t *testing.T) {}
