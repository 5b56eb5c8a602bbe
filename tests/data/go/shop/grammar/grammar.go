// Package grammar is as goyacc would write it.
package grammar

// Parse takes a rule.
func Parse(rule int) int {
	state := 1
//line grammar.y:500
	if rule > 1 {
		state = 2
	}
	for rule > 3 {
//line grammar.y:20
		rule--
	}
	if rule > 2 {
		state = 3
	}
	return state
}
