// Greeter writes what a C library says.
package main

// #cgo LDFLAGS: -lgreet
// #include <stdlib.h>
// #include "greet.h"
import "C"

import (
	"flag"
	"log"
	"os"
	"unsafe"
)

func main() {
	output := flag.String("output", "/dev/stdout", "where the greeting goes")
	flag.StringVar(output, "o", *output, "short for -output")
	flag.Parse()
	name := C.CString("image")
	defer C.free(unsafe.Pointer(name))
	greeting := C.greet(name)
	defer C.free(unsafe.Pointer(greeting))
	if err := os.WriteFile(*output, []byte(C.GoString(greeting)), 0o644); err != nil {
		log.Fatal(err)
	}
}
