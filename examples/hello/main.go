// Command hello is a small HTTP service as it would be put into production: it answers / and
// /health, logs JSON to stdout, and stops gracefully on SIGTERM.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is set when the binary is linked: -ldflags "-X main.version=1.2.3".
var version = "dev"

func main() {
	// The kernel ignores a signal that PID 1 has no handler for, so SIGTERM has to be asked for.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run is the command without the process around it; it returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	config, err := parseConfig(args, getenv, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "hello:", err)
		return 2
	}

	switch {
	case config.showVersion:
		fmt.Fprintln(stdout, version)
		return 0
	case config.healthcheck:
		if err := checkHealth(ctx, config.address); err != nil {
			fmt.Fprintln(stderr, "hello: unhealthy:", err)
			return 1
		}
		return 0
	}

	logger := slog.New(slog.NewJSONHandler(stdout, nil)).With("service", "hello", "version", version)
	listener, err := net.Listen("tcp", config.address)
	if err != nil {
		logger.Error("cannot listen", "error", err)
		return 1
	}
	if err := serve(ctx, listener, newHandler(logger), logger, config.shutdownTimeout); err != nil {
		logger.Error("stopped", "error", err)
		return 1
	}
	return 0
}

// config is what flags and environment say; a flag wins over its variable.
type config struct {
	address         string
	shutdownTimeout time.Duration
	healthcheck     bool
	showVersion     bool
}

func parseConfig(args []string, getenv func(string) string, stderr io.Writer) (config, error) {
	c := config{address: ":8080", shutdownTimeout: 900 * time.Millisecond}
	if value := getenv("HELLO_ADDR"); value != "" {
		c.address = value
	}
	if value := getenv("HELLO_SHUTDOWN_TIMEOUT"); value != "" {
		timeout, err := time.ParseDuration(value)
		if err != nil {
			return c, fmt.Errorf("HELLO_SHUTDOWN_TIMEOUT: %w", err)
		}
		c.shutdownTimeout = timeout
	}

	flags := flag.NewFlagSet("hello", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.address, "addr", c.address, "`address` to listen on ($HELLO_ADDR)")
	flags.DurationVar(&c.shutdownTimeout, "shutdown-timeout", c.shutdownTimeout,
		"how long requests in flight may take once the service is told to stop ($HELLO_SHUTDOWN_TIMEOUT)")
	flags.BoolVar(&c.healthcheck, "healthcheck", false, "ask the service at the address for its health, and exit")
	flags.BoolVar(&c.showVersion, "version", false, "print the version, and exit")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return c, nil
}
