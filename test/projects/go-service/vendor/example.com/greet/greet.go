package greet

func Line(version string) string { return "hello from " + version + "\n" }
