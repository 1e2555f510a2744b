package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestCheckHealth(t *testing.T) {
	healthy := httptest.NewServer(newHandler(discardLogs()))
	defer healthy.Close()
	if err := checkHealth(context.Background(), healthy.Listener.Addr().String()); err != nil {
		t.Errorf("healthy service: %v", err)
	}

	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer broken.Close()
	if err := checkHealth(context.Background(), broken.Listener.Addr().String()); err == nil {
		t.Error("a service that answers 503 passed for healthy")
	}
}

func TestLocalAddress(t *testing.T) {
	for address, want := range map[string]string{
		":8080":          "127.0.0.1:8080",
		"0.0.0.0:80":     "127.0.0.1:80",
		"[::]:8080":      "[::1]:8080",
		"10.0.0.7:8080":  "10.0.0.7:8080",
		"localhost:8080": "localhost:8080",
	} {
		if got, err := localAddress(address); err != nil || got != want {
			t.Errorf("localAddress(%q) = %q, %v; want %q", address, got, err, want)
		}
	}
	if _, err := localAddress("8080"); err == nil {
		t.Error("an address without a colon was taken")
	}
}
