package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func discardLogs() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestHandler(t *testing.T) {
	tests := []struct {
		method, path string
		status       int
		body         map[string]string
	}{
		{"GET", "/", 200, map[string]string{"message": greeting, "version": version}},
		{"GET", "/health", 200, map[string]string{"status": "ok", "version": version}},
		{"GET", "/nothing-here", 404, nil},
		{"POST", "/", 405, nil},
	}
	handler := newHandler(discardLogs())
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, httptest.NewRequest(test.method, test.path, nil))
			if response.Code != test.status {
				t.Fatalf("status %d, want %d", response.Code, test.status)
			}
			if test.body == nil {
				return
			}
			var body map[string]string
			if err := json.Unmarshal(response.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			for key, want := range test.body {
				if body[key] != want {
					t.Errorf("%s is %q, want %q", key, body[key], want)
				}
			}
		})
	}
}

func TestRequestsAreLoggedAsJSON(t *testing.T) {
	var logs bytes.Buffer
	handler := newHandler(slog.New(slog.NewJSONHandler(&logs, nil)))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/nothing-here", nil))
	var line map[string]any
	if err := json.Unmarshal(logs.Bytes(), &line); err != nil {
		t.Fatalf("%v in %q", err, logs.String())
	}
	if line["msg"] != "request" || line["path"] != "/nothing-here" || line["status"] != 404.0 {
		t.Errorf("unexpected log line %v", line)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func TestRequestsInFlightFinishBeforeTheServiceStops(t *testing.T) {
	started := make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(started)
		time.Sleep(100 * time.Millisecond)
		_, _ = io.WriteString(w, "done")
	})
	listener := listen(t)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, slow, discardLogs(), time.Second) }()
	go func() { <-started; stop() }()

	response, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); string(body) != "done" {
		t.Errorf("body %q, want %q", body, "done")
	}
	if err := <-served; err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestRequestsThatTakeTooLongAreCut(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	started := make(chan struct{})
	stuck := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(started); <-release })
	listener := listen(t)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, stuck, discardLogs(), 50*time.Millisecond) }()
	go func() {
		if response, err := http.Get("http://" + listener.Addr().String()); err == nil {
			_ = response.Body.Close()
		}
	}()

	<-started
	stop()
	select {
	case err := <-served:
		if err != nil {
			t.Errorf("serve: %v", err)
		}
	case <-time.After(time.Second):
		t.Fatal("the service did not stop within a second")
	}
}
