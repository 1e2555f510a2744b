package main

import (
	_ "embed"
	"os"

	"example.com/greet"
)

//go:embed banner.txt
var banner string

var version = "dev"

func main() { os.Stdout.WriteString(banner + greet.Line(version)) }
