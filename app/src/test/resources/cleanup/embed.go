// GONE
package main

import _ "embed" // GONE

//go:embed KEPT.txt
var text string

//go:generate stringer -type=KEPT
var pattern = `// KEPT \` + "/* KEPT */" + string('"') // GONE
