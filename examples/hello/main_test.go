package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

func noEnv(string) string { return "" }

func TestParseConfig(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"HELLO_ADDR": ":9000", "HELLO_SHUTDOWN_TIMEOUT": "5s"}[name]
	}
	tests := []struct {
		name    string
		args    []string
		getenv  func(string) string
		address string
		timeout time.Duration
	}{
		{"defaults", nil, noEnv, ":8080", 900 * time.Millisecond},
		{"environment", nil, env, ":9000", 5 * time.Second},
		{"flag before environment", []string{"-addr", ":9001"}, env, ":9001", 5 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseConfig(test.args, test.getenv, &bytes.Buffer{})
			if err != nil {
				t.Fatal(err)
			}
			if got.address != test.address || got.shutdownTimeout != test.timeout {
				t.Errorf("got %q, %v; want %q, %v", got.address, got.shutdownTimeout, test.address, test.timeout)
			}
		})
	}
}

func TestRunExitCodes(t *testing.T) {
	tests := []struct {
		name   string
		args   []string
		code   int
		output string
	}{
		{"version", []string{"-version"}, 0, "dev\n"},
		{"help", []string{"-h"}, 0, "-addr address"},
		{"unknown flag", []string{"-nope"}, 2, "-nope"},
		{"stray argument", []string{"stray"}, 2, `unexpected argument "stray"`},
		{"bad address", []string{"-addr", "127.0.0.1:99999"}, 1, "cannot listen"},
		{"unhealthy", []string{"-healthcheck", "-addr", "127.0.0.1:1"}, 1, "unhealthy"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var output bytes.Buffer
			if code := run(context.Background(), test.args, noEnv, &output, &output); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if !strings.Contains(output.String(), test.output) {
				t.Errorf("output %q, want %q in it", output.String(), test.output)
			}
		})
	}
}
